/** Takes screenshots that depend on the code only: of a simulated forum, at a fixed moment, without motion. */
import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import { openBrowser, visitor } from "@potstats/pipeline/testing/browser";
import { buildWeb } from "@potstats/pipeline/build-web";
import { serveForum } from "@potstats/pipeline/testing/stages";
import { findSamples, type Samples } from "./addresses.ts";

export type Language = "de" | "en";
export type Theme = "light" | "dark";

/** After the end of the simulated forum's history. */
const now = new Date("2018-07-01T04:00:00Z");
const minutes_ms = 60_000;

export interface Photographer {
  samples: Samples;
  /** Opens an address in a new tab, and waits until the page is complete. */
  open(address: string, look: { language: Language; width: number; height: number; scale?: number }): Promise<Page>;
  close(): Promise<void>;
}

/** @throws AbortError when aborted meanwhile; everything is closed then */
export async function openPhotographer(
  posts: number,
  executablePath: string,
  signal: AbortSignal,
): Promise<Photographer> {
  await using cleanup = new AsyncDisposableStack();
  // The server reads the application's files when it starts.
  await buildWeb(signal);
  // We close it: Playwright would end the process before the server has stopped.
  const browser = await openBrowser({ executablePath, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false });
  cleanup.defer(() => browser.close());
  // So that no tab keeps an interrupt waiting.
  signal.addEventListener("abort", () => void browser.close(), { once: true });
  const served = await serveForum({ posts }, signal);
  cleanup.defer(() => served.stop());
  signal.throwIfAborted();
  // The age of the data is on every page.
  const crawled = new Date(now.getTime() - 5 * minutes_ms);
  await served.sql`update worldeater_state set last_crawl_finished_at = ${crawled}`;
  await served.sql`update baked.analysis set finished_at = ${now}`;
  const samples = await findSamples(served.url);
  const everything = cleanup.move();
  return {
    samples,
    open: async (address, look) => {
      const context = await openContext(browser, look);
      const page = await context.newPage();
      await page.clock.setFixedTime(now);
      await page.goto(served.url + address, { waitUntil: "networkidle" });
      await complete(page);
      return page;
    },
    close: () => everything.disposeAsync(),
  };
}

/** A new visitor, so that no page depends on those visited before. */
async function openContext(
  browser: Browser,
  { language, width, height, scale = 1 }: { language: Language; width: number; height: number; scale?: number },
): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...visitor,
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: "reduce",
    ...(width < 600 ? { isMobile: true, hasTouch: true } : {}),
  });
  await context.addInitScript((lang) => localStorage.setItem("lang", lang), language);
  await context.route("**/api/search?*", searchAlike);
  return context;
}

/** Lets a search look the same each time: its page shows how long it took, and whether Meilisearch was too slow. */
async function searchAlike(route: Route): Promise<void> {
  const until_ms = performance.now() + patience_ms;
  for (;;) {
    const response = await route.fetch();
    if (!response.ok()) return route.fulfill({ response });
    const answer = (await response.json()) as { fallback?: boolean };
    if (!answer.fallback || performance.now() > until_ms)
      return route.fulfill({ response, json: { ...answer, elapsed: 0.012 } });
    await Bun.sleep(250);
  }
}

/** Milliseconds to wait for a page that is still drawing. */
const patience_ms = 15_000;

/** Waits until nothing is loading and drawings stand still. */
async function complete(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page
    .waitForFunction(() => document.querySelector(".skeleton, [aria-busy=true]") === null, undefined, {
      timeout: patience_ms,
    })
    .catch(() => {});
  if ((await page.locator("canvas").count()) === 0) return;
  const until_ms = performance.now() + patience_ms;
  let before = await page.screenshot();
  while (performance.now() < until_ms) {
    await page.waitForTimeout(400);
    const after = await page.screenshot();
    if (after.equals(before)) return;
    before = after;
  }
}

/** Shows the page in a color scheme, once it has been painted. */
export async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
