/** What pages leave out until it is needed, and what keeps its place until then, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "@potstats/cli/testing/until";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";
import { openTable } from "./testing/tables.ts";

let site: Site;

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

/** Sums up the layout shifts of a page in `window.shift`. */
function recordShift() {
  Object.assign(window, { shift: 0 });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      (window as unknown as { shift: number }).shift += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  for (const options of [phone, { viewport: { width: 800, height: 900 } }]) {
    const { width } = options.viewport;
    test(`at ${width} pixels, no page moves when the names of the selected board and user arrive`, async () => {
      const { page } = await site.firstPage(options);
      await page.addInitScript(recordShift);
      await page.route(/\/api\/(boards|user-stats)/, async (route) => {
        const response = await route.fetch();
        await new Promise((resolve) => setTimeout(resolve, 600));
        await route.fulfill({ response });
      });
      const all = `year=2014-2016&bid=14&uid=${site.uid}`;
      for (const path of ["/?bid=14", "/search?bid=14", "/network?bid=14", `/years?${all}`, `/records?${all}`]) {
        await goTo(page, site.url + path);
        expect(await page.locator(".chip[data-filter=bid] a").innerText()).not.toStartWith("#");
        const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
        expect({ path, isStill: shift < 0.02, shift }).toEqual({ path, isStill: true, shift });
      }
      await page.close();
    });
  }

  test("a closed table has no rows; opened, it has one for each mark of its chart", async () => {
    await site.withPage("/weekdays", async (page) => {
      const details = page.locator("details").first();
      expect(await page.locator("details tr").count()).toBe(0);
      await openTable(details);
      expect(await details.locator("tbody tr").count()).toBe(7);
      await details.locator("summary").click();
      await details.locator("tbody").waitFor({ state: "detached" });
    });
  });

  test("the days of a year are few elements, but each one becomes a link under the pointer", async () => {
    await site.withPage("/days?year=2016", async (page) => {
      const calendar = page.locator(".heat-map svg");
      expect(await calendar.locator("*").count()).toBeLessThan(60);
      const box = (await calendar.boundingBox())!;
      const step = (box.width - 30) / 54;
      // The Tuesday of the nineteenth week.
      const link = calendar.locator("a:hover");
      await until(async () => {
        await page.mouse.move(box.x + 30 + (18.4 + Math.random() / 5) * step, box.y + 20 + 1.5 * step);
        return (await link.count()) > 0;
      });
      expect(await link.getAttribute("aria-label")).toMatch(/^Dienstag, 3\. Mai 2016: \d+ Posts?$/);
      expect(await link.getAttribute("href")).toEndWith("day=2016-05-03");
    });
  });

  test("on a phone, every day of a year is a link with its number", async () => {
    await site.withPage(
      "/days?year=2016",
      async (page) => {
        const days = page.locator(".heat-map a[data-key]");
        await days.nth(365).waitFor();
        const keys = await days.evaluateAll((links) => links.map((link) => link.getAttribute("data-key")));
        expect([keys.length, new Set(keys).size, keys[0], keys.at(-1)]).toEqual([366, 366, "2016-01-01", "2016-12-31"]);
        expect(await page.locator(".heat-map .ground path").count()).toBe(0);
      },
      phone,
    );
  });

  test("the document asks for the latest year's days once, and the application does not ask again", async () => {
    for (const path of ["/", "/days", "/days?year=2015", "/?bid=14"]) {
      const { page } = await site.firstPage();
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await goTo(page, site.url + path);
      const asked = requests.filter((url) => url.includes("/api/daily-stats?"));
      expect({ path, count: asked.length }).toEqual({ path, count: 1 });
      await page.close();
    }
  });
});
