/** Search by thread where the newest matches are in few threads, so that more matches than usual must be read. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import type { Query } from "../query/query.ts";
import { findInPostgres, insertState } from "../testing/find-postgres.ts";
import type { Match, Matches } from "./engine.ts";

const posts = 12_000;
const threads = 40;
/** The newest half of the posts, and the oldest quarter, are in one thread. */
const tidOf = (pid: number) => (pid > posts / 2 || pid <= posts / 4 ? 1 : 1 + (pid % threads));

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  const pids = Array.from({ length: posts }, (_, at) => at + 1);
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words)
    select pid, tid, 1, 7, timestamp 'epoch' + pid * interval '1 hour', '''=oft'':1'
    from unnest(${pids}::int[], ${pids.map(tidOf)}::int[]) as r (pid, tid)`;
  await sql`insert into search.days select timestamp::date, min(pid), max(pid) from search.posts group by 1`;
  await sql`analyze search.posts`;
});
afterAll(() => database.drop());

const find = (more: Partial<Query>): Promise<Matches> =>
  findInPostgres(database.sql, "oft ", { byThread: true, ...more });

/** Best matches of all threads, page by page. */
async function allPages(more: Partial<Query>): Promise<Match[]> {
  const found: Match[] = [];
  for (let page = await find(more); ; page = await find({ ...more, offset: found.length })) {
    found.push(...page.page);
    if (page.hasMore) expect(page.page).toHaveLength(more.limit!);
    else return found;
  }
}

/** A forum too large to be counted completely, and a small one. */
test.each([1_000_000, posts])("with %d posts, every thread is found once, with its first match", async (size) => {
  await database.sql`delete from search.state`;
  await insertState(database.sql, size);
  const newest = new Map<number, number>();
  const oldest = new Map<number, number>();
  const counts = new Map<number, number>();
  for (let pid = 1; pid <= posts; pid++) {
    const tid = tidOf(pid);
    newest.set(tid, pid);
    if (!oldest.has(tid)) oldest.set(tid, pid);
    counts.set(tid, (counts.get(tid) ?? 0) + 1);
  }
  for (const sort of ["date-desc", "date-asc", "score"] as const) {
    const first = sort === "date-asc" ? oldest : newest;
    const expected = [...first]
      .map(([tid, pid]) => [tid, pid])
      .toSorted(([, a = 0], [, b = 0]) => (sort === "date-asc" ? a - b : b - a));
    for (const limit of [7, 100]) {
      const found = await allPages({ sort, limit });
      expect([sort, limit, found.map(({ id, thread }) => [thread?.tid, id])]).toEqual([sort, limit, expected]);
    }
  }
  const { page, count_is_exact } = await find({ limit: 100 });
  expect(count_is_exact).toBe(true);
  for (const { thread } of page) expect([thread?.tid, thread?.count]).toEqual([thread?.tid, counts.get(thread!.tid)]);
});
