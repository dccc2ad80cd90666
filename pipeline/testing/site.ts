/** For tests: the web application with the data of the shared simulated forum, in a real browser. */
import { until } from "@potstats/cli/testing/until";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { buildWeb } from "../build-web.ts";
import { openBrowser, visitor } from "./browser.ts";
import { openSharedForum } from "./shared-forum.ts";
import { serveFilled, serveForum } from "./stages.ts";
import { goTo, observeRequests } from "./quiet.ts";

/** A page without an address yet, and what happens on it: errors, and requests to other hosts. */
interface Observed {
  page: Page;
  problems: string[];
}

export interface Site {
  /** Address of the server. */
  url: string;
  /** The user with the most posts. */
  uid: number;
  /** The thread with the most posts. */
  tid: number;
  /** A page of a visitor whose browser has the application in its cache, but stores nothing else. */
  newPage(options?: BrowserContextOptions): Promise<Observed>;
  /** The page of a visitor whose browser has nothing in its cache. */
  firstPage(options?: BrowserContextOptions): Promise<Observed>;
  /** Opens an address in a new page. */
  visit(path: string, options?: BrowserContextOptions): Promise<Observed>;
  /** Uses a new page at an address. @throws Error if there were errors or requests to other hosts */
  withPage(path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  stop(): Promise<void>;
}

/** Collects a page's errors and requests to other hosts. */
function problemsOf(page: Page, url: string): string[] {
  observeRequests(page);
  const problems: string[] = [];
  page.on("console", (message) => {
    // The software renderer warns about its own slowness.
    if (["error", "warning"].includes(message.type()) && !message.text().includes("GL Driver Message"))
      problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== url) problems.push(`a request to ${request.url()}`);
  });
  return problems;
}

/**
 * Opens pages in one context for each set of options. A context's first page stays open, which keeps the process that
 * renders the site: starting another one costs more than most tests.
 */
function sharedContexts(browser: Browser, url: string) {
  const contexts = new Map<string, Promise<{ context: BrowserContext; forget(): Promise<unknown> }>>();
  async function open(options: BrowserContextOptions) {
    const context = await browser.newContext({ ...visitor, ...options });
    const first = await context.newPage();
    await first.goto(`${url}/healthz`);
    const devtools = await context.newCDPSession(first);
    const forget = () => devtools.send("Storage.clearDataForOrigin", { origin: url, storageTypes: "all" });
    return { context, forget };
  }
  return async (options: BrowserContextOptions): Promise<Page> => {
    const key = JSON.stringify(options);
    const opened = contexts.get(key) ?? open(options);
    contexts.set(key, opened);
    const { context, forget } = await opened;
    await forget();
    return context.newPage();
  };
}

/** Serves the shared forum. */
async function serveShared() {
  const forum = await openSharedForum();
  const served = await serveFilled(forum.databaseUrl, forum.meili, forum.folder);
  const stop = async () => {
    await served.stop();
    await forum.close();
  };
  return { url: served.url, stop };
}

/**
 * Serves a forum on a new server, and starts a browser.
 * @param own a forum of its own, for what the shared one is too short for
 */
export async function openSite(own?: { posts: number; years: number }): Promise<Site> {
  // The server reads the application's files when it starts.
  await buildWeb();
  const serving = own ? serveForum({ seed: 11, ...own }) : serveShared();
  const [served, browser] = await Promise.all([serving, openBrowser()]);
  const { url } = served;
  // The first search of a process reads the dictionaries: a second of CPU time.
  await until(async () => (await fetch(`${url}/api/search/suggest?q=a`)).ok);
  const [users, threads] = await Promise.all(
    ["poster-stats", "threads"].map(async (path) => (await fetch(`${url}/api/${path}?limit=1`)).json()),
  );
  const uid = (users as { rows: { User: { uid: number } }[] }).rows[0]?.User.uid ?? 0;
  const tid = (threads as { rows: { thread: { tid: number } }[] }).rows[0]?.thread.tid ?? 0;
  const openPage = sharedContexts(browser, url);
  const newPage: Site["newPage"] = async (options = {}) => {
    const page = await openPage(options);
    return { page, problems: problemsOf(page, url) };
  };
  const visit: Site["visit"] = async (path, options) => {
    const observed = await newPage(options);
    await goTo(observed.page, url + path);
    return observed;
  };
  return {
    url,
    uid,
    tid,
    newPage,
    firstPage: async (options = {}) => {
      const context = await browser.newContext({ ...visitor, ...options });
      const page = await context.newPage();
      // After the last test the browser may have closed it already.
      page.once("close", () => void context.close().catch(() => {}));
      return { page, problems: problemsOf(page, url) };
    },
    visit,
    withPage: async (path, use, options) => {
      const { page, problems } = await visit(path, options);
      try {
        await use(page);
        if (problems.length > 0) throw new Error(`${path}: ${problems.join("; ")}`);
      } finally {
        await page.close();
      }
    },
    stop: async () => {
      await browser.close();
      await served.stop();
    },
  };
}
