/** Pages of users with a minimum of posts: complete, and read without the users that have fewer. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { postLevelOf } from "@potstats/db/baked";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { findPosterStats, orderColumns, type Page } from "./poster-stats.ts";

const smallUsers = 20_000;
const largeUsers = 400;
const all = { year: { first: 0, last: 0 }, bid: 0 };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const { sql } = database;
  // Small users come first whatever the order: some have the lowest values, others the highest averages.
  await sql`
    insert into baked.poster_stats (year, bid, uid, post_count, post_level, edit_count, posts_length, avg_post_length,
                                    threads_created, quoted_count, quotes_count)
    select 0, 0, uid, posts, ${sql.unsafe(postLevelOf("posts"))}, posts * (uid % 3), posts * length, length,
           posts / 7 * (uid % 2), posts / 5, posts / 3
    from (
      select uid, case when uid <= ${smallUsers} then 1 + uid % 19 else 20 + (uid - ${smallUsers}) * 7 end as posts,
             case when uid <= ${smallUsers} then uid % 2 * 900 else 100 + uid % 50 end as length
      from generate_series(1, ${smallUsers + largeUsers}) uid
    ) forum_user`;
  await sql`
    insert into baked.users (uid, name, name_lower, aliases)
    select uid, 'Nutzer ' || uid, 'nutzer ' || uid, '[]' from generate_series(1, ${smallUsers + largeUsers}) uid`;
  await sql`analyze baked.poster_stats, baked.users`;
}, 60_000);
afterAll(() => database?.drop());

const pages: Omit<Page, "following">[] = orderColumns.flatMap((order_by) =>
  (["asc", "desc"] as const).flatMap((order) =>
    [1, 20, 100, 333, 100_000].map((min_posts) => ({ order, order_by, min_posts, limit: 40 })),
  ),
);

test("following the last row visits every user with enough posts once, in order", async () => {
  const { sql } = database;
  for (const page of pages.filter(({ min_posts }) => min_posts > 20)) {
    const expected = await sql<{ uid: number }[]>`
      select uid from baked.poster_stats where post_count >= ${page.min_posts}
      order by ${sql(page.order_by)} ${page.order === "asc" ? sql`asc` : sql`desc`}, uid`;
    const uids: number[] = [];
    let following: Page["following"];
    for (let hasMore = true; hasMore;) {
      const found = await findPosterStats(sql, all, { ...page, following });
      uids.push(...found.rows.map(({ User }) => User.uid));
      const last = found.rows.at(-1);
      if (last) following = { id: last.User.uid, value: last[page.order_by] };
      ({ hasMore } = found);
    }
    expect([page, uids]).toEqual([page, expected.map(({ uid }) => uid)]);
  }
}, 60_000);

test("what is read depends on the size of the page, not on the number of users with fewer posts", async () => {
  const { sql } = database;
  const options = sql.options as unknown as { debug: unknown };
  for (const page of pages) {
    for (const following of [undefined, { id: 100, value: 50 }]) {
      let [statement, values]: [string, string[]] = ["", []];
      options.debug = (_: number, text: string, parameters: string[]) => ([statement, values] = [text, parameters]);
      await findPosterStats(sql, all, { ...page, following });
      options.debug = false;
      const [row] = await sql.unsafe(`explain (analyze, buffers, format json) ${statement}`, values);
      const { Plan: plan } = row!["QUERY PLAN"][0];
      const read = (plan["Shared Hit Blocks"] as number) + (plan["Shared Read Blocks"] as number);
      expect([page, following, read < 400 + 8 * page.limit || read]).toEqual([page, following, true]);
    }
  }
}, 60_000);
