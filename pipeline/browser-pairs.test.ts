/** Two users, and users by the year of their first post, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";
import { openTable } from "./testing/tables.ts";

let site: Site;
/** The two whose quote of each other is the most frequent one. */
let edge: { from: number; to: number };

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();

const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const card = (page: Page, title: string) =>
  page.locator(".card").filter({ has: page.locator("h2", { hasText: title }) });
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const percent = (share: number) =>
  share.toLocaleString("de", { style: "percent", maximumFractionDigits: share < 0.0995 ? 1 : 0 });

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
    const { edges } = await ask("network?limit=50");
    edge = edges.find(({ from, to }: { from: number; to: number }) => from !== to);
  }, 90_000);
  afterAll(() => site?.stop());

  test("a pair: places, quotes by year, first and last quote, shared threads are the API's, and lead to their posts", async () => {
    const pair = await ask(`pair?uid=${edge.from}&with=${edge.to}`);
    await site.withPage(
      `/pair?uid=${edge.from}&with=${edge.to}`,
      async (page) => {
        const [one, other] = [pair.user.user.name, pair.with.user.name].map(spaced);
        expect(spaced(await page.locator("h1").innerText())).toBe(`${one} und ${other}`);
        const places = spaced(await page.locator(".pair-places").innerText());
        expect(places).toContain(
          `${one} zitiert ${other} ${pair.user.quotes}-mal ${other} ist Platz ${pair.with.place}`,
        );
        const years = card(page, "Zitate Jahr für Jahr");
        await openTable(years.locator("details"));
        const rows = await years.locator("tbody tr").allInnerTexts();
        const shown = rows.map((row) => row.split("\t").map(Number));
        expect(shown.filter(([, user, other_]) => user || other_)).toEqual(
          pair.years.map((row: { year: number; user: number; with: number }) => [row.year, row.user, row.with]),
        );
        expect(sum(shown.map(([, user = 0]) => user))).toBe(pair.user.quotes);
        const { quoting, quoted } = pair.user.first_quote;
        const links = await page.locator(".pair-moments section").first().locator("dd").first().locator("a").all();
        const hrefs = await Promise.all(links.map((link) => link.getAttribute("href")));
        expect(hrefs.map((href) => /PID=(\d+)/.exec(href!)?.[1])).toEqual([quoting.pid, quoted.pid].map(String));
        const [thread] = pair.threads;
        const number = card(page, "Threads, in denen beide schrieben")
          .locator("tbody tr")
          .first()
          .locator("td a")
          .first();
        expect(await number.innerText()).toBe(String(thread.user));
        expect(await violations(page)).toEqual([]);
        await number.click();
        await page.waitForURL(`**/search?q=thread%3A${thread.thread.tid}&uid=${edge.from}`);
      },
      { bypassCSP: true },
    );
  });

  test("the mirrored bars answer arrow keys: up and down change the direction, Enter leads to that user's year", async () => {
    const pair = await ask(`pair?uid=${edge.from}&with=${edge.to}`);
    const last = pair.years.at(-1);
    await site.withPage(`/pair?uid=${edge.from}&with=${edge.to}`, async (page) => {
      const chart = card(page, "Zitate Jahr für Jahr");
      await chart.locator("[data-mark][tabindex='0']").focus();
      await page.keyboard.press("End");
      const quotes = (count: number) => `${count} ${count === 1 ? "Zitat" : "Zitate"}`;
      const values = await chart.locator(".readout-series .readout-value").allInnerTexts();
      expect(values).toEqual([quotes(last.user), quotes(last.with)]);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/users/${edge.to}?year=${last.year}`);
    });
  });

  test("people are chosen by name and swapped; nobody, one, the same twice and unknown ones are told apart", async () => {
    const { User: user } = (await ask("poster-stats?limit=1")).rows[0];
    await site.withPage("/pair", async (page) => {
      await page.locator(".pair-suggestions a").first().waitFor();
      await page.getByLabel("Erste Person wählen").first().fill(user.name.trim());
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/pair?uid=${user.uid}`);
      await page.getByRole("button", { name: "Tauschen" }).click();
      await page.waitForURL(`**/pair?with=${user.uid}`);
      const partner = page.locator(".pair-suggestions a").first();
      await partner.filter({ hasText: "-mal" }).waitFor();
      await partner.click();
      await page.waitForURL(/uid=\d+&with=\d+/);
      await page.locator(".pair-places").waitFor();
    });
    await site.withPage(`/pair?uid=${user.uid}&with=${user.uid}`, async (page) => {
      expect(await page.locator("main").innerText()).toContain("Das ist zweimal dieselbe Person.");
    });
    const { page } = await site.visit(`/pair?uid=${user.uid}&with=99999999`);
    expect(await page.locator("main").innerText()).toContain("gibt es hier nicht");
    await page.close();
  });

  test("tables that name two people link to their page", async () => {
    const pairOf = async (page: Page) =>
      (await page.locator("a[href^='/pair?uid=']").first().getAttribute("href")) ?? "";
    for (const path of [`/users/${site.uid}`, "/network", `/compare?uid=${edge.from}&uid=${edge.to}`])
      await site.withPage(path, async (page) => {
        await page.locator("a[href^='/pair?uid=']").first().waitFor();
        expect(await pairOf(page)).toMatch(/^\/pair\?uid=\d+&with=\d+$/);
      });
    await site.withPage(`/network?uid=${edge.from}&selected=${edge.to}`, async (page) => {
      const link = page.locator(".network-readout a[href^='/pair']");
      await link.waitFor();
      expect(await link.getAttribute("href")).toBe(`/pair?uid=${edge.to}&with=${edge.from}`);
    });
  });

  test("cohorts: each cell has the share of the API's numbers, by pointer and by keys, and the unfinished year is marked", async () => {
    const { rows } = await ask("cohorts?bid=14");
    const cohort = rows[0].cohort;
    const own = rows.filter((row: { cohort: number }) => row.cohort === cohort);
    const status = await ask("status");
    const { page } = await site.newPage({ bypassCSP: true });
    await page.route("**/api/status", (route) =>
      route.fulfill({ json: { ...status, last_crawl_at: `${own.at(-1).year}-07-02T10:00:00Z` } }),
    );
    await goTo(page, `${site.url}/cohorts?bid=14`);
    const map = card(page, "Wie viele noch da sind");
    expect(await map.locator("[role=img][data-key]").count()).toBe(rows.length);
    await map.locator(`[data-key="${cohort} ${own[0].year}"][role=img]`).focus();
    await page.keyboard.press("ArrowRight");
    const readout = spaced(await map.locator(".readout").innerText());
    const [first, second] = own;
    expect(readout).toBe(
      `Jahrgang ${cohort} im Jahr ${second.year}, ${second.active_users} von ${first.active_users} Leuten: ${spaced(percent(second.active_users / first.active_users))}`,
    );
    await page.keyboard.press("End");
    expect(await map.locator(".readout").innerText()).toContain("noch nicht vollständig");
    expect(await map.locator(".unfinished-part").count()).toBe(1);
    const posts = card(page, "Posts nach Jahrgang");
    await openTable(posts.locator("details"));
    const table = (await posts.locator("tbody tr").allInnerTexts()).map((row) => row.split("\t"));
    const all = sum(table.map(([, total = ""]) => Number(total.replaceAll(".", ""))));
    expect(all).toBe(sum(rows.map((row: { post_count: number }) => row.post_count)));
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});
