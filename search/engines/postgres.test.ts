/** Behavior that requires many posts: scanning and looking up find the same matches. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { formsOf } from "../words/forms.ts";
import { vectorOf } from "../index/tsvector.ts";
import type { Query } from "../query/query.ts";
import { findInPostgres, insertState } from "../testing/find-postgres.ts";

const posts = 6000;
const rare = [10, 3000, 5990];
const hour_s = 3600;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  const text = (pid: number) => ["oft", "wieder", ...(rare.includes(pid) ? ["seltene"] : [])];
  const pids = Array.from({ length: posts }, (_, at) => at + 1);
  await sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words)
    select pid, 1, 1 + pid % 2, 7, timestamp 'epoch' + pid * interval '1 hour', words::tsvector
    from unnest(${pids}::int[], ${pids.map((pid) => vectorOf(text(pid), text(pid).flatMap(formsOf)))}::text[]) as r (pid, words)`;
  await sql`insert into search.days select timestamp::date, min(pid), max(pid) from search.posts group by 1`;
  await insertState(sql, posts);
  await sql`analyze search.posts`;
});
afterAll(() => database.drop());

const find = (typed: string, more: Partial<Query> = {}, sql = database.sql) => findInPostgres(sql, typed, more);
const ids = async (typed: string, more: Partial<Query> = {}) => (await find(typed, more)).page.map(({ id }) => id);

test.each(["seltene ", "selten ", "selt", "s", "oft selt", "seltene w", "+seltene", '"wieder seltene"', "seltene -x"])(
  "finds rare matches: %s",
  async (typed) => {
    expect(await ids(typed)).toEqual(rare.toReversed());
    expect(await ids(typed, { sort: "date-asc" })).toEqual(rare);
    expect((await ids(typed, { sort: "score" })).toSorted((a, b) => a - b)).toEqual(rare);
    expect(await find(typed)).toMatchObject({ count: 3, count_is_exact: true });
    expect(await ids(typed, { bids: [1] })).toEqual([5990, 3000, 10]);
    expect(await ids(typed, { bids: [2] })).toEqual([]);
    expect(await ids(typed, { uids: [7, 8], to: 3000 * hour_s })).toEqual([10]);
    expect(await ids(typed, { from: 3000 * hour_s, to: 5990 * hour_s })).toEqual([3000]);
  },
);

/** Makes the engine believe that the forum is too large to be counted completely. */
async function inALargeForum<T>(work: () => Promise<T>): Promise<T> {
  await database.sql`update search.state set post_count = 1000000`;
  try {
    return await work();
  } finally {
    await database.sql`update search.state set post_count = ${posts}`;
  }
}

test.each(["oft ", "o", "wied", "oft -seltene"])(
  "finds common matches, and counts a small forum completely: %s",
  async (typed) => {
    const isHit = (pid: number) => !typed.includes("-") || !rare.includes(pid);
    const hits = Array.from({ length: posts }, (_, at) => at + 1).filter(isHit);
    const { page: newest, ...counts } = await find(typed);
    expect(newest.map(({ id }) => id)).toEqual(hits.slice(-30).toReversed());
    expect(counts).toMatchObject({ count: hits.length, count_is_exact: true });
    const large = await inALargeForum(() => find(typed));
    expect(large).toMatchObject({ page: newest, count_is_exact: false });
    expect(large.count).toBeGreaterThan(30);
    expect((await ids(typed, { sort: "score" })).every((id) => hits.slice(-250).includes(id))).toBe(true);
    expect(await ids(typed, { sort: "date-asc", limit: 3 })).toEqual(hits.slice(0, 3));
    expect(await ids(typed, { to: 3 * hour_s })).toEqual([2, 1]);
    expect(await ids(typed, { from: 1e9 })).toEqual([]);
  },
);

test("pages continue beyond the scored matches, without gaps or repeats", async () => {
  const seen: number[] = [];
  for (let offset = 0; offset < posts; offset += 500) {
    const page = await inALargeForum(() => find("oft wieder", { sort: "score", offset, limit: 500 }));
    expect(page.count).toBe(Math.min(posts, offset + 501));
    seen.push(...page.page.map(({ id }) => id));
  }
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: posts }, (_, at) => at + 1));
});

test("facets are counted over more matches than are scored", async () => {
  expect(await find("oft", { facets: true })).toMatchObject({
    count: posts,
    count_is_exact: true,
    facets: {
      bids: [
        [1, posts / 2],
        [2, posts / 2],
      ],
      uids: [[7, posts]],
    },
  });
});

test("a lookup that times out is replaced by a scan", async () => {
  const impatient = connect(database.url, { max: 1, statement_timeout_ms: 500 });
  const slow = new Proxy(impatient, {
    apply: (sql, self, given: [TemplateStringsArray]) => {
      const made: unknown = Reflect.apply(sql, self, given);
      const isLookUp = given[0].some((part) => part.includes(" + 0 "));
      return isLookUp ? sql`select d.* from (select pg_sleep(60)) as p cross join (${made as never}) as d` : made;
    },
  });
  expect(await find("seltene ", {}, slow)).toEqual(await find("seltene "));
  expect(await find("seltene ", { facets: true }, slow)).toMatchObject({ count: 3, facets: { uids: [[7, 3]] } });
  await impatient.end();
}, 20_000);
