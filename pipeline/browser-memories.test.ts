/** Streaks, records, on this day and what is new, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";
import { openTable } from "./testing/tables.ts";

let site: Site;

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();

const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const textOf = async (page: Page, selector: string) => spaced(await page.locator(selector).first().innerText());
const short = (iso: string) => iso.split("-").toReversed().join(".");
const heading = (page: Page, text: string) =>
  page.waitForFunction((expected) => document.querySelector("h1")?.textContent === expected, text);
const card = (page: Page, title: string) =>
  page.locator(".card").filter({ has: page.locator("h2", { hasText: title }) });

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite({ posts: 1500, years: 12 });
  }, 180_000);
  afterAll(() => site?.stop());

  test("streaks are sorted by the server, and say whom an order leaves out", async () => {
    await site.withPage("/streaks", async (page) => {
      for (const [order, name] of [
        ["longest", "Längste Serie"],
        ["pause", "Längste Pause"],
        ["active_days", "Aktive Tage"],
      ] as const) {
        if (order !== "longest") {
          await page.getByRole("button", { name }).click();
          await page.waitForURL(new RegExp(`order_by=${order}`));
        }
        const { rows } = await ask(`streaks?limit=1&order_by=${order}`);
        const [row] = rows;
        const first = page.locator("tbody tr[role=row]").first();
        await first.filter({ hasText: row.user.name.trim() }).waitFor();
        const days = order === "active_days" ? row.active_days : row[order].days;
        expect(spaced(await first.innerText())).toContain(days.toLocaleString("de"));
        expect(await page.locator("main p.aliases").count()).toBe(order === "pause" ? 1 : 0);
      }
    });
  });

  test("a user's card has the streaks and pauses of all years, whatever is selected", async () => {
    const row = await ask(`user-streaks?uid=${site.uid}`);
    await site.withPage(`/users/${site.uid}?year=2016`, async (page) => {
      const streaks = card(page, "Serien und Pausen");
      await streaks.locator("dl").waitFor();
      const text = spaced(await streaks.innerText());
      expect(text).toContain("alle Jahre");
      for (const [name, span] of [
        ["Längste Serie", row.longest],
        ["Längste Pause", row.pause],
      ] as const) {
        const when = span.from === span.to ? short(span.from) : `${short(span.from)} – ${short(span.to)}`;
        expect(text).toContain(`${name} ${span.days} ${span.days === 1 ? "Tag" : "Tage"} ${when}`);
      }
      await streaks.getByText("Alle Serien").click();
      await heading(page, "Serien");
    });
  });

  test("a record tells its story: holder, former holder, how long it stood, and by how much it was broken", async () => {
    const { rows, milestones } = await ask("records");
    const { history } = rows.find(({ record }: { record: string }) => record === "longest_post");
    const [former, latest] = history.slice(-2);
    await site.withPage("/records", async (page) => {
      const record = card(page, "Längster Post");
      const story = spaced(await record.innerText());
      const [value, before, more] = [latest.value, former.value, latest.value - former.value].map((count: number) =>
        count.toLocaleString("de"),
      );
      expect(story).toContain(`${value} Zeichen ${spaced(latest.user.name)}`);
      expect(story).toContain(`Davor ${before} Zeichen: ${spaced(former.user.name)}`);
      expect(story).toContain(`Übertroffen um ${more} Zeichen (+ `);
      expect(story).toMatch(/Hielt [\d,]+ (?:Tage|Monate|Jahre|Std\.)/);
      expect(story).toContain(history.length === 2 ? "Einmal übertroffen." : `${history.length - 1}-mal übertroffen.`);
      expect(await record.locator(".record-now a[rel=noreferrer]").getAttribute("href")).toContain(
        `PID=${latest.post.pid}#reply_${latest.post.pid}`,
      );
      await record.locator("[data-mark][tabindex='0']").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("End");
      expect(spaced(await record.locator(".readout").innerText())).toContain(`${value} Zeichen`);
      await openTable(record.locator("details"));
      expect(await record.locator("details tbody tr").count()).toBe(history.length);
      expect(await page.locator(".milestones li").count()).toBe(milestones.length);
      expect(await card(page, "Längste Stille").locator(".record-now b").innerText()).toMatch(/^\d+ Jahre$/);
    });
  });

  test("a board has records of its own, but none of streaks, pauses and boards", async () => {
    const { rows } = await ask("records?bid=14");
    await site.withPage("/records?bid=14", async (page) => {
      await card(page, "Tag mit den meisten Posts").waitFor();
      expect(await page.locator(".record-grid .card").count()).toBe(
        rows.filter(({ history }: { history: unknown[] }) => history.length > 0).length,
      );
      for (const missing of ["Längste Serie", "Längste Pause", "Meiste Foren"])
        expect(await card(page, missing).count()).toBe(0);
    });
  });

  test("on this day: steps lead over February 29 by links and by keys; that date has its leap years only", async () => {
    await site.withPage("/on-this-day?date=02-28", async (page) => {
      await heading(page, "28. Februar");
      await page.locator("a[rel=next]").click();
      await page.waitForURL(/date=02-29/);
      await heading(page, "29. Februar");
      const { rows } = await ask("on-this-day?date=02-29");
      await page.waitForFunction(
        (years) => [...document.querySelectorAll(".years-ago h2 a")].map((link) => link.textContent).join() === years,
        rows.map(({ year }: { year: number }) => year).join(),
      );
      expect(rows.every(({ year }: { year: number }) => year % 4 === 0)).toBe(true);
      await page.locator("h1").click();
      await page.keyboard.press("]");
      await page.waitForURL(/date=03-01/);
      await heading(page, "1. März");
      await page.keyboard.press("[");
      await page.keyboard.press("[");
      await heading(page, "28. Februar");
      await page.goBack();
      await heading(page, "29. Februar");
    });
  });

  test("on this day: numbers, thread and quoted post of each year, and who joined", async () => {
    const { records } = await ask("overview");
    const date = records.most_posts.day.slice(5);
    const { rows } = await ask(`on-this-day?date=${date}`);
    const row = rows.find(({ year }: { year: number }) => String(year) === records.most_posts.day.slice(0, 4));
    await site.withPage(`/on-this-day?date=${date}`, async (page) => {
      const year = page
        .locator(".years-ago li")
        .filter({ has: page.locator(`a[href*='day=${records.most_posts.day}']`) });
      expect(spaced(await year.innerText())).toContain(`${row.post_count} Posts ${row.active_users} Nutzer`);
      expect(await year.locator("a[href^='/threads/']").getAttribute("href")).toBe(
        `/threads/${row.busiest_thread.thread.tid}`,
      );
      const bars = page.locator(".plot .target");
      expect(await bars.count()).toBe(rows[0].year - rows.at(-1).year + 1);
    });
    const { registered } = await ask("on-this-day?date=02-29");
    await site.withPage("/on-this-day?date=02-29&bid=14", async (page) => {
      const joined = registered.flatMap(({ users }: { users: unknown[] }) => users).length;
      expect(await page.locator(".registered a").count()).toBe(joined);
    });
  });

  test("the overview begins with what is new: the week, places, the newest record, the next milestone, and today", async () => {
    const news = await ask("news");
    const today = await ask("on-this-day");
    await site.withPage("/", async (page) => {
      const week = card(page, "Was gibt’s Neues?");
      await week.waitFor();
      expect(await textOf(page, ".news-span")).toBe(`${short(news.from)} – ${short(news.to)}`);
      const numbers = await page.locator(".news-numbers b").allInnerTexts();
      expect(numbers).toEqual([news.week.post_count, news.week.active_users, news.week.threads_created].map(String));
      expect(spaced(await week.innerText())).toContain(`davor ${news.before.post_count}`);
      expect(await textOf(page, ".news-milestone")).toBe(
        `Noch ${news.next_milestone.missing.toLocaleString("de")} bis zum ${news.next_milestone.number.toLocaleString("de")}. Post.`,
      );
      expect(await page.locator(".places li").count()).toBe(news.places.length);
      const isInFirstScreen = await page
        .locator(".news")
        .evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight);
      expect(isInFirstScreen).toBe(true);
      const years = await page.locator(".today-years li > p:first-child > a").allInnerTexts();
      expect(years).toEqual(today.rows.slice(0, 5).map(({ year }: { year: number }) => String(year)));
      await card(page, "Heute vor").getByText("Mehr").click();
      await page.waitForURL(`${site.url}/on-this-day`);
    });
    await site.withPage("/?year=2016", async (page) => {
      await page.locator(".overview-totals .total").first().waitFor();
      expect(await page.locator(".news").count()).toBe(0);
    });
  });

  test("without a crawl in seven days, the overview says since when nothing is new", async () => {
    const status = await ask("status");
    const { page } = await site.visit("/imprint");
    await page.route("**/api/status", (route) =>
      route.fulfill({ json: { ...status, last_crawl_at: "2018-07-02T10:00:00Z" } }),
    );
    await goTo(page, site.url);
    expect(await textOf(page, ".news-span")).toBe(
      "Seit dem 02.07.2018 ist nichts Neues dazugekommen. So war die Woche davor.",
    );
    await page.close();
  });

  test("in English and on a phone nothing scrolls sideways", async () => {
    for (const [path, title] of [
      ["/streaks", "Streaks"],
      ["/records", "Records"],
      ["/on-this-day?date=02-29", "February 29"],
      ["/", "Overview"],
    ] as const) {
      await site.withPage(
        `${path}${path.includes("?") ? "&" : "?"}lang=en`,
        async (page) => {
          await heading(page, title);
          await page.locator("main .card").first().waitFor();
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          expect([path, width]).toEqual([path, 360]);
        },
        phone,
      );
    }
  });
});
