/** The highest sums over ranges of years: exact, and read from the tops of sorted lists. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { type Fragment, isMeasuredRange, measured, type Range } from "./selection.ts";
import { topSums } from "./top-sums.ts";

const years = { first: 2001, last: 2012 };
const ranges = [
  [2001, 2011],
  [2002, 2012],
  [2004, 2009],
  [2005, 2006],
  [2001, 2003],
  [1990, 2002],
] as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

/**
 * Fills the tables for a forum in which pairs quote each other very unequally often: few very often, most of them rarely
 * or, if `size` is small, never. Later years have more posts.
 */
async function fill(size: number): Promise<void> {
  const { sql } = database;
  await sql`truncate baked.quote_graph, baked.yearly_stats`;
  await sql`
    insert into baked.yearly_stats (year, bid, post_count, edit_count, posts_length, threads_created, active_users)
    select year, 0, (year - 2000) * ${size}, 0, 0, 0, 0 from generate_series(${years.first}::int, ${years.last}) year`;
  await sql`
    insert into baked.quote_graph (year, bid, quoter_uid, quoted_uid, count)
    select year, 0, n % 97, n, count
    from generate_series(1, 5000) n, generate_series(${years.first}::int, ${years.last}) year,
      floor(${size} * (year - 2000) / power(n, 0.8) * abs(hashint4(100 * n + year) % 1000) / 1000.0) count
    where count > 0`;
  await sql`
    insert into baked.quote_graph (year, bid, quoter_uid, quoted_uid, count)
    select 0, 0, quoter_uid, quoted_uid, sum(count) from baked.quote_graph group by quoter_uid, quoted_uid`;
  await sql`analyze baked.quote_graph, baked.yearly_stats`;
}

async function rangeOf(first: number, last: number): Promise<Range> {
  const range = await measured(database.sql, { first, last });
  if (!isMeasuredRange(range)) throw new Error(`${first}–${last} are all years`);
  return range;
}

function statement(year: Range, limit: number) {
  const { sql } = database;
  const table: Fragment = sql`baked.quote_graph`;
  const condition: Fragment = sql`bid = 0`;
  return topSums(sql, { table, group: [sql`quoter_uid`, sql`quoted_uid`], condition, year, limit });
}

test("the sums are those of all groups, and ties go to the lower ids", async () => {
  const { sql } = database;
  for (const size of [2, 40]) {
    await fill(size);
    for (const [first, last] of ranges) {
      const all = await sql`
        select quoter_uid, quoted_uid, sum(count)::int as count from baked.quote_graph
        where year between ${first} and ${last} group by 1, 2 order by 3 desc, 1, 2`;
      for (const limit of [1, 7, 100, 1000, 20_000]) {
        const rows = await sql`${statement(await rangeOf(first, last), limit)}`;
        expect([size, first, last, limit, [...rows]]).toEqual([size, first, last, limit, all.slice(0, limit)]);
      }
    }
  }
}, 60_000);

test("what is read depends on the limit, not on the number of posts", async () => {
  const { sql } = database;
  const limit = 50;
  const buffersOf = async (range: Range) => {
    const [row] = await sql`explain (analyze, buffers, format json) ${statement(range, limit)}`;
    const { Plan: plan } = row!["QUERY PLAN"][0];
    return (plan["Shared Hit Blocks"] as number) + (plan["Shared Read Blocks"] as number);
  };
  const read: Record<string, number[]> = {};
  for (const size of [1000, 10_000]) {
    await fill(size);
    for (const [first, last] of ranges)
      (read[`${first}-${last}`] ??= []).push(await buffersOf(await rangeOf(first, last)));
  }
  for (const [range, [few = 0, many = 0]] of Object.entries(read)) {
    expect([range, few < 30 * limit, many < 1.3 * few + 100]).toEqual([range, true, true]);
  }
}, 60_000);

test("a range is read as all years together, or as one year, if only these have posts", async () => {
  await fill(2);
  const measure = (first: number, last: number) => measured(database.sql, { first, last });
  expect(await measure(years.first, years.last)).toEqual({ first: 0, last: 0 });
  expect(await measure(1, 9999)).toEqual({ first: 0, last: 0 });
  expect(await measure(2005, 2005)).toEqual({ first: 2005, last: 2005 });
  expect(await measure(2012, 2020)).toEqual({ first: 2012, last: 2012 });
  expect(await measure(2013, 2020)).toEqual({ first: 2013, last: 2013 });
  expect(await measure(2011, 2020)).toEqual({ first: 2011, last: 2020, count: 2, share: 23 / 78 });
});
