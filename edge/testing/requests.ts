/** The requests of the contract test, and what has to be equal in the responses to them. */
import * as zlib from "node:zlib";
import { type Endpoint, invalidRequests } from "@potstats/server/testing/examples";

export interface ContractRequest {
  method?: string;
  target: string;
  headers?: Record<string, string>;
}

export interface ContractResponse {
  status: number;
  headers: Record<string, string>;
  /** As the app made it: decoded. */
  body: string;
}

/** The headers that every runtime has to send alike. The others are the runtime's own, such as Date, or unique. */
const contractHeaders = [
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "access-control-expose-headers",
  "access-control-max-age",
  "allow",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-security-policy",
  "content-type",
  "etag",
  "location",
  "referrer-policy",
  "retry-after",
  "vary",
  "www-authenticate",
  "x-content-type-options",
  "x-frame-options",
  "x-robots-tag",
];

const decoders: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  br: zlib.brotliDecompressSync,
  zstd: zlib.zstdDecompressSync,
  gzip: zlib.gunzipSync,
};

let clients = 0;

/** Sends a request, each from a client of its own, so that no limit per client applies. */
export async function send(port: number, { method = "GET", target, headers }: ContractRequest) {
  const n = clients++;
  const response = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    headers: {
      "Accept-Encoding": "identity",
      "X-Forwarded-For": `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
      ...headers,
    },
    decompress: false,
    redirect: "manual",
  });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/**
 * What differs between two searches: the duration and, while Meilisearch is down, the engine, because a Worker finds out
 * with each request anew.
 */
const ofOneSearch = /"elapsed":[\d.e-]+|"engine":"\w+",|"fallback":true,|,"fallback":true(?=\})/g;
/** A document's head: titles and descriptions are there if the numbers in them are found in time. */
const preview = /<title>.*?(?=<link rel="icon"|<script|<\/head>)/s;

/** The body as the app made it. */
export function textOf({ headers }: Response, bytes: Uint8Array): string {
  const coding = headers.get("Content-Encoding");
  const decoded = coding === null || bytes.length === 0 ? bytes : (decoders[coding] ?? (() => bytes))(bytes);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(decoded);
}

/** What has to be equal. */
export function contractOf(response: Response, bytes: Uint8Array): ContractResponse {
  const text = textOf(response, bytes);
  const body = text.replaceAll(ofOneSearch, "").replace(preview, "");
  const isDocument = response.headers.get("Content-Type")?.startsWith("text/html") === true;
  const hasTag = body === text && !isDocument;
  const named = contractHeaders.filter((name) => response.headers.has(name) && (name !== "etag" || hasTag));
  return {
    status: response.status,
    headers: Object.fromEntries(named.map((name) => [name, response.headers.get(name) ?? ""])),
    body,
  };
}

/** What differs between two responses: a line for each part, first Bun's. */
export function differencesOf(bun: ContractResponse, other: ContractResponse): string[] {
  const names = new Set([...Object.keys(bun.headers), ...Object.keys(other.headers)]);
  const parts: [string, unknown, unknown][] = [
    ["status", bun.status, other.status],
    ...[...names].map((name): [string, unknown, unknown] => [name, bun.headers[name], other.headers[name]]),
    ["body", bun.body, other.body],
  ];
  return parts
    .filter(([, expected, actual]) => expected !== actual)
    .map(([name, expected, actual]) => `${name}: ${String(expected).slice(0, 200)} ≠ ${String(actual).slice(0, 200)}`);
}

/** Counts of the server itself, which differ by what it was asked before. */
const isOwn = (target: string) => target.startsWith("/api/backend-stats");

/** Every endpoint with its documented examples. */
export const examplesOf = (endpoints: Endpoint[]): ContractRequest[] =>
  endpoints.flatMap(({ examples }) => examples.filter((target) => !isOwn(target)).map((target) => ({ target })));

/** Every endpoint with each of its parameters missing or wrong. */
export const invalidOf = (endpoints: Endpoint[]): ContractRequest[] =>
  endpoints.flatMap((endpoint) => invalidRequests(endpoint).map((target) => ({ target })));

/** Each in every coding, by preference and exclusion. */
export const inCodings = (targets: string[]): ContractRequest[] =>
  targets.flatMap((target) =>
    [
      "",
      "br",
      "gzip",
      "x-gzip;q=1",
      "deflate",
      "*",
      "br;q=0, *",
      "gzip;q=0.2, br;q=0.1",
      "identity;q=0, gzip",
      ";;q",
    ].map((accepted) => ({ target, headers: { "Accept-Encoding": accepted } })),
  );

/** Requests with these methods. */
export const withMethods = (targets: string[], methods: string[]): ContractRequest[] =>
  targets.flatMap((target) => methods.map((method) => ({ method, target })));

/** Paths that do not exist, pages, former paths, and what else is outside of the API. */
export const elsewhere: ContractRequest[] = [
  "/api",
  "/api/nothing",
  "/api/boards/",
  "/api/boards/2",
  "/api//boards",
  "/api/%00",
  "/api/%FF",
  "/api/%2e%2e",

  "/api/%62oards",
  "/api/b%6Fards?year=2004",
  "/api/%2562oards",
  "/API/boards",
  "/api/boards%20",
  "/api/boards;x=1",
  "/nothing",
  "/users",
  "/users/1",
  "/users/99999999999",
  "/search?q=x",
  "/days?year=2006&lang=en",
  "//",
  "/a%0Ab",
  "/userstats;year=2012;bid=null",
  "/poster-dev-stats;uid=3",
  "/weekday-stats",
  "/board-stats/",
  "/healthz",
  "/readyz",
  "/robots.txt",
  "/favicon.ico",
  "/favicon.svg",
  "/index.html",
  "/preview/overview.png",
  "/.env",
  "/..%2f..%2fetc%2fpasswd",
  "/assets/../../etc/passwd",
  "/assets/none-12345678.js",
  "/assets/",
].map((target) => ({ target }));

const long = "x".repeat(9000);

/** Input that looks like SQL, markup or code, is too long, not UTF-8, or repeated thousands of times. */
export const hostile: ContractRequest[] = [
  ...["1 or 1=1", "'; drop table posts; --", "%00", "%FF%FE", "9".repeat(400), "-0", "1e3", "__proto__"].map(
    (year) => `/api/boards?year=${year}`,
  ),
  ...[
    '"',
    "user:%22",
    "%F0%9F%90%B3",
    "<script>alert(1)</script>",
    "%ED%A0%80",
    "(".repeat(400),
    "*%20".repeat(200),
  ].map((content) => `/api/search?type=post&content=${content}`),
  `/api/boards?${"limit=1&".repeat(900)}`,
  `/api/boards?x=${long}`,
  `/${long}`,
  "/api/poster-development?user=%EF%BF%BD",
  "/api/boards?year=2004&year=x",
  "/api/boards?nocache&year=2004",
  "/api/boards?&&=&a[]=1&%zz",
].map((target) => ({ target }));

const oddHeaderSets: Record<string, string>[] = [
  { "If-None-Match": '"'.repeat(200) },
  { "If-None-Match": ",".repeat(5000) },
  { "If-None-Match": "W/" },
  { "If-None-Match": "*" },
  { "Accept-Encoding": "identity;q=0, *;q=0" },
  { "Accept-Encoding": "br;q=;;q,,,=" },
  { Origin: "http://evil.example" },
  { Range: "bytes=0-9" },
  { "X-Request-Id": "forged" },
  { Expect: "100-continue" },
];

/** Headers that clients may send, but should not. */
export const oddHeaders: ContractRequest[] = oddHeaderSets.map((headers) => ({
  target: "/api/boards?year=2006",
  headers,
}));
