/**
 * The web application on bad networks: late, missing and wrong responses, slow machines, impatient readers, mangled
 * URLs.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Request } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { chip } from "./testing/filters.ts";
import { goTo, reload } from "./testing/quiet.ts";

let site: Site;

describe.skipIf(!hasBrowser)("on a bad network", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test("search: going back restores the query even if a suggestion was followed before the URL was updated", async () => {
    await site.withPage("/search", async (page) => {
      await page.fill("input[type=search]", "küche");
      await page.locator(".suggestions a", { hasText: "Küche" }).first().click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Überblick");
      await page.waitForTimeout(600);
      expect(page.url()).toBe(`${site.url}/?bid=25`);
      await page.goBack();
      await page.waitForURL(`${site.url}/search?q=k%C3%BCche`);
      expect(await page.inputValue("input[type=search]")).toBe("küche");
    });
  });

  test("on a slow machine, every page opens by its link and from a suggestion", async () => {
    await site.withPage("/years", async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
      const opened = async () => {
        await page.locator("main h1, main [role=alert]").first().waitFor();
        expect(await page.locator("main [role=alert]").allInnerTexts()).toEqual([]);
      };
      for (const link of await page.locator(".nav a").all()) {
        await link.click();
        await opened();
      }
      await page.click(".nav a[href^='/search']");
      await page.fill("input[type=search]", "küche");
      await page.locator(".suggestions a", { hasText: "Küche" }).first().click();
      await page.waitForURL(/bid=25/);
      await opened();
      await page.locator(`main a[href^="/users/"]`).first().click();
      await page.waitForURL(/users/);
      await opened();
    });
  });

  test("going back and forth while a page's code is loading ends on the page of the URL", async () => {
    await site.withPage("/boards", async (page) => {
      await page.click("nav a[href='/years']");
      await page.waitForURL(/years/);
      await reload(page);
      const late = Promise.withResolvers<void>();
      await page.route("**/assets/boards-*.js", async (route) => {
        await late.promise;
        await route.continue();
      });
      const asked = page.waitForRequest(/boards-.*js/);
      await page.evaluate(() => history.back());
      const request = await asked;
      await page.evaluate(() => history.forward());
      await page.waitForURL(/years/);
      late.resolve();
      await (await request.response())?.finished();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      expect(await page.locator("h1").allInnerTexts()).toEqual(["Jahre"]);
    });
  });

  test("a chunk that fails to load, as after a server update, shows an error in its place; the rest works", async () => {
    const { page } = await site.visit("/years");
    await page.route(/assets\/(boards|view)-.*js/, (route) => route.fulfill({ status: 404, body: "" }));
    const missing = page.locator("main [role=alert]", { hasText: "ließ sich nicht laden" });
    await page.click("nav a[href='/network']");
    await missing.waitFor();
    expect(await page.locator("main tbody tr").count()).toBeGreaterThan(10);
    await page.click("nav a[href='/boards']");
    await page.waitForURL(/boards/);
    await missing.waitFor();
    await page.click("nav a[href='/weekdays']");
    await page.locator("h1", { hasText: "Wochentage" }).waitFor();
    expect(await missing.count()).toBe(0);
    await page.click("nav a[href='/boards']");
    await page.unrouteAll();
    await missing.getByRole("button").click();
    await page.locator("h1", { hasText: "Foren" }).waitFor();
    await page.close();
  });

  test("responses invented by a network, such as a login page, are reported and break nothing", async () => {
    const { page, problems } = await site.newPage();
    const madeUp: [path: string, body: string][] = [
      ["/", "<html>Bitte anmelden</html>"],
      ["/users", "<html>Bitte anmelden</html>"],
      [`/users/${site.uid}`, "<html>Bitte anmelden</html>"],
      ["/compare?uid=1", "null"],
      ["/days", '{"rows":['],
      ["/search?q=a", ""],
    ];
    for (const [path, body] of madeUp) {
      await page.route("**/api/**", (route) => route.fulfill({ contentType: "application/json", body }));
      await goTo(page, site.url + path);
      expect(await page.locator("main [role=alert]").first().innerText()).toContain("war unverständlich");
      expect(await page.locator("h1").count()).toBe(1);
      await page.unrouteAll();
    }
    expect(problems).toEqual([]);
    await page.close();
  });

  test("mangled URLs open the intended page", async () => {
    const mangled: [path: string, heading: string][] = [
      ["/search?q=küche&q=bad", "Suche"],
      ["/search?q=%E0%A4%A", "Suche"],
      ["/links?domain=bilder.example&domain=x", "Links"],
      ["/days?day=2016-13-45", "Tage"],
      ["/days?day=2016-02-31&day=2016-02-01", "Tage"],
      ["/?year=99999", "Überblick"],
      ["/years?year=abc&bid=-1&lang=xx", "Jahre"],
      ["/users?order_by=nonsense&order_by=x", "Nutzer"],
      ["/compare?uid=abc&uid=0", "Vergleich"],
      ["//users", "Nutzer"],
      ["/users/abc", "Diese Seite gibt es nicht"],
      ["/users/%E0%A4%A", "Diese Seite gibt es nicht"],
    ];
    const { page, problems } = await site.newPage();
    for (const [path, heading] of mangled) {
      await goTo(page, site.url + path);
      await page.locator("h1").waitFor();
      expect({ path, heading: await page.locator("h1").allInnerTexts() }).toEqual({ path, heading: [heading] });
      expect({ path, alerts: await page.locator("main [role=alert]").count() }).toEqual({ path, alerts: 0 });
    }
    // Pages that do not exist have this status.
    expect(problems.filter((problem) => !problem.includes("404"))).toEqual([]);
    await page.close();
  });

  test("an unknown board is still shown as selected", async () => {
    await site.withPage("/years?bid=987654", async (page) => {
      expect(await chip(page, "bid").innerText()).toContain("#987654");
    });
  });

  test("the chosen language takes precedence over the one in the URL", async () => {
    await site.withPage("/years?lang=en&bid=14", async (page) => {
      await page.getByLabel("Language").selectOption("de");
      await page.waitForURL(`${site.url}/years?bid=14`);
      await reload(page);
      expect(await page.innerText("h1")).toBe("Jahre");
    });
  });

  test("keyboard: the first link skips the menu", async () => {
    await site.withPage("/days?year=2016", async (page) => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main")?.id)).toBe("content");
    });
  });

  test("days: the calendar shows the previous year when a day of it is opened, also after a reload", async () => {
    await site.withPage("/days?day=2016-01-01", async (page) => {
      await page.getByRole("link", { name: "Vortag" }).click();
      await page.waitForURL(`${site.url}/days?year=2015&day=2015-12-31`);
      await page.locator("rect.chosen[data-key='2015-12-31']").waitFor();
      await page.goBack();
      await page.locator("rect.chosen[data-key='2016-01-01']").waitFor();
    });
  });

  test("search: going back restores the query, even in a focused input", async () => {
    await site.withPage("/search?q=grafikkarte", async (page) => {
      await page.click("nav a[href='/search']");
      await page.waitForURL(`${site.url}/search`);
      await page.focus("input[type=search]");
      await page.goBack();
      await page.waitForSelector(".hits strong");
      expect(await page.inputValue("input[type=search]")).toBe("grafikkarte");
    });
  });

  test("search: a newer query aborts the older one, whose response never replaces the newer one", async () => {
    const { page } = await site.visit("/search");
    const late = Promise.withResolvers<void>();
    await page.route("**/api/search?*content=grafik&*", async (route) => {
      await late.promise;
      await route.continue();
    });
    const isLate = (request: Request) => request.url().includes("content=grafik&");
    const sent = page.waitForRequest(isLate);
    const aborted = page.waitForEvent("requestfailed", isLate);
    await page.fill("input[type=search]", "grafik");
    await sent;
    await page.fill("input[type=search]", "quastenflosserparade");
    await page.waitForSelector(".message");
    await aborted;
    late.resolve();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(await page.locator(".hits").count()).toBe(0);
    expect(await page.inputValue("input[type=search]")).toBe("quastenflosserparade");
    await page.close();
  });

  test("when one request fails, the rest of the page is still shown", async () => {
    const { page } = await site.visit("/years");
    await page.route("**/api/daily-stats*", (route) => route.abort());
    await page.route("**/api/status*", (route) => route.abort());
    await goTo(page, `${site.url}/`);
    await page.waitForSelector("main .message button");
    expect(await page.locator("main table").count()).toBe(2);
    await page.close();
  });

  test("when the server is unreachable, the page says so and offers to try again", async () => {
    const { page } = await site.visit("/");
    await page.route("**/api/weekday-stats*", (route) => route.abort());
    await page.click("nav a[href^='/weekdays']");
    await page.waitForSelector("main .message button");
    await page.unroute("**/api/weekday-stats*");
    await page.click("main .message button");
    await page.waitForSelector("main svg.chart");
    await page.close();
  });

  test("search: Enter does not open a hit of the previous query while the response is pending", async () => {
    await site.withPage("/search?q=grafikkarte", async (page) => {
      await page.waitForSelector(".hits strong");
      const late = Promise.withResolvers<void>();
      await page.route("**/api/search?*content=k%C3%BCche&*", async (route) => {
        await late.promise;
        await route.continue();
      });
      await page.fill("input[type=search]", "küche");
      await page.keyboard.press("Enter");
      late.resolve();
      await page.waitForURL(`${site.url}/search?q=k%C3%BCche`);
      await page.waitForSelector(".search-found:not(.stale)");
      expect(new URL(page.url()).pathname).toBe("/search");
    });
  });

  test("search: hits remain visible when loading more fails", async () => {
    const { page } = await site.visit("/search");
    await page.route("**/api/search?*offset=30&*", (route) => route.abort());
    await page.fill("input[type=search]", "a");
    await page.waitForSelector(".hits");
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator(".search-found [role=alert]").waitFor();
    expect(await page.locator(".hits > li").count()).toBe(30);
    await page.unrouteAll();
    await page.locator(".search-found [role=alert] button").click();
    await page.locator(".hits > li >> nth=30").waitFor();
    await page.close();
  });

  test("search: hits have no link until the forum's URL is known", async () => {
    const { page } = await site.newPage();
    await page.route("**/api/status", (route) => route.abort());
    await goTo(page, `${site.url}/search?q=grafikkarte`);
    expect(await page.locator(".hit-title").first().getAttribute("href")).toBe(null);
    await page.close();
  });

  test("a tag with quotation marks links to the search for it", async () => {
    await site.withPage("/imprint", async (page) => {
      const found = await fetch(`${site.url}/api/search?content=der&type=thread`);
      const answer = (await found.json()) as { results: object[] };
      const results = answer.results.map((hit) => ({ ...hit, tags: ['Der "Boss"'] }));
      await page.route("**/api/search?*", (route) => route.fulfill({ json: { ...answer, results } }));
      await goTo(page, `${site.url}/search?q=der&type=thread`);
      await page.locator(".hits a", { hasText: 'Der "Boss"' }).first().click();
      await page.waitForURL(/tag/);
      expect(await page.inputValue("input[type=search]")).toBe('tag:"Der ""Boss"""');
    });
  });

  test("a user's posts are found by user id, even if the name cannot be searched for", async () => {
    await site.withPage(`/users/${site.uid}`, async (page) => {
      const name = await page.innerText("h1");
      await page.getByRole("link", { name: "Posts durchsuchen" }).click();
      await page.waitForSelector(".hits");
      const authors = await page.locator(".hit-head span:first-child").allInnerTexts();
      expect([...new Set(authors)]).toEqual([name]);
    });
  });

  test("Enter before suggestions arrive completes the name, unless the input has lost focus", async () => {
    await site.withPage("/compare", async (page) => {
      const answer = await fetch(`${site.url}/api/poster-stats?limit=2`);
      const { rows } = (await answer.json()) as { rows: { User: { uid: number; name: string } }[] };
      const [first, second] = rows.map(({ User }) => User);
      const box = page.getByRole("combobox", { name: "Nutzer hinzufügen" });
      await box.fill(first!.name);
      await page.locator(".user-box [role=option]").first().waitFor();
      await box.fill(second!.name);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${site.url}/compare?uid=${second!.uid}`);
      const answered = page.waitForResponse("**/api/users?*");
      await box.fill(first!.name);
      await page.keyboard.press("Tab");
      await (await answered).finished();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      expect(await page.locator(".user-box ul").isVisible()).toBe(false);
      await box.focus();
      await page.locator(".user-box [role=option]").first().waitFor();
    });
  });

  test("users: the error for rows that failed to load disappears when the order changes", async () => {
    const { page } = await site.newPage();
    await page.route("**/api/poster-stats?*", async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, next: "/api/further-rows" } });
    });
    await page.route("**/api/further-rows", (route) => route.abort());
    await goTo(page, `${site.url}/users`);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.locator("main [role=alert]", { hasText: "nicht erreichbar" }).waitFor();
    await page.unrouteAll();
    await page.locator("thead button").nth(1).click();
    await page.waitForURL(/edit_count/);
    await page.locator("main [role=alert]").waitFor({ state: "detached" });
    await page.close();
  });

  test("the page of a user whose posts are thousands of years apart opens as fast as any other", async () => {
    await site.withPage("/imprint", async (page) => {
      await page.route("**/api/poster-development?*", async (route) => {
        const { user } = (await (await route.fetch()).json()) as { user: object };
        const years = Array.from({ length: 7999 }, (_, at) => {
          const count = at === 0 || at === 7998 ? 3 : 0;
          const counts = { post_count: count, edit_count: 0, threads_created: 0, quoted_count: 0, quotes_count: 0 };
          return [String(2000 + at), { year: 2000 + at, ...counts, avg_post_length: 10 * count }];
        });
        await route.fulfill({ json: { user, years: Object.fromEntries(years) as object } });
      });
      for (const path of [`/users/${site.uid}`, `/compare?uid=${site.uid}`]) {
        await goTo(page, site.url + path);
        expect(await page.locator("main").innerText()).toContain("Jahre ohne Posts sind ausgelassen");
        const table = page.locator("details").first();
        if (!(await table.evaluate((details) => details.hasAttribute("open")))) await table.locator("summary").click();
        await table.locator("tbody th").first().waitFor();
        const rows = await table.locator("tbody th").allTextContents();
        expect({ path, rows }).toEqual({ path, rows: ["2000", "9998"] });
        // Two calendars, day by day.
        expect(await page.locator("main *").count()).toBeLessThan(7000);
      }
    });
  });

  test("a name that is one long word or invisible breaks no page", async () => {
    const answer = await fetch(`${site.url}/api/poster-stats?limit=2`);
    const { rows } = (await answer.json()) as { rows: { User: { uid: number; name: string } }[] };
    const [long, blank] = rows.map(({ User }) => User);
    const { page, problems } = await site.newPage();
    await page.route("**/api/**", async (route) => {
      const body = await (await route.fetch()).text();
      const odd = body.replaceAll(`"name":${JSON.stringify(long!.name)}`, `"name":"${"W".repeat(60)}"`);
      await route.fulfill({
        contentType: "application/json",
        body: odd.replaceAll(`"name":${JSON.stringify(blank!.name)}`, `"name":" "`),
      });
    });
    const both = `uid=${long!.uid}&uid=${blank!.uid}`;
    const visits: [path: string, width: number][] = [
      [`/users/${long!.uid}`, 360],
      [`/compare?${both}`, 360],
      [`/search?${both}`, 360],
      ["/users", 360],
      ["/links", 1280],
      ["/network", 1280],
    ];
    for (const [path, width] of visits) {
      await page.setViewportSize({ width, height: 900 });
      await goTo(page, site.url + path);
      const seen = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        blanks: [...document.querySelectorAll("main a")].filter(
          (link) => `${link.textContent}${link.getAttribute("aria-label") ?? ""}`.trim() === "",
        ).length,
      }));
      expect({ path, ...seen, width: Math.max(width, seen.width) }).toEqual({ path, width, blanks: 0 });
    }
    expect(problems).toEqual([]);
    await page.close();
  });
});
