/** What both engines need to fill their index. */
import type { Phase } from "@potstats/cli/progress";
import type { analysis } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { state } from "@potstats/db/search-index";

export interface FillEngineOptions {
  /** What the index holds; undefined builds it from scratch. */
  previous: Pick<Row<typeof state>, "revision" | "post_count" | "thread_count"> | undefined;
  analysis: Pick<Row<typeof analysis>, "revision" | "timezone">;
  /** Does not continue a build that was killed. */
  isFresh?: boolean;
  phase: Phase;
  signal?: AbortSignal | undefined;
}

/** Numbers of posts and threads in the index. */
export interface Filled {
  posts: number;
  threads: number;
}
