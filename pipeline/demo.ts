/**
 * `bun run demo`: all stages on an empty machine. A simulated forum is crawled over HTTP, analyzed, indexed and served. The
 * data of an earlier demo is reused.
 *
 * Its data is in `<DATA_DIR>/demo`, even if DATABASE_URL is set, so that invented posts never mix with real ones.
 */
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { interruptible, run } from "@potstats/cli/command";
import { duration, openProgress, type Progress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { crawl } from "@potstats/crawler/crawl";
import { openDatabase } from "@potstats/db/open";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { listen, serveApp, withDefaults } from "@potstats/server/serve";
import { createForum } from "@potstats/simulator/forum";
import { Command } from "@commander-js/extra-typings";
import { buildWeb } from "./build-web.ts";

const program = new Command("bun run demo")
  .description("Crawls a simulated forum, analyzes and indexes it, and serves the dashboard. Needs only Bun.")
  .addHelpText(
    "after",
    `
PORT and DATA_DIR are used if set. The demo's data is in DATA_DIR/demo and can be deleted at any time.

Examples:
  bun run demo
  PORT=8080 bun run demo`,
  )
  .action(async () => {
    const settings = readSettings(process.env, ["PORT", "DATA_DIR", "STATS_TIMEZONE"]);
    const { signal, release } = interruptible();
    const placeholder = servePlaceholder(settings.PORT);
    const forum = openForum();
    try {
      await demo({ ...settings, DATA_DIR: join(settings.DATA_DIR, "demo") }, forum.url, placeholder, signal);
    } finally {
      await Promise.all([forum.close(), placeholder.stop(true)]);
      release();
    }
  });

interface DemoSettings {
  PORT: number;
  DATA_DIR: string;
  STATS_TIMEZONE: string;
}

async function demo(
  settings: DemoSettings,
  forumUrl: string,
  placeholder: ReturnType<typeof servePlaceholder>,
  signal: AbortSignal,
): Promise<void> {
  const started_ms = performance.now();
  await using cleanup = new AsyncDisposableStack();
  const progress = openProgress();
  cleanup.defer(() => progress.close());
  const embedded = { ...settings, DATABASE_URL: undefined, MEILI_URL: undefined, MEILI_MASTER_KEY: undefined };
  progress.note(`A simulated forum is at ${forumUrl}`);
  const starting = progress.phase("starting PostgreSQL and Meilisearch");
  const database = await openDatabase(embedded, { max: 8, name: "potstats demo", say: progress.note });
  cleanup.defer(() => database.close());
  const meili = await openMeilisearch({ ...embedded, say: progress.note });
  cleanup.defer(() => meili?.close());
  starting.done(meili ? "" : "no Meilisearch for this platform: PostgreSQL searches");
  signal.throwIfAborted();
  // In parallel: Vite uses the processor that the crawl leaves idle.
  const building = buildWeb(signal);
  building.catch(() => {});
  await fill({ sql: database.sql, meili, timezone: settings.STATS_TIMEZONE, forumUrl, progress, signal });
  const phase = progress.phase("building the web application");
  await building;
  phase.done();
  progress.close();
  await placeholder.stop(true);
  const served = await serveApp(
    withDefaults({
      ...embedded,
      FORUM_URL: forumUrl,
      PROFILES_URL: forumUrl,
      IMPRINT_NAME: "pOTstats demo",
      IMPRINT_CONTACT: "Set IMPRINT_NAME and IMPRINT_CONTACT to fill this page.",
    }),
    { say: (message) => console.error(message) },
  );
  printInstructions(served.url, (performance.now() - started_ms) / 1000);
  cleanup.defer(() => served.stop());
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

type FillOptions = Pick<Parameters<typeof crawl>[0], "sql" | "forumUrl"> & {
  meili: Awaited<ReturnType<typeof openMeilisearch>>;
  timezone: string;
  progress: Progress;
  signal: AbortSignal;
};

/** Crawls, analyzes and indexes; each stage continues from an earlier run. */
async function fill({ sql, meili, timezone, forumUrl, progress, signal }: FillOptions): Promise<void> {
  const crawled = await crawl({
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
  progress.note(`${crawled.posts_added} new posts crawled with ${crawled.num_api_requests} requests`);
  // Relative links in posts count as links to the real forum's address, as with `bun run analyze`.
  await analyze({ sql, timezone, forumUrl: "https://forum.mods.de", full: false, progress, signal });
  signal.throwIfAborted();
  const { engines } = await fillIndex({ sql, meili: meili ?? undefined, full: false, progress, signal });
  signal.throwIfAborted();
  progress.note(`${engines.map(({ engine, posts }) => `${engine}: ${posts} posts`).join(", ")} searchable`);
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
function openForum(): { url: string; close(): Promise<void> } {
  const forum = createForum();
  const serveAt = (port: number) =>
    Bun.serve({ port, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
  let server: ReturnType<typeof serveAt>;
  try {
    server = serveAt(4000);
  } catch {
    server = serveAt(0);
  }
  return { url: `http://localhost:${server.port}`, close: () => server.stop(true) };
}

function printInstructions(url: string, elapsed_s: number): void {
  console.log(`
pOTstats is at ${url} after ${duration(elapsed_s)} (Ctrl-C stops it)

Try     ${url}/search?q=grafikkarte
        ${url}/days?year=2010
        ${url}/api/docs

For a real forum, with separate data, in another terminal:
        bun run crawl --board 14
        bun run analyze
        bun run index
        PORT=${Number(new URL(url).port) + 1} bun run start
`);
}

await run(program);
