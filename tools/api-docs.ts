/**
 * `bun run docs`: writes docs/api.md. Every example in it is a real response, served from a small simulated forum;
 * api-docs.test.ts compares the file, so it cannot become outdated.
 */
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { testDatabase } from "@potstats/db/testing/database";
import { createApp } from "@potstats/server/app";
import { type Endpoint, type Parameter, readEndpoints } from "@potstats/server/testing/examples";
import { appOptions, index, reanalyze } from "@potstats/server/testing/server";
import { createForum } from "@potstats/simulator/forum";
import manifest from "../package.json" with { type: "json" };
import { shortened } from "./truncated-json.ts";

export const file = join(import.meta.dirname, "../docs/api.md");

const origin = "http://localhost:3000";
const fixedTime = "2018-07-01T04:00:00.000Z";

type Ask = (target: string, init?: RequestInit) => Promise<Response>;

/** A forum of 2,000 posts, crawled, analyzed and indexed; `open` starts a server over it with counters at zero. */
async function openForum(): Promise<{ open(): Ask; close(): Promise<void> }> {
  const forum = createForum({ seed: 5, posts: 2000, years: 3 });
  const remote = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
  const database = await testDatabase();
  const close = async () => {
    await remote.stop(true);
    await database.drop();
  };
  try {
    const { sql } = database;
    const forumUrl = remote.url.origin;
    const all = { boards: "all" as const, profiles: true, delay_ms: 0, concurrency: 4 };
    await crawl({ sql, forumUrl, profilesUrl: forumUrl, ...all, progress: silent });
    await reanalyze(database);
    await index(database);
    const { version } = manifest;
    const open = (): Ask => {
      const app = createApp(
        appOptions(database, { version, publicUrl: origin, profilesUrl: "https://profiles.example" }),
      );
      return async (target, init) => app.fetch(new Request(origin + target, init));
    };
    return { open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A JSON reviver that replaces values which depend on the machine or the time. */
const withoutVariation = (key: string, value: unknown): unknown => {
  if (key === "elapsed") return 0.004;
  if (key === "generation") return "m1x2y3.m4x5y6";
  return key.startsWith("last_") && key.endsWith("_at") && value !== null ? fixedTime : value;
};

/** The first elements of a document, a line for each. */
function beginningOf(xml: string): string {
  const lines = xml.replaceAll("><", ">\n<").split("\n");
  return lines.length <= 24 ? lines.join("\n") : [...lines.slice(0, 24), "…"].join("\n");
}

/** One request and its response. */
async function example(ask: Ask, target: string, init?: RequestInit): Promise<string> {
  const response = await ask(target, init);
  const type = response.headers.get("Content-Type") ?? "";
  const status = response.status === 200 ? "" : `HTTP ${response.status}\n`;
  const text = await response.text();
  const fence = (language: string, body: string) =>
    `\`GET ${target}\`\n\n\`\`\`${language}\n${status}${body}\n\`\`\`\n`;
  if (type.startsWith("text/html")) return `\`GET ${target}\` returns an HTML page.\n`;
  if (!type.startsWith("application/json")) {
    const disposition = response.headers.get("Content-Disposition");
    const head = `Content-Type: ${type}\n${disposition ? `Content-Disposition: ${disposition}\n` : ""}`;
    const lines = text.replaceAll("\r\n", "\n").trimEnd();
    return fence("", `${head}\n${type.includes("xml") ? beginningOf(lines) : lines}`);
  }
  return fence("jsonc", shortened(JSON.parse(text, withoutVariation), target === "/api/openapi.json" ? 0 : undefined));
}

function parameterTable(parameters: Parameter[]): string {
  if (parameters.length === 0) return "";
  const format = (value: unknown) => (value === "" ? "(empty)" : String(value));
  const rows = parameters.map(({ name, required, description = "", schema }) => {
    const range = schema.minimum === undefined ? "" : ` ${schema.minimum}–${schema.maximum}`;
    const kind = schema.type === "array" ? "string, repeated" : schema.type;
    const values = schema.enum ? schema.enum.map(format).join(", ") : `${kind}${range}`;
    const fallback = required ? "required" : schema.default === undefined ? "" : format(schema.default);
    return `| \`${name}\` | ${values} | ${fallback} | ${description} |\n`;
  });
  return `| parameter | values | default | meaning |\n| --- | --- | --- | --- |\n${rows.join("")}\n`;
}

async function headersOf(ask: Ask, target: string, headers: Record<string, string>): Promise<string> {
  const response = await ask(target, { headers });
  await response.arrayBuffer();
  const names = ["Content-Type", "Content-Encoding", "ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"];
  const received = names.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  });
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `\`\`\`http\nGET ${target}\n${sent.join("\n")}\n\nHTTP ${response.status}\n${received.join("\n")}\n\`\`\`\n`;
}

const introduction = (endpoints: number) => `# HTTP API

A read-only JSON API over HTTP: ${endpoints} endpoints under \`/api\`. \`/api/openapi.json\` describes them for machines, \`/api/docs\`
for people. potstats2's endpoints come first; clients of potstats2 keep working.

\`bun run docs\` generates this file. Every example is a real response, served from a small simulated forum. Long lists are truncated
where a comment says so; timestamps are fixed.

## Requests

- Integers are decimal. \`year=0\` and \`bid=0\` mean "no filter", as does omitting them. An unknown year or board returns no rows.
- If a parameter is repeated, the first value is used; only \`/api/trends\` uses every \`q\`. Unknown parameters are ignored.
- Years, days, weekdays and hours are in the statistics' time zone (\`STATS_TIMEZONE\`).
- Ties are broken by ascending id, whatever the sort order.
- \`csv\`, with any value, returns a table as CSV. Lines end in CR LF. A name that a spreadsheet would take for a formula is
  prefixed with an apostrophe.
- \`nocache\`, with any value, bypasses the cache.
- \`next\` is the address of the next page. Follow it as it is; it is absent on the last page.
`;

const errors = async (ask: Ask) => `### Errors

Every error has the form \`{"error": "what is wrong, and what would be right"}\`. Statuses: 400 for invalid parameters, 404 for
unknown paths under \`/api\`, 405 for methods other than GET, HEAD and OPTIONS, 414 for URLs longer than 8192 characters,
429 for too many concurrent requests or too many searches per second, 503 when a required store is down or overloaded.
429 and 503 set \`Retry-After\` to the number of seconds to wait.

${await example(ask, "/api/poster-stats?limit=0&order=up")}
${await example(ask, "/api/nothing")}`;

async function caching(ask: Ask): Promise<string> {
  const brotli = { "Accept-Encoding": "br" };
  const etag = (await ask("/api/boards", { headers: brotli })).headers.get("ETag") ?? "";
  return `### Headers

Responses may be cached for one minute; \`ETag\` and \`If-None-Match\` avoid sending them again. \`Accept-Encoding\` negotiates
brotli, zstd or gzip. CORS is open: pages from any origin may read responses.

${await headersOf(ask, "/api/boards", brotli)}
${await headersOf(ask, "/api/boards", { ...brotli, "If-None-Match": etag })}`;
}

async function section(ask: Ask, { path, summary, responses, parameters = [], examples }: Endpoint): Promise<string> {
  const texts: string[] = [];
  for (const target of examples) texts.push(await example(ask, target));
  const returns = `Returns ${responses["200"]?.description}.`;
  return `## ${path}\n\n${summary}. ${returns}\n\n${parameterTable(parameters)}${texts.join("\n")}`;
}

const elsewhere = async (ask: Ask) => `## Outside \`/api\`

\`/metrics\` serves Prometheus metrics, to this machine only or with \`METRICS_TOKEN\`. \`/robots.txt\` keeps search engines away from
pages about people unless \`ALLOW_ROBOTS=1\`. \`/healthz\` returns 200 while the process is running:

${await example(ask, "/healthz")}
\`/readyz\` returns 200 when the database is reachable and migrated, else 503. Search and cache are reported but not required:

${await example(ask, "/readyz")}`;

/** The text of docs/api.md. */
export async function apiDocs(): Promise<string> {
  const forum = await openForum();
  try {
    const ask = forum.open();
    const endpoints = await readEndpoints(ask);
    const sections: string[] = [];
    for (const endpoint of endpoints) {
      // Counters depend on earlier requests, so this server gets a fixed few.
      const server = endpoint.path === "/api/backend-stats" ? await afterThreeRequests(forum.open()) : ask;
      sections.push(await section(server, endpoint));
    }
    return `${introduction(endpoints.length)}
${await errors(ask)}
${await caching(ask)}
${sections.join("\n")}
${await elsewhere(ask)}`;
  } finally {
    await forum.close();
  }
}

/** The same server, after three requests. */
async function afterThreeRequests(ask: Ask): Promise<Ask> {
  for (const target of ["/api/boards", "/api/boards", "/api/nothing"]) await (await ask(target)).arrayBuffer();
  return ask;
}

if (import.meta.main) {
  await Bun.write(file, await apiDocs());
  console.log("docs/api.md written");
}
