/** The age of the data, on every page, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";

let site: Site;

const minutesAgo = (minutes: number) => new Date(Date.now() - 60_000 * minutes).toISOString();

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test.each([
    ["de", 3, 2, "Stand: vor 3 Minuten"],
    ["en", 3, 2, "Updated 3 minutes ago"],
    // An analysis is due.
    ["de", 3, 45, "Gelesen vor 3 Minuten, ausgewertet vor 45 Minuten"],
    ["en", 3, 45, "Crawled 3 minutes ago, analyzed 45 minutes ago"],
  ])("%s: crawled %d minutes ago and analyzed %d minutes ago is “%s”", async (lang, crawl, analysis, expected) => {
    await site.withPage("/imprint", async (page) => {
      await page.route("**/api/status", async (route) => {
        const response = await route.fetch();
        const times = { last_crawl_at: minutesAgo(crawl), last_analysis_at: minutesAgo(analysis) };
        await route.fulfill({ response, json: { ...(await response.json()), ...times } });
      });
      await page.goto(`${site.url}/imprint?lang=${lang}`);
      await page.locator("footer", { hasText: expected }).waitFor();
      expect(await page.locator("footer p").first().innerText()).toBe(expected);
    });
  });
});
