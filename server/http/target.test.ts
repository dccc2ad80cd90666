/** However a path is encoded, it is either a 404, or the route with its limits, counters and headers. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { Hono } from "hono";
import { createApp } from "../app.ts";
import { BackendStats } from "../monitoring/backend-stats.ts";
import { targetOf } from "./target.ts";
import { appOptions, index, origin, testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await index(server.database);
});
afterAll(() => server.stop());

const hexOf = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** A character as it may be sent: verbatim, encoded once or twice, or in upper case. */
const spelled = (character: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constant(character) },
    { weight: 10, arbitrary: fc.constant(hexOf(character)) },
    { weight: 1, arbitrary: fc.constantFrom(hexOf(character).toUpperCase(), character.toUpperCase()) },
    { weight: 1, arbitrary: fc.constant(hexOf(character).replace("%", "%25")) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("/", "//", "%2F", "\\", ".", "%", "%FF", "%zz", ";x", "%00")
        .map((odd) => odd + character),
    },
  );
const tails = fc.constantFrom(
  "",
  "",
  "",
  "",
  "",
  "/",
  "//",
  ".",
  "..",
  "/.",
  "/..",
  "%20",
  "%2F",
  ";x=1",
  "#x",
  "%",
  "%FF",
);
const spellingOf = (path: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.tuple(...Array.from(path.slice(1), spelled)), tails)
    .map(([characters, tail]) => `/${characters.join("")}${tail}`);
const spellingsOf = (paths: string[]) => fc.oneof(...paths.map(spellingOf));

test("the path equals the one that Hono's router uses", async () => {
  const router = new Hono().all("*", (c) => c.text(c.req.path));
  const property = fc.asyncProperty(
    spellingsOf(["/api/search", "/api/users", "/users/17", "/userstats;year=2012", "/ä b/%41"]),
    fc.constantFrom("", "?", "?x=%2F", "?/api/search"),
    async (path, search) => {
      const request = new Request(origin + path + search);
      const routed = await (await router.fetch(request)).text();
      expect([path, targetOf(request.url)]).toEqual([path, expect.objectContaining({ path: routed })]);
    },
  );
  await fc.assert(property, { numRuns: 5000, seed: 42 });
});

test("parses absolute URLs, bare paths and fragments", () => {
  for (const url of ["http://stats.example/api/%73earch?x=/#?y", "/api/search?x=/", "https://[::1]:80/api/search?x=/"])
    expect(targetOf(url)).toEqual({ path: "/api/search", search: "?x=/" });
  for (const url of ["http://stats.example", "http://stats.example/", "/"])
    expect(targetOf(url)).toEqual({ path: "/", search: "" });
  expect(targetOf("/api?x")).toEqual({ path: "/api/", search: "?x" });
});

test("a base path is optional", () => {
  for (const [url, path] of [
    ["/stats/api/search", "/api/search"],
    ["/%73tats/api/search", "/api/search"],
    ["/api/search", "/api/search"],
    ["/stats", "/"],
    ["/stats/", "/"],
    ["/stats/api", "/api/"],
    ["/statsx/users", "/statsx/users"],
    ["/stats/stats/users", "/stats/users"],
    ["/stats%2Fusers", "/stats%2Fusers"],
  ])
    expect([url, targetOf(`http://stats.example${url}`, "/stats").path]).toEqual([url, path]);
});

test("no spelling of a search escapes its rate limit, counters, log and robots header", async () => {
  const stats = new BackendStats();
  const logged: unknown[] = [];
  const app = createApp(
    appOptions(server.database, { stats, searchRate: 20, log: (line) => logged.push(line["path"]) }),
  );
  const answered: string[] = [];
  const property = fc.asyncProperty(spellingOf("/api/search/suggest"), fc.nat(), async (path, n) => {
    const response = await app.fetch(new Request(`${origin}${path}?q=${n}`), {
      address: () => "10.0.0.1",
    });
    if (response.status !== 200) return expect([301, 400, 404, 429, 503]).toContain(response.status);
    if (!("rows" in (await response.json()))) return;
    answered.push(path);
    expect(response.headers.get("X-Robots-Tag")).toBe("noindex");
    expect(logged.at(-1)).toBe("/api/search/suggest");
  });
  const started_ms = performance.now();
  await fc.assert(property, { numRuns: 4000, seed: 42 });
  const earned = ((performance.now() - started_ms) / 1000) * 20;
  expect(answered.length).toBeGreaterThan(30);
  expect(answered.length).toBeLessThanOrEqual(60 + earned + 1);
  expect(answered.filter((path) => path.includes("%")).length).toBeGreaterThan(10);
  const counted = (await stats.asJson("")) as { search_suggest: { responses: { "200": number } } };
  expect(counted.search_suggest.responses["200"]).toBe(answered.length);
});

test("no spelling of an endpoint bypasses the cache", async () => {
  const stats = new BackendStats();
  const app = createApp(appOptions(server.database, { stats }));
  let answered = 0;
  const property = fc.asyncProperty(spellingOf("/api/weekday-stats"), async (path) => {
    const response = await app.fetch(new Request(origin + path));
    if (response.status === 200 && "rows" in (await response.json())) answered++;
  });
  await fc.assert(property, { numRuns: 2000, seed: 42 });
  expect(answered).toBeGreaterThan(20);
  const counted = (await stats.asJson("")) as { weekday_stats: { cache: { hits: number; miss: number } } };
  expect(counted.weekday_stats.cache).toMatchObject({ hits: answered - 1, miss: 1 });
});

test("no spelling of a page about people lacks its robots header", async () => {
  const page = { type: "text/html", etag: "x", codings: { identity: new TextEncoder().encode("<!doctype html>") } };
  const app = createApp(appOptions(server.database, { assets: new Map([["/index.html", page]]) }));
  const fully = (path: string): string => {
    const once = path.replaceAll(/%[0-7][0-9a-f]/gi, decodeURIComponent);
    return once === path ? path : fully(once);
  };
  let pages = 0;
  const property = fc.asyncProperty(spellingsOf(["/users/17", "/compare", "/network", "/search"]), async (path) => {
    const response = await app.fetch(new Request(origin + path));
    if (response.status !== 200) return;
    pages++;
    const isPersonal = /^\/(users|compare|network|search)\b/i.test(fully(new URL(origin + path).pathname));
    expect([path, response.headers.get("X-Robots-Tag")]).toEqual([path, isPersonal ? "noindex" : null]);
  });
  await fc.assert(property, { numRuns: 3000, seed: 42 });
  expect(pages).toBeGreaterThan(100);
});

test("a line break in a path does not escape the middleware", async () => {
  for (const path of ["/%0A", "/users%0a", "/api/%0Aboards", "/api/boards%0D%0A", "/api/%E2%80%A8"]) {
    const { status, headers } = await server.ask(path);
    expect([path, status]).toEqual([path, path.startsWith("/api") ? 404 : 503]);
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("X-Request-Id")).toBeString();
    expect(headers.has("Access-Control-Allow-Origin")).toBe(path.startsWith("/api"));
  }
});
