/** The demo: a simulated forum goes through all stages and is served. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { CommandError, exitCodes } from "@potstats/cli/command";
import { duration, openProgress, type Stream } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import type { Sql } from "@potstats/db/connect";
import { AlreadyRunning } from "@potstats/db/locks";
import { openDatabase } from "@potstats/db/open";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { listen, serveApp, withDefaults } from "@potstats/server/serve";
import type { Forum } from "@potstats/simulator/forum";
import { buildWeb } from "../build-web.ts";
import { type OverallProgress, overallProgress, type Seconds } from "./overall-progress.ts";
import { thingsToTry } from "./things-to-try.ts";
import { expectedTimes, inWords, keepTimes, type Kind, parts } from "./times.ts";

export interface DemoOptions {
  PORT: number;
  /** The demo's data is in its folder `demo`. */
  DATA_DIR: string;
  STATS_TIMEZONE: string;
  forum: Forum;
  signal: AbortSignal;
  /** Where the progress is shown. */
  stream: Stream;
  /** Called once the demo is ready, with what a newcomer needs to know. */
  tell(instructions: string, url: string): void;
}

/**
 * Serves the demo until it is aborted.
 * @throws Error if the port is taken; AbortError when aborted before the demo is ready
 */
export async function serveDemo(options: DemoOptions): Promise<void> {
  const { PORT, STATS_TIMEZONE, DATA_DIR, forum, signal, stream, tell } = options;
  const started_ms = performance.now();
  await using cleanup = new AsyncDisposableStack();
  const placeholder = servePlaceholder(PORT);
  cleanup.defer(() => placeholder.stop(true));
  const remote = serveForum(forum);
  cleanup.defer(() => remote.stop(true));
  const start = await planStart(DATA_DIR, forum);
  stream.write(`${start.introduction}\n\n`);
  const progress = openProgress({ stream });
  cleanup.defer(() => progress.close());
  signal.addEventListener("abort", () => progress.note("stopping: the next start continues here"), { once: true });
  const say = (message: string) => progress.note(message);
  const overall = overallProgress(progress, parts, start.expected.seconds);
  const embedded = {
    DATABASE_URL: undefined,
    MEILI_URL: undefined,
    MEILI_MASTER_KEY: undefined,
    DATA_DIR: start.dataDir,
    STATS_TIMEZONE,
  };
  overall.phase("services");
  const database = await openDatabase(embedded, { max: 8, name: "potstats demo", say });
  cleanup.defer(() => database.close());
  const meili = await openMeilisearch({ ...embedded, say });
  cleanup.defer(() => meili?.close());
  signal.throwIfAborted();
  // In parallel: Vite uses the processor that the crawl leaves idle.
  const building = buildWeb(signal);
  building.catch(() => {});
  const forumUrl = `http://localhost:${remote.port}`;
  try {
    await fill({ forum, forumUrl, sql: database.sql, meili, timezone: STATS_TIMEZONE, progress: overall, signal });
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    const message = `another demo is starting with the data in ${start.dataDir}: wait until it is ready, or set DATA_DIR`;
    throw new CommandError(message, exitCodes.running);
  }
  overall.phase("pages");
  await building;
  await start.keep(overall.done());
  signal.throwIfAborted();
  await placeholder.stop(true);
  const served = await serveApp(
    withDefaults({
      ...embedded,
      PORT,
      FORUM_URL: forumUrl,
      PROFILES_URL: forumUrl,
      IMPRINT_NAME: "pOTstats demo",
      IMPRINT_CONTACT: "Set IMPRINT_NAME and IMPRINT_CONTACT to fill this page.",
    }),
    { say },
  );
  cleanup.defer(() => served.stop());
  tell(await instructions(served.url, (performance.now() - started_ms) / 1000, meili !== null), served.url);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** What this start will do and how long it will take; `keep` saves that it succeeded, and how long it took. */
async function planStart(DATA_DIR: string, forum: Forum) {
  const dataDir = join(DATA_DIR, "demo");
  const filled = Bun.file(join(dataDir, "filled"));
  const kind: Kind = (await filled.exists()) ? "later" : "first";
  const isContinued = kind === "first" && existsSync(dataDir);
  const expected = await expectedTimes(DATA_DIR, kind);
  const size = forum.history.posts.length.toLocaleString("en");
  const work =
    kind === "later"
      ? "Serves the simulated forum of an earlier start."
      : isContinued
        ? "Continues an earlier start that was interrupted: reads a simulated forum, analyzes it and serves the result."
        : `Simulates a forum of ${size} posts, reads and analyzes it, and serves the result.`;
  const time = `This takes ${inWords(expected)}${isContinued ? " at most" : expected.isMeasured ? ", as last time" : ""}`;
  return {
    dataDir,
    expected,
    introduction: `${work}
${time}${kind === "first" ? "; later starts take a few seconds" : ""}. Ctrl-C stops it. The data is in ${dataDir}.`,
    keep: async (seconds: Seconds) => {
      await filled.write("");
      if (!isContinued) await keepTimes(DATA_DIR, kind, seconds);
    },
  };
}

interface FillOptions {
  forum: Forum;
  forumUrl: string;
  sql: Sql;
  meili: Awaited<ReturnType<typeof openMeilisearch>>;
  timezone: string;
  progress: OverallProgress;
  signal: AbortSignal;
}

/** Crawls, analyzes and indexes; each stage continues from an earlier run. */
async function fill({ forum, forumUrl, sql, meili, timezone, progress, signal }: FillOptions): Promise<void> {
  progress.phase("forum");
  const [stored] = await sql<{ posts: number }[]>`select count(*)::int as posts from posts`;
  progress.expect("threads", Math.max(1, forum.history.posts.length - (stored?.posts ?? 0)));
  const { failures } = await crawl({
    sql,
    forumUrl,
    profilesUrl: forumUrl,
    boards: "all",
    profiles: true,
    delay_ms: 0,
    concurrency: 8,
    progress,
    signal,
  });
  signal.throwIfAborted();
  // The simulated forum has no broken documents, so this is a fault of ours.
  const [failure] = failures;
  if (failure) throw new Error(`${failure.what} could not be read: ${failure.reason}`);
  // Relative links in posts count as links to the real forum's address, as with `bun run analyze`.
  await analyze({ sql, timezone, forumUrl: "https://forum.mods.de", full: false, progress, signal });
  signal.throwIfAborted();
  await fillIndex({ sql, meili: meili ?? undefined, full: false, progress, signal });
  signal.throwIfAborted();
}

/** Takes the port before any work is done. Its page reloads itself until the demo is ready. */
function servePlaceholder(port: number) {
  const headers = { "Content-Type": "text/plain", "Cache-Control": "no-store", Refresh: "1", "Retry-After": "1" };
  return listen(
    { HOST: "127.0.0.1", PORT: port },
    () => new Response("The demo is starting: see the terminal for its progress.\n", { status: 503, headers }),
  );
}

/** Serves the simulated forum on its usual port, or a free one. */
function serveForum(forum: Forum) {
  const serveAt = (port: number) =>
    Bun.serve({ port, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
  try {
    return serveAt(4000);
  } catch {
    return serveAt(0);
  }
}

async function instructions(url: string, elapsed_s: number, hasMeilisearch: boolean): Promise<string> {
  const engine = hasMeilisearch ? "" : " There is no Meilisearch for this platform, so PostgreSQL searches.";
  return `
pOTstats is at ${url} after ${duration(elapsed_s)} (Ctrl-C stops it).${engine}

${await thingsToTry(url)}

For a real forum, with separate data, in another terminal:
  bun run crawl --board 14
  bun run analyze
  bun run index
  PORT=${Number(new URL(url).port) + 1} bun run start
`;
}
