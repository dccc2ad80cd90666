/** `bun run analyze`: crawled posts → statistics. */
import { Command } from "@commander-js/extra-typings";
import { whole } from "@potstats/cli/arguments";
import { interruptible, run } from "@potstats/cli/command";
import { duration, openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { openDatabase } from "@potstats/db/open";
import { analyze, defaultWorkers, type AnalyzeSummary } from "./analyze.ts";

const program = new Command("bun run analyze")
  .description("Turns crawled posts into statistics. Readers see the old numbers until the new ones are complete.")
  .option("--full", "recompute everything, even if nothing changed")
  .option(
    "--workers <n>",
    "concurrent tasks in a full run; by default one per core, at most 16",
    whole(1, 64),
    defaultWorkers,
  )
  .option("--json", "print progress and summary as JSON, one object per line")
  .addHelpText(
    "after",
    `
Examples:
  bun run analyze
  STATS_TIMEZONE=UTC bun run analyze --full

Exit codes: 0 done, 1 failed, 2 usage, 3 another analyze is running, 130 or 143 interrupted`,
  )
  .action(async ({ full = false, json = false, workers }) => {
    const settings = readSettings(process.env, ["DATABASE_URL", "DATA_DIR", "STATS_TIMEZONE", "FORUM_URL"]);
    const { signal, release } = interruptible();
    const progress = openProgress({ json });
    const database = await openDatabase(settings, {
      max: Math.max(10, workers),
      name: "potstats analyze",
      say: progress.note,
    });
    try {
      const { STATS_TIMEZONE: timezone, FORUM_URL: forumUrl } = settings;
      const from = performance.now();
      const summary = await analyze({ sql: database.sql, timezone, forumUrl, full, workers, progress, signal });
      progress.close();
      if (json) console.log(JSON.stringify(summary));
      else report(summary, (performance.now() - from) / 1000);
    } finally {
      progress.close();
      await database.close();
      release();
    }
  });

function report({ kind, changed, posts, counts, rows, seconds }: AnalyzeSummary, elapsed_s: number): void {
  if (!changed) {
    console.log("nothing changed since the last run");
    return;
  }
  const number = new Intl.NumberFormat("en");
  const line = (name: string, value: string) => console.log(`  ${name.padEnd(18)} ${value.padStart(12)}`);
  const [read, changes] = kind === "full" ? ["posts", "rows"] : ["new and changed posts", "rows written and deleted"];
  console.log(
    `${number.format(posts)} ${read} in ${duration(elapsed_s)}, ${number.format(Math.round(posts / elapsed_s))} posts/s`,
  );
  console.log("in total");
  for (const [name, count] of Object.entries(counts)) line(name.replaceAll("_", " "), number.format(count));
  console.log(changes);
  for (const [table, count] of Object.entries(rows)) line(table, number.format(count));
  console.log("seconds");
  for (const [phase, spent] of Object.entries(seconds)) line(phase, spent.toFixed(2));
}

await run(program);
