/** What both engines need to fill their index. */
import type { Phase } from "@potstats/cli/progress";
import type { analysis } from "@potstats/db/baked";
import type { Sql, Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { state } from "@potstats/db/search-index";

export interface FillEngineOptions {
  /** What the index holds; undefined builds it from scratch. */
  previous: Pick<Row<typeof state>, "revision" | "post_count" | "thread_count" | "is_changing"> | undefined;
  analysis: Pick<Row<typeof analysis>, "revision" | "timezone">;
  /** Does not continue a build that was killed. */
  isFresh?: boolean;
  phase: Phase;
  signal?: AbortSignal | undefined;
  /**
   * Saves the state of a complete index.
   * @param on the transaction that publishes the index, if there is one
   */
  save(filled: Filled, on?: Sql | Transaction): Promise<void>;
}

/** Numbers of posts and threads in the index. */
export interface Filled {
  posts: number;
  threads: number;
  /** Meilisearch's only: identifies its contents. */
  index_id?: string;
}
