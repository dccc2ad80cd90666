/** Behavior that requires more posts than one search may read. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Sql } from "@potstats/db/connect";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import type { Query } from "../query/query.ts";
import { findInPostgres, insertState } from "../testing/find-postgres.ts";

const posts = 310_000;
/** The only match of a phrase whose words all posts contain. */
const wanted = 5;
/** A board that was closed long ago; most posts are in another one. */
const closed = { bid: 2, posts: 40_000 };

let database: TestDatabase;
/** A single connection, so that it sees its own statistics. */
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
  await insertState(sql, posts);
  await sql.unsafe("vacuum analyze search.posts");
}, 60_000);
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const find = (typed: string, more: Partial<Query> = {}) => findInPostgres(sql, typed, more);

test("a search too common to look up and too rare for a scan says where it stopped, and continues there", async () => {
  const first = await find('"oft wieder"');
  expect(first).toEqual({ page: [], count: 0, count_is_exact: false, stoppedAt: 10_001 });
  expect(await find('"oft wieder"', { next: first.stoppedAt })).toMatchObject({ page: [{ id: wanted }], count: 1 });
  const oldest = await find('"oft wieder"', { sort: "date-asc" });
  expect(oldest).toMatchObject({ page: [{ id: wanted }], count: 1, count_is_exact: false, stoppedAt: 300_000 });
  expect(await find('"oft wieder"', { sort: "date-asc", next: 300_000 })).toEqual({
    page: [],
    count: 0,
    count_is_exact: true,
  });
});

test("exclusions alone are never looked up: the index would collect everything", async () => {
  expect(await find("-oft")).toEqual({ page: [], count: 0, count_is_exact: false, stoppedAt: 10_001 });
  expect(await find("-nie")).toMatchObject({ count: 251, count_is_exact: false });
});

/** Posts read so far. */
async function rowsRead(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ read: number }[]>`
    select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables where schemaname = 'search' and relname = 'posts'`;
  return row?.read ?? 0;
}

test.each([
  ["a page of a closed board", "oft", { bids: [closed.bid] }, 5000],
  ["the last page that an offset can reach", "oft", { offset: 9970 }, 16_000],
  ["the same with facets", "oft", { offset: 9970, facets: true }, 16_000],
  ["a page in the middle, by id", "oft", { next: 150_000 }, 5000],
  ["several boards", "oft", { bids: [1, closed.bid, 3] }, 5000],
] as const)("%s reads no more posts than necessary", async (_, typed, more, maxRows) => {
  const before = await rowsRead();
  expect((await find(typed, more as Partial<Query>)).page).toHaveLength(30);
  expect((await rowsRead()) - before).toBeLessThan(maxRows);
});

test("every search is planned for its own words, even after many similar ones", async () => {
  for (let times = 0; times < 8; times++) await find("oft -nie", { bids: [1], facets: true });
  const prepared = await sql<{ statement: string }[]>`select statement from pg_prepared_statements`;
  expect(prepared.filter(({ statement }) => statement.includes("search.posts d"))).toEqual([]);
});
