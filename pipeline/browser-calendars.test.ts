/** The calendars of all years of a user, which draw thousands of days with few elements, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "@potstats/cli/testing/until";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";

let site: Site;
/** Posts by day. */
let posts: Map<string, number>;

const calendars = (page: Page) => page.getByRole("group", { name: "Posts je Tag, alle Jahre" });
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? "");
const textOf = (day: string) => `: ${posts.get(day) ?? 0} ${posts.get(day) === 1 ? "Post" : "Posts"}`;

/** A position within the days of the latest year. */
async function positionOf(page: Page): Promise<[x: number, y: number]> {
  await calendars(page).scrollIntoViewIfNeeded();
  const box = (await calendars(page).boundingBox())!;
  return [box.x + 44 + 20.3 * ((box.width - 44) / 54), box.y + 20 + 3.3 * ((box.width - 44) / 54)];
}

describe.skipIf(!hasBrowser)("calendars of all years", () => {
  beforeAll(async () => {
    site = await openSite();
    const response = await fetch(`${site.url}/api/user-daily-stats?uid=${site.uid}`);
    const { rows } = (await response.json()) as { rows: { day: string; post_count: number }[] };
    posts = new Map(rows.map(({ day, post_count }) => [day, post_count]));
  }, 240_000);
  afterAll(() => site?.stop());

  test("the day under the pointer is a link with its number; going back, it has the focus again", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      await calendars(page).waitFor();
      expect(await calendars(page).locator("*").count()).toBeLessThan(150);
      const link = calendars(page).locator("a:hover");
      // Cards above may still arrive, and move it.
      await until(async () => {
        await page.mouse.move(...(await positionOf(page)));
        return (await link.count()) > 0;
      });
      const day = (await link.getAttribute("data-key"))!;
      expect(await link.getAttribute("aria-label")).toEndWith(textOf(day));
      expect(await page.locator(".heat-map:has(.ground) .readout").innerText()).toEndWith(textOf(day));
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForURL((url) => url.pathname === "/days" && url.searchParams.get("day") === day);
      await page.goBack();
      await calendars(page).waitFor();
      await page.waitForFunction((key) => document.activeElement?.getAttribute("data-key") === key, day);
    });
  });

  test("arrow keys lead from day to day", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      await calendars(page).locator("[tabindex='0']").focus();
      const first = await focusedKey(page);
      expect(first).toEndWith("-01-01");
      for (const weeks of [1, 2, 3]) {
        await page.keyboard.press("ArrowRight");
        const day = new Date(Date.parse(first) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
        expect(await focusedKey(page)).toBe(day);
        expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toEndWith(textOf(day));
      }
      expect(await page.locator(".heat-map [tabindex='0']").count()).toBe(2);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/days\?/);
    });
  });

  test("on a phone, months are links that screen readers can name", async () => {
    await site.withPage(
      `/users/${site.uid}`,
      async (page) => {
        await calendars(page).locator("a").first().waitFor();
        expect(await violations(page)).toEqual([]);
      },
      { bypassCSP: true, isMobile: true, hasTouch: true, viewport: { width: 360, height: 740 } },
    );
  });

  test("a tap opens the day, on a screen for mouse and finger", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      await calendars(page).waitFor();
      const [x, y] = await positionOf(page);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
      await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      await page.waitForURL(/\/days\?.*day=\d{4}-05-/);
    });
  });
});
