/** Measures the web application in a browser, with the database and index of `bench analyze` and `bench search`. */
import { openBrowser, visitor } from "@potstats/pipeline/testing/browser";
import { buildWeb } from "@potstats/pipeline/build-web";
import { pages } from "@potstats/web/pages";
import type { Browser, Page } from "playwright-core";
import { startServer } from "./api.ts";
import { heading, existingSearch, line, median, percentile } from "./measure.ts";
import { type PageMetrics, recordMetrics } from "./page-metrics.ts";

const addresses = [
  ...pages.map(({ path }) => path.replace(":year", "2010").replaceAll(/:\w+/g, "1")),
  "/compare?uid=1&uid=7",
  "/search?q=kuchen",
];
/** How often each page is loaded, each time by a new visitor. */
const loads = 5;
/** The factor by which the processor is slowed down. */
const slowdown = 4;
/** Milliseconds without a change after which a page counts as complete. */
const quiet_ms = 1000;

/** Searches typed letter by letter. No two have the same beginning, so that no response comes from the cache. */
const typed = [
  "grafikkarten wetter",
  '"der tag" kuchen',
  "strassen -fussball beitr",
  "user:karl",
  "was man so schreibt",
  "year:2012 kuchen",
  "+wetter board:brett man",
  "lang ist ein tag",
  "thema 123",
];

export async function benchWeb(): Promise<void> {
  const { environment, close } = await existingSearch();
  await buildWeb();
  const server = await startServer({ ...environment, SEARCH_RATE: "0" });
  const browser = await openBrowser();
  try {
    const status = (await (await fetch(`${server.url}/api/status`)).json()) as {
      search_engine: string;
      counts: { posts: number };
    };
    if (status.search_engine !== "meilisearch") throw new Error("there is no index: run `bun run bench search` first");
    await scripts(browser, server.url);
    await loading(browser, server.url);
    await shifts(browser, server.url);
    await typing(browser, server.url, status.counts.posts);
    await typingTrends(browser, server.url, status.counts.posts);
    await scrolling(browser, server.url);
  } finally {
    await browser.close();
    await server.stop();
    await close();
  }
}

/** Opens a new visitor's page that records its metrics. */
async function newPage(browser: Browser, times_slower: number): Promise<Page> {
  const context = await browser.newContext(visitor);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: times_slower });
  await page.addInitScript(recordMetrics);
  return page;
}

/** Waits until the page is complete. @returns its metrics since it was loaded */
async function settled(page: Page): Promise<PageMetrics> {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction((quiet) => performance.now() - window.metrics.last_ms > quiet, quiet_ms);
  return await page.evaluate(() => window.metrics);
}

async function scripts(browser: Browser, url: string): Promise<void> {
  const page = await newPage(browser, 1);
  await page.goto(`${url}/`, { waitUntil: "networkidle" });
  const scriptUrls = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name }) => name)
      .filter((name) => name.endsWith(".js")),
  );
  await page.context().close();
  let size_bytes = 0;
  for (const address of scriptUrls) {
    const options = { headers: { "accept-encoding": "br" }, decompress: false };
    size_bytes += (await (await fetch(address, options as RequestInit)).arrayBuffer()).byteLength;
  }
  line(`JavaScript of the first page, brotli, ${scriptUrls.length} files`, size_bytes / 1000, "kB", "≤ 45");
}

async function loading(browser: Browser, url: string): Promise<void> {
  heading(`page loads of new visitors, processor ${slowdown} times slower, median of ${loads}`);
  for (const path of addresses) {
    const metrics: PageMetrics[] = [];
    for (let load = 0; load < loads; load++) {
      const page = await newPage(browser, slowdown);
      await page.goto(url + path);
      metrics.push(await settled(page));
      await page.context().close();
    }
    line(`${path}: first contentful paint`, median(metrics.map(({ painted_ms }) => painted_ms)), "ms", "≤ 800");
    line("interactive: complete, and no long task after it", median(metrics.map(interactive)), "ms", "≤ 1200");
  }
}

const interactive = ({ painted_ms, complete_ms, longTasks }: PageMetrics) =>
  Math.max(painted_ms, complete_ms, ...longTasks.map(({ end_ms }) => end_ms));

/** Measures layout shifts when each page is opened, and when a link leads from each page to the next. */
async function shifts(browser: Browser, url: string): Promise<void> {
  heading("cumulative layout shift");
  const opened = { shift: 0, path: "" };
  for (const path of addresses) {
    const page = await newPage(browser, slowdown);
    await page.goto(url + path);
    const { shift } = await settled(page);
    if (shift >= opened.shift) Object.assign(opened, { shift, path });
    await page.context().close();
  }
  line(`maximum of ${addresses.length} pages when opened: ${opened.path}`, opened.shift, "", "≤ 0.05");
  const page = await newPage(browser, slowdown);
  await page.goto(url);
  let { shift: before } = await settled(page);
  const followed = { shift: 0, path: "" };
  const links = await page.locator(".nav a").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const inside = ["/users/1", "/links?domain=host1.example", "/days?day=2012-05-01"];
  for (const path of [...links.slice(1), ...inside, "/"]) {
    // By script: the browser ignores shifts for half a second after a real click.
    await page.evaluate((to) => {
      const link = document.querySelector<HTMLAnchorElement>(".nav a")?.cloneNode() as HTMLAnchorElement;
      link.href = to;
      document.querySelector(".nav")?.append(link);
      link.click();
      link.remove();
    }, path);
    await page.waitForURL(url + path);
    const { shift } = await settled(page);
    if (shift - before >= followed.shift) Object.assign(followed, { shift: shift - before, path });
    before = shift;
  }
  await page.context().close();
  line(`maximum when following a link: ${followed.path}`, followed.shift, "", "≤ 0.05");
}

/** Types texts letter by letter. @returns for each keystroke the milliseconds until its answer was painted */
async function type(
  page: Page,
  texts: readonly string[],
  open: () => Promise<void>,
): Promise<{ samples: number[]; worst: { ms: number; text: string } }> {
  const samples: number[] = [];
  let worst = { ms: 0, text: "" };
  for (const text of ["warm", ...texts]) {
    await open();
    for (let at = 0; at < text.length; at++) {
      await page.keyboard.press(text[at] ?? "");
      const ms = await page.evaluate(() => window.answered);
      if (text === "warm") continue;
      samples.push(ms);
      if (ms > worst.ms) worst = { ms, text: text.slice(0, at + 1) };
    }
  }
  return { samples, worst };
}

async function typing(browser: Browser, url: string, posts: number): Promise<void> {
  const page = await newPage(browser, 1);
  const { samples, worst } = await type(page, typed, async () => {
    await page.goto(`${url}/search`);
    await settled(page);
  });
  await page.context().close();
  heading(`search of ${posts} posts while typing, ${samples.length} keystrokes, nothing from the cache`);
  line("keystroke to painted results: median", median(samples), "ms");
  line("p95", percentile(samples, 0.95), "ms", "≤ 60");
  line("slowest", worst.ms, "ms", worst.text);
}

/** Words typed as a second line beside a common one: whole words, and what only PostgreSQL counts. */
const trendWords = ["fahrrad", "grafikkarten", "+wetter", "kuchen -musik"];

async function typingTrends(browser: Browser, url: string, posts: number): Promise<void> {
  const page = await newPage(browser, 1);
  for (const per of ["year", "month"]) {
    const { samples, worst } = await type(page, trendWords, async () => {
      await page.goto(`${url}/trends?q=wetter&per=${per}`);
      await settled(page);
      await page.locator(".trend-words input").nth(1).focus();
    });
    const label = await page.locator(".trend-chart svg.chart").getAttribute("aria-label");
    if (!label?.startsWith(`wetter, ${trendWords.at(-1)}:`)) throw new Error(`the lines are those of ${label}`);
    heading(`trends of ${posts} posts by ${per} while typing a second word, ${samples.length} keystrokes`);
    line("keystroke to painted line: median", median(samples), "ms");
    line("p95", percentile(samples, 0.95), "ms", "≤ 200");
    line("slowest", worst.ms, "ms", worst.text);
  }
  await page.context().close();
}

async function scrolling(browser: Browser, url: string): Promise<void> {
  heading("the user table, scrolled to its end with the wheel");
  for (const times_slower of [1, slowdown]) {
    const page = await newPage(browser, times_slower);
    await page.goto(`${url}/users`);
    const { longTasks } = await settled(page);
    await page.mouse.move(700, 500);
    let turns = 0;
    const isAtEnd = () =>
      page.evaluate(() => window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 1);
    for (; turns < 1000 && !(turns % 10 === 9 && (await isAtEnd())); turns++) await page.mouse.wheel(0, 600);
    const all = (await settled(page)).longTasks.slice(longTasks.length);
    line(`longest task, ${times_slower} times slower`, Math.max(0, ...all.map((task) => task.ms)), "ms", "≤ 100");
    line("turns of the wheel", turns, "");
    await page.context().close();
  }
}
