/** `bun run crawl`: opens the forum and the database, crawls, and prints a summary. */
import { Command } from "@commander-js/extra-typings";
import { join } from "node:path";
import { boards, days, httpAddress, number, share, whole } from "@potstats/cli/arguments";
import { exitCodes, interruptible, run } from "@potstats/cli/command";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { openDatabase } from "@potstats/db/open";
import { keepBrokenIn } from "./forum/broken-documents.ts";
import { crawl, defaultPatrol } from "./crawl.ts";
import { profilesOf } from "./forum/profiles-url.ts";
import { report } from "./report.ts";

const program = new Command("bun run crawl")
  .description(
    "Reads the forum into the database: the list of boards, the pending work list, and the boards given with --board.",
  )
  .option("--board <bid>", "a board to read, or all; can be repeated (default: none)", boards)
  .option("--only-pending", "read only the pending work list")
  .option("--only-tnu", "alias of --only-pending, for potstats2 scripts")
  .option("--force-initial-pass", "read every listed thread of the boards again")
  .option("--profiles", "also fetch the user profiles")
  .option("--profiles-older-than <days>", "refresh profiles fetched more than this many days ago", days)
  .option("--reparse-profiles", "parse the stored profile pages again, without fetching them")
  .option("--rescan <days>", "re-read threads with posts in the last days, to find edited and hidden posts", days)
  .option(
    "--patrol <share>",
    "share of an update pass's requests spent on threads that show no changes (default: 5%; 0: off)",
    share,
  )
  .option("--concurrency <n>", "number of threads read at a time", whole(1, 128), 2)
  .option(
    "--delay <seconds>",
    "minimum time between the starts of two requests to a host (default: REQUEST_DELAY, or 0.1)",
    number(0, 3600),
  )
  .option("--forum <url>", "address of the forum, without /bb/… (default: FORUM_URL)", httpAddress)
  .option("--profiles-url <url>", "address of the profiles, without /<uid> (default: PROFILES_URL)", httpAddress)
  .option("--json", "print progress and summary as JSON, one object per line")
  .addHelpText(
    "after",
    `
Examples:
  bun run crawl                             the list of boards and the pending work list
  bun run crawl --board all --profiles      all boards and the profiles
  bun run crawl --board 14 --rescan 7       new posts of board 14, and last week's edits

Exit codes: 0 done, 1 failed, 2 usage, 3 another crawl is running, 4 done, but some threads could not be read,
130 or 143 interrupted by Ctrl-C or SIGTERM`,
  )
  .action(async (options) => {
    const settings = readSettings(process.env, [
      "DATABASE_URL",
      "DATA_DIR",
      "FORUM_URL",
      "PROFILES_URL",
      "REQUEST_DELAY",
    ]);
    const forumUrl = options.forum ?? settings.FORUM_URL;
    const profilesUrl = options.profilesUrl ?? profilesOf(forumUrl, settings.PROFILES_URL);
    const progress = openProgress({ json: options.json ?? false });
    const interrupt = interruptible(() => progress.note("finishing the current pages; Ctrl-C again stops at once"));
    const database = await openDatabase(settings, { name: "potstats crawl", say: (message) => progress.note(message) });
    try {
      const summary = await crawl({
        sql: database.sql,
        forumUrl,
        profilesUrl,
        boards: options.board,
        onlyPending: Boolean(options.onlyPending ?? options.onlyTnu),
        forceInitialPass: Boolean(options.forceInitialPass),
        profiles: Boolean(options.profiles ?? options.profilesOlderThan !== undefined),
        profilesOlderThan_days: options.profilesOlderThan ?? null,
        reparseProfiles: Boolean(options.reparseProfiles),
        rescan_days: options.rescan ?? null,
        patrol: options.patrol ?? defaultPatrol,
        concurrency: options.concurrency,
        delay_ms: (options.delay ?? settings.REQUEST_DELAY) * 1000,
        keepBroken: keepBrokenIn(join(settings.DATA_DIR, "broken"), (message) => progress.note(message)),
        trouble: database.trouble,
        progress,
        signal: interrupt.signal,
      });
      progress.close();
      await report(database.sql, summary, { json: options.json ?? false });
      process.exitCode = summary.interrupted
        ? 130
        : summary.failures.length > 0
          ? exitCodes.incomplete
          : exitCodes.done;
    } finally {
      progress.close();
      interrupt.release();
      await database.close();
    }
  });

await run(program);
