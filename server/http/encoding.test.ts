import { expect, test } from "bun:test";
import { best, encode, negotiate } from "./encoding.ts";

test("negotiates the best coding that the client accepts", () => {
  for (const [accept, coding] of [
    [null, "identity"],
    ["", "identity"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, deflate", "gzip"],
    ["x-gzip", "gzip"],
    ["zstd, gzip", "zstd"],
    ["br;q=0.5, gzip", "gzip"],
    ["br;q=0, gzip;q=0", "identity"],
    ["*", "br"],
    ["*;q=0", "identity"],
    ["br;q=0, *", "zstd"],
    ["identity", "identity"],
    ["identity;q=1, gzip;q=0.5", "identity"],
    ["GZIP ; Q=0.8", "gzip"],
    ["br;q=nonsense", "br"],
    ["deflate", "identity"],
    [`${"x,".repeat(100_000)}br`, "identity"],
  ] as const) {
    expect([accept, negotiate(accept)]).toEqual([accept, coding]);
    // The second time from the cache.
    expect([accept, negotiate(accept)]).toEqual([accept, coding]);
  }
});

test("chooses only available codings", () => {
  expect(best("br, gzip", ["identity", "gzip"])).toBe("gzip");
  expect(best("br, gzip", ["identity"])).toBe("identity");
});

test("the cache of choices may overflow", () => {
  for (let n = 0; n < 1000; n++)
    expect(negotiate(`br;q=0.${n}, gzip;q=0`)).toBe(n % 1000 === 0 || Number(`0.${n}`) === 0 ? "identity" : "br");
});

test("small bodies are not compressed", async () => {
  const bytes = new Uint8Array(255).fill(120);
  for (const coding of ["br", "zstd", "gzip", "identity"] as const) {
    expect(await encode(bytes, coding)).toEqual({ coding: "identity", bytes });
  }
  const larger = new Uint8Array(256).fill(120);
  for (const coding of ["br", "zstd", "gzip"] as const) {
    const encoded = await encode(larger, coding);
    expect(encoded.coding).toBe(coding);
    expect(encoded.bytes.length).toBeLessThan(100);
  }
});
