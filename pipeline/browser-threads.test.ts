/** Threads in a real browser: the table, one thread with its people and its series, and the links to it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { openTable } from "./testing/tables.ts";

let site: Site;

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
/** What the numbers of a thread look like in the API. */
interface Row {
  thread: { tid: number; title: string };
  user: { uid: number; name: string };
  post_count: number;
  longest_silence_s: number;
}
// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();
const rowsOf = async (query: string): Promise<Row[]> => (await ask(`threads?limit=10000&${query}`)).rows;

async function tidOf(title: string): Promise<number> {
  const row = (await rowsOf("")).find(({ thread }) => thread.title === title);
  if (!row) throw new Error(`no thread "${title}"`);
  return row.thread.tid;
}

const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const widthOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);
const readout = async (page: Page) => spaced(await page.locator(".readout").first().innerText());

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite({ posts: 1500, years: 12 });
  }, 180_000);
  afterAll(() => site?.stop());

  test("the table is sorted by the server, loads more rows while it scrolls, and says who is missing", async () => {
    const rows = await rowsOf("order_by=longest_silence_s");
    const all = await rowsOf("");
    expect(rows.length).toBeLessThan(all.length);
    await site.withPage("/threads", async (page) => {
      const first = page.locator("tbody[role=rowgroup] th").first();
      await first.filter({ hasText: all[0]!.thread.title }).waitFor();
      await page.getByRole("button", { name: "Längste Stille" }).click();
      await page.waitForURL(/order_by=longest_silence_s/);
      await first.filter({ hasText: "und wieder da" }).waitFor();
      expect(await page.locator("[aria-sort=descending]").innerText()).toContain("Längste Stille");
      expect(await page.innerText("main")).toContain("Threads mit nur einem Post fehlen in dieser Sortierung");
      await page.getByRole("button", { name: "Längste Stille" }).click();
      await page.waitForURL(/order=asc/);
      await first.filter({ hasText: rows.at(-1)!.thread.title }).waitFor();
      await page.goBack();
      await first.filter({ hasText: "und wieder da" }).waitFor();
      // Going back restores the former position for a while.
      await page.waitForFunction((count) => {
        window.scrollTo(0, document.documentElement.scrollHeight);
        return [...document.querySelectorAll("tbody td.rank")].some((cell) => cell.textContent === String(count));
      }, rows.length);
      const rendered = await page.locator("tbody[role=rowgroup] tr[role=row]").count();
      expect(rendered).toBeLessThan(Math.min(rows.length, 60));
    });
  });

  test("the chart shows replies, lifetimes and unanswered threads by year; a year filters the table", async () => {
    const { rows } = await ask("thread-replies");
    const year = rows[3] as { year: number; threads: number; unanswered: number };
    await site.withPage("/threads", async (page) => {
      const mark = page.locator(`a.target[aria-label^='${year.year}:']`);
      await mark.focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowRight");
      expect(await readout(page)).toMatch(
        new RegExp(`^${year.year} .*Die Hälfte höchstens [\\d,]+ \\S+ Neun von zehn höchstens [\\d,]+ \\S+`),
      );
      await page.getByRole("button", { name: "Ohne Antwort" }).click();
      const share = ((100 * year.unanswered) / year.threads).toFixed(1).replace(".", ",").replace(",0", "");
      const label = await page.locator(`a.target[aria-label^='${year.year}:']`).getAttribute("aria-label");
      expect(spaced(label ?? "").replace("< ", "")).toBe(`${year.year}: ${share} %`);
      await page.locator(`a.target[aria-label^='${year.year}:']`).press("Enter");
      await page.waitForURL(new RegExp(`year=${year.year}`));
      const [busiest] = await rowsOf(`year=${year.year}`);
      await page.locator("tbody[role=rowgroup] th").first().filter({ hasText: busiest!.thread.title }).waitFor();
      await openTable(page.locator("details", { hasText: "Zahlen als Tabelle" }));
      const cells = await page
        .locator("details tbody tr", { hasText: String(year.year) })
        .locator("td")
        .allInnerTexts();
      expect(cells.slice(0, 1)).toEqual([String(year.threads)]);
      expect(spaced(cells[1]!)).toBe(`${year.unanswered} (${share} %)`);
    });
  });

  test("a thread revived after years: who ended the silence, who wrote when, and the way to the forum", async () => {
    const tid = await tidOf("Verstaubt und wieder da");
    const thread = await ask(`thread?tid=${tid}`);
    await site.withPage(`/threads/${tid}`, async (page) => {
      expect(await page.title()).toBe("Verstaubt und wieder da – pOTstats");
      const silence = page.locator(".moments div", { hasText: "Längste Stille" });
      const ender = spaced(thread.silence_ended_by.user.name);
      expect(spaced(await silence.innerText())).toMatch(
        new RegExp(`Längste Stille ${(thread.longest_silence_s / 31_557_600).toFixed(0)} Jahre, beendet von`),
      );
      expect(spaced(await silence.innerText())).toContain(ender);
      expect(await silence.locator("a[rel=noreferrer]").getAttribute("href")).toBe(
        `https://forum.example/bb/thread.php?TID=${tid}&PID=${thread.last.pid}#reply_${thread.last.pid}`,
      );
      expect(await page.getByText("Im Forum lesen").getAttribute("href")).toBe(
        `https://forum.example/bb/thread.php?TID=${tid}`,
      );
      expect(await page.locator(".silence text").textContent()).toEndWith("Jahre Stille");
      const target = page.locator(".target").first();
      await target.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("End");
      expect(await readout(page)).toContain(`: 1 Post`);
      expect(spaced(await page.locator(".readout-series li", { hasText: ender }).innerText())).toBe(`${ender} 1 Post`);
      const people = await page.locator(".card", { hasText: "Anteil" }).locator("tbody tr").count();
      expect(people).toBe(thread.participants);
      await openTable(page.locator("details"));
      const sums = await page.locator("details tbody td:nth-child(2)").allInnerTexts();
      expect(sums.reduce((sum, text) => sum + Number(text), 0)).toBe(thread.post_count);
    });
  });

  test("a series is paged through by its links, across the number that nobody used", async () => {
    const tid = await tidOf("schöner schmoren (#15)");
    await site.withPage(`/threads/${tid}`, async (page) => {
      const series = page.locator("nav.series");
      for (const [title, place] of [
        ["Schöner Schmoren Teil 16", "Teil 16 von 40"],
        ["Schöner Schmoren Teil 18", "Teil 17 von 40"],
      ]) {
        await series.locator(".series-next a").click();
        await page.waitForFunction((expected) => document.querySelector("h1")?.textContent === expected, title);
        expect(await series.innerText()).toContain(place!);
      }
      await series.locator("a", { hasText: "Schöner Schmoren Teil 16" }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Schöner Schmoren Teil 16");
      await page.goBack();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Schöner Schmoren Teil 18");
    });
    await site.withPage(`/threads/${await tidOf("Schöner Schmoren")}`, async (page) => {
      expect(await page.innerText("nav.series")).toContain("Hier beginnt die Reihe.");
    });
  });

  test("threads named in search, on a day, on the overview and on a user's page link to their page", async () => {
    const threadLink = async (page: Page, selector: string) => {
      await page.locator(selector).first().waitFor();
      return new URL((await page.locator(selector).first().getAttribute("href"))!, site.url).pathname;
    };
    await site.withPage("/search?type=thread&q=Niemand+antwortet+mir", async (page) => {
      expect(await threadLink(page, ".hits .hit-title")).toMatch(/^\/threads\/\d+$/);
      await page.locator(".hits .hit-title").first().click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Niemand antwortet mir");
      expect(await page.innerText(".moments")).toContain("Niemand hat geantwortet.");
      expect(await page.locator("svg.chart").count()).toBe(0);
    });
    await site.withPage("/search?q=der", async (page) => {
      expect(await page.locator(".hits .hit-title").first().getAttribute("href")).toStartWith("https://forum.example/");
      expect(await threadLink(page, ".hit-head a[href^='/threads/']")).toMatch(/^\/threads\/\d+$/);
    });
    const { records } = await ask("overview");
    await site.withPage(`/days?day=${records.busiest_thread.day}`, async (page) => {
      const { threads } = await ask(`day-stats?day=${records.busiest_thread.day}`);
      expect(await threadLink(page, "section[aria-live] tbody a")).toBe(`/threads/${threads[0].thread.tid}`);
    });
    await site.withPage("/", async (page) => {
      expect(await threadLink(page, ".overview-records a[href^='/threads/']")).toBe(
        `/threads/${records.busiest_thread.thread.tid}`,
      );
    });
    const { rows } = await ask(`user-threads?uid=${site.uid}&limit=1`);
    await site.withPage(`/users/${site.uid}?year=2016`, async (page) => {
      const card = page.locator(".card", { hasText: "Schrieb am meisten in diesen Threads" });
      await card.locator("tbody a").first().waitFor();
      expect(await card.locator("h2").innerText()).toContain("alle Jahre");
      expect(await card.locator("tbody a").first().getAttribute("href")).toBe(
        `/threads/${rows[0].thread.tid}?year=2016`,
      );
    });
  });

  test("a page that uses no filter shows those that are set, and drops them; an unknown thread is named so", async () => {
    await site.withPage(`/threads/${site.tid}?bid=14`, async (page) => {
      expect(await page.locator(".chip.unused[data-filter=bid]").count()).toBe(1);
      expect(await page.locator(".add-filter").count()).toBe(0);
      await page.locator(".chip .remove").click();
      await page.waitForURL(`${site.url}/threads/${site.tid}`);
      expect(await page.locator(".filter-bar").count()).toBe(0);
    });
    const { page } = await site.visit("/threads/999999999?lang=en");
    await page.getByRole("heading", { name: "There is no such thread" }).waitFor();
    await page.close();
  });

  test("in English and on a phone nothing scrolls sideways but the tables, whose names stay in sight", async () => {
    for (const path of ["/threads", `/threads/${site.tid}`]) {
      await site.withPage(
        `${path}?lang=en`,
        async (page) => {
          await page.locator("svg.chart").waitFor();
          expect([path, await widthOf(page)]).toEqual([path, 360]);
          expect(await page.innerText("main")).toContain(path === "/threads" ? "First reply" : "What happened");
        },
        phone,
      );
    }
    await site.withPage(
      "/threads",
      async (page) => {
        await page.locator("tbody[role=rowgroup] th a").first().waitFor();
        await page.locator("tbody[role=rowgroup]").evaluate((body) => (body.scrollLeft = 300));
        const left = await page
          .locator("tbody[role=rowgroup] th")
          .first()
          .evaluate((cell) => cell.getBoundingClientRect().left);
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThan(80);
      },
      phone,
    );
  });
});
