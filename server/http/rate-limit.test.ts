import { expect, test } from "bun:test";
import { createRateLimit } from "./rate-limit.ts";

test("each client may send a burst of three seconds' worth, then requests at the rate", () => {
  let now_ms = 1000;
  const limit = createRateLimit(20, () => now_ms);
  const taken = (client: string, n: number) =>
    Array.from({ length: n }, () => limit.take({ key: client })).filter((wait_s) => wait_s === 0).length;
  expect(taken("a", 100)).toBe(60);
  expect(limit.take({ key: "a" })).toBe(1);
  expect(taken("b", 100)).toBe(60);
  now_ms += 500;
  expect(taken("a", 100)).toBe(10);
  now_ms += 3_600_000;
  expect(taken("a", 100)).toBe(60);
});

test("at rates below one per second, the wait is rounded up to whole seconds", () => {
  let now_ms = 0;
  const limit = createRateLimit(0.1, () => now_ms);
  expect(limit.take({ key: "a" })).toBe(0);
  expect(limit.take({ key: "a" })).toBe(10);
  now_ms += 5500;
  expect(limit.take({ key: "a" })).toBe(5);
  now_ms += 4500;
  expect(limit.take({ key: "a" })).toBe(0);
});

test("0 means no limit", () => {
  const limit = createRateLimit(0);
  expect(Array.from({ length: 1000 }, () => limit.take({ key: "a" })).every((wait_s) => wait_s === 0)).toBe(true);
});

test("the clients of a network share the tokens of four clients, and get no further buckets", () => {
  let now_ms = 0;
  const limit = createRateLimit(20, () => now_ms);
  const network = "2001:db8:a/48";
  const taken = (clients: number) =>
    Array.from({ length: clients }, (_, n) => limit.take({ key: `2001:db8:a:${n}/64`, network })).filter(
      (wait_s) => wait_s === 0,
    ).length;
  while (limit.take({ key: "203.0.113.8" }) === 0);
  expect(taken(65_536)).toBe(4 * 60);
  expect(limit.take({ key: "203.0.113.8" })).toBeGreaterThan(0);
  now_ms += 1000;
  expect(taken(65_536)).toBe(4 * 20);
  // One client takes only its own tokens.
  now_ms += 3_600_000;
  const one = { key: "2001:db8:a:0/64", network };
  expect(Array.from({ length: 1000 }, () => limit.take(one)).filter((wait_s) => wait_s === 0).length).toBe(60);
  expect(limit.take({ key: "2001:db8:a:1/64", network })).toBe(0);
  expect(limit.take({ key: "2001:db8:b:1/64", network: "2001:db8:b/48" })).toBe(0);
});

test("several tokens at once are taken from a full bucket at most, which then takes longer to fill", () => {
  let now_ms = 0;
  const limit = createRateLimit(2, () => now_ms);
  const client = { key: "a" };
  expect(limit.take(client, 4)).toBe(0);
  // Two of six are left.
  expect(limit.take(client, 4)).toBe(1);
  expect(limit.take(client, 2)).toBe(0);
  expect(limit.take(client, 10)).toBe(3);
  now_ms += 3000;
  expect(limit.take(client, 10)).toBe(0);
  // Four more than there were.
  expect(limit.take(client)).toBe(3);
});

test("at most ten thousand buckets are kept", () => {
  const limit = createRateLimit(1, () => 0);
  const exhaust = (client: string) => {
    while (limit.take({ key: client }) === 0);
  };
  exhaust("first");
  for (let n = 0; n < 9999; n++) limit.take({ key: `client ${n}` });
  expect(limit.take({ key: "first" })).toBeGreaterThan(0);
  for (let n = 0; n < 10_000; n++) limit.take({ key: `other ${n}` });
  expect(limit.take({ key: "first" })).toBe(0);
});
