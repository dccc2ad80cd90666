import { afterAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { readUntil, startCommand } from "@potstats/cli/testing/command";
import { connect } from "./connect.ts";
import { AlreadyRunning, LockLost, withLock } from "./locks.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());

/** Pids of the backends that hold an advisory lock in this database. */
const holders = async () => {
  const rows = await sql<{ pid: number }[]>`
    select pid from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  return rows.map((row) => row.pid);
};

test("a second writer is refused with exit code 3 until the first has finished", async () => {
  await withLock(sql, "crawl", async () => {
    const refused: unknown = await withLock(sql, "crawl", async () => "").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AlreadyRunning);
    expect(refused).toMatchObject({
      exitCode: 3,
      message: "another crawl is running on this database; wait for it to end, or stop it",
    });
    expect(await withLock(sql, "analyze", async () => "not blocked")).toBe("not blocked");
  });
  expect(await withLock(sql, "crawl", async () => "free again")).toBe("free again");
  expect(await holders()).toEqual([]);
});

test("holds no snapshot, which would keep vacuum from its work", async () => {
  await withLock(sql, "analyze", async () => {
    const [pid = 0] = await holders();
    const [backend] = await sql`select state, backend_xmin from pg_stat_activity where pid = ${pid}`;
    expect(backend).toEqual({ state: "idle in transaction", backend_xmin: null });
  });
});

test("is released when the work fails", async () => {
  expect(await withLock(sql, "index", () => Promise.reject(new Error("broken"))).catch(String)).toBe("Error: broken");
  expect(await withLock(sql, "index", async () => "free again")).toBe("free again");
});

test("waiting processes get it one at a time", async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await Bun.sleep(20);
    order.push(`${name} ends`);
  };
  await Promise.all(["a", "b", "c"].map((name) => withLock(sql, "migrate", work(name), { wait: true })));
  expect(order.map((entry) => entry.split(" ")[1])).toEqual(["begins", "ends", "begins", "ends", "begins", "ends"]);
  for (let i = 0; i < order.length; i += 2) expect(order[i]?.[0]).toBe(order[i + 1]?.[0] ?? "");
});

test("a killed process leaves no lock behind", async () => {
  const script = `
    import { connect } from "./connect.ts";
    import { withLock } from "./locks.ts";
    await withLock(connect(process.argv[1]), "crawl", async () => { console.log("held"); await Bun.sleep(60_000); });`;
  const child = startCommand(["-e", script, database.url], {}, { cwd: import.meta.dirname });
  await readUntil(child.stdout, "held");
  expect(await settle(withLock(sql, "crawl", async () => {}))).toThrow(AlreadyRunning);
  child.kill("SIGKILL");
  await child.exited;
  await withLock(sql, "crawl", async () => {}, { wait: true });
});

test("the work's signal aborts when the lock is lost, and the pool keeps working", async () => {
  const pool = connect(database.url, { max: 2 });
  const reason = await withLock(pool, "crawl", async (lost) => {
    const [holder] = await holders();
    expect(lost.aborted).toBe(false);
    const aborted = new Promise((resolve) => lost.addEventListener("abort", resolve));
    await sql`select pg_terminate_backend(${holder ?? 0})`;
    await aborted;
    return lost.reason as unknown;
  });
  expect(reason).toBeInstanceOf(LockLost);
  expect((reason as Error).message).toBe("the connection that held the lock of this crawl broke: run it again");
  const results = await Promise.all([1, 2, 3, 4].map((n) => pool<{ n: number }[]>`select ${n}::int as n`));
  expect(results.map((rows) => rows[0]?.n)).toEqual([1, 2, 3, 4]);
  expect(await withLock(pool, "crawl", async (lost) => lost.aborted)).toBe(false);
  await pool.end();
});

test("needs no connection of the pool", async () => {
  const pool = connect(database.url, { max: 1 });
  expect(await pool.begin(() => withLock(pool, "crawl", async () => "held"))).toBe("held");
  await pool.end();
});

test("rejects with the error of an unreachable database", async () => {
  const nowhere = connect("postgres://u:geheim@127.0.0.1:1/x");
  const error: unknown = await withLock(nowhere, "crawl", async () => {}).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
  await nowhere.end();
});
