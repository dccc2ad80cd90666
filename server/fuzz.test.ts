/**
 * Requests generated from the API's own description. Parameters are missing, repeated, huge, negative, fractional, in
 * other scripts, invalid UTF-8, thousands, or look like SQL or paths; paths are encoded in any way. Every request must
 * get a quick response in a documented format, never a server error.
 *
 * `FUZZ_REQUESTS=100000 bun test server/fuzz` sends more (the seed is printed; `FUZZ_SEED` repeats a run).
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { createApp } from "./app.ts";
import { targetOf } from "./http/target.ts";
import type { Operation, Parameter } from "./testing/examples.ts";
import { appOptions, index, testServer, type TestServer } from "./testing/server.ts";

const requests = Number(process.env["FUZZ_REQUESTS"] ?? 1500);
const isLong = process.env["FUZZ_REQUESTS"] !== undefined;
const seed = Number(process.env["FUZZ_SEED"] ?? (isLong ? Date.now() % 2 ** 31 : 42));

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await index(server.database);
});
afterAll(() => server.stop());

const numbers = [
  "0",
  "1",
  "-1",
  "-0",
  "007",
  "+5",
  "1.5",
  "1e3",
  "2004",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9007199254740993",
  "99999999999999999999999",
  "1e400",
  "0x10",
  "NaN",
  "Infinity",
  "١٢",
  "1_000",
  " 1",
  "1 ",
];
const nasty = [
  "",
  "'",
  "''; drop table posts; --",
  "1 or 1=1",
  "1) union select version() --",
  "$1",
  "\\",
  "%",
  "_",
  "../../etc/passwd",
  "/etc/passwd\0.png",
  "\0",
  "\u{FEFF}",
  "\u{1F433}",
  "Ärger",
  "\u0430\u0431\u0432",
  "\u05D0\u202E\u05D1",
  "e\u0301",
  "\uD800",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "\r\nSet-Cookie: a=b",
  "null",
  "undefined",
  "__proto__",
  "[]",
  "a".repeat(500),
  "a".repeat(501),
  "ß".repeat(3000),
  "(".repeat(400),
  '"'.repeat(301),
  "-".repeat(300),
  "* ".repeat(200),
  'user:"',
  "user: board: year: before: after: has: tag:",
  "-user:x +board:y",
  "year:99999999999 thread:99999999999 before:0000-00-00 after:9999-99-99",
  "before:2004-02-30 after:-1",
  "excel",
  "de",
  "a & b | !c <-> d:*",
  "'=x':* | y",
  '+"a -b" -"c',
];

/** A value for a parameter, valid more often than not. */
const valueOf = ({ schema }: Parameter): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: validValueOf(schema) },
    { weight: 1, arbitrary: fc.constantFrom(...numbers) },
    { weight: 1, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );

function validValueOf({
  type,
  enum: words,
  minimum = 0,
  maximum = 2 ** 31,
}: Parameter["schema"]): fc.Arbitrary<string> {
  if (words) return fc.constantFrom(...words);
  if (type === "integer" || type === "number") {
    const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 200) });
    return fc.oneof(near, fc.integer({ min: minimum, max: maximum }), fc.constantFrom(2004, 2006, 2, 14)).map(String);
  }
  return fc.constantFrom(
    "Wal",
    "Köln -Nebel",
    '"Straße"',
    "user:karl Dampfer",
    "tag:x",
    "has:image",
    "karl",
    "2006",
    "2006-05",
  );
}

interface FuzzedRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** Encodes text for a query; a lone surrogate becomes the replacement character. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const hexOf = (byte: number) => `%${byte.toString(16).padStart(2, "0")}`;
/** Bytes, mostly invalid UTF-8. */
const bytes = fc.array(fc.nat(255), { minLength: 1, maxLength: 12 }).map((values) => values.map(hexOf).join(""));
/** Thousands of parameters: as many as fit into a URL. */
const thousands = fc
  .constantFrom("&", "a&", "a=1&", "%FF&", "=&", "limit=1&", "__proto__&")
  .map((one) => one.repeat(Math.floor(7000 / one.length)));
/** A path with letters and slashes percent-encoded, once or twice. */
const respelled = (path: string): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.nat(path.length), fc.boolean()), { minLength: 1, maxLength: 3 }).map((places) =>
    Array.from(path, (character, at) => {
      const place = at > 0 ? places.find(([position]) => position === at) : undefined;
      const once = hexOf(character.charCodeAt(0));
      return !place ? character : place[1] ? once : once.replace("%", "%25");
    }).join(""),
  );

function requestTo(path: string, parameters: Parameter[]): fc.Arbitrary<FuzzedRequest> {
  const pairs = parameters.map((parameter) =>
    fc.tuple(valueOf(parameter), valueOf(parameter), bytes, fc.nat(9)).map(([first, second, raw, how]) => {
      const one = `${parameter.name}=${how === 7 ? raw : encoded(first)}`;
      // Required parameters are omitted now and then, others more often than not.
      if (how === 0 || (!parameter.required && how < 6)) return [];
      return how === 9 ? [one, `${parameter.name}=${encoded(second)}`] : how === 8 ? [parameter.name] : [one];
    }),
  );
  const strange = fc.oneof(
    { weight: 6, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: thousands.map((many) => [many]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("nocache", "x=1", "%", "%zz=1", "=", "&&", "%00=1", "a[b]=c", "?").map((one) => [one]),
    },
  );
  return fc
    .tuple(
      fc.constantFrom("GET", "GET", "GET", "GET", "GET", "HEAD", "OPTIONS", "POST"),
      fc.tuple(...pairs),
      strange,
      fc.oneof(
        { weight: 9, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: fc.constantFrom("/", "/..", "//x", "/%2e%2e", "%00", ";a=b", "/1") },
      ),
      fc.constantFrom("", "br", "gzip", "zstd, br;q=0", "*", "identity;q=0", "br;q=;;q,,,=", "\u00FF"),
      fc.constantFrom("", "", "*", '"x"', 'W/"', '"'.repeat(200), ",".repeat(7000)),
      fc.constantFrom(
        "",
        "",
        "",
        "1.2.3.4:5",
        "[2001:db8::1%eth0]:80",
        "::ffff:1.2.3.4, x",
        ",".repeat(7000),
        "\u00FF",
      ),
      fc.oneof({ weight: 5, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: respelled(path) }),
    )
    .map(([method, values, more, tail, coding, tag, forwarded, spelling]) => ({
      method,
      path: `${spelling}${tail}?${[...values.flat(), ...more].join("&")}`,
      headers: {
        ...(coding === "" ? {} : { "Accept-Encoding": coding }),
        ...(tag === "" ? {} : { "If-None-Match": tag }),
        ...(forwarded === "" ? {} : { "X-Forwarded-For": forwarded }),
      },
    }));
}

/** Paths outside of the API, some of which resemble its paths, with the base path `/stats`. */
const elsewhere = fc
  .constantFrom(
    "",
    "users",
    "users/1",
    "search;x=1",
    "%00",
    "../x",
    "healthz",
    "readyz",
    "robots.txt",
    "metrics",
    "index.html",
    "api",
    "api/x",
    "..%2f..%2fetc/passwd",
    "stats",
    "stats/api/boards",
    "stats//api",
    "stats%2fapi/boards",
    "%75sers/1",
    "api%2fsearch",
  )
  .map((path): FuzzedRequest => ({ method: "GET", path: `/${path}`, headers: {} }));

/** Requests to every endpoint (endpoints with more parameters get more of them) and to other paths. */
const anyRequest = (paths: Record<string, { get: Operation }>): fc.Arbitrary<FuzzedRequest> =>
  fc.oneof(
    ...Object.entries(paths).map(([path, { get }]) => ({
      weight: 1 + 2 * (get.parameters?.length ?? 0),
      arbitrary: requestTo(path, get.parameters ?? []),
    })),
    { weight: 3, arbitrary: elsewhere },
  );

const isApiRequest = (path: string) =>
  targetOf(new URL(`http://stats.example${path}`).href, "/stats").path.startsWith("/api/");

function checkResponse({ method, path }: FuzzedRequest, status: number, body: ArrayBuffer): void {
  if (!isApiRequest(path)) {
    expect([200, 204, 301, 403, 404, 405, 414, 503]).toContain(status);
    return;
  }
  expect([200, 204, 304, 400, 404, 405, 414]).toContain(status);
  if (status < 400 || method === "HEAD") return;
  const parsed = JSON.parse(new TextDecoder().decode(body)) as { error: string };
  expect(Object.keys(parsed)).toEqual(["error"]);
  // No source code, query or file name leaks.
  expect(parsed.error).not.toMatch(/\bat \/|\.ts\b|node_modules|\b(baked|public)\.\w|PostgresError|syntax error/);
}

test(`${requests} requests: none fails, none takes a second, none leaks internals`, async () => {
  const { paths } = (await server.json("/api/openapi.json")) as { paths: Record<string, { get: Operation }> };
  const errors: unknown[] = [];
  const log = (line: Record<string, unknown>) => {
    if (line["level"] === "error") errors.push(line);
  };
  const app = createApp(appOptions(server.database, { trustProxy: 1, basePath: "/stats", log }));
  const statuses = new Map<number, number>();
  let slowest: [number, string] = [0, ""];
  let sent = 0;
  let settled_bytes = 0;
  const property = fc.asyncProperty(anyRequest(paths), async (request) => {
    const { method, path, headers } = request;
    const started_ms = performance.now();
    const response = await app.fetch(new Request(`http://stats.example${path}`, { method, headers }));
    const body = await response.arrayBuffer();
    const took_ms = performance.now() - started_ms;
    if (took_ms > slowest[0]) slowest = [took_ms, path.slice(0, 200)];
    if (isLong) expect(took_ms).toBeLessThan(1000);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    checkResponse(request, response.status, body);
    if (++sent === Math.floor(requests / 2)) {
      Bun.gc(true);
      settled_bytes = process.memoryUsage().rss;
    }
  });
  await fc.assert(property, { numRuns: requests, seed });
  Bun.gc(true);
  const grown_mb = Math.round((process.memoryUsage().rss - settled_bytes) / 1024 / 1024);
  if (isLong) console.log({ seed, requests, statuses: Object.fromEntries(statuses), slowest, grown_mb });
  expect(errors).toEqual([]);
  // Every status occurred, and 200 often.
  for (const status of [200, 304, 400, 404, 405]) expect([status, statuses.has(status)]).toEqual([status, true]);
  expect(statuses.get(200)!).toBeGreaterThan(requests / 10);
  // Cached responses may use 64 MB; beyond that, memory does not grow with the number of requests.
  expect(grown_mb).toBeLessThan(150);
}, 3_600_000);
