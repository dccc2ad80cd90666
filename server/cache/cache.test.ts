/** One suite for all three backends: memory, Redis and Upstash's REST API. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createApp } from "../app.ts";
import { BackendStats } from "../monitoring/backend-stats.ts";
import { createCache, type Entry, storeTimeout_ms } from "./cache.ts";
import { openStore } from "./open-store.ts";
import { invalidate } from "./counters.ts";
import { responsePrefix, type Store, usageOf } from "./store.ts";
import { connectRedis } from "../serve.ts";
import { type Bridge, hasRedis, startBridge, startRedis, type TestRedis } from "../testing/redis.ts";
import { appOptions, testServer, type TestServer } from "../testing/server.ts";
import { runCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";

let server: TestServer;
let redis: TestRedis;
let bridge: Bridge;
beforeAll(async () => {
  server = await testServer();
  if (!hasRedis) {
    console.warn("redis-server is not installed: caching in Redis and Upstash is not tested");
    return;
  }
  redis = await startRedis();
  bridge = startBridge(redis.url);
});
afterAll(async () => {
  await server.stop();
  if (!hasRedis) return;
  await bridge.stop();
  await redis.drop();
});

const open = {
  memory: (_timeout_ms: number) => undefined,
  redis: (timeout_ms: number) =>
    openStore(
      { REDIS_URL: redis.url, UPSTASH_REDIS_REST_URL: undefined, UPSTASH_REDIS_REST_TOKEN: undefined },
      connectRedis,
      timeout_ms,
    ),
  upstash: (timeout_ms: number) =>
    openStore(
      { REDIS_URL: redis.url, UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token },
      connectRedis,
      timeout_ms,
    ),
};

const entry = (body: Uint8Array<ArrayBuffer>, more: Partial<Entry> = {}): Entry => ({
  type: "application/json",
  coding: "br",
  etag: '"abc-br"',
  disposition: undefined,
  body,
  ...more,
});
/** Every possible byte. */
const allBytes = Uint8Array.from({ length: 256 }, (_, at) => at);

for (const backend of ["memory", "redis", "upstash"] as const) {
  describe(backend, () => {
    const isShared = backend !== "memory";
    const it = test.skipIf(isShared && !hasRedis);
    const stores: (Store | undefined)[] = [];
    const storedKey = (key: string) => responsePrefix + key + (backend === "upstash" ? ":base64" : "");
    const openOne = async (timeout_ms = storeTimeout_ms) => {
      const store = open[backend](timeout_ms);
      stores.push(store);
      // Until it is connected, a store is bypassed.
      if (store)
        await until(() =>
          store.send("PING", []).then(
            () => true,
            () => false,
          ),
        );
      return store;
    };
    beforeEach(async () => {
      if (isShared && hasRedis) await redis.send("FLUSHALL");
    });
    afterEach(() => {
      for (const store of stores.splice(0)) store?.close();
    });

    it("returns entries byte by byte, to every server", async () => {
      const [one, other] = [createCache(await openOne()), createCache(await openOne())];
      expect(one.backend).toBe(backend);
      const large = new Uint8Array(1_500_000).map((_, at) => at * 31);
      const entries: Record<string, Entry> = {
        "v:g:/api/boards?[]:br": entry(allBytes),
        "v:g:/api/boards?[]:identity": entry(new Uint8Array(), {
          coding: "identity",
          type: "text/csv; charset=utf-8",
          disposition: 'attachment; filename="a.csv"',
        }),
        'v:g:/api/search?[["content","Größe\n🐳"]]:gzip': entry(new TextEncoder().encode("{}\n\n"), { coding: "gzip" }),
        "v:g:/api/poster-stats?[]:br": entry(large),
      };
      for (const [key, value] of Object.entries(entries)) one.set(key, value);
      const reader = isShared ? other : one;
      for (const [key, value] of Object.entries(entries)) {
        let entryRead: Entry | undefined;
        await until(async () => (entryRead = await reader.get(key)) !== undefined);
        expect(Buffer.compare(entryRead!.body, value.body)).toBe(0);
        expect({ ...entryRead!, body: 0 }).toEqual({ ...value, body: 0 });
        // Now it is in memory.
        expect(reader.inMemory(key)).toBe(entryRead!);
      }
      expect(await reader.get("v:g2:/api/boards?[]:br")).toBeUndefined();
    });

    // Memory is the same for all backends; sending 80 MB to a store would show nothing more.
    if (!isShared)
      it("holds at most 64 MB in memory", () => {
        const cache = createCache();
        const body = new Uint8Array(1024 * 1024);
        for (let n = 0; n < 80; n++) cache.set(`v:g:/api/x?${n}:br`, entry(body));
        expect(cache.size_bytes()).toBeGreaterThan(60 * 1024 * 1024);
        expect(cache.size_bytes()).toBeLessThanOrEqual(64 * 1024 * 1024);
        expect(cache.inMemory("v:g:/api/x?0:br")).toBeUndefined();
        expect(cache.inMemory("v:g:/api/x?79:br")).toBeDefined();
        cache.clear();
        expect(cache.size_bytes()).toBe(0);
      });

    it("a hundred concurrent requests are computed once; another server computes nothing", async () => {
      const servers = await Promise.all(
        [1, 2].map(async () => {
          const store = await openOne();
          const stats = new BackendStats(store);
          const app = createApp(appOptions(server.database, { cache: createCache(store), stats }));
          return { store, stats, ask: async (path: string) => app.fetch(new Request(`http://stats.example${path}`)) };
        }),
      );
      const [one, other] = servers as [(typeof servers)[0], (typeof servers)[0]];
      const bodies = await Promise.all(
        Array.from({ length: 100 }, async () => (await one.ask("/api/poster-stats")).text()),
      );
      expect(new Set(bodies).size).toBe(1);
      if (isShared) await until(async () => (await usageOf(one.store!)).answers === 1);
      expect(await (await other.ask("/api/poster-stats")).text()).toBe(bodies[0]!);
      await one.stats.flush();
      await other.stats.flush();
      const { poster_stats } = (await one.stats.asJson("")) as { poster_stats: { hits: number; cache: object } };
      // With a store, the counters include all servers.
      expect(poster_stats.hits).toBe(isShared ? 101 : 100);
      expect(poster_stats.cache).toMatchObject(isShared ? { miss: 1, hits: 1 } : { miss: 1 });
    });

    if (!isShared) return;

    it("touches only its own keys, which expire within a day", async () => {
      await redis.send("SET", "somebody:else", "1");
      const store = (await openOne(10_000))!;
      const cache = createCache(store);
      const key = (n: number) => `v:g${n % 2}:/api/x?${n}:br`;
      await until(async () => {
        cache.set(key(0), entry(allBytes));
        return Number(await redis.send("EXISTS", storedKey(key(0)))) === 1;
      });
      // More than one page of keys.
      for (let n = 1; n < 2500; n++) await store.set(responsePrefix + key(n), allBytes, 1000);
      const held = await usageOf(store);
      expect(held.generations).toBe(2);
      expect(held.answers).toBe(2500);
      expect(held.size_bytes).toBeGreaterThanOrEqual(2500 * 256);
      const ttl_s = Number(await redis.send("TTL", storedKey(key(0))));
      expect(ttl_s).toBeGreaterThan(86_000);
      expect(ttl_s).toBeLessThanOrEqual(86_400);
      expect(await invalidate(store)).toBe(2500);
      const keys = (await redis.send("KEYS", "*")) as string[];
      expect(keys.toSorted()).toEqual(["potstats:counters", "somebody:else"]);
    });

    it("an invalidation clears the memory of running servers", async () => {
      const store = (await openOne())!;
      const cache = createCache(store);
      const stats = new BackendStats(store, cache.clear);
      cache.set("v:g:/api/x?:br", entry(allBytes));
      stats.cacheHit("x");
      // The first exchange with the store reads how many invalidations there were before.
      await stats.asJson("");
      cache.set("v:g:/api/x?:br", entry(allBytes));
      stats.cacheHit("x");
      await stats.asJson("");
      expect(cache.inMemory("v:g:/api/x?:br")).toBeDefined();
      await invalidate((await openOne())!);
      stats.cacheHit("x");
      await until(() => cache.inMemory("v:g:/api/x?:br") === undefined);
      await stats.flush();
    });

    it("treats invalid entries as cache misses", async () => {
      const cache = createCache(await openOne());
      for (const [at, garbage] of ["", "\n", "{}", "no JSON\nbody", '{"type":1}\nbody', "null\n", "[]\nx"].entries()) {
        await redis.send("SET", storedKey(String(at)), backend === "upstash" ? btoa(garbage) : garbage);
        expect([garbage, await cache.get(String(at))]).toEqual([garbage, undefined]);
      }
      await redis.send("SET", storedKey("list"), "!!! not base64, not an entry");
      expect(await cache.get("list")).toBeUndefined();
    });

    describe("an unavailable store", () => {
      const warnings: string[] = [];
      beforeEach(() => warnings.splice(0));

      /** Puts a server under load: every request must succeed, even if the store hangs. */
      async function loaded(trouble: () => Promise<unknown>, relief: () => Promise<unknown>) {
        const store = await openOne();
        const cache = createCache(store, (message) => warnings.push(message));
        const stats = new BackendStats(store, cache.clear);
        const app = createApp(appOptions(server.database, { cache, stats }));
        let n = 0;
        const ask = async () => {
          const response = await app.fetch(
            new Request(`http://stats.example/api/poster-stats?limit=${1 + (n++ % 9999)}`),
          );
          expect(response.status).toBe(200);
          await response.arrayBuffer();
        };
        const round = () => Promise.all(Array.from({ length: 8 }, ask));
        // On a busy machine the store may seem slow for a moment.
        let before: number;
        do {
          before = cache.failures();
          await round();
        } while (cache.failures() > before);
        warnings.splice(0);
        await trouble();
        try {
          for (let at = 0; at < 12; at++) await round();
          expect(cache.failures()).toBeGreaterThan(before);
          expect(await (await app.fetch(new Request("http://stats.example/api/backend-stats"))).json()).toHaveProperty(
            "poster_stats",
          );
        } finally {
          await relief();
        }
        const failed = cache.failures();
        await until(async () => {
          await round();
          return warnings.some((message) => message.endsWith("works again"));
        });
        await stats.flush();
        return { failed, cache };
      }

      it("that is down is bypassed, reported once, and used again once it recovers", async () => {
        await loaded(redis.stop, redis.start);
        expect(
          warnings.filter((message) => message.startsWith("reading") && message.includes("bypassed")),
        ).toHaveLength(1);
      });

      it("that hangs delays requests by a tenth of a second, and is then bypassed", async () => {
        const { failed } = await loaded(
          async () => redis.pause(),
          async () => redis.resume(),
        );
        expect(warnings.join("\n")).toContain(backend === "redis" ? "timed out after 100ms" : "bypassed");
        // Most requests did not try: the circuit is open for a second.
        expect(failed).toBeLessThan(60);
      });

      it("that is full is still read, but not written to", async () => {
        await loaded(
          async () => {
            await redis.send("CONFIG", "SET", "maxmemory-policy", "noeviction");
            await redis.send("CONFIG", "SET", "maxmemory", "1");
          },
          async () => redis.send("CONFIG", "SET", "maxmemory", "0"),
        );
        expect(warnings[0]).toStartWith(`writing to ${backend} is bypassed: `);
        expect(warnings[0]!.length).toBeLessThan(300);
        expect(warnings.some((message) => message.startsWith("reading"))).toBe(false);
      });
    });
  });
}

describe("bun run cache", () => {
  const it = test.skipIf(!hasRedis);
  const run = (args: string[], environment: Record<string, string>) =>
    runCommand(["server/cache/main.ts", ...args], environment);

  test("without a shared cache, says which settings are missing", async () => {
    const { stderr, exitCode } = await run(["stats"], {});
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Set REDIS_URL")]);
    expect((await run(["--help"], {})).stdout).toContain("bun run cache invalidate");
  });

  it("reports a wrong address", async () => {
    const { stderr, exitCode } = await run(["stats"], { REDIS_URL: "redis://127.0.0.1:9" });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("is REDIS_URL right?")]);
  });

  it("stats and invalidate, on Redis and on Upstash", async () => {
    const environments: Record<string, string>[] = [
      { REDIS_URL: redis.url },
      { UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: bridge.token },
    ];
    for (const environment of environments) {
      await redis.send("FLUSHALL");
      await redis.send("SET", `${responsePrefix}v:g:/api/boards?[]:br`, "0123456789");
      await redis.send("HSET", "potstats:counters", "boards/cache/hits", "3", "boards/cache/miss", "1");
      const backend = "REDIS_URL" in environment ? "redis" : "upstash";
      expect(JSON.parse((await run(["stats", "--json"], environment)).stdout)).toEqual({
        backend,
        answers: 1,
        size_bytes: 10,
        generations: 1,
        counters: { boards: { cache: { hits: 3, miss: 1 } } },
      });
      expect((await run(["stats"], environment)).stdout).toMatch(
        /^(redis|upstash): 1 response,.*\n[^]*boards +3 +1 +75 %/,
      );
      expect(JSON.parse((await run(["invalidate", "--json"], environment)).stdout)).toEqual({ backend, removed: 1 });
      expect((await run(["invalidate"], environment)).stdout).toBe("0 responses removed\n");
    }
  });
});
