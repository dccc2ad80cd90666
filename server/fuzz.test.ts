/**
 * Requests made up from the API's own description: every parameter missing, doubled, huge, negative, fractional, in other
 * scripts, in bytes that are no text, by the thousand, like SQL, like paths, in paths of any spelling. Whatever is asked, there is an answer: quick, of a known shape, and never a failure of ours.
 *
 * `FUZZ_REQUESTS=100000 bun test server/fuzz` asks more (the seed is printed; `FUZZ_SEED` repeats a run).
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import { createApp } from "./app.ts";
import { targetOf } from "./http/target.ts";
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

interface Parameter {
  name: string;
  required?: boolean;
  schema: { type?: string; enum?: string[]; minimum?: number; maximum?: number };
}

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

/** A value for a parameter: often a good one, often not. */
const valueOf = ({ schema }: Parameter): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: goodValueOf(schema) },
    { weight: 1, arbitrary: fc.constantFrom(...numbers) },
    { weight: 1, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );

function goodValueOf({ type, enum: words, minimum = 0, maximum = 2 ** 31 }: Parameter["schema"]): fc.Arbitrary<string> {
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

interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
}

/** Text as a query carries it; half of a surrogate pair goes over the wire as the replacement character. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const hexOf = (byte: number) => `%${byte.toString(16).padStart(2, "0")}`;
/** Bytes, mostly no UTF-8. */
const bytes = fc.array(fc.nat(255), { minLength: 1, maxLength: 12 }).map((values) => values.map(hexOf).join(""));
/** Thousands of parameters, as many as an address may hold. */
const thousands = fc
  .constantFrom("&", "a&", "a=1&", "%FF&", "=&", "limit=1&", "__proto__&")
  .map((one) => one.repeat(Math.floor(7000 / one.length)));
/** A path with letters and slashes percent-encoded, once or twice. */
const respelled = (path: string): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.nat(path.length), fc.boolean()), { minLength: 1, maxLength: 3 }).map((places) =>
    Array.from(path, (character, at) => {
      const place = at > 0 ? places.find(([chosen]) => chosen === at) : undefined;
      const once = hexOf(character.charCodeAt(0));
      return !place ? character : place[1] ? once : once.replace("%", "%25");
    }).join(""),
  );

function requestTo(path: string, parameters: Parameter[]): fc.Arbitrary<Asked> {
  const given = parameters.map((parameter) =>
    fc.tuple(valueOf(parameter), valueOf(parameter), bytes, fc.nat(9)).map(([first, second, raw, how]) => {
      const one = `${parameter.name}=${how === 7 ? raw : encoded(first)}`;
      // Needed ones are left out now and then, others more often than not.
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
      fc.tuple(...given),
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

test(`${requests} requests: none fails, none takes a second, none tells what it should not`, async () => {
  const { paths } = (await server.json("/api/openapi.json")) as {
    paths: Record<string, { get: { parameters?: Parameter[] } }>;
  };
  const logged: unknown[] = [];
  const app = createApp(
    appOptions(server.database, {
      trustProxy: 1,
      basePath: "/stats",
      log: (line) => {
        if (line["level"] === "error") logged.push(line);
      },
    }),
  );
  const elsewhere = fc.constantFrom(
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
  );
  const anything = fc.oneof(
    ...Object.entries(paths).map(([path, { get }]) => ({
      weight: 1 + 2 * (get.parameters?.length ?? 0),
      arbitrary: requestTo(path, get.parameters ?? []),
    })),
    { weight: 3, arbitrary: elsewhere.map((path): Asked => ({ method: "GET", path: `/${path}`, headers: {} })) },
  );
  const statuses = new Map<number, number>();
  let slowest: [number, string] = [0, ""];
  let asked = 0;
  let settled_bytes = 0;
  const property = fc.asyncProperty(anything, async ({ method, path, headers }) => {
    const started_ms = performance.now();
    const response = await app.fetch(new Request(`http://stats.example${path}`, { method, headers }));
    const body = await response.arrayBuffer();
    const took_ms = performance.now() - started_ms;
    if (took_ms > slowest[0]) slowest = [took_ms, path.slice(0, 200)];
    const { status } = response;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const isApi = targetOf(new URL(`http://stats.example${path}`).href, "/stats").path.startsWith("/api/");
    const allowed = isApi ? [200, 204, 304, 400, 404, 405, 414] : [200, 204, 301, 403, 404, 405, 414, 503];
    expect(allowed).toContain(status);
    if (isLong) expect(took_ms).toBeLessThan(1000);
    if (isApi && status >= 400 && method !== "HEAD") {
      const answer = JSON.parse(new TextDecoder().decode(body)) as { error: string };
      expect(Object.keys(answer)).toEqual(["error"]);
      // Neither code nor queries nor file names of ours.
      expect(answer.error).not.toMatch(/\bat \/|\.ts\b|node_modules|\b(baked|public)\.\w|PostgresError|syntax error/);
    }
    if (++asked === Math.floor(requests / 2)) {
      Bun.gc(true);
      settled_bytes = process.memoryUsage().rss;
    }
  });
  await fc.assert(property, { numRuns: requests, seed });
  Bun.gc(true);
  const grown_mb = Math.round((process.memoryUsage().rss - settled_bytes) / 1024 / 1024);
  if (isLong) console.log({ seed, requests, statuses: Object.fromEntries(statuses), slowest, grown_mb });
  expect(logged).toEqual([]);
  // Every kind of answer was met, good ones often.
  for (const status of [200, 304, 400, 404, 405]) expect([status, statuses.has(status)]).toEqual([status, true]);
  expect(statuses.get(200)!).toBeGreaterThan(requests / 10);
  // The answers kept may fill their 64 MB; beyond that nothing grows with the number of requests.
  expect(grown_mb).toBeLessThan(150);
}, 3_600_000);
