/** Charts in a real browser: pointing by mouse, finger and keys, links, tables, files, and how statistics are counted. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";

interface User {
  uid: number;
  name: string;
}

let site: Site;
/** The users with the most posts. */
let users: User[];

const json = async <T>(path: string) => (await (await fetch(site.url + path)).json()) as T;
const german = (value: number) => value.toLocaleString("de");
const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** What the chart says about the mark that the reader points at. */
const readout = async (page: Page) => spaced(await page.locator(".readout").first().innerText());
const marks = (page: Page) => page.locator("svg.chart [data-mark]");
const mark = (page: Page, name: string) => page.locator(`svg.chart [data-mark][aria-label^="${name}: "]`).first();
/** Opens a page, and waits for its chart. */
async function open(page: Page, path: string) {
  await goTo(page, site.url + path);
  await marks(page).first().waitFor();
}

/** The middle of a column, near its top: above the value, which is the hard case. */
async function topOf(page: Page, name: string) {
  await page.locator("svg.chart").first().scrollIntoViewIfNeeded();
  const box = (await mark(page, name).boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + 30 };
}

/** The text of each row of the page's first table, and its header. Opens the table. */
async function rowsOf(page: Page) {
  const details = page.locator("details").first();
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  await details.locator("tbody tr").first().waitFor();
  return details
    .locator("tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
}

/** Lets the data end in the middle of 2018, the last year of the simulated forum. */
const endIn2018 = (page: Page) =>
  page.route("**/api/status", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), last_crawl_at: "2018-06-03T22:30:00Z" } });
  });

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
    const { rows } = await json<{ rows: { User: User }[] }>("/api/poster-stats?limit=3");
    users = rows.map(({ User }) => ({ ...User, name: spaced(User.name) }));
  }, 90_000);
  afterAll(() => site?.stop());

  /** The posts of a user in a year. */
  const postsIn = async (uid: number, year: number) =>
    (await json<{ years: Record<string, { post_count: number }> }>(`/api/poster-development?uid=${uid}`)).years[year]
      ?.post_count ?? 0;

  const comparison = () => `/compare?${users.map(({ uid }) => `uid=${uid}`).join("&")}`;

  test("the mouse, anywhere in a column, and the arrow keys show the values of all series", async () => {
    await site.withPage(comparison(), async (page) => {
      const values = await Promise.all(users.map(async ({ uid }) => await postsIn(uid, 2016)));
      const { x, y } = await topOf(page, "2016");
      await page.mouse.move(x, y);
      const label = spaced((await mark(page, "2016").getAttribute("aria-label")) ?? "");
      for (const [series, { name }] of users.entries()) {
        expect(await readout(page)).toContain(`${name} ${german(values[series]!)} Post`);
        expect(label).toContain(`${name}: ${german(values[series]!)} Post`);
      }
      expect(await readout(page)).toStartWith("2016");
      await page.mouse.move(0, 0);
      expect(await readout(page)).not.toContain("2016");

      await page.getByRole("button", { name: "SVG" }).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("End");
      for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowLeft");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toStartWith("2016: ");
      expect(await readout(page)).toStartWith("2016");
      // Up and down choose the user whose page Enter opens, which a screen reader is told.
      await page.keyboard.press("ArrowDown");
      const status = page.locator(".readout [role=status]");
      expect(spaced(await status.innerText())).toStartWith(`${users[1]!.name}: ${german(values[1]!)} Post`);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${site.url}/users/${users[1]!.uid}?year=2016`);
    });
  });

  test("a click on the mark of a year, a board or a domain leads to it", async () => {
    await site.withPage("/years?bid=14", async (page) => {
      const { x, y } = await topOf(page, "2016");
      await page.mouse.click(x, y);
      await page.waitForURL(/\/\?bid=14&year=2016$/);
      await open(page, "/boards?year=2016");
      const { rows } = await json<{ rows: { bid: number; post_count: number }[] }>("/api/boards?year=2016");
      const [largest] = rows.toSorted((a, b) => b.post_count - a.post_count);
      await marks(page).first().click();
      await page.waitForURL(`${site.url}/?year=2016&bid=${largest!.bid}`);
      await open(page, "/links");
      await marks(page).first().click();
      await page.waitForURL(/\/links\?domain=/);
      await page.locator(".details svg.chart").waitFor();
    });
  });

  test("on a user's page, Enter on a year selects it, and again all years; the focus stays", async () => {
    await site.withPage(`/users/${users[0]!.uid}`, async (page) => {
      const bar = mark(page, "2016");
      await bar.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?year=2016$/);
      expect(await bar.getAttribute("aria-current")).toBe("true");
      expect(await bar.evaluate((one) => one === document.activeElement)).toBe(true);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.search.includes("year"));
    });
  });

  test("a tap shows the values until the next tap elsewhere; a second one follows the link", async () => {
    await site.withPage(
      `/users/${users[0]!.uid}`,
      async (page) => {
        const { x, y } = await topOf(page, "2016");
        await page.touchscreen.tap(x, y);
        expect(await readout(page)).toBe(`2016 ${german(await postsIn(users[0]!.uid, 2016))} Posts Nur 2016 zeigen`);
        await page.waitForTimeout(300);
        expect(await readout(page)).toStartWith("2016");
        expect(page.url()).not.toContain("year=");
        await page.locator("h2", { hasText: "Posts nach Jahr" }).tap();
        expect(await readout(page)).not.toContain("2016");
        await page.touchscreen.tap(x, y);
        await page.touchscreen.tap(x, y);
        await page.waitForURL(/\?year=2016$/);
      },
      { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } },
    );
  });

  test("the table and the file have the numbers that the chart shows", async () => {
    for (const [path, column] of [
      ["/years?statistic=active_users", "Aktive Nutzer"],
      ["/weekdays", "Posts"],
      [`/users/${users[0]!.uid}?statistic=avg_post_length`, "Zeichen je Post"],
      ["/boards?statistic=thread_count", "Threads"],
      ["/links", "Anzahl"],
    ] as const) {
      await site.withPage(path, async (page) => {
        await marks(page).first().waitFor();
        const [header = [], ...rows] = await rowsOf(page);
        const shown = await marks(page).evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
        const bars = await page.locator("svg.chart").first().locator(".bar").all();
        const sizes = await Promise.all(
          bars.map((bar) => bar.evaluate((rect, side) => Number(rect.getAttribute(side)), sideOf(path))),
        );
        expect(shown.length).toBeGreaterThan(2);
        expect(bars.length).toBe(shown.length);
        const values = rows.map((row) => row[header.indexOf(column)] ?? "?");
        for (const [at, label] of shown.entries()) expect(label).toContain(`: ${values[at]} `);
        const parsed = values.slice(0, sizes.length).map((value) => Number(value.replaceAll(".", "")));
        const scale = Math.max(...sizes) / Math.max(...parsed);
        // A bar of nothing but a pixel still shows.
        for (const [at, size] of sizes.entries()) expect(Math.abs(size - parsed[at]! * scale)).toBeLessThan(1.1);
      });
    }
    await site.withPage(comparison(), async (page) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "CSV" }).click(),
      ]);
      const lines = (await Bun.file(await download.path()).text()).trim().split("\r\n").slice(1);
      const [, ...rows] = await rowsOf(page);
      expect(lines).toEqual(rows.map((row) => row.join(";").replaceAll(".", "")));
    });
  });

  test("the year in which the data ends is hatched or dashed and named", async () => {
    const { page } = await site.newPage();
    await endIn2018(page);
    await open(page, "/years");
    const fills = await page
      .locator("svg.chart .bar")
      .evaluateAll((bars) => bars.map((bar) => getComputedStyle(bar).fill.includes("url(")));
    expect(fills).toEqual([false, false, false, false, true]);
    // 00:30 in Berlin.
    expect(await page.locator("main").innerText()).toContain("2018 ist noch nicht vollständig: Posts bis 04.06.2018.");
    expect(await marks(page).last().getAttribute("aria-label")).toContain("noch nicht vollständig");
    await open(page, `${comparison()}&lang=en`);
    const dashes = page.locator("svg.chart line.unfinished");
    expect(await dashes.count()).toBe(users.length);
    expect(await dashes.first().evaluate((line) => getComputedStyle(line).strokeDasharray)).not.toBe("none");
    expect(await page.locator("main").innerText()).toContain("2018 is not complete yet");
    await page.unroute("**/api/status");
    await open(page, "/years");
    expect(await page.locator("svg.chart .bar").count()).toBe(5);
    expect(await page.locator(".bar.unfinished, .unfinished-note").count()).toBe(0);
    await page.close();
  });

  test("at 360 pixels, years and numbers do not wrap, and domains only before their dots", async () => {
    await site.withPage(
      "/imprint",
      async (page) => {
        for (const path of ["/years", comparison(), "/boards", "/links?domain=bilder.example"]) {
          await open(page, path);
          await page.locator("details").evaluateAll((all) => all.map((one) => one.toggleAttribute("open", true)));
          const broken = await page.locator("td.number, th.short, .domain, .share").evaluateAll((cells) =>
            cells.flatMap((cell) => {
              const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
              const range = document.createRange();
              const found: string[] = [];
              while (texts.nextNode()) {
                range.selectNodeContents(texts.currentNode);
                if (range.getClientRects().length > 1) found.push(texts.currentNode.textContent ?? "");
              }
              return found;
            }),
          );
          expect({ path, broken }).toEqual({ path, broken: [] });
          expect(await page.locator("td.number").count()).toBeGreaterThan(2);
        }
      },
      { viewport: { width: 360, height: 740 } },
    );
  });

  test("a dialog explains how a statistic is counted, in both languages", async () => {
    for (const [lang, button, definition] of [
      ["de", "Zählweise", "Jeder zählt einmal."],
      ["en", "How it’s counted", "Everyone counts once."],
    ] as const) {
      await site.withPage(
        `/years?statistic=active_users&lang=${lang}`,
        async (page) => {
          await page.getByRole("button", { name: button }).click();
          const dialog = page.getByRole("dialog");
          await dialog.waitFor();
          const text = await dialog.innerText();
          for (const part of [definition, "Europe/Berlin", String(new Date().getFullYear())])
            expect(text).toContain(part);
          expect(await violations(page)).toEqual([]);
          await page.keyboard.press("Escape");
          await dialog.waitFor({ state: "detached" });
          expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(button);
        },
        { bypassCSP: true },
      );
    }
  });

  test("shares are of the whole, and readable as text", async () => {
    const { rows } = await json<{ rows: { name: string; post_count: number }[] }>("/api/boards");
    const total = rows.reduce((sum, { post_count }) => sum + post_count, 0);
    await site.withPage("/boards", async (page) => {
      await marks(page).first().waitFor();
      const [header = [], ...cells] = await rowsOf(page);
      for (const { name, post_count } of rows) {
        const cell = cells.find(([board]) => board?.startsWith(name))?.[header.indexOf("Anteil")] ?? "";
        const percent = Number(/^([\d,]+)\s%$/.exec(cell)?.[1]?.replace(",", "."));
        expect(Math.abs(percent - (100 * post_count) / total)).toBeLessThanOrEqual(0.5);
      }
    });
    await site.withPage("/links", async (page) => {
      const { rows: domains, total: links } = await json<{ rows: { count: number }[]; total: number }>("/api/domains");
      const bars = page.locator(".share > i > i");
      await page.locator("summary").first().click();
      const width = await bars.first().evaluate((bar) => bar.clientWidth / (bar.parentElement?.clientWidth ?? 1));
      expect(width).toBeCloseTo(domains[0]!.count / links, 1);
    });
  });

  test("series differ by shape, and everything stays visible in forced colors", async () => {
    await site.withPage(
      comparison(),
      async (page) => {
        await marks(page).first().waitFor();
        const shapes = await page
          .locator(".chosen-users .point")
          .evaluateAll((points) => points.map((point) => point.getAttribute("d")));
        expect(new Set(shapes).size).toBe(users.length);
        const colors = await page
          .locator(".chosen-users .point, .series polyline")
          .evaluateAll((all) => all.map((one) => getComputedStyle(one)).map(({ fill, stroke }) => fill + stroke));
        const background = await page
          .locator(".card")
          .first()
          .evaluate((card) => getComputedStyle(card).backgroundColor);
        for (const color of colors) expect(color.replaceAll("none", "")).not.toBe(background);
        await open(page, "/boards");
        const share = await page
          .locator(".share > i > i")
          .first()
          .evaluate((bar) => getComputedStyle(bar));
        expect(share.backgroundColor).not.toBe(background);
      },
      { forcedColors: "active" },
    );
  });
});

/** Boards and domains have lying bars. */
const sideOf = (path: string) => (/boards|links/.test(path) ? "width" : "height");
