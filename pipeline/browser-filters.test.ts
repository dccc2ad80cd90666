/** The filter bar, the menu in every width, sorted tables, and where the focus goes, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { addFilter, chip, isUnused } from "./testing/filters.ts";
import { openSite, type Site } from "./testing/site.ts";
import { reload } from "./testing/quiet.ts";

let site: Site;

const rowsOf = async <Row>(path: string) => ((await (await fetch(site.url + path)).json()) as { rows: Row[] }).rows;
const focused = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.tagName ?? "";

describe.skipIf(!hasBrowser)("filters", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 240_000);
  afterAll(() => site?.stop());

  test("the box completes years, ranges, boards and users; each becomes a chip and is in the URL", async () => {
    const [board] = await rowsOf<{ bid: number; name: string }>("/api/boards");
    const [user] = await rowsOf<{ User: { uid: number; name: string } }>("/api/poster-stats?limit=1");
    await site.withPage(
      "/weekdays",
      async (page) => {
        await addFilter(page, "2015");
        await page.waitForURL(/year=2015$/);
        await page.click(".add-filter");
        await page.fill(".filter-box input", "2014 bis 2016");
        await page.locator(".filter-option", { hasText: "2014–2016" }).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        await page.waitForURL(/year=2014-2016$/);
        await addFilter(page, board?.name ?? "");
        await page.waitForURL(new RegExp(`bid=${board?.bid}$`));
        await addFilter(page, user?.User.name ?? "");
        await page.waitForURL(new RegExp(`uid=${user?.User.uid}$`));
        await chip(page, "uid")
          .locator("a", { hasText: user?.User.name ?? "?" })
          .waitFor();
        expect(await chip(page, "year").locator("select[name=until]").inputValue()).toBe("2016");
        await chip(page, "bid").locator("button").click();
        await page.waitForURL((url) => !url.searchParams.has("bid"));
        await page.waitForFunction(
          (label) => document.activeElement?.getAttribute("aria-label")?.includes(label),
          "Nutzer",
        );
      },
      { bypassCSP: true },
    );
  });

  test("[ and ] step through the years, with AltGr as well, and stop at the last", async () => {
    await site.withPage("/users", async (page) => {
      const years = (await rowsOf<{ year: number }>("/api/years")).map(({ year }) => year);
      await page.locator("tbody th a").first().waitFor();
      await page.keyboard.press("[");
      await page.waitForURL(new RegExp(`year=${years.at(-1)}`));
      await page.evaluate(() =>
        document.dispatchEvent(
          new KeyboardEvent("keydown", { key: "[", ctrlKey: true, altKey: true, bubbles: true, cancelable: true }),
        ),
      );
      await page.waitForURL(new RegExp(`year=${years.at(-2)}`));
      await page.keyboard.press("]");
      await page.waitForURL(new RegExp(`year=${years.at(-1)}`));
      await page.keyboard.press("]");
      expect(page.url()).toContain(`year=${years.at(-1)}`);
      expect(await page.getAttribute(".step:last-child", "aria-disabled")).toBe("true");
      await page.keyboard.press("?");
      expect(await page.locator("dialog[open]").innerText()).toContain("ein Jahr zurück, ein Jahr vor");
    });
  });

  test("a page says which filters it does not use, and why; they can be dropped there", async () => {
    await site.withPage("/years?year=2016&bid=14", async (page) => {
      expect([await isUnused(page, "year"), await isUnused(page, "bid")]).toEqual([true, false]);
      expect(await chip(page, "year").textContent()).toContain("Diese Seite stellt mehrere Jahre nebeneinander.");
      await chip(page, "year").locator("button").click();
      await page.waitForURL(/\/years\?bid=14$/);
    });
    await site.withPage(`/?uid=${site.uid}&bid=14`, async (page) => {
      expect([await isUnused(page, "uid"), await isUnused(page, "bid")]).toEqual([true, false]);
      expect(await page.locator(".scope").allInnerTexts()).toEqual(["alle Foren"]);
    });
  });

  test("a range of years and a user give the API's numbers", async () => {
    const query = `year=2015-2016&uid=${site.uid}`;
    const [monday] = await rowsOf<{ post_count: number }>(`/api/weekday-stats?${query}`);
    await site.withPage(`/weekdays?${query}`, async (page) => {
      await page.locator("summary").first().click();
      expect(await page.locator("main tbody tr td").first().innerText()).toBe(String(monday?.post_count));
    });
  });

  test("the menu is visible in every width, and on a phone costs less than a tenth of the screen", async () => {
    for (const [width, height] of [
      [800, 900],
      [360, 740],
    ] as const) {
      await site.withPage(
        "/weekdays?year=2016&bid=14",
        async (page) => {
          expect(await page.isVisible("nav a[href^='/days']")).toBe(true);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          if (width === 360) {
            const bar = await page.locator(".dock").boundingBox();
            expect(bar?.height).toBeLessThan(height / 10);
            expect(await page.isVisible("nav a[href^='/years']")).toBe(false);
          }
          await page.click(".menu-button");
          expect(await page.isVisible("nav a[href^='/years']")).toBe(true);
          expect(await page.isVisible("footer select")).toBe(true);
          await page.keyboard.press("Escape");
          expect(await page.isVisible("footer select")).toBe(false);
          expect(await page.evaluate(focused)).toBe("BUTTON");
        },
        { viewport: { width, height } },
      );
    }
  });

  test("a table sorts by each column, and the order is in the URL", async () => {
    await site.withPage("/boards", async (page) => {
      const counts = async () =>
        (await page.locator("tbody td:last-child").allInnerTexts()).map((text) => Number(text.replaceAll(".", "")));
      await page.locator("thead button", { hasText: "Posts" }).click();
      await page.waitForURL(/sort-boards=\d-desc/);
      await page.locator("thead button", { hasText: "Posts" }).click();
      await page.waitForURL(/sort-boards=\d-asc/);
      expect(await counts()).toEqual((await counts()).toSorted((a, b) => a - b));
      await reload(page);
      expect(await page.locator("th[aria-sort=ascending]").innerText()).toContain("Posts");
    });
  });

  test("the focus moves to the new page's heading, and to the next user when one is removed", async () => {
    const users = await rowsOf<{ User: { uid: number } }>("/api/poster-stats?limit=3");
    await site.withPage("/", async (page) => {
      await page.locator("main tbody a[href^='/users/']").first().focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/users\/\d+/);
      await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    });
    await site.withPage(`/compare?${users.map(({ User }) => `uid=${User.uid}`).join("&")}`, async (page) => {
      await page.locator(".chosen-users button").nth(1).click();
      await page.waitForFunction(() => document.querySelectorAll(".chosen-users button").length === 2);
      await page.waitForFunction(() => document.activeElement === document.querySelectorAll(".chosen-users button")[1]);
    });
  });
});
