/** Responses while the data changes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { insertPost } from "@potstats/db/testing/database";
import type { AppOptions } from "../app.ts";
import { createCache } from "../cache/cache.ts";
import { createGenerations } from "../cache/generations.ts";
import { askApp, reanalyze, testServer, type TestServer } from "../testing/server.ts";
import { until } from "@potstats/cli/testing/until";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Creates another app on the same database. */
const another = (options: Partial<AppOptions> = {}) => askApp(server.database, options);

test("a new analysis is visible within a second, and immediately with nocache", async () => {
  const before = await server.json("/api/poster-stats?limit=1");
  const { uid } = before.rows[0].User;
  await insertPost(server.database.sql, { pid: 1000, tid: 1, poster_uid: uid, content: "neu" });
  await reanalyze(server.database);
  const expected = before.rows[0].post_count + 1;
  expect((await server.json("/api/poster-stats?limit=1&nocache")).rows[0].post_count).toBe(expected);
  await until(async () => (await server.json("/api/poster-stats?limit=1")).rows[0].post_count === expected);
});

/** An app that sees the data change during its first two computations. */
function changingApp() {
  let computed = 0;
  const generations = {
    ...createGenerations(server.database.sql),
    fresh: () => undefined,
    current: async () => `g${Math.min(computed, 2)}`,
    read: async () => `g${Math.min(++computed, 2)}`,
  };
  const cache = createCache();
  const cachedKeys: string[] = [];
  const set: typeof cache.set = (key, entry) => {
    cachedKeys.push(key);
    cache.set(key, entry);
  };
  return { ask: another({ generations, cache: { ...cache, set } }), computed: () => computed, cachedKeys };
}

test("a response computed while the data changes is not cached under the new generation", async () => {
  const { ask, computed, cachedKeys } = changingApp();
  expect((await ask("/api/boards")).status).toBe(200);
  expect(computed()).toBe(3);
  expect(cachedKeys).toEqual([expect.stringContaining(":g2:/api/boards")]);
});

test("with nocache, too, a response computed while the data changes is computed again", async () => {
  const { ask, computed, cachedKeys } = changingApp();
  expect((await ask("/api/boards?nocache")).status).toBe(200);
  expect(computed()).toBe(3);
  expect(cachedKeys).toEqual([]);
});

test("requests succeed while an analysis is published", async () => {
  const paths = [
    "/api/poster-stats",
    "/api/boards",
    "/api/social-graph",
    "/api/daily-stats?year=2004&statistic=post_count",
    "/api/user-domains",
  ];
  const ask = another();
  const published = new AbortController();
  let responses = 0;
  const readers = paths.map(async (path) => {
    while (!published.signal.aborted) {
      const response = await ask(`${path}${path.includes("?") ? "&" : "?"}nocache`);
      expect([path, response.status]).toEqual([path, 200]);
      await response.arrayBuffer();
      responses++;
    }
  });
  for (let n = 0; n < 3; n++) await reanalyze(server.database);
  published.abort();
  await Promise.all(readers);
  expect(responses).toBeGreaterThan(paths.length * 3);
});
