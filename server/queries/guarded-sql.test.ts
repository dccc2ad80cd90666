/** Queries that hang, wait, fail or outlive their request. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer } from "node:net";
import { settle } from "@potstats/cli/testing/settle";
import { connect } from "@potstats/db/connect";
import type { AppOptions } from "../app.ts";
import { createGenerations } from "../cache/generations.ts";
import { guardSql } from "../queries/guarded-sql.ts";
import { openPool } from "./open-pool.ts";
import { askApp, testServer, type TestServer } from "../testing/server.ts";
import { until } from "@potstats/cli/testing/until";
import { openGuardedPool } from "../testing/guarded-pool.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Creates another app on the same database. */
const another = (options: Partial<AppOptions> = {}) => askApp(server.database, options);

test("the database ends a query that hangs, and the response is 503", async () => {
  const { sql, running, close } = openGuardedPool(server.database.url, "hanging", { statement_timeout_ms: 200 });
  const ask = another({ sql, generations: createGenerations(server.database.sql) });
  const { sql: other } = server.database;
  try {
    await other.begin(async (transaction) => {
      await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const response = await ask("/api/weekday-stats?nocache");
      expect([response.status, await response.json()]).toEqual([503, { error: "the response took too long" }]);
      expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
      await until(async () => {
        const active =
          await other`select 1 from pg_stat_activity where application_name = 'hanging' and state = 'active'`;
        return active.length === 0;
      });
    });
    expect(running()).toBe(0);
    expect((await ask("/api/weekday-stats?nocache")).status).toBe(200);
  } finally {
    await close();
  }
});

test("a request with a timeout gets 503, and its queries end", async () => {
  const { sql, during, running, close } = openGuardedPool(server.database.url, "too long", {
    statement_timeout_ms: 500,
  });
  const { sql: other } = server.database;
  const ask = another({ sql, during, generations: createGenerations(other), timeout_ms: 100 });
  const hanging = async () =>
    (await other`select 1 from pg_stat_activity where application_name = 'too long' and state = 'active'`).length;
  try {
    await other.begin(async (transaction) => {
      await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const response = await ask("/api/weekday-stats");
      expect([response.status, await response.json()]).toEqual([503, { error: "the response took too long" }]);
      await until(async () => (await hanging()) === 0 && running() === 0);

      // A client that disconnects leaves no query behind, either.
      const gone = new AbortController();
      const withoutTimeout = another({ sql, during, generations: createGenerations(other) });
      void withoutTimeout("/api/weekday-stats?year=2006", { signal: gone.signal });
      await until(async () => (await hanging()) === 1);
      gone.abort();
      await until(async () => (await hanging()) === 0 && running() === 0);
    });
    expect((await ask("/api/weekday-stats")).status).toBe(200);
  } finally {
    await close();
  }
});

test("a thousand queries may wait; further ones are rejected", async () => {
  const one = { requests: 1, searches: 1, shared: 1 };
  const { sql, running, close } = openGuardedPool(server.database.url, "crowded", { concurrency: one });
  try {
    const { settled } = await server.database.sql.begin(async (transaction) => {
      await transaction`lock table baked.weekday_stats in access exclusive mode`;
      const results = Array.from(
        { length: 1005 },
        async () => (await sql`select 1 from baked.weekday_stats limit 1`).length,
      );
      const settling = Promise.allSettled(results);
      expect(await settle(results.at(-1)!)).toThrow("too many requests are waiting for the database");
      expect(running()).toBe(1000);
      return { settled: settling };
    });
    const statuses = (await settled).map(({ status }) => status);
    expect([statuses.filter((status) => status === "fulfilled").length, statuses.slice(-5)]).toEqual([
      1000,
      Array(5).fill("rejected"),
    ]);
  } finally {
    await close();
  }
});

test("work has ended when all of its queries have, even if one failed or the request was aborted", async () => {
  const { sql, searches, during, running, close } = openGuardedPool(server.database.url, "together");
  const request = new AbortController();
  const slow = () => sql`select pg_sleep(0.3)::text`;
  const ended = async (work: () => Promise<unknown>) => {
    const { result, ended: end } = during(request.signal, work);
    const message = await result.catch((error: Error) => error.message);
    await end;
    return message;
  };
  try {
    const failing = ended(() => Promise.all([slow(), searches`select 1 / 0`]));
    expect([await failing, running()]).toEqual(["division by zero", 0]);
    // More queries than connections: queued ones are dropped, running ones finish.
    const leaving = ended(() => Promise.all(Array.from({ length: 20 }, slow)));
    await Bun.sleep(1);
    request.abort(new Error("gone"));
    expect([await leaving, running()]).toEqual(["gone", 0]);
  } finally {
    await close();
  }
});

test("a result does not wait for queries that were left behind", async () => {
  const { sql, during, running, close } = openGuardedPool(server.database.url, "left behind");
  try {
    const { result, ended } = during(new AbortController().signal, () =>
      Promise.race([sql`select pg_sleep(0.5)::text as winner`, sql`select 'fast' as winner`]),
    );
    expect(await result).toMatchObject([{ winner: "fast" }]);
    expect(running()).toBe(1);
    await ended;
    expect(running()).toBe(0);
  } finally {
    await close();
  }
});

test("what failed work left behind sends no further queries once its request is gone", async () => {
  const { sql, during, close } = openGuardedPool(server.database.url, "leftovers");
  const request = new AbortController();
  let further: Promise<unknown> = Promise.resolve();
  const sibling = async () => {
    await sql`select pg_sleep(0.2)::text`;
    await Bun.sleep(0);
    further = settle(sql`select 1 as n`);
    await further;
  };
  try {
    const { result, ended } = during(request.signal, () => Promise.all([sql`select 1 / 0`, sibling()]));
    expect(await settle(result)).toThrow("division by zero");
    request.abort(new Error("gone"));
    await ended;
    await Bun.sleep(50);
    expect(await further).toThrow("gone");
  } finally {
    await close();
  }
});

test("a client's further queries wait behind the first ones of other clients", async () => {
  const { sql, searches, during, close } = openGuardedPool(server.database.url, "fair", {
    concurrency: { requests: 2, searches: 1, shared: 1 },
  });
  const { signal } = new AbortController();
  const ended: string[] = [];
  const runAll = (client: string, query: (text: string) => PromiseLike<unknown>, n: number) =>
    during(
      signal,
      async () => {
        await Promise.all(
          Array.from({ length: n }, async () => {
            await query(client);
            ended.push(client);
          }),
        );
      },
      client,
    ).result;
  const statement = (through: typeof sql) => (client: string) => through`select ${client}::text, pg_sleep(0.02)::text`;
  try {
    await Promise.all([
      runAll("greedy", statement(searches), 20),
      runAll("a", statement(searches), 1),
      runAll("b", statement(searches), 2),
    ]);
    expect([ended.indexOf("a") <= 2, ended.lastIndexOf("b") <= 6, ended.length]).toEqual([true, true, 23]);
    ended.length = 0;
    await Promise.all([runAll("greedy", statement(sql), 20), runAll("a", statement(sql), 1)]);
    expect([ended.indexOf("a") <= 4, ended.length]).toEqual([true, 21]);
  } finally {
    await close();
  }
});

test("the second host of a URL is reached although the first one never answers", async () => {
  const dark = createServer((client) => client.on("error", () => {})).listen(0, "127.0.0.1");
  const url = new URL(server.database.url);
  const { port } = dark.address() as { port: number };
  const hosts = server.database.url.replace(url.host, `127.0.0.1:${port},${url.host}`);
  const { sql, close } = guardSql({ open: () => openPool(hosts) });
  try {
    expect(await sql`select 1 as n`).toMatchObject([{ n: 1 }]);
  } finally {
    await close();
    dark.close();
  }
}, 20_000);

test("rows of queries that shared a connection are discarded", async () => {
  // With more concurrent queries than connections, the driver pipelines.
  const { sql, close } = guardSql({ open: () => connect(server.database.url, { max: 1 }) });
  try {
    // The driver pipelines only statements that the connection has prepared.
    const ask = (n: number) => sql`select ${n}::int as n, pg_sleep(0.02)::text`;
    await ask(0);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(ask));
    const rows = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
    expect(rows.length).toBeLessThan(4);
    expect(outcomes[0]).toMatchObject({ reason: { message: "two queries shared a connection" } });
    await until(async () => (await ask(5).catch(() => [])).length === 1);
  } finally {
    await close();
  }
});
