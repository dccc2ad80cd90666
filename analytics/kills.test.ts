/** Runs the command as a process: kills it and checks that the next run recovers, then its output and exit codes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createRandom } from "@potstats/bbcode/testing/random";
import { startCommand } from "@potstats/cli/testing/command";
import { rounds } from "@potstats/cli/testing/rounds";
import { until } from "@potstats/cli/testing/until";
import { readGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { History } from "./testing/history.ts";
import { deriveNaively } from "./testing/naive/index.ts";
import { lines, readBaked } from "./testing/tables.ts";

const timezone = "Europe/Berlin";
const forumUrl = "http://forum.example";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

const start = (...options: string[]) =>
  startCommand(["analytics/main.ts", ...options], {
    DATABASE_URL: database.url,
    STATS_TIMEZONE: timezone,
    FORUM_URL: forumUrl,
  });

/** Waits until PostgreSQL has ended all connections of killed processes. @throws Error after ten seconds */
const waitForConnectionsToEnd = () =>
  until(async () => {
    const connections = await database.sql`
      select 1 from pg_stat_activity
      where datname = current_database() and application_name like 'potstats analyze%'`;
    return connections.length === 0;
  }, 10);

/** Compares the derived tables with a naive computation. */
async function expectNaive(): Promise<void> {
  const [baked, naive] = [await readBaked(database.sql), await deriveNaively(database.sql, timezone, forumUrl)];
  for (const [table, rows] of Object.entries(naive))
    expect([table, ...lines(baked[table] ?? [])]).toEqual([table, ...lines(rows)]);
}

test("a process killed at any moment leaves either the old or the new results, and the next run recovers", async () => {
  const { sql } = database;
  const random = createRandom(12);
  const history = new History(sql, 12);
  await history.populate(150);
  const from_ms = performance.now();
  expect(await start().exited).toBe(0);
  const duration_ms = performance.now() - from_ms;
  let killed = 0;
  for (let round = 0; round < rounds(4); round++) {
    const [tables, before] = [await readBaked(sql), await readGeneration(sql)];
    for (let steps = 0; steps < 3; steps++) await history.step();
    const run = start(...(round % 2 === 0 ? ["--full"] : []));
    const timer = setTimeout(() => run.kill("SIGKILL"), random() * duration_ms);
    if ((await run.exited) !== 0) killed++;
    clearTimeout(timer);
    await waitForConnectionsToEnd();
    if ((await readGeneration(sql)) === before) expect(await readBaked(sql)).toEqual(tables);
    else await expectNaive();
    expect(await start().exited).toBe(0);
    await expectNaive();
  }
  expect(killed).toBeGreaterThan(0);
  expect(await sql`select 1 from pg_namespace where nspname like 'baked\\_next%'`).toHaveLength(0);
}, 120_000);

test("prints its summary as JSON or as text, and rejects a wrong number of workers", async () => {
  const json = await new Response(start("--full", "--workers", "1", "--json").stdout).text();
  expect(JSON.parse(json.trim().split("\n").at(-1) ?? "")).toMatchObject({ kind: "full", changed: true });
  const text = await new Response(start("--full").stdout).text();
  for (const word of ["posts/s", "quotes", "links", "poster_stats", "seconds", "statistics"])
    expect(text).toContain(word);
  const wrong = start("--workers", "none");
  expect(await wrong.exited).toBe(2);
  expect(await new Response(wrong.stderr).text()).toContain("whole number");
});

test("a second run is rejected with exit code 3", async () => {
  await withLock(database.sql, "analyze", async () => {
    const second = start();
    expect(await second.exited).toBe(3);
    expect(await new Response(second.stderr).text()).toContain("another analyze is running");
  });
});
