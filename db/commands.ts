/** The commands that need only the database: migrate, status, adopt, backup, restore. */
import { Command } from "@commander-js/extra-typings";
import { parsedBy } from "@potstats/cli/arguments";
import { interruptible } from "@potstats/cli/command";
import { parsePostgresAddress, withoutDriver, withoutPassword } from "@potstats/cli/postgres-address";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { copyFromPotstats2 } from "./adopt/copy.ts";
import { addBackupCommands } from "./backup/commands.ts";
import { connect, type Sql } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open.ts";

const say = (message: string) => console.error(message);
const settings = () => readSettings(process.env, ["DATABASE_URL", "DATA_DIR"]);

const postgresAddress = parsedBy((text) => {
  const address = withoutDriver(text);
  parsePostgresAddress(address);
  return address;
});

/** A new program with the commands; the caller may add to it. */
export function databaseCommands(): Command {
  const program = new Command("bun run db").description(
    "Manages the database: the one in DATABASE_URL, or the embedded PostgreSQL in the data folder.",
  );
  program.command("migrate").description("create or update the tables; safe to repeat").action(migrateDatabase);
  program.command("status").description("show where the database is and how much it holds").action(printStatus);
  program
    .command("adopt")
    .description("copy a potstats2 database into this one; `migrate` adopts one in place instead")
    .requiredOption("--from <url>", "the database to copy: postgres://user:password@host/name", postgresAddress)
    .action(({ from }) => adopt(from));
  addBackupCommands(program, settings);
  return program;
}

async function migrateDatabase(): Promise<void> {
  const { DATABASE_URL, DATA_DIR } = settings();
  // Opening the embedded database migrates it.
  const database = await openDatabase({ DATABASE_URL, DATA_DIR }, { say });
  await database.close();
  if (DATABASE_URL && (await migrate(DATABASE_URL)).adopted)
    console.log("the potstats2 database is adopted: its derived tables are gone, `bun run analyze` creates new ones");
  console.log("the tables are up to date");
}

async function printStatus(): Promise<void> {
  const database = await openDatabase(settings(), { say });
  try {
    for (const line of await statusLines(database.sql, database.url)) console.log(line);
  } finally {
    await database.close();
  }
}

async function statusLines(sql: Sql, url: string): Promise<string[]> {
  const [size] = await sql<{ size: string }[]>`select pg_size_pretty(pg_database_size(current_database())) as size`;
  const [counts] = await sql<{ boards: number; threads: number; posts: number; users: number; pending: number }[]>`
    select (select count(*) from boards) as boards, (select count(*) from threads) as threads,
           (select count(*) from posts) as posts, (select count(*) from users) as users,
           (select count(*) from worldeater_tnu) as pending`;
  const [checks] = await sql<{ oldest: Date | null; never: number }[]>`
    select (select min(checked_at) from threads) as oldest, (select count(*) from threads where checked_at is null) as never`;
  const [analysis] = await sql<{ finished_at: Date }[]>`select finished_at from baked.analysis`;
  return [
    `${withoutPassword(url)}, ${size?.size}`,
    `${counts?.boards} boards, ${counts?.threads} threads, ${counts?.posts} posts, ${counts?.users} users`,
    `${counts?.pending} threads are waiting to be read`,
    ...(checks?.oldest ? [`the least recent check of a thread was ${age(checks.oldest)} ago`] : []),
    ...(checks?.never ? [`the patrol has not checked ${checks.never} threads yet`] : []),
    analysis ? `analyzed ${analysis.finished_at.toISOString()}` : "not analyzed yet: run `bun run analyze`",
  ];
}

/** "3 days", "5 hours". */
function age(since: Date): string {
  const hours = (Date.now() - since.getTime()) / 3_600_000;
  return hours < 48 ? `${Math.max(0, Math.floor(hours))} hours` : `${Math.floor(hours / 24)} days`;
}

async function adopt(from: string): Promise<void> {
  const progress = openProgress({ json: false });
  const interrupt = interruptible(() => progress.note("stopping; run it again to continue"));
  const database = await openDatabase(settings(), { say: progress.note });
  const source = connect(from, { max: 1, name: "potstats adopt" });
  try {
    const rows = await copyFromPotstats2({ sql: database.sql, source, progress, signal: interrupt.signal });
    progress.close();
    for (const [table, count] of Object.entries(rows))
      console.log(`${table.padEnd(20)}${count.toLocaleString("en-GB").padStart(14)}`);
    console.log("adopted; now run `bun run analyze` and `bun run index`, then continue with `bun run update`");
  } finally {
    progress.close();
    interrupt.release();
    await source.end({ timeout: 5 });
    await database.close();
  }
}
