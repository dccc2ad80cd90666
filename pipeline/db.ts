/** `bun run db`: the commands of db/commands.ts, and those that need other stages: forget and stop. */
import type { CommandUnknownOpts as Command } from "@commander-js/extra-typings";
import { uid } from "@potstats/cli/arguments";
import { run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { databaseCommands } from "@potstats/db/commands";
import { stopEmbedded } from "@potstats/db/embedded/postgres";
import { stopMeilisearch } from "@potstats/search/embedded";
import { forgetSettings, forgetUser } from "./forget.ts";

function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the embedded PostgreSQL and Meilisearch, even while other commands use them")
    .action(async () => {
      const { DATA_DIR } = readSettings(process.env, ["DATA_DIR"]);
      const userCount = await stopEmbedded({ dataDir: DATA_DIR });
      if (userCount === undefined) console.log("PostgreSQL was not running");
      else
        console.log(userCount === 0 ? "PostgreSQL stopped" : `PostgreSQL stopped; ${userCount} commands were using it`);
      const wasRunning = (await stopMeilisearch({ DATA_DIR })) !== undefined;
      console.log(wasRunning ? "Meilisearch stopped" : "Meilisearch was not running");
    });
}

function addForget(program: Command): void {
  program
    .command("forget")
    .description("delete a user's name, profile, avatar and texts for good; their posts remain as anonymous counts")
    .argument("<uid>", "the user's id", uid)
    .option("--yes", "forget the user; without it, only show who the user is and what it takes")
    .addHelpText(
      "after",
      `
Statistics and search are rebuilt, and the tables that held the user's data are rewritten, so that no byte of it is left
in any live table, index or cache. Thread titles and what others wrote in their own words remain. At the end, the
command lists everything that remains, such as backups. If interrupted, run it again.

Examples:
  bun run db forget 4711          show who the user is, and what it takes
  bun run db forget 4711 --yes    forget the user`,
    )
    .action((user, { yes = false }) =>
      forgetUser(
        user,
        yes,
        // Validated before anything is deleted, although only later steps need them.
        readSettings(process.env, forgetSettings),
      ),
    );
}

const program = databaseCommands();
addForget(program);
addStop(program);
program.addHelpText(
  "after",
  `
Examples:
  bun run db migrate          create or update the tables
  bun run db status           show where the database is and how much it holds
  bun run db adopt --from postgres://potstats2@localhost/potstats2
  bun run db forget 4711      show who the user is; with --yes, forget them everywhere
  bun run db stop             stop the embedded PostgreSQL and Meilisearch`,
);
await run(program);
