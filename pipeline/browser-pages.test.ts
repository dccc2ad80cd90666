/** What holds for every page in a real browser, with the data of a simulated forum. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pages } from "@potstats/web/pages";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { isUnused } from "./testing/filters.ts";
import { goTo } from "./testing/quiet.ts";

let site: Site;

/** Every page, and pages that show more with parameters. UID and TID are the user and the thread with the most posts. */
const addresses = [
  ...pages.map(({ path }) =>
    path.replace(":uid", "UID").replace(":tid", "TID").replace(":year", "2016").replace(":bid", "14"),
  ),
  "/users?year=2016&bid=14",
  "/users/UID?year=2016&bid=14",
  "/threads?year=2016&bid=14&order_by=lifetime_s&chart=unanswered",
  "/on-this-day?date=02-29",
  "/records?bid=14",
  "/compare?uid=UID",
  "/days?year=2015&statistic=active_users",
  "/days?day=2015-03-02",
  "/links?domain=bilder.example",
  "/search?q=grafikkarte",
  "/search?q=grafikkarte&type=thread",
];

/** Parameters that a page needs to send requests to which filters apply. */
const needed: Partial<Record<string, string>> = { "/compare": "&uid=UID", "/search": "&q=der" };

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  for (const path of addresses) {
    test(`${path} is accessible in light and dark, fits 360 pixels, has no errors, and requests no other host`, async () => {
      await site.withPage(
        path.replace("UID", String(site.uid)).replace("TID", String(site.tid)),
        async (page) => {
          expect(await violations(page)).toEqual([]);
          expect(await page.locator("h1").count()).toBe(1);
          await page.setViewportSize({ width: 360, height: 740 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        },
        { bypassCSP: true },
      );
    });
  }

  for (const { path, filters, years } of pages) {
    test(`${path} sends the filters that it uses, and no others`, async () => {
      const year = years === "range" ? "2015-2016" : "2016";
      const sent = { year: new Set<string>(), bid: new Set<string>() };
      const { page } = await site.newPage();
      page.on("request", (request) => {
        const { pathname, searchParams } = new URL(request.url());
        if (!pathname.startsWith("/api/")) return;
        for (const filter of ["year", "bid"] as const)
          if (searchParams.has(filter)) sent[filter].add(searchParams.get(filter)!);
      });
      const address = `${path}?year=${year}&bid=14${needed[path] ?? ""}`
        .replaceAll(/:uid|UID/g, String(site.uid))
        .replace(":tid", String(site.tid))
        .replace(":year", year)
        .replace(":bid", "14");
      await goTo(page, site.url + address);
      // Some pages have a year or a board in their path.
      expect([...sent.year]).toEqual(filters.includes("year") || path.includes(":year") ? [year] : []);
      expect([...sent.bid]).toEqual(filters.includes("bid") || path.includes(":bid") ? ["14"] : []);
      if (filters.length > 0)
        for (const filter of ["year", "bid"] as const)
          expect(await isUnused(page, filter)).toBe(!filters.includes(filter));
      await page.close();
    });
  }
});
