/** `bun run update`: crawl, analyze, index; once or on a schedule. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "@commander-js/extra-typings";
import { analyze } from "@potstats/analytics/analyze";
import { boards, days, parsedBy, share } from "@potstats/cli/arguments";
import { exitCodes, interruptible, messageOf, run } from "@potstats/cli/command";
import { duration, openProgress, type Progress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { keepBrokenIn } from "@potstats/crawler/forum/broken-documents";
import { crawl, defaultPatrol } from "@potstats/crawler/crawl";
import { ForumRefusesError, ForumUnreachableError } from "@potstats/crawler/forum/errors";
import { profilesOf } from "@potstats/crawler/forum/profiles-url";
import { moveTo } from "@potstats/db/connect";
import { AlreadyRunning } from "@potstats/db/locks";
import { type Database, openDatabase } from "@potstats/db/open";
import { refuseTransactionPooler } from "@potstats/db/checks/pooler";
import { openMeilisearch, type OpenMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import type { MeilisearchServer } from "@potstats/search/index/meilisearch-client";
import { backOff_ms, parseSchedule, type Schedule } from "./schedule.ts";

const program = new Command("bun run update")
  .description("Crawls, analyzes and indexes new and changed posts: once, or on a schedule.")
  .option(
    "--every <schedule>",
    'repeat: an interval (30s, 15m, 2h, 1d) or a cron expression ("0 4 * * *")',
    parsedBy(parseSchedule),
  )
  .option("--board <bid>", "a board to read, or all (the default); can be repeated", boards)
  .option("--profiles", "also fetch user profiles that are missing")
  .option("--rescan <days>", "re-read threads with posts in the last days, to find edited and hidden posts", days)
  .option(
    "--patrol <share>",
    "share of a pass's requests spent on threads that show no changes (default: 5%; 0: none)",
    share,
  )
  .option("--json", "print progress and summary as JSON, one object per line")
  .addHelpText(
    "after",
    `
The first pass starts immediately. Passes never overlap. After failures the pause grows, up to an hour.

Examples:
  bun run update
  bun run update --every 15m
  bun run update --every "0 4 * * *" --rescan 7 --profiles

Exit codes: 0 done, 1 failed, 2 usage, 3 another analyze or index run is active, 4 done, but something could not be
read, 130 or 143 interrupted (0 with --every)`,
  )
  .action(async (options) => {
    const { signal, release } = interruptible();
    const progress = openProgress({ json: options.json ?? false });
    const services = await open(progress);
    try {
      process.exitCode = options.every
        ? await repeat(options.every, () => pass(services, options, signal), progress, signal)
        : await pass(services, options, signal);
    } finally {
      progress.close();
      await services.meili?.close();
      await services.database.close();
      release();
    }
  });

type Options = ReturnType<typeof program.opts>;

interface Services {
  settings: ReturnType<typeof settingsOf>;
  database: Database;
  meili: OpenMeilisearch | null;
}

const settingsOf = () =>
  readSettings(process.env, [
    "DATABASE_URL",
    "DATA_DIR",
    "FORUM_URL",
    "PROFILES_URL",
    "REQUEST_DELAY",
    "STATS_TIMEZONE",
    "MEILI_URL",
    "MEILI_MASTER_KEY",
  ]);

/** Opens the services, once for all passes. */
async function open(progress: Progress): Promise<Services> {
  const settings = settingsOf();
  const say = progress.note;
  const database = await openDatabase(settings, { max: 10, name: "potstats update", say, mayBeAway: true });
  try {
    return { settings, database, meili: await openMeilisearch({ ...settings, say }) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** One pass. @returns the exit code: done or incomplete @throws the error that ended the crawl, after the other stages have run */
async function pass(services: Services, options: Options, signal: AbortSignal): Promise<number> {
  // One per pass, so that open phases of a failed pass are not displayed forever.
  const progress = openProgress({ json: options.json ?? false });
  try {
    return await stages(services, options, progress, signal);
  } finally {
    progress.close();
  }
}

/**
 * Restarts embedded services that have died since the last pass; they may be on another port then.
 * @returns Meilisearch, if there is one @throws Error if an operator stopped them
 */
async function revive({ database, meili }: Services): Promise<MeilisearchServer | undefined> {
  const moved = await database.revive();
  if (moved) moveTo(database.sql, moved);
  return meili ? { key: meili.key, url: (await meili.revive()) ?? meili.url } : undefined;
}

async function stages(services: Services, options: Options, progress: Progress, signal: AbortSignal): Promise<number> {
  const { settings } = services;
  const { sql } = services.database;
  const meili = await revive(services);
  let isComplete = true;
  if (settings.DATABASE_URL) await refuseTransactionPooler(settings.DATABASE_URL);
  let crawlError: Error | null = null;
  try {
    const crawled = await crawl({
      sql,
      forumUrl: settings.FORUM_URL,
      profilesUrl: profilesOf(settings.FORUM_URL, settings.PROFILES_URL),
      boards: options.board ?? "all",
      profiles: options.profiles ?? false,
      rescan_days: options.rescan ?? null,
      patrol: options.patrol ?? defaultPatrol,
      delay_ms: settings.REQUEST_DELAY * 1000,
      keepBroken: keepBrokenIn(join(settings.DATA_DIR, "broken"), progress.note),
      trouble: services.database.trouble,
      progress,
      signal,
    });
    signal.throwIfAborted();
    isComplete = crawled.failures.length === 0;
    progress.note(
      `crawled: ${crawled.posts_added} posts added, ${crawled.posts_changed} changed, ${crawled.num_api_requests} requests`,
    );
    for (const { what, reason } of crawled.failures) progress.note(`could not be read: ${what}: ${reason}`);
  } catch (error) {
    if (error instanceof AlreadyRunning)
      progress.note("another crawl is running; this pass analyzes the existing data");
    else if (error instanceof ForumRefusesError || error instanceof ForumUnreachableError) {
      crawlError = error;
      progress.note(`${error.message}; this pass analyzes the existing data`);
    } else throw error;
  }
  await analyze({
    sql,
    timezone: settings.STATS_TIMEZONE,
    forumUrl: settings.FORUM_URL,
    full: false,
    progress,
    signal,
  });
  signal.throwIfAborted();
  await fillIndex({ sql, meili, full: false, progress, signal });
  signal.throwIfAborted();
  if (crawlError) throw crawlError;
  return isComplete ? exitCodes.done : exitCodes.incomplete;
}

/** Repeats passes until interrupted; failures are reported and retried later. @returns exit code 0 */
async function repeat(
  every: Schedule,
  runPass: () => Promise<number>,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  let failures = 0;
  while (!signal.aborted) {
    const started = new Date();
    try {
      await runPass();
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      failures++;
      progress.note(`pass failed (${failures} in a row): ${messageOf(error)}`);
    }
    const now = new Date();
    const wait_ms = Math.max(every.next(started, now).getTime() - now.getTime(), backOff_ms(failures));
    progress.note(`next pass in ${duration(wait_ms / 1000)}`);
    await pause(wait_ms, signal);
  }
  return exitCodes.done;
}

/** Sleeps for any duration: a single timer is limited to 24 days. */
async function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + wait_ms;
  while (!signal.aborted && Date.now() < until) {
    await sleep(Math.min(until - Date.now(), 86_400_000), undefined, { signal }).catch(() => {});
  }
}

await run(program);
