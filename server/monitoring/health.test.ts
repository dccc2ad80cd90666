/** Readiness, metrics, robots headers, log and rate limits. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isMigrated } from "@potstats/db/is-migrated";
import { createApp } from "../app.ts";
import { createCache } from "../cache/cache.ts";
import { appOptions, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

type More = Parameters<typeof appOptions>[1];
/** Creates another app on the same database, requested from an address. */
function another(more: More = {}) {
  const app = createApp(appOptions(server.database, more));
  return async (path: string, init?: RequestInit, address = "203.0.113.9") =>
    app.fetch(new Request(`http://stats.example${path}`, init), { address: () => address });
}

test("healthz: 200 while the process runs", async () => {
  const response = await server.ask("/healthz");
  expect([response.status, await response.text()]).toEqual([200, "ok\n"]);
});

test("readyz: 200 if the database is reachable and migrated; search and cache are reported, not required", async () => {
  const ready = {
    ready: true,
    database: "ok",
    search: { engine: "postgres", reachable: true },
    cache: { backend: "memory", failures: 0 },
  };
  expect(await server.json("/readyz")).toEqual(ready);
  const ask = another({ search: { ...server.options.search, health: () => Promise.reject(new Error("gone")) } });
  const response = await ask("/readyz");
  expect([response.status, await response.json()]).toEqual([
    200,
    { ...ready, search: { engine: "postgres", reachable: false } },
  ]);
});

test("readyz: 503 if the tables belong to another version", async () => {
  const ask = another({ isMigrated: async () => false });
  const response = await ask("/readyz");
  expect([response.status, await response.json()]).toMatchObject([
    503,
    { ready: false, database: expect.stringContaining("bun run db migrate") },
  ]);
  expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
  expect((await another({ isMigrated: () => isMigrated(server.database.sql) })("/readyz")).status).toBe(200);
});

describe("metrics", () => {
  test("are restricted to this machine, unless there is a token", async () => {
    const open = another();
    const status = async (ask: typeof open, headers: Record<string, string>, address?: string) =>
      (await ask("/metrics", { headers }, address)).status;
    expect(await status(open, {}, "127.0.0.1")).toBe(200);
    expect(await status(open, {}, "203.0.113.9")).toBe(403);
    expect(await status(open, { "X-Forwarded-For": "127.0.0.1" }, "127.0.0.1")).toBe(403);
    const locked = another({ metricsToken: "geheim" });
    expect(await status(locked, {}, "127.0.0.1")).toBe(401);
    expect(await status(locked, { Authorization: "Bearer falsch" }, "127.0.0.1")).toBe(401);
    expect(await status(locked, { Authorization: "Bearer geheim" })).toBe(200);
    for (const authorization of [undefined, "Bearer", "Basic Z2VoZWlt", "Bearer ge heim", "Bearer "]) {
      const refused = await locked("/metrics", authorization ? { headers: { Authorization: authorization } } : {});
      expect([authorization, refused.status, refused.headers.get("WWW-Authenticate")]).toEqual([
        authorization,
        401,
        "Bearer",
      ]);
      expect(await refused.json()).toEqual({ error: expect.stringContaining("Authorization: Bearer …") });
    }
  });

  test("contain requests by route and status, durations, cache and pool", async () => {
    const ask = another({ pool: { running: () => 3, connections: 8 } });
    for (const path of [
      "/api/boards",
      "/api/boards",
      "/api/boards?year=x",
      "/api/x/1",
      "/api/x/2",
      "/users/1",
      "/wp-login.php",
    ])
      await ask(path);
    const body = await (await ask("/metrics", {}, "::1")).text();
    const samples = new Map(
      body
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line): [string, number] => {
          const at = line.lastIndexOf(" ");
          return [line.slice(0, at), Number(line.slice(at + 1))];
        }),
    );
    expect(samples.get('potstats_http_requests_total{route="/api/boards",status="200"}')).toBe(2);
    // There is no replica.
    expect([...samples.keys()].filter((name) => name.includes("replica"))).toEqual([]);
    expect(samples.get('potstats_http_requests_total{route="/api/boards",status="400"}')).toBe(1);
    expect(samples.get('potstats_http_requests_total{route="/api/*",status="404"}')).toBe(2);
    expect(samples.get('potstats_http_requests_total{route="/*",status="503"}')).toBe(2);
    expect(samples.get('potstats_http_request_duration_seconds_count{route="/api/boards"}')).toBe(3);
    expect(samples.get('potstats_http_request_duration_seconds_bucket{route="/api/boards",le="+Inf"}')).toBe(3);
    expect(samples.get("potstats_cache_hits_total")).toBe(1);
    expect(samples.get("potstats_cache_misses_total")).toBe(1);
    expect(samples.get('potstats_cache_failures_total{backend="memory"}')).toBe(0);
    expect(samples.get("potstats_database_queries")).toBe(3);
    expect(samples.get("potstats_database_connections_max")).toBe(8);
    const buckets = [...samples].filter(([name]) =>
      name.startsWith('potstats_http_request_duration_seconds_bucket{route="/api/boards"'),
    );
    expect(buckets.map(([, n]) => n)).toEqual(buckets.map(([, n]) => n).toSorted((a, b) => a - b));
    for (const line of body.trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+)$/);
    }
  });
});

test("robots: pages about users are not indexed, unless the operator allows it", async () => {
  const closed = another();
  const text = await (await closed("/robots.txt")).text();
  for (const path of ["/users", "/search", "/api/"]) expect(text).toContain(`Disallow: ${path}\n`);
  for (const path of ["/users", "/users/4711", "/search?content=x", "/network", "/compare", "/api/poster-stats"]) {
    expect((await closed(path)).headers.get("X-Robots-Tag")).toBe("noindex");
  }
  for (const path of ["/", "/years", "/boards", "/usersx"])
    expect((await closed(path)).headers.has("X-Robots-Tag")).toBe(false);
  const open = another({ allowRobots: true });
  expect(await (await open("/robots.txt")).text()).toBe("User-agent: *\nAllow: /\n");
  expect((await open("/users/4711")).headers.has("X-Robots-Tag")).toBe(false);
});

describe("searches per client", () => {
  const search = "/api/search?content=x&type=post";
  const fake: More = {
    search: {
      search: async () => ({
        count: 0,
        count_is_exact: true,
        elapsed: 0,
        engine: "postgres",
        understood: { content: "", parts: [] },
        type: "post",
        results: [],
      }),
      suggest: async () => ({ rows: [] }),
      passages: async () => [],
      trends: async () => ({ engine: "postgres", queries: [], periods: [] }),
      complete: async () => ({ filter: null, from: 0, to: 0, values: [] }),
      health: async () => ({ engine: "postgres", reachable: true }),
    },
  };
  const statuses = async (
    ask: ReturnType<typeof another>,
    n: number,
    path = search,
    init?: RequestInit,
    address?: string,
  ) => {
    const received: number[] = [];
    for (let at = 0; at < n; at++) received.push((await ask(path, init, address)).status);
    return received.filter((status) => status === 200).length;
  };

  test("after a burst of three times the rate, only this client gets 429 with Retry-After", async () => {
    const ask = another({ ...fake, searchRate: 0.5 });
    expect(await statuses(ask, 5)).toBe(1);
    const response = await ask(search);
    expect([response.status, await response.json()]).toEqual([429, { error: expect.stringContaining("slow down") }]);
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await statuses(ask, 5, search, {}, "198.51.100.1")).toBe(1);
    expect(await statuses(ask, 5, "/api/search/suggest?q=x")).toBe(1);
    expect(await statuses(ask, 5, "/api/boards")).toBe(5);
    // Headers of the client change nothing.
    expect(await statuses(ask, 5, search, { headers: { "X-Forwarded-For": "192.0.2.7" } })).toBe(0);
  });

  test("behind a proxy, each client has its own limit", async () => {
    const ask = another({ ...fake, searchRate: 0.5, trustProxy: 1 });
    const by = (address: string) => ({ headers: { "X-Forwarded-For": address } });
    expect(await statuses(ask, 3, search, by("192.0.2.7"))).toBe(1);
    expect(await statuses(ask, 3, search, by("192.0.2.8"))).toBe(1);
    expect(await statuses(ask, 3, search, by("192.0.2.99, 192.0.2.8"))).toBe(0);
  });
});

test("each response is logged with its request id, and unexpected errors with their stack", async () => {
  const lines: Record<string, unknown>[] = [];
  const ask = another({
    log: (line) => lines.push(line),
    cache: createCache(),
    search: { ...server.options.search, suggest: () => Promise.reject(new Error("with a secret")) },
  });
  const response = await ask("/api/boards?year=2004");
  const { byteLength } = await response.arrayBuffer();
  expect(lines).toEqual([
    {
      level: "info",
      id: response.headers.get("X-Request-Id"),
      method: "GET",
      path: "/api/boards",
      status: 200,
      bytes: byteLength,
      ms: expect.any(Number),
    },
  ]);
  lines.length = 0;
  const failed = await ask("/api/search/suggest?q=x");
  expect([failed.status, await failed.json()]).toEqual([500, { error: "something went wrong on the server" }]);
  expect(lines).toEqual([
    {
      level: "error",
      id: failed.headers.get("X-Request-Id"),
      message: expect.stringContaining("with a secret"),
      stack: expect.any(String),
    },
    expect.objectContaining({ level: "info", status: 500 }),
  ]);
});
