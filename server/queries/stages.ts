/** How far each stage is, for /metrics. */
import type { EngineName } from "@potstats/search/contract";
import type { Sql } from "./selection.ts";

/** The most rows that are counted as waiting for a stage: counting all of a new database would take too long. */
const maxPending = 100_000;

/** Unix times and durations in seconds; null for what has not happened yet. */
export interface Stages {
  crawl_started_s: number | null;
  crawl_finished_s: number | null;
  /** Of the thread that was checked longest ago; null while some thread was never checked. */
  oldest_check_s: number | null;
  posts_added: number;
  posts_changed: number;
  posts_hidden: number;
  requests: number;
  retries: number;
  received_bytes: number;
  /** Threads that the crawler still has to read. */
  queued_threads: number;
  analysis_finished_s: number | null;
  analysis_duration_s: number | null;
  /** Posts that the last analysis knew. */
  posts: number;
  /** Posts that changed since then; counted up to 100,000. */
  analysis_pending_posts: number;
  indexes: { engine: EngineName; finished_s: number | null; pending_posts: number }[];
  /**
   * 0 if this replica has replayed everything and is connected to its primary, else the age of the last transaction that
   * it has replayed; null unless it is a replica.
   */
  replica_lag_s: number | null;
}

/**
 * Raw SQL: counts with limits, and one round trip instead of five.
 * @param engines those whose index is to be filled; all posts wait for one that never was
 */
export async function readStages(sql: Sql, engines: EngineName[]): Promise<Stages> {
  const expected = sql.unsafe(engines.map((engine) => `('${engine}')`).join(", "));
  const epoch = (time: string) => sql.unsafe(`extract(epoch from ${time})::float8`);
  const pendingSince = (revision: string) =>
    sql.unsafe(
      `(select count(*) from (select from posts where posts.revision > ${revision} limit ${maxPending}) as p)`,
    );
  const [row] = await sql<Stages[]>`
    select ${epoch("last_crawl_started_at")} as crawl_started_s, ${epoch("last_crawl_finished_at")} as crawl_finished_s,
           (select ${epoch("checked_at")} from threads order by checked_at nulls first limit 1) as oldest_check_s,
           coalesce(posts_added, 0) as posts_added, coalesce(posts_changed, 0) as posts_changed,
           coalesce(posts_hidden, 0) as posts_hidden, coalesce(num_api_requests, 0) as requests,
           coalesce(retries, 0) as retries, coalesce(rx_bytes, 0) as received_bytes,
           (select count(*) from worldeater_tnu) as queued_threads,
           ${epoch("a.finished_at")} as analysis_finished_s, ${epoch("a.finished_at - a.started_at")} as analysis_duration_s,
           coalesce((a.counts->>'posts')::bigint, 0) as posts,
           ${pendingSince("coalesce(a.revision, -1)")} as analysis_pending_posts,
           (select json_agg(json_build_object(
              'engine', engine, 'finished_s', ${epoch("finished_at")}, 'pending_posts', ${pendingSince("coalesce(s.revision, -1)")}) order by engine)
            from (values ${expected}) as expected (engine) left join search.state as s using (engine)) as indexes,
           case when not pg_is_in_recovery() then null
                when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver) then 0
                else coalesce(${epoch("now() - pg_last_xact_replay_timestamp()")}, 0) end as replica_lag_s
    from (select 1) as one left join worldeater_state on true left join baked.analysis as a on true`;
  if (!row) throw new Error("a query without conditions returned no row");
  return row;
}
