/** `bun run crawl`: open forum, open database, crawl, report. */
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

const program = new Command("crawl")
  .description("Reads the forum into the database: categories and boards, the pending work list, and the given boards.")
  .option("--board <bid>", "a board to read, or all; can be repeated", boards)
  .option("--only-pending", "read only the work list")
  .option("--only-tnu", "the same; its name in potstats2")
  .option("--force-initial-pass", "walk every listed thread of the boards again")
  .option("--profiles", "also fetch the user profiles")
  .option("--profiles-older-than <days>", "refresh profiles fetched longer ago than this", days)
  .option("--reparse-profiles", "parse the stored profile pages again, without a request")
  .option("--rescan <days>", "read threads with posts in the last days again, to see edits and hidden posts", days)
  .option("--patrol <share>", "share of an update pass's requests for threads without news (5%; 0: off)", share)
  .option("--concurrency <n>", "requests in flight, at most", whole(1, 128), 2)
  .option(
    "--delay <seconds>",
    "time between the starts of two requests to a host (REQUEST_DELAY, 0.1)",
    number(0, 3600),
  )
  .option("--forum <url>", "address of the forum, without /bb/… (FORUM_URL)", httpAddress)
  .option("--profiles-url <url>", "address of the profiles, without /<uid> (PROFILES_URL)", httpAddress)
  .option("--json", "progress and summary as JSON, one object per line")
  .addHelpText(
    "after",
    `
Examples:
  bun run crawl                             the work list and the list of boards
  bun run crawl --board all --profiles      all boards and the profiles
  bun run crawl --board 14 --rescan 7       news of board 14, and last week's edits

Exit codes: 0 done, 1 failed, 2 usage, 3 another crawl is running, 4 done, but some threads could not be read,
130 interrupted`,
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
