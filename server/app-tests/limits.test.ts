/** Limits on concurrent computations per client, which do not affect other clients. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import { type AppOptions, createApp } from "../app.ts";
import { connectionsFor, defaultConcurrency, guardSql } from "../queries/guarded-sql.ts";
import { appOptions, origin, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** An app whose suggestions wait until the test resolves them, even if the client has disconnected. */
function withSlowSearch() {
  const begun: { text: string; respond: () => void }[] = [];
  const search: AppOptions["search"] = {
    ...server.options.search,
    suggest: (text) => {
      const { promise, resolve } = Promise.withResolvers<{ rows: never[] }>();
      begun.push({ text, respond: () => resolve({ rows: [] }) });
      return promise;
    },
    health: async () => ({ engine: "postgres", reachable: true }),
  };
  const app = createApp(appOptions(server.database, { search }));
  const ask = async (address: string, path: string, init?: RequestInit) =>
    app.fetch(new Request(origin + path, init), { address: () => address });
  const begins = async (n: number) => {
    while (begun.length < n) await Bun.sleep(5);
    await Bun.sleep(20);
    expect(begun.length).toBe(n);
  };
  return { ask, begun, begins };
}
const slow = (text: string) => `/api/search/suggest?q=${text}`;
/** Whether a request is still queued, after a time in which it would be answered if it were not. */
const isQueued = (response: Promise<Response>) =>
  Promise.race([response.then(() => false), Bun.sleep(300).then(() => true)]);
const statusesOf = async (responses: Promise<Response>[]) => (await Promise.all(responses)).map(({ status }) => status);

test("a client may have four responses computed at once; its further requests wait eight seconds and get 429", async () => {
  const { ask, begun, begins } = withSlowSearch();
  const running = ["a", "b", "c", "d"].map((text) => ask("10.0.0.1", slow(text)));
  await begins(4);
  const waiting = [slow("e"), "/api/boards?nocache", "/api/status", "/api/boards?year=x"].map((path) =>
    ask("10.0.0.1", path),
  );
  // Other clients' requests and cached responses do not wait.
  for (const path of ["/api/boards", "/api/boards?nocache", "/api/status"])
    expect([path, (await ask("10.0.0.2", path)).status]).toEqual([path, 200]);
  expect((await ask("10.0.0.1", "/api/boards")).status).toBe(200);
  expect((await ask("10.0.0.1", "/")).status).toBe(503);
  const refused = await Promise.all(waiting);
  for (const response of refused) {
    expect([response.status, await response.json()]).toEqual([429, { error: expect.stringContaining("too many") }]);
    expect(response.headers.get("Retry-After")).toBe("1");
  }
  await begins(4);
  for (const { respond } of begun) respond();
  expect(await statusesOf(running)).toEqual([200, 200, 200, 200]);
  expect((await ask("10.0.0.1", "/api/boards?nocache")).status).toBe(200);
});

test("a client that disconnects gets its slots back when its computations have ended", async () => {
  const { ask, begun, begins } = withSlowSearch();
  const gone = new AbortController();
  for (const text of ["a", "b", "c", "d"]) void ask("10.0.0.1", slow(text), { signal: gone.signal }).catch(() => {});
  await begins(4);
  gone.abort();
  const queued = ask("10.0.0.1", "/api/boards?nocache");
  expect(await isQueued(queued)).toBe(true);
  begun[0]!.respond();
  expect((await queued).status).toBe(200);
});

test("nothing is computed for a client that disconnects while it is queued", async () => {
  const { ask, begun, begins } = withSlowSearch();
  const running = ["a", "b", "c", "d"].map((text) => ask("10.0.0.1", slow(text)));
  await begins(4);
  const gone = new AbortController();
  void ask("10.0.0.1", slow("e"), { signal: gone.signal }).catch(() => {});
  await Bun.sleep(10);
  gone.abort();
  for (const { respond } of begun) respond();
  await Promise.all(running);
  await begins(4);
});

test("joining another client's computation takes no slot, and no client waits in another's queue", async () => {
  const { ask, begun, begins } = withSlowSearch();
  const running = ["a", "b", "c", "d"].map((text) => ask("10.0.0.1", slow(text)));
  await begins(4);
  const joined = ["a", "b", "c", "d"].map((text) => ask("10.0.0.2", slow(text)));
  const queued = ask("10.0.0.1", slow("e"));
  await Bun.sleep(10);
  // "e" is queued for the first client. The second one computes it: all four of its slots are free, as joining takes
  // none.
  const own = ["e", "f", "g", "h"].map((text) => ask("10.0.0.2", slow(text)));
  await begins(8);
  expect(begun.map(({ text }) => text)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  for (const { respond } of begun) respond();
  expect(await statusesOf([...running, ...joined, queued, ...own])).toEqual(Array(13).fill(200));
});

test("a failed computation keeps its slot until its other queries have ended", async () => {
  const open = () => connect(server.database.url, { max: connectionsFor(defaultConcurrency), max_pipeline: 0 });
  const { sql, during, close } = guardSql({ open });
  const app = createApp(appOptions(server.database, { sql, during }));
  const ask = async (path: string) => app.fetch(new Request(origin + path), { address: () => "10.0.0.1" });
  try {
    const { unknown, queued } = await server.database.sql.begin(async (transaction) => {
      await transaction`lock table baked.quote_graph in access exclusive mode`;
      const requests = [1, 2, 3, 4].map((n) => ask(`/api/user-quotes?uid=${4711 + n}`));
      while ((await transaction`select 1 from pg_locks where not granted`).length < 4) await Bun.sleep(10);
      const waiting = ask("/api/boards?nocache");
      expect(await isQueued(waiting)).toBe(true);
      return { unknown: requests, queued: waiting };
    });
    expect(await statusesOf(unknown)).toEqual([400, 400, 400, 400]);
    expect((await queued).status).toBe(200);
  } finally {
    await close();
  }
});

test("concurrent readiness checks share one query", async () => {
  let queries = 0;
  const counting = new Proxy(server.database.sql, {
    apply: (target, self, given) => {
      queries++;
      return Reflect.apply(target, self, given) as unknown;
    },
  });
  const app = createApp(appOptions(server.database, { sql: counting }));
  const responses = await Promise.all(
    Array.from({ length: 100 }, async () => app.fetch(new Request(`${origin}/readyz`))),
  );
  expect(responses.map(({ status }) => status)).toEqual(Array(100).fill(200));
  expect(queries).toBe(1);
});
