/** For tests: the web application with the data of a simulated forum, in a real browser. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { serveForum } from "./stages.ts";
import { buildWeb } from "../build-web.ts";
import { openBrowser, visitor } from "./browser.ts";

export interface Site {
  /** Address of the server. */
  url: string;
  /** The user with the most posts. */
  uid: number;
  /** The thread with the most posts. */
  tid: number;
  /** A new visitor's page. Collects errors and requests to other hosts. */
  visit(path: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  /** Uses a new visitor's page. @throws Error if there were errors or requests to other hosts */
  withPage(path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param posts in the forum
 * @param years of its history
 */
export async function openSite(posts: number, years = 4): Promise<Site> {
  const [served, browser] = await Promise.all([serveForum({ seed: 11, posts, years }), openBrowser(), buildWeb()]);
  const { url } = served;
  const [users, threads] = await Promise.all(
    ["poster-stats", "threads"].map(async (path) => (await fetch(`${url}/api/${path}?limit=1`)).json()),
  );
  const uid = (users as { rows: { User: { uid: number } }[] }).rows[0]?.User.uid ?? 0;
  const tid = (threads as { rows: { thread: { tid: number } }[] }).rows[0]?.thread.tid ?? 0;
  const visit: Site["visit"] = async (path, options = {}) => {
    const context = await browser.newContext({ ...visitor, ...options });
    const page = await context.newPage();
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
    await page.goto(url + path, { waitUntil: "networkidle" });
    return { page, problems };
  };
  return {
    url,
    uid,
    tid,
    visit,
    withPage: async (path, use, options) => {
      const { page, problems } = await visit(path, options);
      try {
        await use(page);
        if (problems.length > 0) throw new Error(`${path}: ${problems.join("; ")}`);
      } finally {
        await page.context().close();
      }
    },
    stop: async () => {
      await browser.close();
      await served.stop();
    },
  };
}
