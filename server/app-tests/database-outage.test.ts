/** Responses while the database is unavailable. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { AppOptions } from "../app.ts";
import { createGenerations } from "../cache/generations.ts";
import { askApp, testServer, type TestServer } from "../testing/server.ts";
import { until } from "@potstats/cli/testing/until";
import { openGuardedPool } from "../testing/guarded-pool.ts";
import { openTcpProxy } from "../testing/tcp-proxy.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Creates another app on the same database. */
const another = (options: Partial<AppOptions> = {}) => askApp(server.database, options);

test("cached responses are served, others are 503 immediately, and the server recovers by itself", async () => {
  const proxy = await openTcpProxy(server.database.url);
  // So long that a request that waited for its query would exceed the test's timeout.
  const { sql, close } = openGuardedPool(proxy.url, "gone");
  const ask = another({ sql, generations: createGenerations(sql), timeout_ms: 600_000 });
  try {
    const cached = await (await ask("/api/boards")).text();
    proxy.close();
    for (let n = 0; n < 30; n++) {
      const response = await ask("/api/boards");
      expect([response.status, await response.text()]).toEqual([200, cached]);
      for (const path of [
        `/api/boards?year=${2000 + n}`,
        "/api/status",
        "/readyz",
        "/api/search?content=x&type=post",
      ]) {
        const refused = await ask(path);
        expect([path, refused.status]).toEqual([path, 503]);
        expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
        const body = await refused.json();
        expect(path === "/readyz" ? body.ready : typeof body.error).toBe(path === "/readyz" ? false : "string");
      }
      expect((await ask("/healthz")).status).toBe(200);
      expect((await ask("/api/boards?year=x")).status).toBe(400);
      for (const path of ["/api/", "/api/imprint", "/api/docs", "/api/openapi.json", "/api/backend-stats"])
        expect([path, (await ask(path)).status]).toEqual([path, 200]);
    }
    await proxy.open();
    await until(async () => (await ask("/api/boards?year=2004")).status === 200);
    expect((await ask("/readyz")).status).toBe(200);
  } finally {
    await close();
    proxy.close();
  }
});

test("a server that starts before its database serves requests once the database is up", async () => {
  const proxy = await openTcpProxy(server.database.url);
  proxy.close();
  const { sql, shared, close } = openGuardedPool(proxy.url, "early");
  const ask = another({ sql, generations: createGenerations(shared) });
  try {
    for (const path of ["/api/boards", "/readyz"]) expect([path, (await ask(path)).status]).toEqual([path, 503]);
    for (const path of ["/healthz", "/api/imprint"]) expect([path, (await ask(path)).status]).toEqual([path, 200]);
    await proxy.open();
    await until(async () => (await ask("/api/boards")).status === 200);
    expect((await ask("/readyz")).status).toBe(200);
  } finally {
    await close();
    proxy.close();
  }
});

test("a database that hangs does not delay cached responses", async () => {
  const proxy = await openTcpProxy(server.database.url);
  // PostgreSQL would end the query, but it is unreachable, so the pool is replaced.
  const { sql, shared, close } = openGuardedPool(proxy.url, "silent", {
    statement_timeout_ms: 300,
    responseTimeout_ms: 600,
  });
  const ask = another({ sql, generations: createGenerations(shared) });
  const generations = createGenerations(shared);
  const withoutTimeout = another({ sql, generations, timeout_ms: 600_000 });
  try {
    const cached = await (await withoutTimeout("/api/boards")).text();
    proxy.pause();
    await until(async () => generations.fresh() === undefined);
    expect(await (await withoutTimeout("/api/boards")).text()).toBe(cached);
    expect((await ask("/api/boards?year=2006")).status).toBe(503);
    proxy.resume();
    await until(async () => (await ask("/api/boards?year=2006")).status === 200);
  } finally {
    await close();
    proxy.close();
  }
});
