/** For tests: the web application over a simulated forum that went through every stage, in a real browser. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { serveForum } from "./stages.ts";
import { buildWeb } from "../web.ts";
import { openBrowser, visitor } from "./browser.ts";

export interface Site {
  /** Address of the server. */
  url: string;
  /** Who wrote most. */
  uid: number;
  /** A new visitor's page; what goes wrong in it, or leaves for another host than the server, is collected. */
  visit(path: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  /** Does something with a new visitor's page. @throws Error when something went wrong in it */
  withPage(path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  stop(): Promise<void>;
}

/** @param posts in the forum */
export async function openSite(posts: number): Promise<Site> {
  const [served, browser] = await Promise.all([serveForum({ seed: 11, posts, years: 4 }), openBrowser(), buildWeb()]);
  const { url } = served;
  const answer = await fetch(`${url}/api/poster-stats?limit=1`);
  const uid = ((await answer.json()) as { rows: { User: { uid: number } }[] }).rows[0]?.User.uid ?? 0;
  const visit: Site["visit"] = async (path, options = {}) => {
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
      if (new URL(request.url()).origin !== url) problems.push(`a request to ${request.url()}`);
    });
    await page.goto(url + path, { waitUntil: "networkidle" });
    return { page, problems };
  };
  return {
    url,
    uid,
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
