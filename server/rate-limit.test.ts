import { expect, test } from "bun:test";
import { createRateLimit } from "./rate-limit.ts";

test("a burst of three seconds' worth, then the rate; each client for itself", () => {
  let now_ms = 1000;
  const limit = createRateLimit(20, () => now_ms);
  const taken = (client: string, n: number) =>
    Array.from({ length: n }, () => limit.take(client)).filter((wait_s) => wait_s === 0).length;
  expect(taken("a", 100)).toBe(60);
  expect(limit.take("a")).toBe(1);
  expect(taken("b", 100)).toBe(60);
  now_ms += 500;
  expect(taken("a", 100)).toBe(10);
  now_ms += 3_600_000;
  expect(taken("a", 100)).toBe(60);
});

test("below one a second the wait is told in whole seconds", () => {
  let now_ms = 0;
  const limit = createRateLimit(0.1, () => now_ms);
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(10);
  now_ms += 5500;
  expect(limit.take("a")).toBe(5);
  now_ms += 4500;
  expect(limit.take("a")).toBe(0);
});

test("0 is no limit", () => {
  const limit = createRateLimit(0);
  expect(Array.from({ length: 1000 }, () => limit.take("a")).every((wait_s) => wait_s === 0)).toBe(true);
});

test("ten thousand clients are remembered, not more", () => {
  const limit = createRateLimit(1, () => 0);
  const exhaust = (client: string) => {
    while (limit.take(client) === 0);
  };
  exhaust("first");
  for (let n = 0; n < 9999; n++) limit.take(`client ${n}`);
  expect(limit.take("first")).toBeGreaterThan(0);
  for (let n = 0; n < 10_000; n++) limit.take(`other ${n}`);
  expect(limit.take("first")).toBe(0);
});
