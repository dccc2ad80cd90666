/** `bun run db`: the database, by hand. */
import { interruptible, run } from "@potstats/cli/command";
import { AddressError, parsePostgresAddress, withoutPassword } from "@potstats/cli/postgres-address";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { Command, InvalidArgumentError } from "commander";
import { adoptFrom } from "./adopt-from.ts";
import { another } from "./another.ts";
import { connect } from "./connect.ts";
import { addForget } from "./forget-command.ts";
import { stopEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open.ts";

const say = (message: string) => console.error(message);
const address = (text: string): string => {
  try {
    parsePostgresAddress(text);
  } catch (error) {
    if (error instanceof AddressError) throw new InvalidArgumentError(error.message);
    throw error;
  }
  return text;
};
/** "3 days", "5 hours". */
function age(since: Date): string {
  const hours = (Date.now() - since.getTime()) / 3_600_000;
  return hours < 48 ? `${Math.max(0, Math.floor(hours))} hours` : `${Math.floor(hours / 24)} days`;
}
const settings = () => readSettings(process.env, ["DATABASE_URL", "DATA_DIR"]);

const program = new Command("bun run db")
  .description("The database: the one DATABASE_URL names, else the embedded PostgreSQL in the data folder.")
  .addHelpText(
    "after",
    `
Examples:
  bun run db migrate          make or update the tables
  bun run db status           what is in it
  bun run db adopt --from postgres://potstats2@localhost/potstats2
  bun run db forget 4711      show who that is; with --yes, forget them everywhere
  bun run db stop             stop the embedded PostgreSQL and Meilisearch`,
  );

program
  .command("migrate")
  .description("make or update the tables; doing it twice changes nothing")
  .action(async () => {
    const { DATABASE_URL, DATA_DIR } = settings();
    // The embedded database is migrated by opening it.
    const database = await openDatabase({ DATABASE_URL, DATA_DIR }, { say });
    await database.close();
    if (DATABASE_URL && (await migrate(DATABASE_URL)).adopted)
      console.log("potstats2's database is adopted: its derived tables are gone, `bun run analyze` makes ours");
    console.log("the tables are up to date");
  });

program
  .command("status")
  .description("where the database is and how much it holds")
  .action(async () => {
    const database = await openDatabase(settings(), { say });
    try {
      const { sql } = database;
      const [size] = await sql<{ size: string }[]>`select pg_size_pretty(pg_database_size(current_database())) as size`;
      const [counts] = await sql<{ boards: number; threads: number; posts: number; users: number; pending: number }[]>`
        select (select count(*) from boards) as boards, (select count(*) from threads) as threads,
               (select count(*) from posts) as posts, (select count(*) from users) as users,
               (select count(*) from worldeater_tnu) as pending`;
      const [checks] = await sql<{ oldest: Date | null; never: number }[]>`
        select (select min(checked_at) from threads) as oldest, (select count(*) from threads where checked_at is null) as never`;
      const [analysis] = await sql<{ finished_at: Date }[]>`select finished_at from baked.analysis`;
      console.log(`${withoutPassword(database.url)}, ${size?.size}`);
      console.log(
        `${counts?.boards} boards, ${counts?.threads} threads, ${counts?.posts} posts, ${counts?.users} users`,
      );
      console.log(`${counts?.pending} threads wait to be read`);
      if (checks?.oldest) console.log(`the oldest look at a thread was ${age(checks.oldest)} ago`);
      if (checks?.never) console.log(`${checks.never} threads were not looked at yet by the patrol`);
      console.log(analysis ? `analysed ${analysis.finished_at.toISOString()}` : "not analysed yet: bun run analyze");
    } finally {
      await database.close();
    }
  });

program
  .command("stop")
  .description("stop the embedded PostgreSQL and Meilisearch, also while others use them")
  .action(async () => {
    const using = await stopEmbedded({ dataDir: settings().DATA_DIR });
    if (using === undefined) console.log("PostgreSQL was not running");
    else console.log(using === 0 ? "PostgreSQL stopped" : `PostgreSQL stopped; ${using} commands were using it`);
    await another("index", "--stop");
  });

program
  .command("adopt")
  .description("copy a database of potstats2's into this one; `migrate` takes one over in place instead")
  .requiredOption("--from <url>", "the database to copy: postgres://user:password@host/name", address)
  .action(async ({ from }: { from: string }) => {
    const progress = openProgress({ json: false });
    const interrupt = interruptible(() => progress.note("stopping; run it again to go on"));
    const database = await openDatabase(settings(), { say: (message) => progress.note(message) });
    const source = connect(from, { max: 1, name: "potstats adopt" });
    try {
      const rows = await adoptFrom({ sql: database.sql, source, progress, signal: interrupt.signal });
      progress.close();
      for (const [table, count] of Object.entries(rows))
        console.log(`${table.padEnd(20)}${count.toLocaleString("en-GB").padStart(14)}`);
      console.log("adopted; now `bun run analyze` and `bun run index`, then go on with `bun run update`");
    } finally {
      progress.close();
      interrupt.release();
      await source.end({ timeout: 5 });
      await database.close();
    }
  });

addForget(program, () =>
  // All that the commands need which it starts: what they would refuse is refused before anything is gone.
  readSettings(process.env, [
    "DATABASE_URL",
    "DATA_DIR",
    "MEILI_URL",
    "MEILI_MASTER_KEY",
    "REDIS_URL",
    "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN",
    "STATS_TIMEZONE",
    "FORUM_URL",
  ]),
);

await run(program);
