/** A real browser, for tests and benches. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Whether this machine has one. */
export const hasBrowser = existsSync(executablePath);

export const openBrowser = (): Promise<Browser> =>
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
  });

/** A visitor whom no page knows yet. */
export const visitor: BrowserContextOptions = {
  locale: "de-DE",
  timezoneId: "Europe/Berlin",
  viewport: { width: 1280, height: 900 },
};

/** A new visitor's page; what goes wrong in it, or leaves for another host than the address, is collected. */
export async function visit(
  browser: Browser,
  address: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ ...visitor, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    // Software that stands in for a graphics card complains of its own slowness.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("GL Driver Message"))
      problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== address) problems.push(`a request to ${request.url()}`);
  });
  await page.goto(address + path, { waitUntil: "networkidle" });
  return { page, problems };
}

/** Does something with a new visitor's page. @throws Error when something went wrong in it */
export async function usePage(
  browser: Browser,
  address: string,
  path: string,
  use: (page: Page) => Promise<void>,
  options?: BrowserContextOptions,
): Promise<void> {
  const { page, problems } = await visit(browser, address, path, options);
  try {
    await use(page);
    if (problems.length > 0) throw new Error(`${path}: ${problems.join("; ")}`);
  } finally {
    await page.context().close();
  }
}
