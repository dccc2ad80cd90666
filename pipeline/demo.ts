/**
 * `bun run demo`: all stages on an empty machine. A simulated forum is crawled over HTTP, analyzed, indexed and served. The
 * data of an earlier demo is reused.
 *
 * Its data is in `<DATA_DIR>/demo`, even if DATABASE_URL is set, so that invented posts never mix with real ones.
 */
import { interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { createForum } from "@potstats/simulator/forum";
import { Command } from "@commander-js/extra-typings";
import { serveDemo } from "./demo/serve-demo.ts";

const program = new Command("bun run demo")
  .description("Crawls a simulated forum, analyzes and indexes it, and serves the dashboard. Needs only Bun.")
  .addHelpText(
    "after",
    `
The first start takes about half a minute, later ones a few seconds. Ctrl-C stops it at any time; the next start
continues there. PORT and DATA_DIR are used if set. The demo's data is in DATA_DIR/demo and can be deleted at any time;
DATA_DIR/demo-times.json remembers how long it takes on this machine.

Examples:
  bun run demo
  PORT=8080 bun run demo`,
  )
  .action(async () => {
    const settings = readSettings(process.env, ["PORT", "DATA_DIR", "STATS_TIMEZONE"]);
    const { signal, release } = interruptible();
    try {
      await serveDemo({
        ...settings,
        forum: createForum(),
        signal,
        stream: process.stderr,
        tell: (instructions) => console.log(instructions),
      });
    } finally {
      release();
    }
  });

await run(program);
