/** Which responses are cached. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { AppOptions } from "../app.ts";
import { createCache } from "../cache/cache.ts";
import { askApp, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Creates another app on the same database. */
const another = (options: Partial<AppOptions> = {}) => askApp(server.database, options);

test("nocache bypasses the cache, and its response is not cached", async () => {
  const cache = createCache();
  const ask = another({ cache });
  for (const flag of ["nocache", "nocache=", "nocache=0"]) {
    const response = await ask(`/api/boards?${flag}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
  }
  expect(cache.size_bytes()).toBe(0);
  await ask("/api/boards");
  expect(cache.size_bytes()).toBeGreaterThan(0);
});

test("responses that PostgreSQL gives in place of Meilisearch are not cached", async () => {
  let reachable = false;
  const understood = { content: "", parts: [] };
  const matches = { count: 0, count_is_exact: true, understood, elapsed: 0, type: "post" as const, results: [] };
  const search: AppOptions["search"] = {
    ...server.options.search,
    search: async () => ({ ...matches, engine: reachable ? "meilisearch" : "postgres" }),
    suggest: async () => ({ rows: [] }),
    health: async () => ({ engine: reachable ? "meilisearch" : "postgres", reachable }),
  };
  const cache = createCache();
  const ask = another({ search, cache });
  const paths = ["/api/search?content=wal&type=post", "/api/search/suggest?q=wal"];
  for (const path of paths) {
    expect((await ask(path)).headers.get("Cache-Control")).toBe("no-store");
    expect(cache.size_bytes()).toBe(0);
  }
  reachable = true;
  for (const path of paths) {
    const response = await ask(path);
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
    if (path === paths[0]) expect((await response.json()).engine).toBe("meilisearch");
  }
  expect(cache.size_bytes()).toBeGreaterThan(0);
});

test("the same fallback is computed once in a while, whoever asks for it", async () => {
  let searches = 0;
  const ask = another({
    search: {
      ...server.options.search,
      suggest: async () => ({ rows: [{ type: "user", id: ++searches, text: "x" }], fallback: true }),
    },
    fallbackLifetime_ms: 1000,
  });
  const respond = async (q: string) => {
    const response = await ask(`/api/search/suggest?q=${q}`);
    return [(await response.json()).rows[0].id, response.headers.get("Cache-Control")];
  };
  expect(await respond("a")).toEqual([1, "no-store"]);
  expect(await respond("a")).toEqual([1, "no-store"]);
  expect(await respond("b")).toEqual([2, "no-store"]);
  while ((await respond("a"))[0] === 1) await Bun.sleep(50);
  expect(searches).toBe(3);
});

test("a phrase, which PostgreSQL always searches, is cached; a fallback is not", async () => {
  let fallback = false;
  const understood = { content: "", parts: [] };
  const matches = { count: 0, count_is_exact: true, understood, elapsed: 0, type: "post" as const, results: [] };
  const ask = another({
    search: {
      ...server.options.search,
      search: async () => ({ ...matches, engine: "postgres", ...(fallback ? { fallback } : {}) }),
      suggest: async () => ({ rows: [], ...(fallback ? { fallback } : {}) }),
      health: async () => ({ engine: "meilisearch", reachable: true }),
    },
  });
  const cacheControl = async (path: string) => (await ask(path)).headers.get("Cache-Control");
  expect(await cacheControl("/api/search?type=post&content=%22im+Regenwald%22")).toBe("public, max-age=60");
  expect(await cacheControl("/api/search/suggest?q=reg")).toBe("public, max-age=60");
  fallback = true;
  expect(await cacheControl("/api/search?type=post&content=Regenwald")).toBe("no-store");
  expect(await cacheControl("/api/search/suggest?q=regen")).toBe("no-store");
});

test("responses that do not depend on the data are not cached", async () => {
  const cache = createCache();
  const ask = another({ cache });
  for (const path of ["/api/", "/api/imprint", "/api/docs", "/api/openapi.json", "/api/status"]) await ask(path);
  expect(cache.size_bytes()).toBe(0);
  // A cached imprint would keep its old name until the next analysis.
  const renamed = another({ cache, imprint: { name: "Neu", contact_info: "" } });
  expect(await (await renamed("/api/imprint")).json()).toEqual({ name: "Neu", contact_info: "" });
});

test("errors are not cached", async () => {
  const cache = createCache();
  const ask = another({ cache });
  expect((await ask("/api/poster-development?uid=4711")).status).toBe(400);
  expect((await ask("/api/nothing")).status).toBe(404);
  expect(cache.size_bytes()).toBe(0);
});
