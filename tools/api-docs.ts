/**
 * `bun run docs`: writes docs/api.md. Every example in it is an answer that the server gave over a small simulated forum;
 * api-docs.test.ts compares, so that the file cannot say what the program does not do.
 */
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { testDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { BackendStats } from "@potstats/server/watch/backend-stats";
import { createCache } from "@potstats/server/cache/cache";
import { createGenerations } from "@potstats/server/cache/generations";
import { createForum } from "@potstats/simulator/forum";
import manifest from "../package.json" with { type: "json" };
import { shortened } from "./shortened.ts";

export const file = join(import.meta.dirname, "../docs/api.md");

const origin = "http://localhost:3000";
const timezone = "Europe/Berlin";
const moment = "2018-07-01T04:00:00.000Z";

/** What is asked of each endpoint; potstats2's endpoints first, in the order of their weight. */
const examples: Record<string, string[]> = {
  "/api/": [""],
  "/api/boards": ["year=2017"],
  "/api/poster-stats": ["year=2017&limit=2", "limit=2&csv"],
  "/api/poster-development": ["user=USER", "user=USER&csv"],
  "/api/year-over-year-stats": ["bid=14"],
  "/api/weekday-stats": ["year=2017&bid=14"],
  "/api/daily-stats": ["year=2017&statistic=post_count"],
  "/api/social-graph": ["limit=2"],
  "/api/user-domains": ["limit=2", "domain=DOMAIN&type=link&limit=2"],
  "/api/domains": ["type=image&limit=3"],
  "/api/search": ["content=WORD&type=post", "content=WORD&type=thread&sort=date-desc&limit=1"],
  "/api/imprint": [""],
  "/api/backend-stats": [""],
  "/api/search/suggest": ["q=PREFIX"],
  "/api/status": [""],
  "/api/overview": ["year=2017"],
  "/api/years": ["bid=14"],
  "/api/hourly-stats": ["year=2017"],
  "/api/day-stats": ["day=DAY"],
  "/api/domain-years": ["domain=DOMAIN"],
  "/api/users": ["q=PREFIX&limit=3"],
  "/api/user-stats": ["uid=UID&year=2017"],
  "/api/user-daily-stats": ["uid=UID&year=2017"],
  "/api/user-hourly-stats": ["uid=UID"],
  "/api/user-quotes": ["uid=UID&direction=quoted_by&limit=2"],
  "/api/openapi.json": [""],
  "/api/docs": [""],
};

interface Parameter {
  name: string;
  required?: boolean;
  description?: string;
  schema: { type?: string; enum?: string[]; default?: unknown; minimum?: number; maximum?: number };
}

interface Description {
  paths: Record<
    string,
    { get: { summary: string; parameters?: Parameter[]; responses: { "200": { description: string } } } }
  >;
}

type Ask = (target: string, init?: RequestInit) => Promise<Response>;

/** A forum of 2,000 posts, crawled, analysed and indexed; `open` makes a server over it that was never asked before. */
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
    await analyze({ sql, timezone, forumUrl: "https://forum.example", full: true });
    await fillIndex({ sql });
    const open = (): Ask => {
      const app = createApp({
        sql,
        search: createSearch({ sql, timezone }),
        cache: createCache(),
        stats: new BackendStats(),
        generations: createGenerations(sql),
        assets: new Map(),
        imprint: { name: "Erika Beispiel", contact_info: "erika@stats.example" },
        forumUrl: "https://forum.example",
        profilesUrl: "https://profiles.example",
        version: manifest.version,
        publicUrl: origin,
      });
      return async (target, init) => app.fetch(new Request(origin + target, init));
    };
    return { open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whom and what the examples ask for: people and words of this forum. */
async function subjects(ask: Ask): Promise<Record<string, string>> {
  const json = async <T>(target: string) => (await (await ask(target)).json()) as T;
  const [{ rows: posters }, { rows: hosts }, { records }] = await Promise.all([
    json<{ rows: { User: { name: string; uid: number } }[] }>("/api/poster-stats?year=2017&limit=1"),
    json<{ rows: { domain: string }[] }>("/api/domains?type=link&limit=1"),
    json<{ records: { most_posts: { day: string }; busiest_thread: { thread: { title: string } } } }>(
      "/api/overview?year=2017",
    ),
  ]);
  const { name, uid } = posters[0]?.User ?? { name: "", uid: 0 };
  const word = records.busiest_thread.thread.title.split(/[^\p{L}]+/u).toSorted((a, b) => b.length - a.length)[0];
  return {
    USER: encodeURIComponent(name),
    UID: String(uid),
    PREFIX: encodeURIComponent(name.slice(0, 3).toLowerCase()),
    DOMAIN: hosts[0]?.domain ?? "",
    DAY: records.most_posts.day,
    WORD: encodeURIComponent(word ?? ""),
  };
}

/** The same on every machine and at every time. */
const steady = (key: string, value: unknown): unknown => {
  if (key === "elapsed") return 0.004;
  if (key === "generation") return "m1x2y3.m4x5y6";
  return key.startsWith("last_") && key.endsWith("_at") && value !== null ? moment : value;
};

/** One request and its answer. */
async function example(ask: Ask, target: string, init?: RequestInit): Promise<string> {
  const response = await ask(target, init);
  const type = response.headers.get("Content-Type") ?? "";
  const status = response.status === 200 ? "" : `HTTP ${response.status}\n`;
  const text = await response.text();
  const fence = (language: string, body: string) =>
    `\`GET ${target}\`\n\n\`\`\`${language}\n${status}${body}\n\`\`\`\n`;
  if (type.startsWith("text/html")) return `\`GET ${target}\` answers with a page of HTML.\n`;
  if (!type.startsWith("application/json")) {
    const disposition = response.headers.get("Content-Disposition");
    const head = `Content-Type: ${type}\n${disposition ? `Content-Disposition: ${disposition}\n` : ""}`;
    return fence("", `${head}\n${text.replaceAll("\r\n", "\n").trimEnd()}`);
  }
  return fence("jsonc", shortened(JSON.parse(text, steady), target === "/api/openapi.json" ? 0 : undefined));
}

function parameterTable(parameters: Parameter[]): string {
  if (parameters.length === 0) return "";
  const words = (value: unknown) => (value === "" ? "(empty)" : String(value));
  const rows = parameters.map(({ name, required, description = "", schema }) => {
    const range = schema.minimum === undefined ? "" : ` ${schema.minimum}–${schema.maximum}`;
    const values = schema.enum ? schema.enum.map(words).join(", ") : `${schema.type}${range}`;
    const fallback = required ? "needed" : schema.default === undefined ? "" : words(schema.default);
    return `| \`${name}\` | ${values} | ${fallback} | ${description} |\n`;
  });
  return `| parameter | values | default | meaning |\n| --- | --- | --- | --- |\n${rows.join("")}\n`;
}

async function headersOf(ask: Ask, target: string, headers: Record<string, string>): Promise<string> {
  const response = await ask(target, { headers });
  await response.arrayBuffer();
  const names = ["Content-Type", "Content-Encoding", "ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"];
  const shown = names.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  });
  const asked = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `\`\`\`http\nGET ${target}\n${asked.join("\n")}\n\nHTTP ${response.status}\n${shown.join("\n")}\n\`\`\`\n`;
}

/**
 * The text of docs/api.md.
 * @throws Error when an endpoint has no example, or an example no endpoint
 */
export async function apiDocs(): Promise<string> {
  const forum = await openForum();
  try {
    const ask = forum.open();
    const { paths } = (await (await ask("/api/openapi.json")).json()) as Description;
    const described = Object.keys(paths);
    const missing = described.filter((path) => !examples[path]);
    const unknown = Object.keys(examples).filter((path) => !paths[path]);
    if (missing.length + unknown.length > 0) {
      throw new Error(
        `without an example: ${missing.join(", ") || "–"}; without an endpoint: ${unknown.join(", ") || "–"}`,
      );
    }
    const names = await subjects(ask);
    const filled = (query: string) => query.replaceAll(/\b[A-Z]{3,}\b/g, (name) => names[name] ?? name);
    const sections: string[] = [];
    for (const [path, queries] of Object.entries(examples)) {
      const {
        summary,
        parameters = [],
        responses,
      } = paths[path]?.get ?? { summary: "", responses: { "200": { description: "" } } };
      const shown: string[] = [];
      // Counters tell what was asked before: something small.
      const asked = path === "/api/backend-stats" ? await someRequests(forum.open()) : ask;
      for (const query of queries) shown.push(await example(asked, path + (query && `?${filled(query)}`)));
      const answer = `Answers: ${responses["200"].description}.`;
      sections.push(`## ${path}\n\n${summary}. ${answer}\n\n${parameterTable(parameters)}${shown.join("\n")}`);
    }
    const etag = (await ask("/api/boards", { headers: { "Accept-Encoding": "br" } })).headers.get("ETag") ?? "";
    return `${introduction(described.length)}
### Errors

Every error is \`{"error": "what is wrong, and what would be right"}\`: 400 for parameters, 404 for unknown paths under \`/api\`, 405 for other
methods than GET, HEAD and OPTIONS, 414 for addresses beyond 8192 characters, 429 over the rate of searches, 503 when a store
that the answer needs is down. 429 and 503 say in \`Retry-After\` how many seconds to wait.

${await example(ask, "/api/poster-stats?limit=0&order=up")}
${await example(ask, "/api/nothing")}
### Headers

Answers may be kept for a minute; \`ETag\` and \`If-None-Match\` save the rest. brotli, zstd and gzip by \`Accept-Encoding\`. Any page of
any site may read them.

${await headersOf(ask, "/api/boards", { "Accept-Encoding": "br" })}
${await headersOf(ask, "/api/boards", { "Accept-Encoding": "br", "If-None-Match": etag })}
${sections.join("\n")}
## Outside of /api

\`/metrics\` has the server's counters for Prometheus, for this machine only or with \`METRICS_TOKEN\`. \`/robots.txt\` keeps search engines from
pages about people, unless \`ALLOW_ROBOTS=1\`. \`/healthz\` answers as long as the process is up:

${await example(ask, "/healthz")}
\`/readyz\` answers 200 when the database can be asked and is migrated, else 503; search and cache are told, not required:

${await example(ask, "/readyz")}`;
  } finally {
    await forum.close();
  }
}

/** The same server, after three requests. */
async function someRequests(ask: Ask): Promise<Ask> {
  for (const target of ["/api/boards", "/api/boards", "/api/nothing"]) await (await ask(target)).arrayBuffer();
  return ask;
}

const introduction = (endpoints: number) => `# HTTP API

JSON over HTTP, read-only: ${endpoints} endpoints under \`/api\`. \`/api/openapi.json\` describes them for machines, \`/api/docs\` is the
same for people. potstats2's endpoints come first here; its clients go on working.

This file was written by \`bun run docs\`: each example is an answer of the server over a small simulated forum. Long lists are cut where it says
so; times are made up.

## Asking

- Integers are decimal. \`year=0\` and \`bid=0\` mean no filter, and so does leaving them out. An unknown year or board gives empty rows.
- Of a repeated parameter the first counts; unknown parameters are ignored.
- Years, days, weekdays and hours are those of the statistics' time zone (\`STATS_TIMEZONE\`).
- Ties are in order of id, ascending, whatever the order.
- \`csv\`, with any value, turns a table into CSV: lines end in CR LF. A name that a spreadsheet would take for a formula gets an apostrophe in front.
- \`nocache\`, with any value, has an answer computed anew.
- \`next\` is the address of the following page. Follow it blindly; it is absent on the last page.
`;

if (import.meta.main) {
  await Bun.write(file, await apiDocs());
  console.log("docs/api.md is written");
}
