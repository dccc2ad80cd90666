/** Identical requests share one computation. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { AppOptions } from "../app.ts";
import { BackendStats } from "../monitoring/backend-stats.ts";
import { askApp, testServer, type TestServer } from "../testing/server.ts";
import { until } from "@potstats/cli/testing/until";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Creates another app on the same database. */
const another = (options: Partial<AppOptions> = {}) => askApp(server.database, options);

test("a hundred identical requests on a cold cache are computed once per coding", async () => {
  const { sql } = server.database;
  let queries = 0;
  const counting = new Proxy(sql, {
    apply: (target, self, args) => {
      if (String((args[0] as { raw?: string[] }).raw).includes("baked.quote_graph")) queries++;
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  const stats = new BackendStats();
  const ask = another({ sql: counting, stats });
  const bodies = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      // The order of parameters, defaults and unknown parameters make no difference.
      const query = ["", "?limit=1000", "?year=0&limit=01000", `?x=${n}`, "?limit=1000&year=00"][n % 5];
      return (await ask(`/api/social-graph${query}`)).text();
    }),
  );
  expect(new Set(bodies).size).toBe(1);
  expect(queries).toBe(1);
  await (await ask("/api/social-graph", { headers: { "Accept-Encoding": "br" } })).arrayBuffer();
  await (await ask("/api/social-graph", { headers: { "Accept-Encoding": "br, gzip" } })).arrayBuffer();
  expect(queries).toBe(2);
  const counted = (await stats.asJson("")) as { social_graph: { cache: { hits: number; miss: number } } };
  expect(counted.social_graph.cache).toMatchObject({ hits: 1, miss: 2 });
});

test("a disconnecting client does not affect others that share its computation, which ends when the last one leaves", async () => {
  const signals: AbortSignal[] = [];
  let respond = () => {};
  const ask = another({
    search: {
      ...server.options.search,
      suggest: (_, signal) => {
        signals.push(signal!);
        return new Promise((resolve, reject) => {
          respond = () => resolve({ rows: [] });
          signal!.addEventListener("abort", () => reject(signal!.reason));
        });
      },
    },
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const path = "/api/search/suggest?q=ta";
  const responses = [ask(path, { signal: first.signal }), ask(path, { signal: second.signal })];
  await until(async () => signals.length === 1);
  first.abort();
  await Bun.sleep(5);
  expect(signals[0]!.aborted).toBe(false);
  respond();
  expect((await responses[1]!).status).toBe(200);

  const gone = [new AbortController(), new AbortController()];
  for (const { signal } of gone) void ask("/api/search/suggest?q=tap", { signal });
  await until(async () => signals.length === 2);
  for (const controller of gone) controller.abort();
  await until(async () => signals[1]!.aborted);
});
