/** `bun run index`: updates the search index. */
import { interruptible, run } from "@potstats/cli/command";
import { openProgress } from "@potstats/cli/progress";
import { readSettings } from "@potstats/cli/settings";
import { openDatabase } from "@potstats/db/open";
import { Command } from "@commander-js/extra-typings";
import { openMeilisearch, stopMeilisearch } from "./embedded.ts";
import { fillIndex } from "./fill.ts";

const program = new Command("bun run index")
  .description("Updates the search index to the last analysis, in PostgreSQL and, if available, in Meilisearch.")
  .option("--full", "rebuild the indexes from scratch and swap them in when complete")
  .option("--json", "print progress and summary as JSON, one object per line")
  .option(
    "--stop",
    "do not index; only stop the embedded Meilisearch, even if it is in use (`bun run db stop` also stops PostgreSQL)",
  )
  .addHelpText(
    "after",
    `
Examples:
  bun run index
  MEILI_URL=http://search:7700 MEILI_MASTER_KEY=… bun run index --full

Exit codes: 0 done, 1 failed, 2 usage, 3 another index run is active, 130 interrupted`,
  )
  .action(async ({ full = false, json = false, stop = false }) => {
    const settings = readSettings(process.env, ["DATABASE_URL", "DATA_DIR", "MEILI_URL", "MEILI_MASTER_KEY"]);
    if (stop) {
      const users = await stopMeilisearch(settings);
      console.log(users === undefined ? "Meilisearch was not running" : "Meilisearch stopped");
      return;
    }
    const { signal, release } = interruptible();
    const progress = openProgress({ json });
    const database = await openDatabase(settings, { max: 4, name: "potstats index", say: progress.note });
    const meili = await openMeilisearch({ ...settings, say: progress.note });
    try {
      const summary = await fillIndex({ sql: database.sql, meili: meili ?? undefined, full, progress, signal });
      progress.close();
      if (json) console.log(JSON.stringify(summary));
      else {
        for (const { engine, changed, posts, threads, seconds } of summary.engines) {
          const outcome = changed ? `filled in ${seconds.toFixed(1)} s` : "nothing changed";
          console.log(`${engine}: ${posts} posts, ${threads} threads, ${outcome}`);
        }
      }
    } finally {
      progress.close();
      await meili?.close();
      await database.close();
      release();
    }
  });

await run(program);
