/** The API's reference page in a real browser. */
import { expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { BackendStats } from "@potstats/server/monitoring/backend-stats";
import { createCache } from "@potstats/server/cache/cache";
import { createGenerations } from "@potstats/server/cache/generations";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser, openBrowser } from "./testing/browser.ts";
import { goTo } from "./testing/quiet.ts";

/** A server without a database: the page needs none. */
function serve() {
  const sql = connect("postgres://127.0.0.1:9/none");
  const app = createApp({
    sql,
    search: createSearch({ sql, timezone: "Europe/Berlin" }),
    cache: createCache(),
    stats: new BackendStats(),
    generations: createGenerations(sql),
    assets: new Map(),
    imprint: { name: "", contact_info: "" },
    forumUrl: "https://forum.example",
    profilesUrl: "https://profiles.example",
    version: "1.2.3",
  });
  return Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => app.fetch(request) });
}

test.skipIf(!hasBrowser)(
  "is accessible on wide and narrow screens, light and dark, requests no other host, and obeys its content security policy",
  async () => {
    const server = serve();
    const browser = await openBrowser();
    try {
      for (const width of [360, 1280]) {
        const viewport = { width, height: 900 };
        const page = await browser.newPage({ viewport });
        const problems: string[] = [];
        page.on("console", (message) => problems.push(message.text()));
        page.on("pageerror", (error) => problems.push(String(error)));
        page.on("request", (request) => {
          if (new URL(request.url()).origin !== server.url.origin) problems.push(request.url());
        });
        await goTo(page, new URL("/api/docs", server.url).href);
        await page.click('nav a[href="#api-poster-stats"]');
        expect(await page.locator("#api-poster-stats th").filter({ hasText: "order_by" }).isVisible()).toBe(true);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          expect([width, colorScheme, tooWide]).toEqual([width, colorScheme, false]);
        }
        // The icon belongs to the web application, which is not built here.
        expect(problems.filter((problem) => !problem.includes("favicon") && !problem.includes("503"))).toEqual([]);
        const axePage = await browser.newPage({ viewport, bypassCSP: true });
        await axePage.goto(page.url());
        expect([width, await violations(axePage)]).toEqual([width, []]);
        await Promise.all([page.close(), axePage.close()]);
      }
    } finally {
      await browser.close();
      await server.stop(true);
    }
  },
);
