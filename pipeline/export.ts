/** `bun run export`: the dashboard with its numbers, and the tables, as files. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { CommandError, interruptible, run } from "@potstats/cli/command";
import { openProgress, size } from "@potstats/cli/progress";
import { readSettings, requirePrimary } from "@potstats/cli/settings";
import { openDatabase } from "@potstats/db/open";
import { appSettingNames } from "@potstats/server/app-options";
import { writeExport } from "./export/export.ts";
import { type Format, formats } from "./export/tables.ts";

/** "csv,parquet"; "none" for no tables. */
function formatsOf(text: string): readonly Format[] {
  if (text === "none") return [];
  const names = text.split(",").map((name) => name.trim());
  const known = formats.filter((format) => names.includes(format));
  if (names.length !== new Set(names).size || known.length !== names.length)
    throw new InvalidArgumentError(`must be some of ${formats.join(", ")}, with commas between them, or none`);
  return known;
}

const program = new Command("bun run export")
  .description("Writes the dashboard with its numbers into a folder, which opens from disk without a server.")
  .requiredOption("--to <folder>", "a new or empty folder, or an earlier export, which is replaced")
  .option("--tables <formats>", "formats of the tables: csv, ndjson, parquet, or none", formatsOf, ["parquet"] as const)
  .addHelpText(
    "after",
    `
Open index.html in the folder. Every year, every board and every user is there; search and trends are not, and other
combinations of filters say so. The statistics, and the crawled tables without texts, are in the folder's tables/. Who
was forgotten stays so. The folder appears when it is complete; if the command is interrupted, nothing is left.

Examples:
  bun run export --to ~/potstats
  bun run export --to ~/potstats --tables csv,ndjson,parquet
  bun run export --to ~/potstats --tables none

Exit codes: 0 done, 1 failed, 2 usage or invalid settings, 130 interrupted`,
  )
  .action(async ({ to, tables }) => {
    if (to.trim() === "") throw new CommandError("--to needs the name of a folder", 2);
    const settings = readSettings(process.env, ["DATABASE_URL", "DATA_DIR", ...appSettingNames]);
    requirePrimary(settings.DATABASE_URL, process.env);
    const { signal, release } = interruptible();
    const progress = openProgress();
    const database = await openDatabase(settings, { max: 4, name: "potstats export", say: progress.note });
    try {
      const path = resolve(to);
      const { sql, url } = database;
      const summary = await writeExport({ sql, databaseUrl: url, settings, path, formats: tables, progress, signal });
      progress.close();
      const count = summary.responses.toLocaleString("en");
      console.log(`${path}/index.html: ${size(summary.dashboard_bytes)}, ${count} responses`);
      if (summary.tables > 0)
        console.log(`${path}/tables: ${size(summary.tables_bytes)}, ${summary.tables} tables as ${tables.join(", ")}`);
    } finally {
      progress.close();
      await database.close();
      release();
    }
  });

await run(program);
