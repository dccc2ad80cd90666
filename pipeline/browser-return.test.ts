/** Back and forward restore position, loaded rows, open tables and focus. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { chip } from "./testing/filters.ts";
import { goTo, quiet, reload } from "./testing/quiet.ts";

let site: Site;

const sizes = { desk: { width: 1280, height: 600 }, phone: { width: 360, height: 740 } };

/** A long page of several requests. */
const linksPath = "/links?rows=all";

/** The delay of responses. */
const delay_ms = 700;

/** Waits until nothing moves. @returns the position, and the text in the middle of the window */
async function settled(page: Page): Promise<{ top: number; text: string }> {
  await quiet(page);
  return page.evaluate(async () => {
    const now = () => {
      const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      return { top: Math.round(scrollY), text: at?.closest("tr, li, section, main")?.textContent ?? "" };
    };
    let last = now();
    for (let still = 0; still < 8; still++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const next = now();
      if (JSON.stringify(next) !== JSON.stringify(last)) still = 0;
      last = next;
    }
    return last;
  });
}

/** Follows a link without scrolling it into view. */
const follow = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((link) => (link as HTMLElement).click());

const scrollTo = async (page: Page, top: number) => {
  await page.evaluate((to) => window.scrollTo(0, to), top);
  return settled(page);
};

/** Goes to the imprint and back. */
async function awayAndBack(page: Page, meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  const address = page.url();
  await follow(page, "footer a[href='/imprint']");
  await page.waitForURL(`${site.url}/imprint`);
  expect(await page.evaluate("scrollY")).toBe(0);
  await meanwhile();
  await page.goBack();
  await page.waitForURL(address);
}

const delayAnswers = (page: Page) =>
  page.route("**/api/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, delay_ms));
    await route.continue();
  });

/** Serves more users than the forum has, by repeating the first row of the real response. */
async function manyUsers(page: Page, count: number): Promise<void> {
  const { rows } = (await (await fetch(`${site.url}/api/poster-stats?limit=1`)).json()) as {
    rows: { User: { uid: number } }[];
  };
  const { User: user, ...numbers } = rows[0]!;
  await page.route("**/api/poster-stats?*", async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get("from") ?? 0);
    const to = Math.min(count, from + Number(query.get("limit") ?? 200));
    const made = Array.from({ length: to - from }, (_, at) => ({
      ...numbers,
      User: { ...user, uid: from + at + 1, name: `Nutzer ${from + at + 1}` },
    }));
    await route.fulfill({
      json: {
        rows: made,
        post_count: count,
        ...(to < count ? { next: `/api/poster-stats?limit=200&from=${to}` } : {}),
      },
    });
  });
}

describe.skipIf(!hasBrowser)("going back", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  for (const path of ["/", linksPath, "/network", "/users/UID", "/days?day=2016-05-03", "/users", "/boards"]) {
    for (const [size, viewport] of Object.entries(sizes)) {
      // A narrow page differs where it is long.
      if (size === "phone" && path !== linksPath && path !== "/users") continue;
      test(`restores the position on ${path}, ${size}`, async () => {
        await site.withPage(
          path.replace("UID", String(site.uid)),
          async (page) => {
            const left = await scrollTo(page, 900);
            expect(left.top).toBeGreaterThan(100);
            await awayAndBack(page);
            expect(await settled(page)).toEqual(left);
            await page.goForward();
            await page.waitForURL(`${site.url}/imprint`);
            expect((await settled(page)).top).toBe(0);
          },
          { viewport },
        );
      });
    }
  }

  for (const path of ["/", linksPath, "/users/UID"]) {
    test(`restores the position on ${path} with late responses, and after a reload`, async () => {
      await site.withPage(path.replace("UID", String(site.uid)), async (page) => {
        const left = await scrollTo(page, 900);
        await delayAnswers(page);
        await awayAndBack(page, () => page.reload());
        await quiet(page);
        expect(await settled(page)).toEqual(left);
        await reload(page);
        expect(await settled(page)).toEqual(left);
      });
    });
  }

  test("and forward before the responses have arrived loses no position", async () => {
    await site.withPage(linksPath, async (page) => {
      const left = await scrollTo(page, 900);
      await awayAndBack(page, async () => {
        await reload(page);
        await delayAnswers(page);
      });
      await page.waitForSelector(".skeleton");
      await page.keyboard.press("Alt");
      await page.goForward();
      await page.waitForURL(`${site.url}/imprint`);
      await page.goBack();
      await page.waitForURL(site.url + linksPath);
      await page.waitForSelector(".skeleton", { state: "detached" });
      expect(await settled(page)).toEqual(left);
    });
  });

  test("from the forum focuses the hit that led there", async () => {
    // By date, because the engines order equal scores differently, and either may answer on a busy machine.
    const { page } = await site.visit("/search?q=der&sort=date-desc");
    await page.route("https://forum.example/**", (route) =>
      route.fulfill({ contentType: "text/html", body: "<h1>Thread" }),
    );
    const hit = page.locator(".hit-title").nth(65);
    await page.mouse.move(700, 300);
    while ((await hit.count()) === 0) await page.mouse.wheel(0, 2000);
    await hit.scrollIntoViewIfNeeded();
    const left = await settled(page);
    await hit.click();
    await page.waitForURL("https://forum.example/**");
    await page.goBack();
    await hit.waitFor();
    expect(await settled(page)).toEqual(left);
    expect(await hit.evaluate((link) => link === document.activeElement)).toBe(true);
    await page.close();
  });

  test("restores the position in browsers without the Navigation API", async () => {
    const { page, problems } = await site.newPage();
    await page.addInitScript(() => Reflect.deleteProperty(window, "navigation"));
    await goTo(page, site.url + linksPath);
    expect(await page.evaluate(() => "navigation" in window)).toBe(false);
    const left = await scrollTo(page, 900);
    await awayAndBack(page);
    expect(await settled(page)).toEqual(left);
    await reload(page);
    expect(await settled(page)).toEqual(left);
    expect(problems).toEqual([]);
    await page.close();
  });

  test("works despite garbage in session storage", async () => {
    const { page, problems } = await site.newPage();
    await page.addInitScript(() => sessionStorage.setItem("potstats-places", '{"a":1}'));
    await goTo(page, `${site.url}/imprint`);
    expect(await page.innerText("h1")).toBe("Impressum");
    expect(problems).toEqual([]);
    await page.close();
  });

  test("from user to user restores the position on each page", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      const name = await page.innerText("h1");
      const left = await scrollTo(page, 1000);
      await follow(page, "main .three a[href^='/users/']");
      await page.locator("h1", { hasNotText: name }).waitFor();
      expect((await settled(page)).top).toBe(0);
      const further = await scrollTo(page, 500);
      await page.goBack();
      expect(await settled(page)).toEqual(left);
      expect(await page.innerText("h1")).toBe(name);
      await page.goForward();
      expect(await settled(page)).toEqual(further);
    });
  });

  test("paints kept responses immediately, without a skeleton or a request", async () => {
    await site.withPage(linksPath, async (page) => {
      await scrollTo(page, 900);
      const requests: string[] = [];
      await awayAndBack(page, async () => {
        await page.waitForSelector("main .card");
        page.on("request", (request) => request.url().includes("/api/") && requests.push(request.url()));
        await page.evaluate(() =>
          addEventListener("popstate", () =>
            requestAnimationFrame(() => {
              const skeletons = document.querySelectorAll(".skeleton").length;
              Object.assign(window, { painted: { skeletons, top: Math.round(scrollY) } });
            }),
          ),
        );
      });
      await settled(page);
      expect(await page.evaluate("painted")).toEqual({
        skeletons: 0,
        top: 900,
      });
      expect(requests).toEqual([]);
    });
  });

  test("shows the 486th user again, also after a reload", async () => {
    // The rows are invented, so the pages of their users show errors.
    const { page } = await site.visit("/imprint");
    await manyUsers(page, 1000);
    await follow(page, "nav a[href='/users']");
    await page.waitForSelector("tbody th a");
    const row = page.locator("tbody tr", { hasText: "Nutzer 486" });
    await page.mouse.move(700, 300);
    while ((await row.count()) === 0) await page.mouse.wheel(0, 500);
    await row.scrollIntoViewIfNeeded();
    const left = await settled(page);
    await row.locator("a").click();
    await page.waitForURL(`${site.url}/users/486`);
    await page.goBack();
    expect(await settled(page)).toEqual(left);
    expect(await row.count()).toBe(1);
    await page.reload();
    await row.waitFor();
    expect((await settled(page)).top).toBe(left.top);
    await page.close();
  });

  test("shows all loaded hits of a search again, and focuses the one that was followed", async () => {
    await site.withPage("/search?q=der", async (page) => {
      const hits = page.locator(".hits > li");
      await page.mouse.move(700, 300);
      while ((await hits.count()) < 90) await page.mouse.wheel(0, 2000);
      const author = hits.nth(80).locator(".hit-head a").first();
      await author.scrollIntoViewIfNeeded();
      const left = await settled(page);
      await author.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/users\/\d+/);
      await page.goBack();
      expect(await settled(page)).toEqual(left);
      expect(await hits.count()).toBeGreaterThanOrEqual(90);
      const isFocused = await author.evaluate((link) => link === document.activeElement);
      expect(isFocused).toBe(true);
      expect(await page.inputValue("input[type=search]")).toBe("der");
      await page.reload();
      await hits.nth(80).waitFor();
      expect((await settled(page)).top).toBe(left.top);
    });
  });

  test("restores which tables are open", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      const open = () =>
        page.locator("details").evaluateAll((all) => all.map((one) => (one as HTMLDetailsElement).open));
      await page.locator("summary").nth(1).click();
      expect(await open()).toEqual([false, true, false]);
      await awayAndBack(page);
      await settled(page);
      expect(await open()).toEqual([false, true, false]);
      await goTo(page, `${site.url}/years`);
      await page.locator("summary").click();
      await awayAndBack(page);
      await settled(page);
      expect(await open()).toEqual([false]);
    });
  });

  test("scrolls a table wider than a phone to the same columns", async () => {
    await site.withPage(
      "/users",
      async (page) => {
        const left = () => page.locator("main .scroll").evaluate((table) => Math.round(table.scrollLeft));
        await page.locator("main .scroll").evaluate((table) => table.scrollTo(200, 0));
        expect(await left()).toBe(200);
        await awayAndBack(page);
        await settled(page);
        expect(await left()).toBe(200);
      },
      { viewport: sizes.phone },
    );
  });

  test("from a filtered page restores the position on the unfiltered one", async () => {
    await site.withPage(linksPath, async (page) => {
      const left = await scrollTo(page, 700);
      // The latest year; the filter bar is out of sight.
      await page.keyboard.press("[");
      await page.waitForURL(/year=/);
      await scrollTo(page, 100);
      await page.goBack();
      await page.waitForURL(site.url + linksPath);
      expect(await settled(page)).toEqual(left);
      expect(await chip(page, "year").count()).toBe(0);
      await page.goForward();
      await page.waitForURL(/year=/);
      expect((await settled(page)).top).toBe(100);
    });
  });

  test("is no longer restored once the reader scrolls while a response is pending", async () => {
    await site.withPage(linksPath, async (page) => {
      await scrollTo(page, 900);
      const late = Promise.withResolvers<void>();
      await awayAndBack(page, async () => {
        await reload(page);
        await page.route("**/api/**domains*", async (route) => {
          await late.promise;
          await route.continue();
        });
      });
      await page.waitForSelector(".skeleton");
      await page.mouse.move(600, 400);
      await page.mouse.wheel(0, -5000);
      await page.waitForFunction(() => scrollY === 0);
      late.resolve();
      await page.waitForSelector("tbody tr", { state: "attached" });
      expect((await settled(page)).top).toBe(0);
    });
  });

  test("returns from a part of the page that a link led to", async () => {
    await site.withPage(linksPath, async (page) => {
      const left = await scrollTo(page, 900);
      await follow(page, "a.skip");
      await page.waitForURL(`${site.url}${linksPath}#content`);
      expect(await page.evaluate("Math.round(document.getElementById('content').getBoundingClientRect().top)")).toBe(0);
      await page.goBack();
      expect(await settled(page)).toEqual(left);
    });
  });
});
