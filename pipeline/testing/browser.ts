/** A real browser, for tests and benches. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium as browserType, type LaunchOptions } from "playwright-core";

const chromium = "/usr/bin/chromium";

/** Without windows and a user's interface it needs a third less processor time. */
const headlessShell = "/usr/bin/chromium-headless-shell";

/** Where the tests expect Chromium. */
export const executablePath = existsSync(headlessShell) ? headlessShell : chromium;

/** Whether Chromium is installed. */
export const hasBrowser = existsSync(executablePath);

export const openBrowser = (options: LaunchOptions = {}): Promise<Browser> =>
  browserType.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    ...options,
  });

/** A first-time visitor. */
export const visitor: BrowserContextOptions = {
  locale: "de-DE",
  timezoneId: "Europe/Berlin",
  viewport: { width: 1280, height: 900 },
};
