/** SIGTERM and Ctrl-C end every command within five seconds, whatever it waits for. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand } from "@potstats/cli/testing/command";
import { analyze } from "@potstats/analytics/analyze";
import {
  dropSaved,
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  saveAs,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import { openMeilisearch } from "@potstats/search/embedded";
import { until } from "@potstats/cli/testing/until";

const folder = mkdtempSync(join(tmpdir(), "signals-"));
/** Named like the clones of this process, which a later run drops if this one is killed. */
const analyzedName = `test_${process.pid}_signals`;
beforeAll(async () => {
  await saveAs(await analyzedDatabase(), analyzedName);
});
afterAll(async () => {
  await dropSaved(analyzedName);
  rmSync(folder, { recursive: true });
});

/** A server that accepts every connection and never answers. */
function blackHole() {
  const connected = Promise.withResolvers<void>();
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: () => connected.resolve(), data() {} },
  });
  return { port: listener.port, connected: connected.promise, [Symbol.dispose]: () => listener.stop(true) };
}

/** A database with a post, analyzed. */
async function analyzedDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  const { sql } = database;
  await insertBoard(sql, 1);
  await insertUser(sql, 1);
  await insertThread(sql, 1, { bid: 1 });
  await insertPost(sql, { pid: 1, tid: 1, poster_uid: 1 });
  await analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example" });
  return database;
}

/** Lets a command that has just connected begin to wait. */
const pause_ms = 300;

const start = (command: string, environment: Record<string, string>) =>
  startCommand(command.split(" "), { DATA_DIR: folder, PORT: "0", STATS_TIMEZONE: "UTC", ...environment });

/** Maximum time between the signal and the exit: twice the promised five seconds, for a busy machine. */
const timeout_s = 10;

/** Sends the signal, and expects an exit in time. @returns the exit code */
async function exitCodeAfter(child: ReturnType<typeof start>, signal: "SIGTERM" | "SIGINT"): Promise<number | null> {
  const sent_ms = performance.now();
  child.kill(signal);
  const killer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await child.exited;
  clearTimeout(killer);
  expect((performance.now() - sent_ms) / 1000).toBeLessThan(timeout_s);
  return child.exitCode;
}

describe("a database that accepts connections and never answers", () => {
  test.concurrent.each([
    ["crawler/main.ts --board all", "SIGTERM"],
    ["analytics/main.ts --full", "SIGTERM"],
    ["search/main.ts", "SIGINT"],
    ["pipeline/update.ts --every 1h", "SIGTERM"],
    ["db/main.ts migrate", "SIGTERM"],
    ["db/main.ts status", "SIGINT"],
    ["db/main.ts backup never.tar", "SIGTERM"],
    ["pipeline/db.ts forget 1 --yes", "SIGTERM"],
    ["server/main.ts", "SIGTERM"],
  ] as const)("%s, %s", async (command, signal) => {
    using silent = blackHole();
    const child = start(command, { DATABASE_URL: `postgres://u@127.0.0.1:${silent.port}/x` });
    await silent.connected;
    await Bun.sleep(pause_ms);
    await exitCodeAfter(child, signal);
  });

  test.concurrent("cache, with a Redis that never answers", async () => {
    using silent = blackHole();
    const child = start("server/cache/main.ts stats", { REDIS_URL: `redis://127.0.0.1:${silent.port}` });
    await silent.connected;
    await Bun.sleep(pause_ms);
    await exitCodeAfter(child, "SIGTERM");
  });
});

describe("locked tables", () => {
  test.concurrent.each([
    ["crawler/main.ts --board all", "SIGINT", 130],
    ["analytics/main.ts --full", "SIGTERM", 143],
    ["search/main.ts --full", "SIGTERM", 143],
    ["pipeline/update.ts", "SIGINT", 130],
    ["db/main.ts adopt", "SIGTERM", 143],
  ] as const)("%s, %s", async (command, signal, code) => {
    const { sql, url, drop } = await testDatabase(analyzedName);
    const waiting = () =>
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await sql.begin(async (holder) => {
      await holder`lock table posts, threads, boards, categories, worldeater_state, worldeater_tnu, post_contents in access exclusive mode`;
      const from = command.includes("adopt") ? ` --from ${url}` : "";
      const child = start(command + from, {
        DATABASE_URL: url,
        FORUM_URL: "http://127.0.0.1:1",
        MEILI_URL: "http://127.0.0.1:1",
      });
      await until(async () => (await waiting()).length > 0 || child.exitCode !== null);
      expect([code, 130]).toContain((await exitCodeAfter(child, signal)) ?? -1);
      // Its statement ends, too.
      await until(async () => (await waiting()).length === 0);
    });
    await drop();
  });
});

test("a suspended Meilisearch", async () => {
  const { sql, url, drop } = await testDatabase(analyzedName);
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  if (!meili) throw new Error("there is no Meilisearch here");
  const { pid } = (await Bun.file(join(folder, "meilisearch/running.json")).json()) as { pid: number };
  /** The index in PostgreSQL, which is filled before the one in Meilisearch. */
  const filled = () => sql`select 1 from search.state where engine = 'postgres'`;
  try {
    process.kill(pid, "SIGSTOP");
    const child = start("search/main.ts --full", {
      DATABASE_URL: url,
      MEILI_URL: meili.url,
      MEILI_MASTER_KEY: meili.key ?? "",
    });
    await until(async () => (await filled()).length > 0);
    await Bun.sleep(pause_ms);
    await exitCodeAfter(child, "SIGTERM");
  } finally {
    process.kill(pid, "SIGCONT");
    await meili.close();
    await drop();
  }
});
