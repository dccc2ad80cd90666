/** `bun run start`: serves the API and the web application. */
import { interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "@commander-js/extra-typings";
import { openLog } from "./watch/log.ts";
import { serveApp } from "./serve.ts";

/** Milliseconds that the end may take: requests in flight, within the ten seconds that containers get; and when all is closed. */
const patience_ms = { requests: 9000, closed: 500 };

const program = new Command("bun run start")
  .description("Serves the API and the web application; settings are environment variables (README).")
  .addHelpText("after", "\nExamples:\n  bun run start\n  PORT=8080 HOST=0.0.0.0 bun run start")
  .action(async () => {
    const settings = readSettings(process.env, [
      "PORT",
      "HOST",
      "DATA_DIR",
      "DATABASE_URL",
      "DATABASE_REPLICA_URL",
      "REDIS_URL",
      "UPSTASH_REDIS_REST_URL",
      "UPSTASH_REDIS_REST_TOKEN",
      "MEILI_URL",
      "MEILI_MASTER_KEY",
      "FORUM_URL",
      "PROFILES_URL",
      "STATS_TIMEZONE",
      "IMPRINT_NAME",
      "IMPRINT_CONTACT",
      "SEARCH_RATE",
      "TRUST_PROXY",
      "METRICS_TOKEN",
      "ALLOW_ROBOTS",
      "PUBLIC_URL",
      "BASE_PATH",
      "IDLE_TIMEOUT",
      "LOG_LEVEL",
    ]);
    const starting = interruptible();
    const log = openLog(settings.LOG_LEVEL, (lines) => process.stdout.write(lines));
    const served = await serveApp(settings, { say: (message) => console.error(message), log: log.line });
    console.error(`serving at ${served.url}`);
    starting.release();
    const { signal } = interruptible(undefined, patience_ms.requests);
    if (!starting.signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await served.stop();
    log.flush();
    // Connections that never sent anything, or a store that does not close, would keep the process.
    setTimeout(() => process.exit(), patience_ms.closed).unref();
  });

await run(program);
