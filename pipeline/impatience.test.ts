/** The web application as hurried and unlucky people meet it: slow machines, late and missing answers, mangled addresses. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type ServedForum, serveForum } from "./testing.ts";
import { hasBrowser, openBrowser, usePage, visit as visitIn } from "./testing/browser.ts";
import { buildWeb } from "./web.ts";

let served: ServedForum;
let browser: Browser;
let uid: number;

const visit = (path: string, options?: BrowserContextOptions) => visitIn(browser, served.url, path, options);
const withPage = (path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions) =>
  usePage(browser, served.url, path, use, options);

describe.skipIf(!hasBrowser)("in a hurry", () => {
  beforeAll(async () => {
    [served, browser] = await Promise.all([serveForum({ seed: 11, posts: 4000, years: 4 }), openBrowser(), buildWeb()]);
    const answer = await fetch(`${served.url}/api/poster-stats?limit=1`);
    uid = ((await answer.json()) as { rows: { User: { uid: number } }[] }).rows[0]?.User.uid ?? 0;
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });

  test("search: whoever follows a suggestion at once finds the words again on the way back", async () => {
    await withPage("/search", async (page) => {
      await page.fill("input[type=search]", "küche");
      await page.locator(".suggestions a", { hasText: "Küche" }).first().click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Überblick");
      await page.waitForTimeout(600);
      expect(page.url()).toBe(`${served.url}/?bid=25`);
      await page.goBack();
      await page.waitForURL(`${served.url}/search?q=k%C3%BCche`);
      expect(await page.inputValue("input[type=search]")).toBe("küche");
    });
  });

  test("on a slow machine, every page opens by its link and from a suggestion", async () => {
    await withPage("/years", async (page) => {
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
      await page.fill("input[type=search]", "küche");
      await page.locator(".suggestions a", { hasText: "Küche" }).first().click();
      await page.waitForURL(/bid=25/);
      await opened();
      await page.locator(`main a[href^="/users/"]`).first().click();
      await page.waitForURL(/users/);
      await opened();
    });
  });

  test("whoever goes back and forth while a page's code is late ends where the address says", async () => {
    await withPage("/boards", async (page) => {
      await page.click("nav a[href='/years']");
      await page.waitForURL(/years/);
      await page.reload({ waitUntil: "networkidle" });
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

  test("code that does not come, as after an update of the server: its place says so, everything else goes on", async () => {
    const { page } = await visit("/years");
    await page.route(/assets\/(boards|network-view)-.*js/, (route) => route.fulfill({ status: 404, body: "" }));
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
    await page.context().close();
  });

  for (const body of ["<html>Bitte anmelden</html>", "null", '{"rows":[']) {
    test(`answers that a network in between made up (${body}) are named, and break nothing`, async () => {
      const { page, problems } = await visit("/imprint");
      await page.route("**/api/**", (route) => route.fulfill({ contentType: "application/json", body }));
      for (const path of ["/", "/users", `/users/${uid}`, "/compare?uid=1", "/days", "/links", "/search?q=a"]) {
        await page.goto(served.url + path, { waitUntil: "networkidle" });
        expect(await page.locator("main [role=alert]").first().innerText()).toContain("war nicht zu verstehen");
        expect(await page.locator("h1").count()).toBe(1);
      }
      expect(problems).toEqual([]);
      await page.context().close();
    });
  }

  test("addresses as people mangle them open the page they mean", async () => {
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
    const { page, problems } = await visit("/imprint");
    for (const [path, heading] of mangled) {
      await page.goto(served.url + path, { waitUntil: "networkidle" });
      expect({ path, heading: await page.locator("h1").allInnerTexts() }).toEqual({ path, heading: [heading] });
      expect({ path, alerts: await page.locator("main [role=alert]").count() }).toEqual({ path, alerts: 0 });
    }
    // The status of pages that do not exist.
    expect(problems.filter((problem) => !problem.includes("404"))).toEqual([]);
    await page.context().close();
  });

  test("a board nobody knows is still seen to be chosen", async () => {
    await withPage("/years?bid=987654", async (page) => {
      expect(await page.inputValue("select[name=bid]")).toBe("987654");
    });
  });

  test("the language chosen outlives the one of the address", async () => {
    await withPage("/years?lang=en&bid=14", async (page) => {
      await page.getByLabel("Language").selectOption("de");
      await page.waitForURL(`${served.url}/years?bid=14`);
      await page.reload({ waitUntil: "networkidle" });
      expect(await page.innerText("h1")).toBe("Jahre");
    });
  });

  test("keyboard: the first link leads past the menu", async () => {
    await withPage("/days?year=2016", async (page) => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main")?.id)).toBe("content");
    });
  });

  test("days: the calendar follows into the year before, and is there after reload", async () => {
    await withPage("/days?day=2016-01-01", async (page) => {
      await page.getByRole("button", { name: "Vortag" }).click();
      await page.waitForURL(`${served.url}/days?day=2015-12-31&year=2015`);
      await page.locator("rect.chosen[data-day='2015-12-31']").waitFor();
      await page.goBack();
      await page.locator("rect.chosen[data-day='2016-01-01']").waitFor();
    });
  });

  test("search: the way back brings the words, even into the box that is being used", async () => {
    await withPage("/search?q=grafikkarte", async (page) => {
      await page.click("nav a[href='/search']");
      await page.waitForURL(`${served.url}/search`);
      await page.focus("input[type=search]");
      await page.goBack();
      await page.waitForSelector(".hits strong");
      expect(await page.inputValue("input[type=search]")).toBe("grafikkarte");
    });
  });

  test("search: an answer that comes late never replaces that of later words", async () => {
    const { page } = await visit("/search");
    const late = Promise.withResolvers<void>();
    await page.route("**/api/search?*content=grafik&*", async (route) => {
      await late.promise;
      await route.continue();
    });
    await page.fill("input[type=search]", "grafik");
    await page.fill("input[type=search]", "quastenflosserparade");
    await page.waitForSelector(".message");
    const answered = page.waitForResponse((response) => response.url().includes("content=grafik&"));
    late.resolve();
    await (await answered).finished();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(await page.locator(".hits").count()).toBe(0);
    expect(await page.inputValue("input[type=search]")).toBe("quastenflosserparade");
    await page.context().close();
  });

  test("when one answer fails, the rest of the page stands", async () => {
    const { page } = await visit("/years");
    await page.route("**/api/daily-stats*", (route) => route.abort());
    await page.route("**/api/status*", (route) => route.abort());
    await page.goto(`${served.url}/`, { waitUntil: "networkidle" });
    await page.waitForSelector("main .message button");
    expect(await page.locator("main table").count()).toBe(2);
    await page.context().close();
  });

  test("when the server is gone the page says so and offers to try again", async () => {
    const { page } = await visit("/");
    await page.route("**/api/weekday-stats*", (route) => route.abort());
    await page.click("nav a[href^='/weekdays']");
    await page.waitForSelector("main .message button");
    await page.unroute("**/api/weekday-stats*");
    await page.click("main .message button");
    await page.waitForSelector("main svg.chart");
    await page.context().close();
  });
});
