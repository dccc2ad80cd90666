/** Servers that reach one Redis over TCP, and others that reach it over Upstash's REST API. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "@potstats/cli/testing/until";
import { connectRedis } from "../serve.ts";
import { type Bridge, hasRedis, startBridge, startRedis, type TestRedis } from "../testing/redis.ts";
import { createCache, type Entry } from "./cache.ts";
import { redisStore } from "./redis.ts";
import { invalidate } from "./counters.ts";
import { upstashStore } from "./upstash.ts";

describe.skipIf(!hasRedis)("TCP and REST", () => {
  let redis: TestRedis;
  let bridge: Bridge;
  beforeAll(async () => {
    redis = await startRedis();
    bridge = startBridge(redis.url);
  });
  afterAll(async () => {
    await bridge.stop();
    await redis.drop();
  });

  test("neither takes the other's entries for its own, and both are invalidated", async () => {
    const stores = [redisStore(connectRedis(redis.url)), upstashStore(bridge.url, bridge.token, 10_000)];
    await until(async () => (await stores[0]!.send("PING", [])) === "PONG");
    const key = "v:g:/api/x?:br";
    const entry = (body: string): Entry => ({
      type: "text/plain",
      coding: "br",
      etag: `"${body}"`,
      body: new TextEncoder().encode(body),
    });
    for (const [at, store] of stores.entries()) {
      await until(async () => {
        createCache(store).set(key, entry(`body ${at}`));
        return (await createCache(store).get(key)) !== undefined;
      });
    }
    for (const [at, store] of stores.entries()) {
      const cache = createCache(store);
      await until(async () => (await cache.get(key))?.etag === `"body ${at}"`);
    }
    expect(await invalidate(stores[0]!)).toBe(2);
    for (const store of stores) store.close();
  });
});
