import type { Sql } from "@potstats/db/connect";
import type { DatedQuery, Matches } from "../engines/engine.ts";
import { postgresEngine } from "../engines/postgres.ts";
import { parseQuery } from "../query/syntax.ts";

/** Searches posts with the PostgreSQL engine, newest first. */
export const findInPostgres = (sql: Sql, typed: string, more: Partial<DatedQuery> = {}): Promise<Matches> =>
  postgresEngine(sql, "UTC").find({
    type: "post",
    terms: parseQuery(typed).terms,
    has: [],
    tags: [],
    sort: "date-desc",
    offset: 0,
    limit: 30,
    facets: false,
    ...more,
  });

/** Inserts the state of an index with this many posts. */
export const insertState = (sql: Sql, posts: number) => sql`
  insert into search.state (engine, version, generation, analysis_generation, revision, timezone, post_count, thread_count, index_id, finished_at)
  values ('postgres', 1, '', '', 0, 'UTC', ${posts}, 0, '', now())`;
