/** What every endpoint has in common: error format, caching, content codings, methods. */
import { afterAll, describe, expect, test } from "bun:test";
import * as zlib from "node:zlib";
import type { z } from "@hono/zod-openapi";
import { createApp } from "./app.ts";
import { invalidRequests, readEndpoints } from "./testing/examples.ts";
import { index, testServer } from "./testing/server.ts";

const server = await testServer();
await index(server.database);
afterAll(() => server.stop());

const endpoints = await readEndpoints(server.ask);
const paths = endpoints.map(({ path }) => path);
const exampleRequests = endpoints.flatMap(({ examples }) => examples);
/** Requests whose responses do not change between requests. */
const repeatable = exampleRequests.filter((path) => !/backend-stats|status$|search/.test(path));
/** Requests whose responses are JSON. */
const jsonExamples = (examples: string[]) => examples.filter((path) => !path.includes("csv"));

test("/api/ lists every endpoint", async () => {
  const { apis } = await server.json("/api/");
  const others = paths.filter((path) => path !== "/api/").toSorted();
  expect(apis).toEqual(others.map((path) => `http://stats.example${path}`));
  expect(others.length).toBeGreaterThan(20);
  expect(await server.json("/api")).toEqual({ apis });
});

function mediaTypeOf(path: string): RegExp {
  if (path === "/api/docs") return /^text\/html/;
  if (path === "/api/badge") return /^image\/svg\+xml/;
  return path.startsWith("/api/feeds/") ? /^application\/atom\+xml/ : /^application\/json/;
}

describe("every endpoint", () => {
  for (const endpoint of endpoints) {
    test(`${endpoint.path} accepts its examples and rejects invalid requests`, async () => {
      for (const target of jsonExamples(endpoint.examples)) {
        const response = await server.ask(target);
        expect([target, response.status]).toEqual([target, 200]);
        expect(response.headers.get("Content-Type")).toMatch(mediaTypeOf(endpoint.path));
      }
      for (const target of invalidRequests(endpoint)) {
        const response = await server.ask(target);
        expect([target, response.status, await response.json()]).toEqual([target, 400, { error: expect.any(String) }]);
        expect(response.headers.get("Content-Type")).toMatch(/^application\/json/);
        expect(response.headers.get("Cache-Control") ?? "no-store").toBe("no-store");
      }
    });
  }

  test("ignores unknown parameters, and uses the first value of repeated ones", async () => {
    for (const path of repeatable) {
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

  test("has a strong ETag per coding, and responds to it with 304", async () => {
    for (const path of repeatable) {
      const tags = new Set<string>();
      for (const coding of ["identity", "gzip", "br", "zstd"]) {
        const headers = { "Accept-Encoding": coding };
        const response = await server.ask(path, { headers });
        const etag = response.headers.get("ETag")!;
        expect(etag).toMatch(/^"[0-9a-f]{24}-(identity|gzip|br|zstd)"$/);
        tags.add(etag);
        expect(response.headers.get("Vary")).toBe("Accept-Encoding");
        expect(response.headers.get("Cache-Control")).toBe("public, max-age=60");
        for (const condition of [etag, `"other", ${etag}`, `W/${etag}`, "*"]) {
          const second = await server.ask(path, { headers: { ...headers, "If-None-Match": condition } });
          expect([path, coding, condition, second.status, await second.text()]).toEqual([
            path,
            coding,
            condition,
            304,
            "",
          ]);
          expect(second.headers.get("ETag")).toBe(etag);
          expect(second.headers.get("Cache-Control")).toBe("public, max-age=60");
        }
        const other = await server.ask(path, { headers: { ...headers, "If-None-Match": '"0123"' } });
        expect(other.status).toBe(200);
      }
      const size = (await (await server.ask(path)).arrayBuffer()).byteLength;
      expect([path, tags.size]).toEqual([path, size < 256 ? 1 : 4]);
    }
  });

  test("is sent in the requested content coding", async () => {
    const decoders = {
      br: zlib.brotliDecompressSync,
      zstd: zlib.zstdDecompressSync,
      gzip: zlib.gunzipSync,
      identity: (bytes: Uint8Array) => bytes,
    };
    for (const path of repeatable) {
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
    for (const path of [...repeatable, "/api/boards?year=x", "/api/nothing", "/healthz", "/robots.txt", "/"]) {
      const [get, head] = [await server.ask(path), await server.ask(path, { method: "HEAD" })];
      const [body, nothing] = [await get.arrayBuffer(), await head.arrayBuffer()];
      expect(nothing.byteLength).toBe(0);
      expect([path, head.status]).toEqual([path, get.status]);
      expect(get.headers.get("Content-Length")).toBe(String(body.byteLength));
      const rest = ({ headers }: Response) => [...headers].filter(([name]) => name !== "x-request-id");
      expect(rest(head)).toEqual(rest(get));
    }
  });

  test("any origin may read, none may write", async () => {
    for (const path of exampleRequests) {
      expect((await server.ask(path)).headers.get("Access-Control-Allow-Origin")).toBe("*");
      const preflight = await server.ask(path, { method: "OPTIONS", headers: { Origin: "http://x.example" } });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe("*");
      expect(preflight.headers.get("Access-Control-Allow-Methods")).toContain("GET");
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const refused = await server.ask(path, { method });
        expect([path, method, refused.status]).toEqual([path, method, 405]);
        expect(refused.headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
        expect(await refused.json()).toEqual({ error: expect.any(String) });
      }
    }
  });

  test("outside of /api, OPTIONS lists the methods and allows no other origin", async () => {
    for (const path of ["/", "/users", "/healthz"]) {
      const { status, headers } = await server.ask(path, { method: "OPTIONS" });
      expect([status, headers.get("Allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
      expect(headers.has("Access-Control-Allow-Origin")).toBe(false);
    }
  });

  test("has the security headers and a unique request id", async () => {
    const ids = new Set<string>();
    for (const path of [...exampleRequests, "/api/nothing", "/", "/healthz", "/api/boards?year=x"]) {
      const { headers } = await server.ask(path);
      expect(headers.get("Content-Security-Policy")).toMatch(/script-src 'self' 'sha256-[\w+/]{43}=';/);
      expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Referrer-Policy")).toBe("strict-origin-when-cross-origin");
      ids.add(headers.get("X-Request-Id")!);
    }
    expect(ids.size).toBe(exampleRequests.length + 4);
  });
});

test("unknown paths under /api are 404 in the same error format", async () => {
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

test("a URL longer than 8 kB is rejected", async () => {
  const response = await server.ask(`/api/boards?x=${"y".repeat(9000)}`);
  expect([response.status, await response.json()]).toEqual([414, { error: expect.stringContaining("8192") }]);
});

test("limit is 1 to 10,000 wherever it is a parameter", async () => {
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

test("imprint and status show what the server was configured with", async () => {
  expect(await server.json("/api/imprint")).toEqual({ name: "Erika Beispiel", contact_info: "erika@stats.example" });
  const { forum } = server;
  expect(await server.json("/api/status")).toEqual({
    version: "1.2.3",
    generation: expect.stringMatching(/^[0-9a-z]+\.[0-9a-z]+$/),
    last_crawl_at: null,
    oldest_check_at: null,
    feeds: true,
    last_analysis_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    timezone: "Europe/Berlin",
    counts: {
      posts: forum.posts.length,
      threads: forum.threads.length,
      users: forum.users.length,
      boards: forum.boards.length,
    },
    search_engine: "postgres",
    forum_url: "https://forum.example",
    profiles_url: "https://profile.example",
  });
});

test("/api/backend-stats has potstats2's format", async () => {
  const { BackendStats } = await import("./monitoring/backend-stats.ts");
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
  const second = await (await ask("/api/backend-stats")).json();
  expect(second.backend_stats).toEqual({ hits: 1, responses: { "200": 1 }, responses_size: expect.any(Number) });
});

test("every response matches its description", async () => {
  const { routes } = createApp(server.options);
  for (const definition of routes.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, responses } = definition.route;
    const described = (status: number) =>
      responses[status] as { content: Record<string, { schema: z.ZodType }> } | undefined;
    const schema = described(200)?.content["application/json"]?.schema;
    const endpoint = endpoints.find((candidate) => candidate.path === path)!;
    for (const target of schema ? jsonExamples(endpoint.examples) : []) {
      const body: unknown = await server.json(target);
      // Parsing drops undescribed properties.
      expect([target, schema!.parse(body)]).toEqual([target, body]);
    }
    for (const target of invalidRequests(endpoint)) {
      const body: unknown = await (await server.ask(target)).json();
      expect(described(400)!.content["application/json"]!.schema.parse(body)).toEqual(body);
    }
  }
});

test("the description is OpenAPI 3.1 without dangling references", async () => {
  const description = await server.json("/api/openapi.json");
  expect(description.openapi).toBe("3.1.0");
  expect(description.info).toMatchObject({ title: "pOTstats", version: "1.2.3" });
  const text = JSON.stringify(description);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
    expect(description.components.schemas).toHaveProperty(name!);
  }
  // A named schema never allows null; where null is possible, it is an alternative to the schema.
  for (const [name, { type }] of Object.entries<{ type?: unknown }>(description.components.schemas))
    expect([name, [type].flat()]).toEqual([name, expect.not.arrayContaining(["null"])]);
  expect(text).not.toMatch(/"allOf":\[\{"\$ref":"[^"]+"\},\{[^}]*"null"/);
  for (const { path, summary, responses, parameters = [] } of endpoints) {
    expect([path, summary.length > 5]).toEqual([path, true]);
    expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining(["200"])]);
    for (const parameter of parameters) {
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
    description: "maximum number of rows",
    schema: { type: "integer", minimum: 1, maximum: 10_000, default: 1000, description: "maximum number of rows" },
  });
});

test("the reference page shows every endpoint, without scripts or requests to other hosts", async () => {
  const page = await (await server.ask("/api/docs")).text();
  for (const { path, parameters = [], "x-examples": queries = [] } of endpoints) {
    expect(page).toContain(`<a href="${path}">${path}</a>`);
    for (const { name } of parameters) expect(page).toContain(`<code>${name}</code>`);
    for (const query of queries) expect(page).toContain(`<a href="${path}?${query.replaceAll("&", "&amp;")}">`);
  }
  expect(page).not.toMatch(/<script|https?:\/\/|\son\w+=|style="/);
  expect(page).toContain("<td>0</td>");
  expect(page).toContain("<code>next</code> is the address");
});

test("every table is available as CSV, with the described columns", async () => {
  const tables = endpoints.flatMap(({ path, examples, responses }) => {
    const content = responses["200"]!.content["text/csv"];
    return content ? [{ path, target: jsonExamples(examples)[0]!, columns: content.schema.description! }] : [];
  });
  expect(tables.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      "/api/boards",
      "/api/poster-stats",
      "/api/social-graph",
      "/api/user-domains",
      "/api/users",
      "/api/years",
    ]),
  );
  for (const { path, target, columns } of tables) {
    const response = await server.ask(`${target}${target.includes("?") ? "&" : "?"}csv`);
    expect([path, response.status, response.headers.get("Content-Type")]).toEqual([
      path,
      200,
      "text/csv; charset=utf-8",
    ]);
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="[a-z0-9_-]+\.csv"$/);
    const text = await response.text();
    const [head, ...lines] = text.split("\r\n");
    expect(lines.pop()).toBe("");
    const described = columns.replace("the statistic", "post_count").replaceAll(", ", ",");
    expect([path, head]).toEqual([path, described]);
    const body = await server.json(target);
    const rows = body.rows ?? body.threads ?? body.boards;
    if (rows) expect([path, lines.length]).toEqual([path, rows.length]);
    expect([path, lines.length > 0]).toEqual([path, true]);
  }
});

test("CSV for Excel has a byte order mark and semicolons, and with lang=de decimal commas", async () => {
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
