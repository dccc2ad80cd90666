import { afterAll, expect, test } from "bun:test";
import { asc, eq, sql as raw } from "drizzle-orm";
import * as baked from "./baked.ts";
import { drizzleOn } from "./drizzle.ts";
import { testDatabase } from "./testing/database.ts";

const { sql, drop } = await testDatabase();
afterAll(drop);

test("drizzle reads and writes the same values as the pool, and leaves the pool's parsers alone", async () => {
  const db = drizzleOn(sql);
  const thread = {
    tid: 7,
    bid: 3,
    title: "Töpfe",
    subtitle: "",
    series: null,
    is_part: false,
    is_closed: false,
    is_gone: false,
    first_pid: 1,
    poster_uid: null,
    timestamp: new Date("2012-02-29T23:59:59.000Z"),
    post_count: 2,
    revision: 2 ** 40,
    posts_revision: 0,
  };
  await sql`insert into baked.threads ${sql({ ...thread, tags: sql.json(["Küche"]) })}`;
  await db.insert(baked.dailyThreads).values({ day: "2012-02-29", bid: 3, tids: [7, 9], post_counts: [2, 1] });

  expect(await db.select().from(baked.threads).where(eq(baked.threads.tid, 7))).toEqual([
    { ...thread, tags: ["Küche"] },
  ]);
  expect(await db.select().from(baked.dailyThreads).orderBy(asc(baked.dailyThreads.day))).toEqual([
    { day: "2012-02-29", bid: 3, tids: [7, 9], post_counts: [2, 1] },
  ]);
  expect(await db.select({ sum: raw<number>`sum(post_count)` }).from(baked.threads)).toEqual([{ sum: 2 }]);
  const [row] = await sql`select timestamp, date '2012-02-29' as day from baked.threads`;
  expect(row).toEqual({ timestamp: thread.timestamp, day: "2012-02-29" });
});
