/** `bun run start`: serves the API and the web application. */
import { interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "commander";
import { serveApp } from "./serve.ts";

const levels = ["debug", "info", "warn", "error"];

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
      "LOG_LEVEL",
    ]);
    const { signal } = interruptible();
    const log = (line: Record<string, unknown>) => {
      if (levels.indexOf(String(line["level"])) >= levels.indexOf(settings.LOG_LEVEL)) {
        console.log(JSON.stringify({ time: new Date().toISOString(), ...line }));
      }
    };
    const served = await serveApp(settings, { say: (message) => console.error(message), log });
    console.error(`serving at ${served.url}`);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await served.stop();
  });

await run(program);
