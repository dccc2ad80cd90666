/** Words over the years, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo, quiet } from "./testing/quiet.ts";

let site: Site;

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();

const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const chart = (page: Page) => page.locator(".trend-chart .card");
/** The rows of the table below the chart: period, posts, and for each word hits and share. */
async function tableOf(page: Page): Promise<string[][]> {
  await chart(page).locator("summary").click();
  await chart(page).locator("tbody").waitFor();
  const rows = await chart(page)
    .locator("tbody tr")
    .evaluateAll((elements) => elements.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  return rows;
}
const hitsIn = (rows: string[][], column = 2) =>
  rows.map(([period = "", ...cells]) => [period, Number(cells[column - 1]?.replaceAll(".", ""))] as const);

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite({ posts: 3000, years: 15 });
  }, 180_000);
  afterAll(() => site?.stop());

  test("a word that came and went and one that keeps rising look like that, with the API's numbers", async () => {
    await site.withPage(
      "/trends?q=Klingelton&q=Lastenrad&show=count",
      async (page) => {
        const { periods, queries } = await ask("trends?q=Klingelton&q=Lastenrad&per=year");
        const rows = await tableOf(page);
        for (const at of [0, 1])
          expect(hitsIn(rows, 2 + 2 * at)).toEqual(
            periods.map(({ period, counts }: { period: string; counts: number[] }) => [period, counts[at]]),
          );
        const peakOf = (column: number) => hitsIn(rows, column).toSorted(([, a], [, b]) => b - a)[0]?.[0];
        expect(["2006", "2007", "2008"]).toContain(peakOf(2)!);
        expect(Number(peakOf(4))).toBeGreaterThanOrEqual(2014);
        const counted = await page.locator(".trend-words p").allInnerTexts();
        expect(counted.slice(0, 2).map(spaced)).toEqual(
          queries.map(({ count }: { count: number }) => `${count.toLocaleString("de")} Treffer`),
        );
        expect(await violations(page)).toEqual([]);
      },
      { bypassCSP: true },
    );
  });

  test("a point leads by keys to the search of its word and period, which finds as many posts", async () => {
    await site.withPage("/trends?q=Klingelton&per=month&show=count", async (page) => {
      const months = hitsIn(await tableOf(page));
      const at = months.findIndex(([, hits]) => hits > 0);
      await chart(page).locator("[data-mark][tabindex='0']").focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < at; step++) await page.keyboard.press("ArrowRight");
      expect(spaced(await chart(page).locator(".readout-head").innerText())).toContain(`${months[at]![1]} Treffer`);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/search\?q=Klingelton&after=\d{4}-\d\d&before=\d{4}-\d\d/);
      await page.locator(".search-status p", { hasText: `${months[at]![1]} Treffer` }).waitFor();
      const back = page.getByRole("link", { name: "Über die Jahre zeigen" });
      expect(await back.getAttribute("href")).toBe("/trends?q=Klingelton");
    });
  });

  test("smoothing is named, is the mean of the neighbors, and all of it is in the URL", async () => {
    await site.withPage("/trends?q=Lastenrad&show=count", async (page) => {
      const years = hitsIn(await tableOf(page));
      await page.getByLabel("Glättung").focus();
      await page.keyboard.press("ArrowRight");
      await page.waitForURL(/smooth=1/);
      expect(await chart(page).locator("h2").innerText()).toContain("Mittel aus 3 Jahren");
      await chart(page).locator("[data-mark][tabindex='0']").focus();
      await page.keyboard.press("End");
      const mean = (years.at(-1)![1] + years.at(-2)![1]) / 2;
      const text = mean.toLocaleString("de", { maximumFractionDigits: mean < 9.95 ? 1 : 0 });
      expect(spaced(await chart(page).locator(".readout-head").innerText())).toContain(`${text} Treffer`);
    });
  });

  test("an older answer never takes the place of a newer one", async () => {
    const { page } = await site.newPage();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route("**/api/trends?q=Klingel&*", async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await goTo(page, `${site.url}/trends?q=Lastenrad`);
    const word = page.getByLabel("Wort 1");
    await word.fill("Klingel");
    await page.waitForRequest(/q=Klingel&/);
    await word.fill("Klingelton");
    const drawn = chart(page).locator("svg.chart").first();
    await chart(page).locator("svg.chart[aria-label^='Klingelton:']").waitFor();
    await page.waitForURL(/q=Klingelton/);
    release();
    await quiet(page);
    expect(await drawn.getAttribute("aria-label")).toStartWith("Klingelton:");
    await page.close();
  });

  test("the first visit shows words of the forum itself; a click adds one, the keyboard removes it", async () => {
    await site.withPage("/trends", async (page) => {
      await chart(page).waitFor();
      const example = page.locator(".trend-examples button").first();
      const name = await example.innerText();
      const [{ rows: threads }, { rows: boards }] = await Promise.all([ask("threads?limit=30"), ask("boards")]);
      const titles = [
        ...threads.map(({ thread }: { thread: { title: string } }) => thread.title),
        ...boards.map((board: { name: string }) => board.name),
      ];
      expect(titles.some((title) => title.includes(name))).toBe(true);
      await example.click();
      await page.waitForURL(`**/trends?q=${encodeURIComponent(name)}`);
      await page.getByRole("button", { name: `${name} entfernen` }).press("Enter");
      await page.waitForURL(`${site.url}/trends`);
      expect(await page.getByLabel("Wort 1").inputValue()).toBe("");
    });
  });

  test("an unknown filter, hits that are not exact, and a server without trends are said", async () => {
    await site.withPage("/trends?q=user%3Aniemand-heißt-so", async (page) => {
      expect(await page.locator(".trend-words").innerText()).toContain("„user:niemand-heißt-so“ gibt es nicht");
    });
    const { page } = await site.newPage();
    const answered = await ask("trends?q=Lastenrad&per=year");
    delete answered.fallback;
    const [query] = answered.queries;
    const inexact = { ...query, count_is_exact: false, complete_from: "2016" };
    let status = 200;
    await page.route("**/api/trends?*", (route) =>
      status === 200
        ? route.fulfill({ json: { ...answered, engine: "postgres", queries: [inexact] } })
        : route.fulfill({ status, json: { error: "Workers do not offer trends" } }),
    );
    await goTo(page, `${site.url}/trends?q=Lastenrad`);
    expect(spaced(await page.locator(".trend-words").innerText())).toContain(
      `mindestens ${query.count} Treffer, vollständig ab 2016`,
    );
    expect(await page.locator("main").innerText()).toContain("Gezählt von PostgreSQL.");
    status = 501;
    await goTo(page, `${site.url}/trends?q=Klingelton`);
    expect(await page.locator("main").innerText()).toContain("Trends gibt es auf diesem Server nicht");
    await page.close();
  });
});
