/** `bun run db`: the database, by hand. */
import { run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "commander";
import { withoutPassword } from "./connect.ts";
import { stopEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open.ts";

const say = (message: string) => console.error(message);
const settings = () => readSettings(process.env, ["DATABASE_URL", "DATA_DIR"]);

const program = new Command("bun run db")
  .description("The database: the one DATABASE_URL names, else the embedded PostgreSQL in the data folder.")
  .addHelpText(
    "after",
    `
Examples:
  bun run db migrate          make or update the tables
  bun run db status           what is in it
  bun run db stop             stop the embedded PostgreSQL, whoever uses it`,
  );

program
  .command("migrate")
  .description("make or update the tables; doing it twice changes nothing")
  .action(async () => {
    const { DATABASE_URL, DATA_DIR } = settings();
    // The embedded database is migrated by opening it.
    if (!DATABASE_URL) await (await openDatabase({ DATABASE_URL, DATA_DIR }, { say })).close();
    else if ((await migrate(DATABASE_URL)).adopted)
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
      const [analysis] = await sql<{ finished_at: Date }[]>`select finished_at from baked.analysis`;
      console.log(`${withoutPassword(database.url)}, ${size?.size}`);
      console.log(
        `${counts?.boards} boards, ${counts?.threads} threads, ${counts?.posts} posts, ${counts?.users} users`,
      );
      console.log(`${counts?.pending} threads wait to be read`);
      console.log(analysis ? `analysed ${analysis.finished_at.toISOString()}` : "not analysed yet: bun run analyze");
    } finally {
      await database.close();
    }
  });

program
  .command("stop")
  .description("stop the embedded PostgreSQL, also while others use it")
  .action(async () => {
    const using = await stopEmbedded({ dataDir: settings().DATA_DIR });
    if (using === undefined) console.log("it was not running");
    else console.log(using === 0 ? "stopped" : `stopped; ${using} commands were using it`);
  });

await run(program);
