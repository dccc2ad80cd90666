/** What holds for every endpoint: one error shape, caching, codings, methods. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as zlib from "node:zlib";
import type { z } from "@hono/zod-openapi";
import { createApp } from "./app.ts";
import { index, testServer, type TestServer } from "./testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await index(server.database);
});
afterAll(() => server.stop());

/** An answer of each endpoint, and parameters it refuses. */
const examples: Record<string, { good: string; bad: string[] }> = {
  "/api/": { good: "", bad: [] },
  "/api/backend-stats": { good: "", bad: [] },
  "/api/boards": { good: "year=2004", bad: ["year=x", "year=", "year=-1", "year=10000", "year=2004.5", "year=2e3"] },
  "/api/daily-stats": {
    good: "year=2004&statistic=post_count",
    bad: [
      "",
      "year=2004",
      "statistic=post_count",
      "year=0&statistic=post_count",
      "year=2004&statistic=",
      "year=2004&statistic=x",
    ],
  },
  "/api/docs": { good: "", bad: [] },
  "/api/domains": {
    good: "type=link",
    bad: ["type=audio", "type=LINK", "limit=0", "limit=10001", "limit=-1", "limit=", "year=x"],
  },
  "/api/day-stats": { good: "day=2004-02-29", bad: ["", "day=x", "day=2004-02-30", "day=2004-02-29&bid=x"] },
  "/api/domain-years": { good: "domain=example.org", bad: ["", "domain=%00"] },
  "/api/hourly-stats": { good: "year=2004", bad: ["year=x", "bid=x"] },
  "/api/overview": { good: "year=2006", bad: ["year=x", "bid=x"] },
  "/api/user-daily-stats": { good: "uid=3&year=2006", bad: ["", "uid=x", "uid=4711", "uid=3&year=x"] },
  "/api/user-hourly-stats": { good: "uid=3", bad: ["", "uid=x", "uid=4711", "uid=3&bid=x"] },
  "/api/user-quotes": { good: "uid=3", bad: ["", "uid=4711", "uid=3&direction=both", "uid=3&limit=0"] },
  "/api/user-stats": { good: "uid=3", bad: ["", "uid=x", "uid=4711", "uid=3&year=x"] },
  "/api/users": { good: "q=nutzer", bad: ["", "q=%00", "q=x&limit=101", "q=x&limit=0"] },
  "/api/years": { good: "bid=14", bad: ["bid=x"] },
  "/api/imprint": { good: "", bad: [] },
  "/api/openapi.json": { good: "", bad: [] },
  "/api/poster-development": {
    good: "uid=3",
    bad: [
      "",
      "uid=x",
      "uid=",
      "uid=4711",
      "user=niemand",
      "user=",
      "user=%00",
      `user=${"x".repeat(501)}`,
      "uid=2147483648",
      "uid=3&bid=x",
    ],
  },
  "/api/poster-stats": {
    good: "year=2004&order_by=edit_count&order=asc",
    bad: [
      "order=up",
      "order=DESC",
      "order_by=",
      "order_by=uid",
      "order_by=post_count;drop",
      "limit=0",
      "limit=10001",
      "limit=99999999999999999999",
      "bid=2147483648",
      "bid=-1",
      "following_uid=3",
      "following_ob=3",
      "following_uid=3&following_ob=x",
      "following_uid=3&following_ob=NaN",
      "following_uid=3&following_ob=1e400",
      "following_uid=3&following_ob=",
    ],
  },
  "/api/search": {
    good: "content=Regenwald&type=post",
    bad: [
      "",
      "content=x",
      "type=post",
      "content=x&type=",
      "content=x&type=user",
      "content=x&type=post&sort=best",
      "content=x&type=post&offset=-1",
      "content=x&type=post&limit=101",
      "content=x&type=post&has=audio",
      `content=${"x".repeat(501)}&type=post`,
      "content=%00&type=post",
    ],
  },
  "/api/search/suggest": { good: "q=ka", bad: ["", `q=${"x".repeat(501)}`, "q=%00"] },
  "/api/social-graph": { good: "year=2006&limit=5", bad: ["limit=0", "limit=x", "year=x"] },
  "/api/status": { good: "", bad: [] },
  "/api/user-domains": { good: "type=&limit=3", bad: ["type=audio", "limit=0", "year=10000"] },
  "/api/weekday-stats": { good: "year=2004&bid=14", bad: ["year=x", "bid=x", "bid=", "bid=99999999999"] },
  "/api/year-over-year-stats": { good: "bid=14", bad: ["year=x", "bid=-5"] },
};
const endpoints = Object.keys(examples).toSorted();
const withQuery = (path: string, query: string) => (query === "" ? path : `${path}?${query}`);
const goodPaths = Object.entries(examples).map(([path, { good }]) => withQuery(path, good));
/** Answers that are the same from one moment to the next. */
const steady = goodPaths.filter((path) => !/backend-stats|status$|search/.test(path));

test("the examples here are all endpoints there are", async () => {
  const { paths } = await server.json("/api/openapi.json");
  expect(Object.keys(paths).toSorted()).toEqual(endpoints);
  const { apis } = await server.json("/api/");
  expect(apis).toEqual(endpoints.filter((path) => path !== "/api/").map((path) => `http://stats.example${path}`));
  expect(await server.json("/api")).toEqual({ apis });
});

describe("every endpoint", () => {
  for (const [path, { good, bad }] of Object.entries(examples)) {
    test(`${path} answers and refuses`, async () => {
      const response = await server.ask(withQuery(path, good));
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("Content-Type")).toMatch(path === "/api/docs" ? /^text\/html/ : /^application\/json/);
      for (const query of bad) {
        const refused = await server.ask(withQuery(path, query));
        const body = await refused.json();
        expect([query, refused.status, Object.keys(body), typeof body.error]).toEqual([
          query,
          400,
          ["error"],
          "string",
        ]);
        expect(refused.headers.get("Content-Type")).toMatch(/^application\/json/);
        expect(refused.headers.get("Cache-Control") ?? "no-store").toBe("no-store");
      }
    });
  }

  test("ignores unknown parameters, and takes the first of repeated ones", async () => {
    for (const path of steady) {
      const plain = await (await server.ask(path)).text();
      const mark = path.includes("?") ? "&" : "?";
      for (const more of ["utm_source=x", "__proto__=1", "constructor=x", "%E4=%FF", "=", "&&", "a[]=1"]) {
        expect(await (await server.ask(path + mark + more)).text()).toBe(plain);
      }
    }
    const first = await server.json("/api/boards?year=2004");
    expect(await server.json("/api/boards?year=2004&year=2006&year=x")).toEqual(first);
    expect((await server.ask("/api/boards?year=x&year=2004")).status).toBe(400);
  });

  test("has a strong ETag per coding, and answers 304 to it", async () => {
    for (const path of steady) {
      const tags = new Set<string>();
      for (const coding of ["identity", "gzip", "br", "zstd"]) {
        const headers = { "Accept-Encoding": coding };
        const response = await server.ask(path, { headers });
        const etag = response.headers.get("ETag")!;
        expect(etag).toMatch(/^"[0-9a-f]{24}-(identity|gzip|br|zstd)"$/);
        tags.add(etag);
        expect(response.headers.get("Vary")).toBe("Accept-Encoding");
        expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
        for (const asked of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
          const again = await server.ask(path, { headers: { ...headers, "If-None-Match": asked } });
          expect([path, coding, asked, again.status, await again.text()]).toEqual([path, coding, asked, 304, ""]);
          expect(again.headers.get("ETag")).toBe(etag);
          expect(again.headers.get("Cache-Control")).toBe("public, max-age=60");
        }
        const other = await server.ask(path, { headers: { ...headers, "If-None-Match": '"0123"' } });
        expect(other.status).toBe(200);
      }
      const size = (await (await server.ask(path)).arrayBuffer()).byteLength;
      expect([path, tags.size]).toEqual([path, size < 256 ? 1 : 4]);
    }
  });

  test("goes over the wire in the coding that was asked for", async () => {
    const decoders = {
      br: zlib.brotliDecompressSync,
      zstd: zlib.zstdDecompressSync,
      gzip: zlib.gunzipSync,
      identity: (bytes: Uint8Array) => bytes,
    };
    for (const path of steady) {
      const plain = await (await server.ask(path)).text();
      for (const [coding, decode] of Object.entries(decoders)) {
        // From a cold and from a warm cache.
        for (let n = 0; n < 2; n++) {
          const response = await server.ask(path, { headers: { "Accept-Encoding": coding } });
          const bytes = new Uint8Array(await response.arrayBuffer());
          expect(response.headers.get("Content-Length")).toBe(String(bytes.length));
          const isSmall = plain.length < 256;
          expect(response.headers.get("Content-Encoding")).toBe(isSmall || coding === "identity" ? null : coding);
          expect(new TextDecoder().decode(isSmall ? bytes : decode(bytes))).toBe(plain);
        }
      }
    }
  });

  test("HEAD is GET without a body", async () => {
    for (const path of [...steady, "/api/boards?year=x", "/api/nothing", "/healthz", "/robots.txt", "/"]) {
      const [get, head] = [await server.ask(path), await server.ask(path, { method: "HEAD" })];
      const [body, nothing] = [await get.arrayBuffer(), await head.arrayBuffer()];
      expect(nothing.byteLength).toBe(0);
      expect([path, head.status]).toEqual([path, get.status]);
      expect(get.headers.get("Content-Length")).toBe(String(body.byteLength));
      const rest = ({ headers }: Response) => [...headers].filter(([name]) => name !== "x-request-id");
      expect(rest(head)).toEqual(rest(get));
    }
  });

  test("any page may read it; nothing may be written", async () => {
    for (const path of goodPaths) {
      expect((await server.ask(path)).headers.get("Access-Control-Allow-Origin")).toBe("*");
      const asked = await server.ask(path, { method: "OPTIONS", headers: { Origin: "http://x.example" } });
      expect(asked.status).toBe(204);
      expect(asked.headers.get("Access-Control-Allow-Origin")).toBe("*");
      expect(asked.headers.get("Access-Control-Allow-Methods")).toContain("GET");
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const refused = await server.ask(path, { method });
        expect([path, method, refused.status]).toEqual([path, method, 405]);
        expect(refused.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
        expect(await refused.json()).toEqual({ error: expect.any(String) });
      }
    }
  });

  test("elsewhere OPTIONS tells the methods, and opens nothing to other sites", async () => {
    for (const path of ["/", "/users", "/healthz"]) {
      const { status, headers } = await server.ask(path, { method: "OPTIONS" });
      expect([status, headers.get("Allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
      expect(headers.has("Access-Control-Allow-Origin")).toBe(false);
    }
  });

  test("carries the security headers and an id of its own", async () => {
    const ids = new Set<string>();
    for (const path of [...goodPaths, "/api/nothing", "/", "/healthz", "/api/boards?year=x"]) {
      const { headers } = await server.ask(path);
      expect(headers.get("Content-Security-Policy")).toContain("script-src 'self';");
      expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Referrer-Policy")).toBe("strict-origin-when-cross-origin");
      ids.add(headers.get("X-Request-Id")!);
    }
    expect(ids.size).toBe(goodPaths.length + 4);
  });
});

test("unknown paths under /api are 404 with the same shape", async () => {
  for (const path of [
    "/api/nothing",
    "/api/boards/",
    "/api/boards/2",
    "/api//boards",
    "/api/../api/nothing",
    "/api/%00",
    "/api/%FF",
  ]) {
    const response = await server.ask(path);
    expect([path, response.status, await response.json()]).toEqual([path, 404, { error: expect.any(String) }]);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  }
});

test("an address beyond 8 kB is refused", async () => {
  const response = await server.ask(`/api/boards?x=${"y".repeat(9000)}`);
  expect([response.status, await response.json()]).toEqual([414, { error: expect.stringContaining("8192") }]);
});

test("limit is 1 to 10,000 everywhere it is a parameter", async () => {
  for (const path of ["/api/poster-stats", "/api/social-graph", "/api/domains", "/api/user-domains"]) {
    const rows = async (limit: number) => (await server.json(`${path}?limit=${limit}`)).rows.length;
    const all = await rows(10_000);
    expect(await rows(1)).toBe(1);
    expect(await rows(all)).toBe(all);
    expect(await rows(all - 1)).toBe(all - 1);
    for (const limit of [0, 10_001]) {
      const response = await server.ask(`${path}?limit=${limit}`);
      expect(await response.json()).toEqual({ error: "parameter limit must be a whole number from 1 to 10000" });
    }
  }
});

test("imprint and status tell what they were given", async () => {
  expect(await server.json("/api/imprint")).toEqual({ name: "Erika Beispiel", contact_info: "erika@stats.example" });
  const { world } = server;
  expect(await server.json("/api/status")).toEqual({
    version: "1.2.3",
    generation: expect.stringMatching(/^[0-9a-z]+\.[0-9a-z]+$/),
    last_crawl_at: null,
    oldest_check_at: null,
    last_analysis_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    timezone: "Europe/Berlin",
    counts: {
      posts: world.posts.length,
      threads: world.threads.length,
      users: world.users.length,
      boards: world.boards.length,
    },
    search_engine: "postgres",
    forum_url: "https://forum.example",
    profiles_url: "https://profile.example",
  });
});

test("an app of its own counts in potstats2's shape", async () => {
  const { BackendStats } = await import("./watch/backend-stats.ts");
  const { createCache } = await import("./cache/cache.ts");
  const app = createApp({ ...server.options, stats: new BackendStats(), cache: createCache() });
  const ask = async (path: string, init?: RequestInit) => app.fetch(new Request(`http://stats.example${path}`, init));
  const first = await (await ask("/api/poster-development?uid=3")).arrayBuffer();
  await ask("/api/poster-development?uid=3");
  await ask("/api/poster-development?uid=x");
  await ask("/api/user-domains?nocache");
  await ask("/api/");
  await ask("/api/nothing");
  await ask("/api/nothing/else");
  const counted = await (await ask("/api/backend-stats")).json();
  expect(counted).toEqual({
    version: "1.2.3",
    "404_hits": 2,
    poster_developmental_issues: {
      hits: 3,
      responses: { "200": 2, "400": 1 },
      responses_size: expect.any(Number),
      cache: { hits: 1, miss: 1, size: first.byteLength, size_gzipped: first.byteLength },
    },
    user_domains: { hits: 1, responses: { "200": 1 }, responses_size: expect.any(Number) },
    api: { hits: 1, responses: { "200": 1 }, responses_size: expect.any(Number) },
  });
  const again = await (await ask("/api/backend-stats")).json();
  expect(again.backend_stats).toEqual({ hits: 1, responses: { "200": 1 }, responses_size: expect.any(Number) });
});

test("every answer is as it is described", async () => {
  const { routes } = createApp(server.options);
  for (const definition of routes.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, responses } = definition.route;
    const described = (status: number) =>
      responses[status] as { content: Record<string, { schema: z.ZodType }> } | undefined;
    const schema = described(200)?.content["application/json"]?.schema;
    const { good, bad } = examples[path]!;
    if (schema) {
      const body: unknown = await server.json(withQuery(path, good));
      // Parsing takes away what is not described.
      expect([path, schema.parse(body)]).toEqual([path, body]);
    }
    for (const query of bad) {
      const body: unknown = await (await server.ask(withQuery(path, query))).json();
      expect(described(400)!.content["application/json"]!.schema.parse(body)).toEqual(body);
    }
  }
});

test("the description is OpenAPI 3.1 without loose ends", async () => {
  const description = await server.json("/api/openapi.json");
  expect(description.openapi).toBe("3.1.0");
  expect(description.info).toMatchObject({ title: "pOTstats", version: "1.2.3" });
  const text = JSON.stringify(description);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    expect(description.components.schemas).toHaveProperty(name!);
  }
  for (const [path, { get }] of Object.entries<{
    get: {
      summary: string;
      parameters?: { name: string; description?: string; schema: { type?: string } }[];
      responses: object;
    };
  }>(description.paths)) {
    expect([path, get.summary.length > 5]).toEqual([path, true]);
    expect([path, Object.keys(get.responses)]).toEqual([path, expect.arrayContaining(["200"])]);
    for (const parameter of get.parameters ?? []) {
      expect([path, parameter.name, typeof parameter.description, typeof parameter.schema.type]).toEqual([
        path,
        parameter.name,
        "string",
        "string",
      ]);
    }
  }
  expect(description.paths["/api/poster-stats"].get.parameters).toContainEqual({
    name: "limit",
    in: "query",
    required: false,
    description: "rows at most",
    schema: { type: "integer", minimum: 1, maximum: 10_000, default: 1000, description: "rows at most" },
  });
});

test("the reference page shows everything, runs nothing and asks nobody else", async () => {
  const page = await (await server.ask("/api/docs")).text();
  const { paths } = await server.json("/api/openapi.json");
  for (const [path, { get }] of Object.entries<{ get: { parameters?: { name: string }[] } }>(paths)) {
    expect(page).toContain(`<a href="${path}">${path}</a>`);
    for (const { name } of get.parameters ?? []) expect(page).toContain(`<code>${name}</code>`);
  }
  expect(page).not.toMatch(/<script|https?:\/\/|\son\w+=|style="/);
  expect(page).toContain("<td>0</td>");
  expect(page).toContain("<code>next</code> is the address");
});

test("every table comes as CSV too, with the columns it is said to have", async () => {
  const { paths } = await server.json("/api/openapi.json");
  const tables = Object.entries<{
    get: { responses: { "200": { content: Record<string, { schema: { description: string } }> } } };
  }>(paths).flatMap(([path, { get }]) => {
    const content = get.responses["200"].content["text/csv"];
    return content ? [[path, content.schema.description] as const] : [];
  });
  expect(tables.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      "/api/boards",
      "/api/poster-stats",
      "/api/social-graph",
      "/api/user-domains",
      "/api/users",
      "/api/years",
    ]),
  );
  for (const [path, columns] of tables) {
    const asked = withQuery(path, examples[path]!.good);
    const mark = asked.includes("?") ? "&" : "?";
    const response = await server.ask(`${asked}${mark}csv`);
    expect([path, response.status, response.headers.get("Content-Type")]).toEqual([
      path,
      200,
      "text/csv; charset=utf-8",
    ]);
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="[a-z0-9-]+\.csv"$/);
    const text = await response.text();
    const [head, ...lines] = text.split("\r\n");
    expect(lines.pop()).toBe("");
    const said = columns.replace("the statistic", "post_count").replaceAll(", ", ",");
    expect([path, head]).toEqual([path, said]);
    const body = await server.json(asked);
    const rows = body.rows ?? body.threads ?? body.boards;
    if (rows) expect([path, lines.length]).toEqual([path, rows.length]);
    expect([path, lines.length > 0]).toEqual([path, true]);
  }
});

test("CSV for Excel has a byte order mark and semicolons, in German decimal commas", async () => {
  const bytesOf = async (query: string) =>
    new Uint8Array(await (await server.ask(`/api/social-graph?${query}`)).arrayBuffer());
  const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const plain = textOf(await bytesOf("csv"));
  expect(plain).toBe(textOf(await bytesOf("csv=1&lang=de")));
  expect(plain).toMatch(/,0\.\d+\r\n/);
  // From a cold and from a warm cache.
  for (let n = 0; n < 2; n++) {
    const english = await bytesOf("csv=excel");
    expect([...english.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(textOf(english)).toMatch(/^\uFEFF[a-z_;]+\r\n/);
    expect(textOf(english)).toMatch(/;0\.\d+\r\n/);
    expect(textOf(await bytesOf("csv=excel&lang=de"))).toMatch(/;0,\d+\r\n/);
    expect(textOf(await bytesOf("csv=excel&lang=en"))).toMatch(/^\uFEFF[a-z_,]+\r\n[^]*,0\.\d+\r\n/);
  }
  expect((await server.ask("/api/boards?csv=excel&lang=fr")).status).toBe(400);
});
