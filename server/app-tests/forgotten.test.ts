/** Responses of older generations leave the memory, because they may name a user who has since been forgotten. */
import { expect, test } from "bun:test";
import { createCache } from "../cache/cache.ts";
import { reanalyze, testServer } from "../testing/server.ts";

test("the first request of a new data generation clears the memory", async () => {
  const cache = createCache();
  const server = await testServer({ cache });
  try {
    await server.json("/api/boards");
    const one = cache.size_bytes();
    await server.json("/api/poster-stats?limit=50");
    expect(cache.size_bytes()).toBeGreaterThan(one);
    await reanalyze(server.database);
    // A server reads the generation at most twice a second.
    await Bun.sleep(600);
    await server.json("/api/boards");
    expect(cache.size_bytes()).toBeLessThan(one * 1.5);
  } finally {
    await server.stop();
  }
});
