/** Kills real processes and checks what they leave behind and how the next one goes on. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { readGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { History, randomness } from "./testing/history.ts";
import { naiveBaked } from "./testing/naive/index.ts";
import { lines, readBaked } from "./testing/tables.ts";

const timezone = "Europe/Berlin";
const forumUrl = "http://forum.example";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const start = (...arguments_: string[]) =>
  Bun.spawn([process.execPath, join(import.meta.dirname, "main.ts"), ...arguments_], {
    env: { ...process.env, DATABASE_URL: database.url, STATS_TIMEZONE: timezone, FORUM_URL: forumUrl },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });

/** Waits until PostgreSQL has ended all connections of killed processes. */
async function allGone(): Promise<void> {
  for (;;) {
    const [row] = await database.sql<{ left: number }[]>`
      select count(*)::int as left from pg_stat_activity
      where datname = current_database() and application_name like 'potstats analyze%'`;
    if (row?.left === 0) return;
  }
}

test("a process killed at any moment leaves the previous results or its own, and the next one goes on", async () => {
  const { sql } = database;
  const random = randomness(12);
  const history = new History(sql, 12);
  await history.begin(150);
  const begun_ms = performance.now();
  expect(await start().exited).toBe(0);
  const undisturbed_ms = performance.now() - begun_ms;
  let killed = 0;
  for (let round = 0; round < 8; round++) {
    const [tables, before] = [await readBaked(sql), await readGeneration(sql)];
    for (let steps = 0; steps < 3; steps++) await history.step();
    const run = start(...(round % 2 === 0 ? ["--full"] : []));
    const timer = setTimeout(() => run.kill("SIGKILL"), random() * undisturbed_ms);
    if ((await run.exited) !== 0) killed++;
    clearTimeout(timer);
    await allGone();
    if ((await readGeneration(sql)) === before) expect(await readBaked(sql)).toEqual(tables);
    else expect(Object.keys(await readBaked(sql)).length).toBe(Object.keys(tables).length);
    expect(await start().exited).toBe(0);
    const [baked, naive] = [await readBaked(sql), await naiveBaked(sql, timezone, forumUrl)];
    for (const table of ["poster_stats", "daily_stats", "user_hours", "quote_graph", "threads"])
      expect([table, ...lines(baked[table] ?? [])]).toEqual([table, ...lines(naive[table] ?? [])]);
  }
  expect(killed).toBeGreaterThan(0);
  expect(await sql`select 1 from pg_namespace where nspname like 'baked\\_next%'`).toHaveLength(0);
}, 120_000);

test("the command reports in JSON and in words, with any number of workers", async () => {
  const json = await new Response(start("--full", "--workers", "1", "--json").stdout).text();
  expect(JSON.parse(json.trim().split("\n").at(-1) ?? "")).toMatchObject({ kind: "full", changed: true });
  const words = await new Response(start("--full").stdout).text();
  for (const word of ["posts/s", "quotes", "links", "poster_stats", "seconds", "statistics"])
    expect(words).toContain(word);
  const wrong = start("--workers", "none");
  expect(await wrong.exited).toBe(2);
  expect(await new Response(wrong.stderr).text()).toContain("whole number");
});

test("a second run says that one is running and exits with 3", async () => {
  await withLock(database.sql, "analyze", async () => {
    const second = start();
    expect(await second.exited).toBe(3);
    expect(await new Response(second.stderr).text()).toContain("another analyze is running");
  });
});
