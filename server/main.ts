/** `bun run start`: serves the API and the web application. */
import { interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "commander";
import { openLog } from "./log.ts";
import { serveApp } from "./serve.ts";

/** Milliseconds that a start which is told to end may still take, and an end when everything is closed. */
const patience_ms = { start: 4000, end: 500 };

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
    let isServing = false;
    const { signal } = interruptible(() => {
      // Whatever the start waits for, such as a database that does not answer, the end does not.
      setTimeout(() => {
        if (!isServing) process.exit(130);
      }, patience_ms.start).unref();
    });
    const log = openLog(settings.LOG_LEVEL, (lines) => process.stdout.write(lines));
    const served = await serveApp(settings, { say: (message) => console.error(message), log: log.line });
    isServing = true;
    if (!signal.aborted) {
      console.error(`serving at ${served.url}`);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    }
    await served.stop();
    log.flush();
    // Connections that never sent anything, or a store that does not close, would keep the process.
    setTimeout(() => process.exit(), patience_ms.end).unref();
  });

await run(program);
