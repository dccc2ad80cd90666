/** Measures building and querying the search index, with the database of `bench analyze`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Sql } from "@potstats/db/connect";
import { startServer } from "./api.ts";
import { dataDir, heading, existingSearch, line, median, percentile, root, runCommand } from "./measure.ts";
import { addPosts, analyzeAgain } from "./new-posts.ts";
import { worstSearches } from "./worst-searches.ts";

/** Queries to be typed letter by letter: words of all frequencies, alone and combined, and all operators. */
const queries = [
  "grafikkarten wetter",
  '"auf der straße"',
  "ich habe ein fahrrad",
  "kuchen -musik beitr",
  'user:"nutzer 7" spiel',
  "year:2012 kuchen",
  "+wetter board:brett man",
  "has:link rechner",
  "unauffindbar",
];
const titles = ["wetter am bahnhof", "grafikk"];
/** Typed beside a common word. */
const trends = ["fahrrad", "grafikkarten", "und ", "beitrag"];
const names = ["nutzer 123", "wetter", "brett 1", "nuzter 55", "und das", "nirgends"];
const filters = ["wetter user:nutzer 12", "board:brett 1", "year:2012", "has:link", "user:nirgends"];
/** What the search page asks for: by thread, with facets, and a year chosen. */
const page = "group=thread&facets&disjunctive&year=2012";
const newPosts = 1000;

/** What depends on the number of posts. */
const targetsOf = (posts: number) =>
  posts < 10_000_000
    ? { typing: "≤ 20", suggestions: "≤ 10", memory: "≤ 2500", disk: "≤ 2500", update: "≤ 3" }
    : { typing: "≤ 80", suggestions: "≤ 20", memory: "≤ 6000", disk: "≤ 2000", update: "≤ 10" };
type Targets = ReturnType<typeof targetsOf>;

const prefixes = (typed: string) => Array.from(typed, (_, at) => typed.slice(0, at + 1));

/** @param withKills kill the builds of both engines in the middle */
export async function benchSearch(withKills: boolean): Promise<void> {
  const { sql, environment, close } = await existingSearch();
  try {
    const [{ posts } = { posts: 0 }] = await sql<{ posts: number }[]>`select count(*) as posts from public.posts`;
    const targets = targetsOf(posts);
    heading(`search of ${posts} synthetic posts`);
    // As new: the runs after a kill are not told to rebuild, or they would begin again.
    await sql`truncate search.state, search.build`;
    await (withKills ? buildWithKills(environment, posts, targets) : build(environment, targets));
    await sizes(sql, posts, targets);
    for (const [engine, more] of [
      ["Meilisearch", {}],
      ["PostgreSQL", { MEILI_URL: "http://127.0.0.1:9" }],
    ] as const) {
      const server = await startServer({ ...environment, ...more, SEARCH_RATE: "0" });
      heading(`${engine}, one request at a time, uncached`);
      await measureTyping(server.url, "search?type=post&content=", queries, "search while typing", targets.typing);
      await measureTyping(
        server.url,
        "search?type=thread&content=",
        titles,
        "thread search while typing",
        targets.typing,
      );
      await measureTyping(
        server.url,
        `search?type=post&${page}&content=`,
        queries,
        "as on the search page",
        targets.typing,
      );
      await measureTyping(
        server.url,
        "search/complete?type=post&content=",
        filters,
        "completions while typing",
        "≤ 10",
      );
      await measureTyping(server.url, "trends?q=wetter&q=", trends, "trends of two words", "≤ 60");
      await measureTyping(server.url, "search/suggest?q=", names, "suggestions while typing", targets.suggestions);
      await measureWorst(server.url);
      await server.stop();
    }
    await measureUpdate(sql, environment, targets);
  } finally {
    await close();
  }
}

interface Summary {
  engines: { engine: string; posts: number; threads: number; seconds: number }[];
}

async function index(environment: Record<string, string>, ...arguments_: string[]) {
  const run = await runCommand("search/main.ts", [...arguments_, "--json"], environment);
  if (run.exitCode !== 0) throw new Error(`the index command exited with ${run.exitCode}\n${run.stdout}`);
  return { ...run, summary: JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Summary };
}

async function build(environment: Record<string, string>, targets: Targets): Promise<void> {
  const memory = watchMemory(meilisearchPid());
  const { summary, rss_mb } = await index(environment, "--full").finally(memory.stop);
  for (const { engine, posts, seconds } of summary.engines) {
    const target = engine === "postgres" ? 20_000 : 5000;
    line(`full build, ${engine}`, posts / seconds, "posts/s", `≥ ${target}`);
  }
  memoryLines(rss_mb, memory, targets);
}

function memoryLines(rss_mb: number, meilisearch: ReturnType<typeof watchMemory>, targets: Targets): void {
  line("peak memory of the command", rss_mb, "MB");
  line("peak memory of Meilisearch", meilisearch.peak_mb(), "MB", targets.memory);
  // What it maps of its files can be taken back at any time.
  line("of which its own, without mapped files", meilisearch.peakOwn_mb(), "MB");
}

/** Kills a first run while it fills PostgreSQL's index, and the next one while it fills Meilisearch's. */
async function buildWithKills(environment: Record<string, string>, posts: number, targets: Targets): Promise<void> {
  const memory = watchMemory(meilisearchPid());
  const first = await killedRun(environment, "index postgres", 0.05 * posts);
  line("killed while filling PostgreSQL's index, after", first.seconds, "s");
  const second = await killedRun(environment, "index meilisearch", 0.4 * posts);
  line("full build, postgres, from scratch", posts / (second.finished.get("index postgres") ?? Number.NaN), "posts/s");
  line("killed while filling Meilisearch's index, after", second.seconds, "s");
  const { summary, rss_mb } = await index(environment).finally(memory.stop);
  const rest = summary.engines.find(({ engine }) => engine === "meilisearch")?.seconds ?? Number.NaN;
  line("the rest of it", rest, "s");
  line("full build, meilisearch, killed and continued", posts / (second.seconds + rest), "posts/s", "≥ 5000");
  memoryLines(rss_mb, memory, targets);
}

/**
 * Runs the index command and kills it when a phase has done a number of documents.
 * @returns the seconds in that phase, and those of the phases before
 */
async function killedRun(
  environment: Record<string, string>,
  phase: string,
  count: number,
): Promise<{ seconds: number; finished: Map<string, number> }> {
  const child = spawn(process.execPath, [join(root, "search/main.ts"), "--json"], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const finished = new Map<string, number>();
  for await (const text of createInterface({ input: child.stdout })) {
    const progress = JSON.parse(text) as { phase: string; count: number; seconds: number };
    finished.set(progress.phase, progress.seconds);
    if (progress.phase !== phase || progress.count < count) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
    return { seconds: progress.seconds, finished };
  }
  throw new Error(`the index command ended before ${count} documents of ${phase}`);
}

const meilisearchFolder = () => join(dataDir(), "meilisearch");

const meilisearchPid = (): number =>
  (JSON.parse(readFileSync(join(meilisearchFolder(), "running.json"), "utf8")) as { pid: number }).pid;

/** Watches the memory of a process. */
function watchMemory(pid: number) {
  let [peak_kb, peakOwn_kb] = [0, 0];
  const timer = setInterval(() => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const read = (name: string) => Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1] ?? 0);
    peak_kb = Math.max(peak_kb, read("VmRSS"));
    peakOwn_kb = Math.max(peakOwn_kb, read("RssAnon"));
  }, 100);
  return {
    peak_mb: () => peak_kb / 1000,
    peakOwn_mb: () => peakOwn_kb / 1000,
    stop: () => clearInterval(timer),
  };
}

/** Bytes of the files in a folder, as they are on disk. */
function diskUse(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).blocks * 512, 0);
}

async function sizes(sql: Sql, posts: number, targets: Targets): Promise<void> {
  const [row] = await sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where n.nspname = 'search' and c.relkind = 'r'`;
  line("PostgreSQL's index on disk", (row?.bytes ?? 0) / posts, "B/post", "≤ 800");
  line(
    "Meilisearch's indexes on disk",
    diskUse(join(meilisearchFolder(), "db", "indexes")) / posts,
    "B/post",
    targets.disk,
  );
}

async function measureTyping(url: string, path: string, typed: string[], what: string, target: string): Promise<void> {
  const samples: number[] = [];
  const worst = { ms: 0, text: "" };
  for (let round = 0; round < 3; round++) {
    for (const text of typed.flatMap(prefixes)) {
      const started_ms = performance.now();
      const response = await fetch(`${url}/api/${path}${encodeURIComponent(text)}&nocache`);
      await response.arrayBuffer();
      const ms = performance.now() - started_ms;
      if (!response.ok) throw new Error(`${text}: ${response.status}`);
      // The first round is the warm-up.
      if (round === 0) continue;
      samples.push(ms);
      if (ms > worst.ms) Object.assign(worst, { ms, text });
    }
  }
  line(`${what}: median`, median(samples), "ms");
  line("p95", percentile(samples, 0.95), "ms", target);
  line("slowest", worst.ms, "ms", worst.text);
}

/** The maximum duration of any search. */
const limit_ms = 2000;

async function measureWorst(url: string): Promise<void> {
  const samples: number[] = [];
  const worst = { ms: 0, kind: "" };
  let failed = 0;
  for (const { kind, request } of worstSearches(1)) {
    const { facets, ...parameters } = request;
    const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
    const started_ms = performance.now();
    const response = await fetch(`${url}/api/search?${query}${facets ? "&facets" : ""}&nocache`);
    await response.arrayBuffer();
    const ms = performance.now() - started_ms;
    if (!response.ok) failed++;
    samples.push(ms);
    if (ms > worst.ms) Object.assign(worst, { ms, kind });
  }
  line(`${samples.length} expensive searches: median`, median(samples), "ms");
  line("p95", percentile(samples, 0.95), "ms");
  line("slowest", worst.ms, "ms", `≤ ${limit_ms}: ${worst.kind}`);
  line("failed", failed, "", "0");
}

/** Measures how long new posts take to become searchable after the analytics have committed. */
async function measureUpdate(sql: Sql, environment: Record<string, string>, targets: Targets): Promise<void> {
  heading("incremental index run");
  await addPosts(sql, newPosts);
  await analyzeAgain(environment);
  const { summary, seconds } = await index(environment);
  for (const engine of summary.engines) line(`${newPosts} new posts, ${engine.engine}`, engine.seconds, "s");
  line("both, including the start of the command", seconds, "s", targets.update);
}
