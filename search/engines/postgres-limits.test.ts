/** What only shows with more posts than one search may look at. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Sql } from "@potstats/db/connect";
import { testDatabase, type TestDatabase } from "@potstats/db/testing";
import { postgresEngine } from "./postgres.ts";
import type { Question } from "../query/resolve.ts";
import { parseQuery } from "../query/syntax.ts";

const posts = 310_000;
/** Found by a phrase of words that all others have, too. */
const wanted = 5;
/** A board that was closed long ago; most posts are of another one. */
const closed = { bid: 2, posts: 40_000 };

let database: TestDatabase;
/** One connection, which counts what it has read. */
let sql: Sql;
beforeAll(async () => {
  database = await testDatabase();
  sql = connect(database.url, { max: 1 });
  await sql.unsafe("drop index search.search_posts_words");
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words)
    select pid, 1, case when pid <= ${closed.posts} then ${closed.bid}::int else 1 end, 7, timestamp 'epoch' + pid * interval '1 hour',
           case when pid = ${wanted} then '''=oft'':1 ''=wieder'':2' else '''=wieder'':1 ''=oft'':2' end::tsvector
    from generate_series(1, ${posts}::int) as pid`;
  await sql.unsafe("create index search_posts_words on search.posts using gin (words)");
  await sql`
    insert into search.state (engine, version, generation, analysis_generation, revision, timezone, post_count, thread_count, index_id, finished_at)
    values ('postgres', 1, '', '', 0, 'UTC', ${posts}, 0, '', now())`;
  await sql.unsafe("vacuum analyze search.posts");
}, 60_000);
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const find = (typed: string, more: Partial<Question> = {}) =>
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

test("what is too common to be looked up and too rare to be met: says how far it looked, and goes on from there", async () => {
  const first = await find('"oft wieder"');
  expect(first).toEqual({ ids: [], count: 0, count_is_exact: false, until: 10_001 });
  expect(await find('"oft wieder"', { next: first.until })).toMatchObject({ ids: [{ id: wanted }], count: 1 });
  const oldest = await find('"oft wieder"', { sort: "date-asc" });
  expect(oldest).toMatchObject({ ids: [{ id: wanted }], count: 1, count_is_exact: false, until: 300_000 });
  expect(await find('"oft wieder"', { sort: "date-asc", next: 300_000 })).toEqual({
    ids: [],
    count: 0,
    count_is_exact: true,
  });
});

test("exclusions alone are never looked up: an index would gather everything", async () => {
  expect(await find("-oft")).toEqual({ ids: [], count: 0, count_is_exact: false, until: 10_001 });
  expect(await find("-nie")).toMatchObject({ count: 251, count_is_exact: false });
});

/** Posts that were read so far. */
async function rowsRead(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ read: number }[]>`
    select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables where schemaname = 'search' and relname = 'posts'`;
  return row?.read ?? 0;
}

test.each([
  ["a page of a closed board", "oft", { bids: [closed.bid] }, 5000],
  ["the last page that an offset reaches", "oft", { offset: 9970 }, 16_000],
  ["the same with counts", "oft", { offset: 9970, facets: true }, 16_000],
  ["a page in the middle, by id", "oft", { next: 150_000 }, 5000],
  ["several boards", "oft", { bids: [1, closed.bid, 3] }, 5000],
] as const)("%s reads no more posts than it needs", async (_, typed, more, most) => {
  const before = await rowsRead();
  expect((await find(typed, more as Partial<Question>)).ids).toHaveLength(30);
  expect((await rowsRead()) - before).toBeLessThan(most);
});

test("a search is planned for its own words, however often the same kind is asked", async () => {
  for (let times = 0; times < 8; times++) await find("oft -nie", { bids: [1], facets: true });
  const prepared = await sql<{ statement: string }[]>`select statement from pg_prepared_statements`;
  expect(prepared.filter(({ statement }) => statement.includes("search.posts d"))).toEqual([]);
});
