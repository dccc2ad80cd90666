/** What readers see while data changes, queries hang and the database goes away. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import { insertPost } from "@potstats/db/testing/database";
import { type AppOptions, createApp } from "./app.ts";
import { BackendStats } from "./watch/backend-stats.ts";
import { createCache } from "./cache/cache.ts";
import { createGenerations } from "./cache/generations.ts";
import { type Concurrency, connectionsFor, defaultConcurrency, guardSql } from "./queries/guarded-sql.ts";
import { openGate } from "./testing/gate.ts";
import { appOptions, rebake, testServer, type TestServer } from "./testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Waits until something holds, at most five seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end_ms = performance.now() + 5000;
  while (!(await holds())) {
    if (performance.now() > end_ms) throw new Error("it did not come to hold in five seconds");
    await Bun.sleep(20);
  }
}

/** Guarded queries to a database, with a timeout where one is given. */
function guard(
  url: string,
  name: string,
  more: { timeout_ms?: number; responseTimeout_ms?: number; concurrency?: Concurrency } = {},
) {
  const { timeout_ms: statement_timeout_ms = 0, responseTimeout_ms = 600_000, concurrency = defaultConcurrency } = more;
  const max = connectionsFor(concurrency);
  return guardSql({
    open: () => connect(url, { max, max_pipeline: 0, name, statement_timeout_ms }),
    concurrency,
    responseTimeout_ms,
  });
}

/** A server of its own over the same database. */
function another(more: Parameters<typeof appOptions>[1] = {}) {
  const app = createApp(appOptions(server.database, more));
  return async (path: string, init?: RequestInit) => app.fetch(new Request(`http://stats.example${path}`, init));
}

describe("freshness", () => {
  test("a new analysis is seen by itself, by a nocache request at once", async () => {
    const before = await server.json("/api/poster-stats?limit=1");
    const { uid } = before.rows[0].User;
    await insertPost(server.database.sql, { pid: 1000, tid: 1, poster_uid: uid, content: "neu" });
    await rebake(server.database);
    const expected = before.rows[0].post_count + 1;
    expect((await server.json("/api/poster-stats?limit=1&nocache")).rows[0].post_count).toBe(expected);
    await until(async () => (await server.json("/api/poster-stats?limit=1")).rows[0].post_count === expected);
  });

  test("answers that began before the data changed are not kept under the new generation", async () => {
    let computed = 0;
    const { database } = server;
    const real = createGenerations(database.sql);
    // The data changes while the first two answers are computed.
    const generations = {
      ...real,
      fresh: () => undefined,
      current: async () => `g${Math.min(computed, 2)}`,
      read: async () => `g${Math.min(++computed, 2)}`,
    };
    const cache = createCache();
    const kept: string[] = [];
    const ask = another({
      generations,
      cache: {
        ...cache,
        set: (key, entry) => {
          kept.push(key);
          cache.set(key, entry);
        },
      },
    });
    expect((await ask("/api/boards")).status).toBe(200);
    expect(computed).toBe(3);
    expect(kept).toEqual([expect.stringContaining(":g2:/api/boards")]);
  });

  test("readers notice nothing but new numbers while analyses are published", async () => {
    const paths = [
      "/api/poster-stats",
      "/api/boards",
      "/api/social-graph",
      "/api/daily-stats?year=2004&statistic=post_count",
      "/api/user-domains",
    ];
    const ask = another();
    const published = new AbortController();
    let asked = 0;
    const readers = paths.map(async (path) => {
      while (!published.signal.aborted) {
        const response = await ask(`${path}${path.includes("?") ? "&" : "?"}nocache`);
        expect([path, response.status]).toEqual([path, 200]);
        await response.arrayBuffer();
        asked++;
      }
    });
    for (let n = 0; n < 3; n++) await rebake(server.database);
    published.abort();
    await Promise.all(readers);
    expect(asked).toBeGreaterThan(paths.length * 3);
  });
});

describe("work", () => {
  test("a hundred identical requests on a cold cache compute once, in each coding", async () => {
    const { sql } = server.database;
    let queries = 0;
    const counting = new Proxy(sql, {
      apply: (target, self, given) => {
        if (String((given[0] as { raw?: string[] }).raw).includes("baked.quote_graph")) queries++;
        return Reflect.apply(target, self, given) as unknown;
      },
    });
    const stats = new BackendStats();
    const ask = another({ sql: counting, stats });
    const bodies = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        // Neither order nor defaults nor unknown parameters make a request another one.
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

  test("nocache computes every time and keeps nothing", async () => {
    const cache = createCache();
    const ask = another({ cache });
    for (const flag of ["nocache", "nocache=", "nocache=0"]) {
      const response = await ask(`/api/boards?${flag}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("Cache-Control")).toBe("no-store");
    }
    expect(cache.size_bytes()).toBe(0);
    await ask("/api/boards");
    expect(cache.size_bytes()).toBeGreaterThan(0);
  });

  test("an answer that PostgreSQL gave in Meilisearch's place is kept by nobody", async () => {
    let reachable = false;
    const found = { count: 0, count_is_exact: true, elapsed: 0, type: "post" as const, results: [] };
    const search: AppOptions["search"] = {
      search: async () => ({ ...found, engine: reachable ? "meilisearch" : "postgres" }),
      suggest: async () => [],
      health: async () => ({ engine: reachable ? "meilisearch" : "postgres", reachable }),
    };
    const cache = createCache();
    const ask = another({ search, cache });
    const paths = ["/api/search?content=wal&type=post", "/api/search/suggest?q=wal"];
    for (const path of paths) {
      expect((await ask(path)).headers.get("Cache-Control")).toBe("no-store");
      expect(cache.size_bytes()).toBe(0);
    }
    reachable = true;
    for (const path of paths) {
      const response = await ask(path);
      expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
      if (path === paths[0]) expect((await response.json()).engine).toBe("meilisearch");
    }
    expect(cache.size_bytes()).toBeGreaterThan(0);
  });

  test("a phrase, which is PostgreSQL's to answer, is kept; what it answers in Meilisearch's place is not", async () => {
    let fallback = false;
    const found = { count: 0, count_is_exact: true, elapsed: 0, type: "post" as const, results: [] };
    const ask = another({
      search: {
        ...server.options.search,
        search: async () => ({ ...found, engine: "postgres", ...(fallback ? { fallback } : {}) }),
        health: async () => ({ engine: "meilisearch", reachable: true }),
      },
    });
    const cacheControl = async (path: string) => (await ask(path)).headers.get("Cache-Control");
    expect(await cacheControl("/api/search?type=post&content=%22im+Regenwald%22")).toBe("public, max-age=60");
    fallback = true;
    expect(await cacheControl("/api/search?type=post&content=Regenwald")).toBe("no-store");
  });

  test("what does not come from the data is not kept with it", async () => {
    const cache = createCache();
    const ask = another({ cache });
    for (const path of ["/api/", "/api/imprint", "/api/docs", "/api/openapi.json", "/api/status"]) await ask(path);
    expect(cache.size_bytes()).toBe(0);
    // Else a new name would show with the next analysis only.
    const renamed = another({ cache, imprint: { name: "Neu", contact_info: "" } });
    expect(await (await renamed("/api/imprint")).json()).toEqual({ name: "Neu", contact_info: "" });
  });

  test("errors are not kept", async () => {
    const cache = createCache();
    const ask = another({ cache });
    expect((await ask("/api/poster-development?uid=4711")).status).toBe(400);
    expect((await ask("/api/nothing")).status).toBe(404);
    expect(cache.size_bytes()).toBe(0);
  });

  test("a query that hangs is ended by the database, and answered with 503", async () => {
    const { sql, running, close } = guard(server.database.url, "hanging", { timeout_ms: 200 });
    const ask = another({ sql, generations: createGenerations(server.database.sql) });
    const { sql: other } = server.database;
    try {
      await other.begin(async (transaction) => {
        await transaction`lock table baked.weekday_stats in access exclusive mode`;
        const response = await ask("/api/weekday-stats?nocache");
        expect([response.status, await response.json()]).toEqual([503, { error: "the answer took too long" }]);
        expect(response.headers.get("Retry-After")).toMatch(/^\d+$/);
        await until(async () => {
          const active =
            await other`select 1 from pg_stat_activity where application_name = 'hanging' and state = 'active'`;
          return active.length === 0;
        });
      });
      expect(running()).toBe(0);
      expect((await ask("/api/weekday-stats?nocache")).status).toBe(200);
    } finally {
      await close();
    }
  });

  test("a request that takes too long altogether is answered with 503, and its queries end", async () => {
    const { sql, during, running, close } = guard(server.database.url, "too long", { timeout_ms: 500 });
    const { sql: other } = server.database;
    const ask = another({ sql, during, generations: createGenerations(other), timeout_ms: 100 });
    const hanging = async () =>
      (await other`select 1 from pg_stat_activity where application_name = 'too long' and state = 'active'`).length;
    try {
      await other.begin(async (transaction) => {
        await transaction`lock table baked.weekday_stats in access exclusive mode`;
        const response = await ask("/api/weekday-stats");
        expect([response.status, await response.json()]).toEqual([503, { error: "the answer took too long" }]);
        await until(async () => (await hanging()) === 0 && running() === 0);

        // A client that goes away leaves nothing behind either.
        const gone = new AbortController();
        const patient = another({ sql, during, generations: createGenerations(other) });
        void patient("/api/weekday-stats?year=2006", { signal: gone.signal });
        await until(async () => (await hanging()) === 1);
        gone.abort();
        await until(async () => (await hanging()) === 0 && running() === 0);
      });
      expect((await ask("/api/weekday-stats")).status).toBe(200);
    } finally {
      await close();
    }
  });

  test("a thousand queries may wait; who comes later is sent away", async () => {
    const one = { requests: 1, searches: 1, shared: 1 };
    const { sql, running, close } = guard(server.database.url, "crowded", { concurrency: one });
    try {
      const { settled } = await server.database.sql.begin(async (transaction) => {
        await transaction`lock table baked.weekday_stats in access exclusive mode`;
        const asked = Array.from(
          { length: 1005 },
          async () => (await sql`select 1 from baked.weekday_stats limit 1`).length,
        );
        const settling = Promise.allSettled(asked);
        await expect(asked.at(-1)!).rejects.toThrow("too many requests are waiting for the database");
        expect(running()).toBe(1000);
        return { settled: settling };
      });
      const statuses = (await settled).map(({ status }) => status);
      expect([statuses.filter((status) => status === "fulfilled").length, statuses.slice(-5)]).toEqual([
        1000,
        Array(5).fill("rejected"),
      ]);
    } finally {
      await close();
    }
  });

  test("work is over when all of its queries are, although one has failed or the request is over", async () => {
    const { sql, searches, during, running, close } = guard(server.database.url, "together");
    const request = new AbortController();
    const slow = () => sql`select pg_sleep(0.3)::text`;
    const ended = (work: () => Promise<unknown>) => during(request.signal, work).catch((error: Error) => error.message);
    try {
      const failing = ended(() => Promise.all([slow(), searches`select 1 / 0`]));
      expect([await failing, running()]).toEqual(["division by zero", 0]);
      // More than there are connections: those that wait leave at once, the others run to their end.
      const leaving = ended(() => Promise.all(Array.from({ length: 20 }, slow)));
      await Bun.sleep(1);
      request.abort(new Error("gone"));
      expect([await leaving, running()]).toEqual(["gone", 0]);
    } finally {
      await close();
    }
  });

  test("somebody's further queries wait behind the first ones of others, not the other way round", async () => {
    const { sql, searches, during, close } = guard(server.database.url, "fair", {
      concurrency: { requests: 2, searches: 1, shared: 1 },
    });
    const { signal } = new AbortController();
    const ended: string[] = [];
    const asks = (client: string, query: (text: string) => PromiseLike<unknown>, n: number) =>
      during(
        signal,
        async () => {
          await Promise.all(
            Array.from({ length: n }, async () => {
              await query(client);
              ended.push(client);
            }),
          );
        },
        client,
      );
    const statement = (through: typeof sql) => (client: string) =>
      through`select ${client}::text, pg_sleep(0.02)::text`;
    try {
      await Promise.all([
        asks("greedy", statement(searches), 20),
        asks("a", statement(searches), 1),
        asks("b", statement(searches), 2),
      ]);
      expect([ended.indexOf("a") <= 2, ended.lastIndexOf("b") <= 6, ended.length]).toEqual([true, true, 23]);
      ended.length = 0;
      await Promise.all([asks("greedy", statement(sql), 20), asks("a", statement(sql), 1)]);
      expect([ended.indexOf("a") <= 4, ended.length]).toEqual([true, 21]);
    } finally {
      await close();
    }
  });

  test("answers of queries that shared a connection are given to nobody", async () => {
    // More places than connections: the driver sends ahead what it has no connection for.
    const { sql, close } = guardSql({ open: () => connect(server.database.url, { max: 1 }) });
    try {
      // The driver sends ahead what the connection knows already.
      const ask = (n: number) => sql`select ${n}::int as n, pg_sleep(0.02)::text`;
      await ask(0);
      const outcomes = await Promise.allSettled([1, 2, 3, 4].map(ask));
      const answered = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
      expect(answered.length).toBeLessThan(4);
      expect(outcomes[0]).toMatchObject({ reason: { message: "two queries shared a connection" } });
      await until(async () => (await ask(5).catch(() => [])).length === 1);
    } finally {
      await close();
    }
  });

  test("one client that goes away does not take the answer from the others; when all are gone the work ends", async () => {
    const signals: AbortSignal[] = [];
    let answer = () => {};
    const ask = another({
      search: {
        ...server.options.search,
        suggest: (_, signal) => {
          signals.push(signal!);
          return new Promise((resolve, reject) => {
            answer = () => resolve([]);
            signal!.addEventListener("abort", () => reject(signal!.reason));
          });
        },
      },
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const path = "/api/search/suggest?q=ta";
    const answers = [ask(path, { signal: first.signal }), ask(path, { signal: second.signal })];
    await until(async () => signals.length === 1);
    first.abort();
    await Bun.sleep(5);
    expect(signals[0]!.aborted).toBe(false);
    answer();
    expect((await answers[1]!).status).toBe(200);

    const gone = [new AbortController(), new AbortController()];
    for (const { signal } of gone) void ask("/api/search/suggest?q=tap", { signal });
    await until(async () => signals.length === 2);
    for (const controller of gone) controller.abort();
    await until(async () => signals[1]!.aborted);
  });
});

describe("the database goes away", () => {
  test("kept answers go on, the rest is 503 at once, and it recovers by itself", async () => {
    const gate = await openGate(server.database.url);
    // Who waited for the end of a query would wait longer than the test does.
    const { sql, close } = guard(gate.url, "gone");
    const ask = another({ sql, generations: createGenerations(sql), timeout_ms: 600_000 });
    try {
      const kept = await (await ask("/api/boards")).text();
      gate.close();
      for (let n = 0; n < 30; n++) {
        const response = await ask("/api/boards");
        expect([response.status, await response.text()]).toEqual([200, kept]);
        for (const path of [
          `/api/boards?year=${2000 + n}`,
          "/api/status",
          "/readyz",
          "/api/search?content=x&type=post",
        ]) {
          const refused = await ask(path);
          expect([path, refused.status]).toEqual([path, 503]);
          expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
          const body = await refused.json();
          expect(path === "/readyz" ? body.ready : typeof body.error).toBe(path === "/readyz" ? false : "string");
        }
        expect((await ask("/healthz")).status).toBe(200);
        expect((await ask("/api/boards?year=x")).status).toBe(400);
        for (const path of ["/api/", "/api/imprint", "/api/docs", "/api/openapi.json", "/api/backend-stats"])
          expect([path, (await ask(path)).status]).toEqual([path, 200]);
      }
      await gate.open();
      await until(async () => (await ask("/api/boards?year=2004")).status === 200);
      expect((await ask("/readyz")).status).toBe(200);
    } finally {
      await close();
      gate.close();
    }
  });

  test("a server that was up before its database answers as soon as that is there", async () => {
    const gate = await openGate(server.database.url);
    gate.close();
    const { sql, shared, close } = guard(gate.url, "early");
    const ask = another({ sql, generations: createGenerations(shared) });
    try {
      for (const path of ["/api/boards", "/readyz"]) expect([path, (await ask(path)).status]).toEqual([path, 503]);
      for (const path of ["/healthz", "/api/imprint"]) expect([path, (await ask(path)).status]).toEqual([path, 200]);
      await gate.open();
      await until(async () => (await ask("/api/boards")).status === 200);
      expect((await ask("/readyz")).status).toBe(200);
    } finally {
      await close();
      gate.close();
    }
  });

  test("a database that hangs does not keep answers that are kept", async () => {
    const gate = await openGate(server.database.url);
    // The timeout is PostgreSQL's, which does not hear us any more: the pool is given up.
    const { sql, shared, close } = guard(gate.url, "silent", { timeout_ms: 300, responseTimeout_ms: 600 });
    const ask = another({ sql, generations: createGenerations(shared) });
    const generations = createGenerations(shared);
    const patient = another({ sql, generations, timeout_ms: 600_000 });
    try {
      const kept = await (await patient("/api/boards")).text();
      gate.pause();
      await until(async () => generations.fresh() === undefined);
      expect(await (await patient("/api/boards")).text()).toBe(kept);
      expect((await ask("/api/boards?year=2006")).status).toBe(503);
      gate.resume();
      await until(async () => (await ask("/api/boards?year=2006")).status === 200);
    } finally {
      await close();
      gate.close();
    }
  });
});

describe("nothing there yet", () => {
  test("an empty database gives empty answers, and says how it is", async () => {
    const { testDatabase } = await import("@potstats/db/testing/database");
    const database = await testDatabase();
    try {
      const app = createApp(appOptions(database));
      const ask = async (path: string) => app.fetch(new Request(`http://stats.example${path}`));
      for (const path of [
        "boards",
        "poster-stats",
        "year-over-year-stats",
        "weekday-stats",
        "social-graph",
        "domains",
        "user-domains",
      ]) {
        const response = await ask(`/api/${path}`);
        expect([path, response.status, await response.json()]).toEqual([path, 200, { rows: [] }]);
      }
      expect(await (await ask("/api/daily-stats?year=2004&statistic=post_count")).json()).toEqual({ series: [] });
      expect(await (await ask("/api/status")).json()).toMatchObject({
        generation: "-.-",
        last_crawl_at: null,
        last_analysis_at: null,
        timezone: null,
      });
      expect((await ask("/readyz")).status).toBe(200);
      const unindexed = await ask("/api/search?content=wal&type=post");
      expect([200, 503]).toContain(unindexed.status);
      await database.sql`alter table baked.yearly_stats rename active_users to users`;
      expect((await ask("/api/boards?year=2005")).status).toBe(200);
      const older = await ask("/api/weekday-stats?year=2005");
      expect(older.status).toBe(200);
      const renamed = await ask("/api/overview?year=2005");
      expect([renamed.status, await renamed.json()]).toEqual([
        503,
        { error: expect.stringContaining("bun run db migrate") },
      ]);
      await database.sql`drop schema baked cascade`;
      const response = await ask("/api/boards?year=2004");
      expect([response.status, await response.json()]).toEqual([
        503,
        { error: expect.stringContaining("bun run update") },
      ]);
      expect((await ask("/readyz")).status).toBe(503);
    } finally {
      await database.drop();
    }
  });
});
