/** `bun run start`: serves the API and the web application. */
import { run } from "@potstats/cli/command";
import { serveUntilSignal } from "@potstats/cli/serving";
import { readSettings, requirePrimary } from "@potstats/cli/settings";
import { Command } from "@commander-js/extra-typings";
import { serveApp, settingNames } from "./serve.ts";
import { openLog } from "./monitoring/log.ts";

const program = new Command("bun run start")
  .description("Serves the API and the web application; settings are environment variables, listed in README.md.")
  .addHelpText(
    "after",
    "\nListens on http://localhost:3000 unless PORT or HOST is set.\n\nExamples:\n  bun run start\n  PORT=8080 HOST=0.0.0.0 bun run start\n\nExit codes: 0 stopped by a signal, 1 failed, 2 usage or invalid settings",
  )
  .action(async () => {
    const settings = readSettings(process.env, [...settingNames, "LOG_LEVEL"]);
    requirePrimary(settings.DATABASE_URL, process.env);
    const log = openLog(settings.LOG_LEVEL, (lines) => process.stdout.write(lines));
    await serveUntilSignal(() => serveApp(settings, { say: (message) => console.error(message), log: log.line }));
    log.flush();
  });

await run(program);
