/** `bun run crawl`: open forum, open database, crawl, report. */
import { Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import { exitCodes, interruptible, messageOf, run } from "@potstats/cli/command";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { openDatabase } from "@potstats/db/open";
import { keepBrokenIn } from "./forum/broken-documents.ts";
import { crawl } from "./crawl.ts";
import { profilesOf } from "./forum/profiles-url.ts";
import { report } from "./report.ts";
import { defaultPatrol, parseShare } from "./patrol-share.ts";
import { maxId } from "./read/xml.ts";

const number = (high: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= high))
    throw new InvalidArgumentError(`must be a number from 0 to ${high}`);
  return value;
};

const whole = (text: string, high: number, or = "") => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > high)
    throw new InvalidArgumentError(`must be a whole number from 1 to ${high}${or}`);
  return value;
};

const board = (text: string, before: (number | "all")[] = []): (number | "all")[] => [
  ...before,
  text === "all" ? "all" : whole(text, maxId, ", or all"),
];

/** Longer than any forum has existed. */
const maxDays = 36_500;

const address = (text: string): string => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError("must be an address that starts with http:// or https://");
  return text.replace(/\/+$/, "");
};

const patrol = (text: string): number => {
  try {
    return parseShare(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
};

const program = new Command("crawl")
  .description("Reads the forum into the database: categories and boards, the pending work list, and the given boards.")
  .option("--board <bid>", "a board to read, or all; can be repeated", board)
  .option("--only-pending", "read only the work list")
  .option("--only-tnu", "the same; its name in potstats2")
  .option("--force-initial-pass", "walk every listed thread of the boards again")
  .option("--profiles", "also fetch the user profiles")
  .option("--profiles-older-than <days>", "refresh profiles fetched longer ago than this", number(maxDays))
  .option("--reparse-profiles", "parse the stored profile pages again, without a request")
  .option(
    "--rescan <days>",
    "read threads with posts in the last days again, to see edits and hidden posts",
    number(maxDays),
  )
  .option("--patrol <share>", "share of an update pass's requests for threads without news (5%; 0: off)", patrol)
  .option("--concurrency <n>", "requests in flight, at most", (text) => whole(text, 128), 2)
  .option("--delay <seconds>", "time between the starts of two requests to a host (REQUEST_DELAY, 0.1)", number(3600))
  .option("--forum <url>", "address of the forum, without /bb/… (FORUM_URL)", address)
  .option("--profiles-url <url>", "address of the profiles, without /<uid> (PROFILES_URL)", address)
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
    const forumUrl: string = options.forum ?? settings.FORUM_URL;
    const profilesUrl: string = options.profilesUrl ?? profilesOf(forumUrl, settings.PROFILES_URL);
    const progress = openProgress({ json: options.json ?? false });
    const interrupt = interruptible(() => progress.note("finishing the current pages; Ctrl-C again stops at once"));
    const database = await openDatabase(settings, { name: "potstats crawl", say: (message) => progress.note(message) });
    try {
      const summary = await crawl({
        sql: database.sql,
        forumUrl,
        profilesUrl,
        boards: options.board?.includes("all") ? "all" : options.board,
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
