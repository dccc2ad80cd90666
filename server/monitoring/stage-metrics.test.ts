/** Metrics of the stages, in every state of the database. */
import { afterAll, expect, test } from "bun:test";
import { insertThread, testDatabase } from "@potstats/db/testing/database";
import { createSearch } from "@potstats/search/search";
import { readStages } from "../queries/stages.ts";
import { createStageMetrics } from "./stage-metrics.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());

const search = createSearch({ sql, timezone: "UTC" });
const flat = async (scrape: ReturnType<typeof createStageMetrics>) =>
  new Map((await scrape()).flatMap(({ name, samples }) => samples.map(([labels, value]) => [name + labels, value])));

test("an empty database has no times, and zeros", async () => {
  expect(await readStages(sql, ["postgres"])).toMatchObject({
    crawl_finished_s: null,
    analysis_finished_s: null,
    oldest_check_s: null,
    posts_added: 0,
    queued_threads: 0,
    analysis_pending_posts: 0,
    indexes: [{ engine: "postgres", finished_s: null, pending_posts: 0 }],
    replica_lag_s: null,
  });
  const metrics = await flat(createStageMetrics({ sql, search }));
  expect(metrics.get("potstats_database_up")).toBe(1);
  expect(metrics.has("potstats_crawl_finished_timestamp_seconds")).toBe(false);
  expect(metrics.get('potstats_search_engine{engine="postgres"}')).toBe(1);
});

test("what is crawled, but not analyzed or indexed", async () => {
  await insertThread(sql, 1);
  await sql`insert into posts (pid, tid, revision) select i, 1, i from generate_series(1, 30) as i`;
  await sql`insert into worldeater_tnu (tid) values (1)`;
  await sql`
    insert into worldeater_state (singleton, posts_added, retries, num_api_requests, rx_bytes, last_crawl_started_at, last_crawl_finished_at)
    values (0, 30, 2, 11, 5000000000, '2026-01-02 03:04:05.5', '2026-01-02 04:00:00')`;
  await sql`
    insert into baked.analysis (singleton, version, generation, timezone, forum_url, revision, started_at, finished_at, counts)
    values (0, 1, 'g', 'UTC', '', 20, '2026-01-02 05:00:00', '2026-01-02 05:00:08.25', '{"posts": 20}')`;
  await sql`
    insert into search.state (engine, version, generation, analysis_generation, revision, timezone, post_count, thread_count, index_id, is_changing, finished_at)
    values ('postgres', 1, 'g', 'g', 15, 'UTC', 1, 1, '', false, '2026-01-02 06:00:00')`;
  expect(await readStages(sql, ["postgres"])).toEqual({
    crawl_started_s: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000 + 0.5,
    crawl_finished_s: Date.UTC(2026, 0, 2, 4) / 1000,
    oldest_check_s: null,
    posts_added: 30,
    posts_changed: 0,
    posts_hidden: 0,
    requests: 11,
    retries: 2,
    received_bytes: 5_000_000_000,
    queued_threads: 1,
    analysis_finished_s: Date.UTC(2026, 0, 2, 5, 0, 8) / 1000 + 0.25,
    analysis_duration_s: 8.25,
    posts: 20,
    analysis_pending_posts: 10,
    indexes: [{ engine: "postgres", finished_s: Date.UTC(2026, 0, 2, 6) / 1000, pending_posts: 15 }],
    replica_lag_s: null,
  });
});

test("an index that was never filled waits for all posts; nobody waits for a Meilisearch that is not configured", async () => {
  const pendingWith = async (health: Awaited<ReturnType<typeof search.health>>) => {
    const metrics = await flat(createStageMetrics({ sql, search: { ...search, health: async () => health } }));
    expect(metrics.has('potstats_index_finished_timestamp_seconds{engine="meilisearch"}')).toBe(false);
    return ["meilisearch", "postgres"].map((engine) => metrics.get(`potstats_index_pending_posts{engine="${engine}"}`));
  };
  expect(await pendingWith({ engine: "meilisearch", reachable: true })).toEqual([30, 15]);
  expect(await pendingWith({ engine: "postgres", reachable: false })).toEqual([30, 15]);
  expect(await pendingWith({ engine: "postgres", reachable: true })).toEqual([undefined, 15]);
  // One that was configured before.
  await sql`
    insert into search.state (engine, version, generation, analysis_generation, revision, timezone, post_count, thread_count, index_id, is_changing, finished_at)
    select 'meilisearch', 1, 'm', 'g', 12, 'UTC', 1, 1, '', false, finished_at from search.state`;
  expect(await pendingWith({ engine: "postgres", reachable: true })).toEqual([undefined, 15]);
});

test("scrapers share a result for five seconds; a database that is down is only that", async () => {
  let queries = 0;
  const counted = new Proxy(sql, {
    apply: (target, self, args) => {
      if (String(args[0]).includes("replica_lag_s")) queries++;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  const scrape = createStageMetrics({ sql: counted, search });
  await Promise.all([scrape(), scrape()]);
  await scrape();
  expect(queries).toBe(1);
  const failing = Object.assign(() => Promise.reject(new Error("down")), { unsafe: () => "" }) as unknown as typeof sql;
  const metrics = await flat(
    createStageMetrics({ sql: failing, search: { ...search, health: () => Promise.reject(new Error("down")) } }),
  );
  expect([...metrics]).toEqual([["potstats_database_up", 0]]);
});
