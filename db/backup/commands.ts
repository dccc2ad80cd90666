/** `bun run db backup` and `bun run db restore`. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { CommandError, interruptible } from "@potstats/cli/command";
import { openProgress, size } from "@potstats/cli/progress";
import { openDatabase } from "../open.ts";
import { partialOf } from "./archive.ts";
import { backup } from "./backup.ts";
import { checkBackup } from "./check.ts";
import { restore } from "./restore.ts";

type Settings = Parameters<typeof openDatabase>[0];

/** Adds the commands to `bun run db`. @param settings read when a command runs */
export function addBackupCommands(program: Command, settings: () => Settings): void {
  program
    .command("backup")
    .description("write all crawled rows to one file, from a consistent snapshot; a crawl may be running")
    .argument("<file>", "where to write; only the current user can read it")
    .option("--overwrite", "replace an existing file, once the new one is complete")
    .addHelpText(
      "after",
      `
The file has everything that cannot be computed again: crawled tables, forgotten users, and what the crawler still has
to do. It does not have statistics, search index, settings, and the broken documents in data/broken. It is a tar archive
of tables in COPY's text format, compressed with zstd. If the command is killed, <file>.partial may be left.

Examples:
  bun run db backup potstats.tar
  bun run db backup /backups/potstats-$(date +%F).tar`,
    )
    .action((file, { overwrite = false }) => writeBackup(settings(), resolve(file), overwrite));
  program
    .command("restore")
    .description("restore a backup of this or an earlier version into an empty database")
    .argument("<file>", "what `backup` wrote")
    .option("--replace", "delete the rows of a database that has some")
    .option("--check", "only check that the file is complete and undamaged; needs no database")
    .addHelpText(
      "after",
      `
The file is checked completely first. Everything then happens in one transaction: until it ends, servers see the old
state, and an interrupted or killed restore changes nothing. Afterwards, run \`bun run analyze\` and \`bun run index\`.

Examples:
  bun run db restore potstats.tar --check
  bun run db restore potstats.tar
  DATABASE_URL=postgres://potstats@db.example/potstats bun run db restore potstats.tar --replace`,
    )
    .action((file, { replace = false, check = false }) =>
      check ? checkFile(resolve(file)) : restoreBackup(settings(), resolve(file), replace),
    );
}

async function writeBackup(settings: Settings, path: string, overwrite: boolean): Promise<void> {
  const existing = await stat(path).catch(() => null);
  if (existing?.isDirectory()) throw new CommandError(`${path} is a folder: add the file's name`);
  if (existing && !overwrite) throw new CommandError(`${path} already exists: choose another name, or add --overwrite`);
  await withDatabase(settings, `stopping; ${partialOf(path)} is removed`, async ({ sql, progress, signal }) => {
    const summary = await backup({ sql, path, progress, signal });
    progress.close();
    const { posts = 0 } = summary.rows;
    console.log(`${path}: ${size(summary.size)}, ${posts.toLocaleString("en")} posts, made at ${summary.migration}`);
  });
}

async function restoreBackup(settings: Settings, path: string, replace: boolean): Promise<void> {
  await withDatabase(settings, "stopping; the database stays as it was", async ({ sql, progress, signal }) => {
    const { created_at, migration, rows, unforgotten } = await restore({ sql, path, replace, progress, signal });
    progress.close();
    console.log(`restored ${(rows["posts"] ?? 0).toLocaleString("en")} posts of ${created_at}, made at ${migration}`);
    if (unforgotten.length > 0)
      console.log(
        `the backup is older than the wish of these users to be forgotten: run \`bun run db forget <uid> --yes\` for ${unforgotten.join(", ")}`,
      );
    console.log("statistics and search are empty: run `bun run analyze` and `bun run index`");
  });
}

async function checkFile(path: string): Promise<void> {
  const progress = openProgress();
  const { signal, release } = interruptible();
  try {
    const { format, contents } = await checkBackup(path, progress, signal);
    progress.close();
    const posts = (contents.rows["posts"] ?? []).reduce((total, count) => total + count, 0);
    console.log(`${path} is complete: ${posts.toLocaleString("en")} posts of ${format.created_at}`);
  } finally {
    progress.close();
    release();
  }
}

type Work = Pick<Parameters<typeof backup>[0], "sql"> & {
  progress: ReturnType<typeof openProgress>;
  signal: AbortSignal;
};

/** Runs a command's work with a database, progress and an interruptible signal. */
async function withDatabase(settings: Settings, stopping: string, work: (run: Work) => Promise<void>): Promise<void> {
  const progress = openProgress();
  const { signal, release } = interruptible(() => progress.note(stopping));
  const database = await openDatabase(settings, { max: 2, name: "potstats backup", say: progress.note });
  try {
    await work({ sql: database.sql, progress, signal });
  } finally {
    progress.close();
    await database.close();
    release();
  }
}
