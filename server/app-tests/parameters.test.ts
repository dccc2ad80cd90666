/** A query is parsed once, so cache key and computation agree on it, and thousands of parameters are cheap. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { createApp } from "../app.ts";
import { appOptions, origin, newClient, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** An app whose suggestions echo the query. */
function echoing() {
  const search = {
    ...server.options.search,
    suggest: async (text: string) => ({ rows: [{ type: "user" as const, id: 1, text }] }),
    health: async () => ({ engine: "postgres" as const, reachable: true }),
  };
  const app = createApp(appOptions(server.database, { search }));
  return async (query: string) => app.fetch(new Request(`${origin}/api/search/suggest?${query}`), newClient());
}

test("any bytes in a query are decoded the same way, whether the response is computed or cached", async () => {
  const ask = echoing();
  const byte = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom("a", "b", "+", "%20", "&", "=", "%26", "%3D", "%", "%zz", "&q=", "%71=") },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 255 }).map((n) => `%${n.toString(16).padStart(2, "0")}`) },
    {
      weight: 3,
      arbitrary: fc.constantFrom("%FF", "%EF%BF%BD", "%C3", "%A4", "%C3%A4", "%F0%9F", "%ED%A0%80", "%C0%AF"),
    },
  );
  let succeeded = 0;
  const property = fc.asyncProperty(fc.array(byte, { maxLength: 8 }), async (bytes) => {
    const query = `q=${bytes.join("")}`;
    const expected = new URL(`${origin}/?${query}`).searchParams.get("q");
    for (let n = 0; n < 2; n++) {
      const response = await ask(query);
      if (response.status === 400) return;
      succeeded++;
      const { rows } = (await response.json()) as { rows: { text: string }[] };
      expect([query, rows[0]?.text]).toEqual([query, expected!]);
    }
  });
  await fc.assert(property, { numRuns: 3000, seed: 42 });
  expect(succeeded).toBeGreaterThan(3000);
});

test("invalid UTF-8 and the replacement character are the same request", async () => {
  const ask = echoing();
  const bodies = await Promise.all(["q=%FFabc", "q=%EF%BF%BDabc"].map(async (query) => (await ask(query)).text()));
  expect(bodies[0]).toBe(bodies[1]!);
  expect(JSON.parse(bodies[0]!).rows[0].text).toBe("\uFFFDabc");
});

/** CPU time of a hundred requests, in milliseconds. */
async function cpu_ms(ask: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 0; n < 5; n++) await ask(1000 + n);
  const before = process.cpuUsage();
  for (let n = 0; n < 100; n++) await ask(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Whether a hundred requests cost hardly more than plain ones. Other work of the process disturbs some measurements. */
async function costsLittle(ask: (n: number) => Promise<unknown>, plain_ms: number): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) if ((await cpu_ms(ask)) < plain_ms + 400) return true;
  return false;
}

test("eight kilobytes of parameters cost hardly more than none", async () => {
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    (await server.ask(path, { headers })).arrayBuffer();
  const names = Array.from({ length: 2600 }, (_, n) => n.toString(36))
    .join("&")
    .slice(0, 7900);
  const plain = await cpu_ms((n) => ask(`/api/boards?nocache=${n}`));
  for (const many of [
    `${names}&a&a`,
    "a&".repeat(3900),
    "&".repeat(7900),
    "year=1&".repeat(1100),
    "%zz".repeat(2600),
    "=".repeat(7900),
  ])
    expect([many.slice(0, 12), await costsLittle((n) => ask(`/api/boards?nocache=${n}&${many}`), plain)]).toEqual([
      many.slice(0, 12),
      true,
    ]);
});

test("eight kilobytes of a header cost hardly more than none", async () => {
  const app = createApp(appOptions(server.database, { trustProxy: 1, searchRate: 1e6, metricsToken: "geheim" }));
  const ask = async (headers: Record<string, string> = {}) => {
    for (const path of ["/api/users?q=k", "/api/search/suggest?q=", "/metrics"])
      await app.fetch(new Request(origin + path, { headers }));
  };
  const plain = await cpu_ms(() => ask());
  for (const text of [
    ",".repeat(8000),
    "gzip;q=0.1,".repeat(700),
    ";".repeat(8000),
    '"x",'.repeat(2000),
    "W/".repeat(4000),
    " ".repeat(4000) + "x",
  ])
    for (const header of [
      "Accept-Encoding",
      "If-None-Match",
      "X-Forwarded-For",
      "Forwarded",
      "Cookie",
      "Authorization",
      "Host",
    ]) {
      const isCheap = await costsLittle((n) => ask({ [header]: text.slice(n % 7) }), plain);
      expect([header, text.slice(0, 8), isCheap]).toEqual([header, text.slice(0, 8), true]);
    }
}, 60_000);
