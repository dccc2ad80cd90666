/** `bun run start`: serves the API and the web application. */
import { interruptible, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "@commander-js/extra-typings";
import { serveApp, settingNames } from "./serve.ts";
import { openLog } from "./monitoring/log.ts";

/** Milliseconds from the signal to a forced exit. Docker kills containers after ten seconds. */
const stopTimeout_ms = 9000;
/** Milliseconds before a forced exit once everything is closed, for connections that keep the process alive. */
const exitTimeout_ms = 500;

const program = new Command("bun run start")
  .description("Serves the API and the web application; settings are environment variables, listed in README.md.")
  .addHelpText(
    "after",
    "\nListens on http://localhost:3000 unless PORT or HOST is set.\n\nExamples:\n  bun run start\n  PORT=8080 HOST=0.0.0.0 bun run start\n\nExit codes: 0 stopped by a signal, 1 failed, 2 usage or invalid settings",
  )
  .action(async () => {
    const settings = readSettings(process.env, [...settingNames, "LOG_LEVEL"]);
    const starting = interruptible();
    const log = openLog(settings.LOG_LEVEL, (lines) => process.stdout.write(lines));
    const served = await serveApp(settings, { say: (message) => console.error(message), log: log.line });
    console.error(`serving at ${served.url}`);
    starting.release();
    const { signal } = interruptible(undefined, stopTimeout_ms);
    if (!starting.signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await served.stop();
    log.flush();
    // Clients that never sent anything, or a store that does not close, would keep the process alive.
    setTimeout(() => process.exit(), exitTimeout_ms).unref();
  });

await run(program);
