/** Behavior that requires many posts: blocks, limits of counting and of time. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { blockBits } from "@potstats/db/search-index";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { postTexts } from "../index/rows.ts";
import { findInPostgres } from "../testing/find-postgres.ts";
import { maxCounted } from "./postgres.ts";
import type { DatedQuery } from "./engine.ts";

/** Every hundredth post is in another block. */
const posts = 12_000;
const pidOf = (at: number) => at + (at % 100 === 0 ? 2 ** blockBits : 0) + (at > 6000 ? 2 ** (blockBits + 1) : 0);
const all = Array.from({ length: posts }, (_, at) => ({ at: at + 1, pid: pidOf(at + 1) })).toSorted(
  (a, b) => a.pid - b.pid,
);
const isRare = (at: number) => [10, 3000, 5990, 11_000].includes(at);
const rare = all.filter(({ at }) => isRare(at)).map(({ pid }) => pid);
const hour_s = 3600;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  const rows = all.map(({ at, pid }) => ({
    pid,
    tid: 1 + (at % 3),
    bid: 1 + (at % 2),
    at,
    ...postTexts({
      tid: 1 + (at % 3),
      bid: 1 + (at % 2),
      uid: 7,
      has: [],
      words: ["oft", "wieder", ...(isRare(at) ? ["seltene"] : [])],
      forms: isRare(at) ? ["selten"] : [],
    }),
  }));
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words, forms)
    select pid, tid, bid, 7, timestamp 'epoch' + at * interval '1 hour', words, forms
    from json_to_recordset(${rows as never}::json) as r (pid int, tid int, bid int, at int, words text, forms text)`;
  await sql`insert into search.days select timestamp::date, min(pid), max(pid) from search.posts group by 1`;
  await sql`insert into search.blocks select distinct 'post', pid >> ${blockBits} from search.posts`;
  await sql`analyze search.posts`;
});
afterAll(() => database.drop());

const find = (typed: string, more: Partial<DatedQuery> = {}) => findInPostgres(database.sql, typed, more);
const ids = async (typed: string, more: Partial<DatedQuery> = {}) => (await find(typed, more)).page.map(({ id }) => id);

test.each(["seltene ", "selten ", "selt", "s", "oft selt", "seltene w", "+seltene", '"wieder seltene"', "seltene -x"])(
  "finds rare matches in all blocks: %s",
  async (typed) => {
    expect(await ids(typed)).toEqual(rare.toReversed());
    expect(await ids(typed, { sort: "date-asc" })).toEqual(rare);
    expect(await find(typed)).toMatchObject({ count: 4, count_is_exact: true });
    expect(await ids(typed, { bids: [1] })).toEqual(rare.toReversed());
    expect(await ids(typed, { bids: [2] })).toEqual([]);
    expect(await ids(typed, { uids: [7, 8], to: 3000 * hour_s })).toEqual([10]);
    expect(await ids(typed, { from: 3000 * hour_s, to: 5990 * hour_s })).toEqual([pidOf(3000)]);
    expect(await ids(typed, { uids: Array.from({ length: 100 }, (_, n) => n) })).toEqual(rare.toReversed());
    expect(await ids(typed, { uids: Array.from({ length: 100 }, (_, n) => 100 + n) })).toEqual([]);
  },
);

test.each(["oft ", "o", "wied", "oft -seltene", "-seltene", ""])(
  "counts common matches up to a limit: %s",
  async (typed) => {
    const hits = all.filter(({ at }) => !typed.includes("-") || !isRare(at)).map(({ pid }) => pid);
    const { page, ...counts } = await find(typed);
    expect(page.map(({ id }) => id)).toEqual(hits.slice(-30).toReversed());
    expect(counts).toMatchObject({ count: maxCounted.small, count_is_exact: false });
    expect(await ids(typed, { sort: "date-asc", limit: 3 })).toEqual(hits.slice(0, 3));
    expect(await ids(typed, { to: 3 * hour_s })).toEqual([2, 1]);
    expect(await ids(typed, { from: 1e9 })).toEqual([]);
    expect(await find(typed, { to: 5000 * hour_s })).toMatchObject({ count_is_exact: true });
  },
);

test.each(["date-desc", "date-asc"] as const)("pages continue without gaps or repeats: %s", async (sort) => {
  const inOrder = sort === "date-asc" ? all : all.toReversed();
  const seen: number[] = [];
  for (let offset = 0; offset < posts; offset += 3000) {
    const page = await find("oft wieder", { sort, offset, limit: 3000 });
    expect(page.count).toBe(Math.min(posts, Math.max(maxCounted.small, offset + 3001)));
    seen.push(...page.page.map(({ id }) => id));
  }
  expect(seen).toEqual(inOrder.map(({ pid }) => pid));
  const next = inOrder[5999]!.pid;
  expect(await ids("oft", { sort, next, limit: 50 })).toEqual(inOrder.slice(6000, 6050).map(({ pid }) => pid));
});

test("facets are counted over the matches that are counted", async () => {
  expect(await find("oft", { facets: true, to: 8001 * hour_s })).toMatchObject({
    count: 8000,
    count_is_exact: true,
    facets: {
      bids: [
        [1, 4000],
        [2, 4000],
      ],
      uids: [[7, 8000]],
    },
  });
});

test("threads are grouped over more matches if there are too few", async () => {
  const { page, hasMore } = await find("oft", { byThread: true });
  expect(page.map(({ thread }) => thread?.tid).toSorted()).toEqual([1, 2, 3]);
  expect(page.map(({ thread }) => thread?.count)).toEqual([4000, 4000, 4000]);
  expect(hasMore).toBe(false);
});

/** A search that has no time left after the first block. */
const hurried = (typed: string, more: Partial<DatedQuery> = {}) =>
  findInPostgres(database.sql, typed, more, { smallForum: 1, max_ms: 0 });

test("a search without time reads one block, says where it stopped, and continues there", async () => {
  const newest = await hurried("seltene ");
  expect(newest).toMatchObject({ page: [{ id: rare[3] }], count: 1, count_is_exact: false });
  const rest = await find("seltene ", { next: newest.stoppedAt });
  expect(rest.page.map(({ id }) => id)).toEqual(rare.slice(0, 3).toReversed());
  const oldest = await hurried("seltene ", { sort: "date-asc" });
  expect(oldest).toMatchObject({ count_is_exact: false, stoppedAt: 2 ** blockBits - 1 });
  const found = oldest.page.map(({ id }) => id);
  expect([...found, ...(await ids("seltene ", { sort: "date-asc", next: oldest.stoppedAt }))]).toEqual(rare);
});

test("every search is planned for its own words", async () => {
  const { sql } = database;
  const connection = await sql.reserve();
  const typed = ["seltene ", "nirgends", "oft selt", '"wieder oft"', "-nie"];
  for (const text of typed) await findInPostgres(connection as never, text);
  const prepared = await connection<{ statement: string }[]>`select statement from pg_prepared_statements`;
  expect(prepared.filter(({ statement }) => statement.includes("search.posts d"))).toEqual([]);
  connection.release();
});
