/** A real browser, for tests and benches. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions } from "playwright-core";

/** Where the tests expect Chromium. */
export const executablePath = "/usr/bin/chromium";

/** Whether Chromium is installed. */
export const hasBrowser = existsSync(executablePath);

export const openBrowser = (options: LaunchOptions = {}): Promise<Browser> =>
  chromium.launch({
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
