/** Days, users and the overview in a real browser: by keyboard, on a phone, without jumps. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { goTo, quiet } from "./testing/quiet.ts";
import { openSite, type Site } from "./testing/site.ts";

let site: Site;

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const json = async (path: string) => (await fetch(site.url + path)).json();

const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? null);
/** Follows a link of the application, as the choice of another year does. */
const follow = (page: Page, href: string) =>
  page.evaluate((to) => {
    const link = Object.assign(document.createElement("a"), { href: to });
    document.querySelector("main")?.append(link);
    link.click();
    link.remove();
  }, href);
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");
const isWithinWindow = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
/** The smallest extent of the cells of a heat map, in pixels. */
async function smallestCell(page: Page): Promise<number> {
  const cells = page.locator(".heat-map rect.cell");
  await cells.first().waitFor();
  return cells.evaluateAll((all) =>
    Math.min(...all.flatMap((cell) => [cell.getBoundingClientRect().width, cell.getBoundingClientRect().height])),
  );
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test("days: arrow keys move between the cells, Enter opens the day and moves the focus there, Escape returns", async () => {
    await site.withPage("/days?year=2016&day=2016-05-03", async (page) => {
      await page.locator(".heat-map [tabindex='0']").first().waitFor();
      expect(await page.locator(".heat-map [tabindex='0']").count()).toBe(1);
      await page.locator(".heat-map [tabindex='0']").focus();
      expect(await focusedKey(page)).toBe("2016-05-03");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      expect(await focusedKey(page)).toBe("2016-05-11");
      const name = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      expect(name).toMatch(/^Mittwoch, 11\. Mai 2016: \d+ Posts?$/);
      expect(await page.innerText(".heat-map .readout")).toBe(name!);
      await page.keyboard.press("Enter");
      await page.waitForURL(/day=2016-05-11/);
      await page.waitForFunction(() => document.activeElement?.matches("section[aria-live] h2"));
      expect(await focusedText(page)).toBe("Mittwoch, 11. Mai 2016");
      await page.locator("section[aria-live] .total").first().waitFor();
      expect(await isWithinWindow(page, "section[aria-live] h2")).toBe(true);
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.search.includes("day="));
      expect(await focusedKey(page)).toBe("2016-05-11");
    });
  });

  test("days: the opened day moves along when another year is selected, and closes where it does not exist", async () => {
    await site.withPage("/days?year=2016&day=2016-02-28", async (page) => {
      await follow(page, "/days?year=2015&day=2016-02-28");
      await page.waitForURL(/day=2015-02-28/);
      expect(await page.innerText("section[aria-live] h2")).toBe("Samstag, 28. Februar 2015");
      await page.locator("rect.chosen[data-key='2015-02-28']").waitFor();
      await follow(page, "/days?year=2015&day=2016-02-29");
      await page.waitForURL((url) => !url.searchParams.has("day"));
      expect(await page.locator("section[aria-live]").count()).toBe(0);
    });
  });

  test("days: the first and the last day have no neighbors", async () => {
    const { first_day, last_day } = (await json("/api/overview")) as { first_day: string; last_day: string };
    for (const [day, isDisabled] of [
      [first_day, ["true", "false"]],
      [last_day, ["false", "true"]],
    ] as const) {
      await site.withPage(`/days?day=${day}`, async (page) => {
        const steps = page.locator("section[aria-live] a.button:not([download])");
        // Without the data of the whole forum, both lead on.
        await page.locator("section[aria-live] a[aria-disabled=true]").waitFor();
        expect(await steps.evaluateAll((all) => all.map((step) => step.getAttribute("aria-disabled")))).toEqual([
          ...isDisabled,
        ]);
      });
    }
  });

  test("days on a phone: months are stacked, cells fit a thumb, and the tapped day is at the bottom of the window", async () => {
    await site.withPage(
      "/days?year=2016",
      async (page) => {
        expect(await smallestCell(page)).toBeGreaterThanOrEqual(24);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        const cell = page.locator("a[data-key='2016-03-15']");
        await cell.scrollIntoViewIfNeeded();
        await cell.tap();
        await page.waitForURL(/year=2016&day=2016-03-15/);
        await page.locator("section[aria-live] .total").first().waitFor();
        expect(await isWithinWindow(page, "section[aria-live]")).toBe(true);
        expect(await page.innerText(".heat-map .readout")).toStartWith("Dienstag, 15. März 2016: ");
      },
      phone,
    );
  });

  test("hours on a phone: cells fit a thumb, and a tap leaves a readout; arrow keys move", async () => {
    await site.withPage(
      "/weekdays",
      async (page) => {
        expect(await smallestCell(page)).toBeGreaterThanOrEqual(24);
        await page.locator("[role=img][data-key='2 13']").tap();
        expect(await page.innerText(".heat-map .readout")).toMatch(/^Mittwoch, 13 bis 14 Uhr: \d+ Posts?$/);
        await page.waitForTimeout(300);
        expect(await page.innerText(".heat-map .readout")).toStartWith("Mittwoch, 13 bis 14 Uhr");
        await page.keyboard.press("ArrowDown");
        expect(await focusedKey(page)).toBe("2 14");
        expect(await page.innerText(".heat-map .readout")).toStartWith("Mittwoch, 14 bis 15 Uhr");
      },
      phone,
    );
  });

  test("overview: days, boards and users are links; on a phone the latest days are visible and fit a thumb", async () => {
    const { rows } = (await json("/api/boards")) as { rows: { bid: number; post_count: number }[] };
    const { bid } = rows.toSorted((a, b) => b.post_count - a.post_count)[0]!;
    const { last_day } = (await json("/api/overview")) as { last_day: string };
    await site.withPage(
      "/",
      async (page) => {
        await page.locator(`main .grid a[href='/?bid=${bid}']`).waitFor();
        const latest = page.locator(`a[data-key='${last_day}']`);
        expect(await latest.getAttribute("href")).toBe(`/days?year=${last_day.slice(0, 4)}&day=${last_day}`);
        const { x, width } = (await latest.boundingBox())!;
        expect(x).toBeGreaterThan(0);
        expect(x + width).toBeLessThan(360);
        expect(await smallestCell(page)).toBeGreaterThanOrEqual(24);
      },
      phone,
    );
  });

  test("users on a phone: names and head stay while the table is scrolled right and down", async () => {
    await site.withPage(
      "/users",
      async (page) => {
        await page.locator("main tbody th a").first().waitFor();
        await page.locator("main tbody").evaluate((body) => (body.scrollLeft = 300));
        await page.evaluate(() => window.scrollTo(0, 900));
        await page.waitForTimeout(200);
        const seen = await page.evaluate(() => {
          const textAt = (x: number, y: number) => document.elementFromPoint(x, y)?.closest("th, td");
          const head = [...document.querySelectorAll("main thead th")];
          const row = textAt(100, 400);
          const cells = [...(row?.parentElement?.children ?? [])];
          return {
            corner: textAt(100, 20)?.textContent,
            row: row?.getAttribute("role"),
            // Every head is above its column.
            offsets: head.map((one, at) =>
              Math.round(one.getBoundingClientRect().left - cells[at]!.getBoundingClientRect().left),
            ),
          };
        });
        expect(seen.corner).toBe("Nutzer");
        expect(seen.row).toBe("rowheader");
        expect(new Set(seen.offsets)).toEqual(new Set([0]));
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      },
      phone,
    );
  });

  test("users: the share is a percentage of all posts, and mean lengths count from 20 posts, which the URL changes", async () => {
    type Rows = { rows: { User: { name: string }; post_count: number }[]; post_count: number };
    const all = (await json("/api/poster-stats?limit=1")) as Rows;
    await site.withPage("/users", async (page) => {
      const share = (100 * all.rows[0]!.post_count) / all.post_count;
      const text = (await page.locator("main tbody tr[role=row] td").nth(2).innerText()).replaceAll(/\s/g, " ");
      expect(text).toBe(`${share < 10 ? share.toFixed(1).replace(".", ",").replace(",0", "") : share.toFixed(0)} %`);
      await page.getByRole("button", { name: "Zeichen je Post" }).click();
      const first = async (min: number) =>
        ((await json(`/api/poster-stats?limit=1&order_by=avg_post_length&min_posts=${min}`)) as Rows).rows[0]!;
      const shows = async (min: number) => {
        const name = (await first(min)).User.name.replaceAll(/\s+/g, " ");
        await page.waitForFunction(
          (expected) =>
            document.querySelector("main tbody th")?.textContent?.replaceAll(/\s+/g, " ").startsWith(expected),
          name,
        );
      };
      await shows(20);
      expect(await page.inputValue("select[name=min_posts]")).toBe("20");
      await page.selectOption("select[name=min_posts]", "1");
      await page.waitForURL(/min_posts=1$/);
      await shows(1);
    });
  });

  test("a user with all years: a calendar of each year; its name selects the year", async () => {
    const { rows } = (await json(`/api/user-daily-stats?uid=${site.uid}`)) as {
      rows: { day: string }[];
    };
    const years = new Set(rows.map(({ day }) => day.slice(0, 4)));
    await site.withPage(`/users/${site.uid}`, async (page) => {
      await page.locator(".heat-map .year").first().waitFor();
      expect(await page.locator(".heat-map .year").allTextContents()).toEqual([...years].toReversed());
      await page.locator(".heat-map .year a", { hasText: "2016" }).click();
      await page.waitForURL(`${site.url}/users/${site.uid}?year=2016`);
      await page.locator("h2", { hasText: "Posts je Tag im Jahr 2016" }).waitFor();
      await page.locator("p", { hasText: "lassen sich nicht durchsuchen" }).waitFor();
    });
    await site.withPage(
      `/users/${site.uid}`,
      async (page) => {
        expect(await smallestCell(page)).toBeGreaterThanOrEqual(24);
      },
      phone,
    );
  });

  test("a cell leads to the top of another page, and keeps the position on its own", async () => {
    const size = { viewport: { width: 1280, height: 300 } };
    const scrolledClick = async (page: Page, cell: string, address: RegExp) => {
      await quiet(page);
      await page.evaluate(() => window.scrollTo(0, 150));
      await page
        .locator(cell)
        .first()
        .evaluate((link) => link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
      await page.waitForURL(address);
      await quiet(page);
      return page.evaluate("scrollY");
    };
    for (const path of ["/?year=2016", `/users/${site.uid}`])
      await site.withPage(
        path,
        async (page) => expect([path, await scrolledClick(page, ".heat-map a[data-key]", /days\?/)]).toEqual([path, 0]),
        size,
      );
    await site.withPage(
      `/users/${site.uid}`,
      async (page) => expect(await scrolledClick(page, ".heat-map .year a", /\?year=/)).toBeGreaterThan(100),
      size,
    );
  });

  test("going back shows all cards in the next frame, at the former position, without a request", async () => {
    const { page } = await site.newPage({ viewport: { width: 1280, height: 500 } });
    for (const path of ["/", "/days?year=2016&day=2016-05-03", "/users", `/users/${site.uid}`]) {
      await goTo(page, site.url + path);
      await page.evaluate(() => window.scrollTo(0, 120));
      await quiet(page);
      const top = await page.evaluate("scrollY");
      await follow(page, "/imprint");
      await page.waitForURL(`${site.url}/imprint`);
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Impressum");
      const requests: string[] = [];
      page.on("request", (request) => request.url().includes("/api/") && requests.push(request.url()));
      await page.evaluate(() =>
        addEventListener(
          "popstate",
          () =>
            requestAnimationFrame(() => {
              const waiting = document.querySelectorAll(".skeleton, .waiting").length;
              Object.assign(window, { painted: { waiting, top: scrollY } });
            }),
          { once: true },
        ),
      );
      await page.goBack();
      await page.waitForURL(site.url + path);
      await page.waitForFunction(() => "painted" in window);
      expect({ path, painted: await page.evaluate("painted"), requests }).toEqual({
        path,
        painted: { waiting: 0, top },
        requests: [],
      });
    }
    await page.close();
  });

  for (const options of [{}, phone]) {
    test(`nothing moves when late data arrive, ${options === phone ? "phone" : "desk"}`, async () => {
      const { page } = await site.newPage(options);
      await page.route("**/api/**", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 250));
        await route.continue();
      });
      await page.addInitScript(() => {
        const shifts: number[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
      for (const path of ["/", "/days", "/days?day=2016-05-03", "/users", `/users/${site.uid}`]) {
        await goTo(page, site.url + path);
        await page.waitForTimeout(300);
        const total = await page.evaluate(() =>
          (window as unknown as { shifts: number[] }).shifts.reduce((sum, shift) => sum + shift, 0),
        );
        expect({ path, isStill: total < 0.05, total }).toMatchObject({ path, isStill: true });
      }
      await page.close();
    });
  }
});
