/** Recaps, feeds and badges, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";

let site: Site;

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();

const spaced = (text: string) => text.replaceAll(/\s+/g, " ").trim();
const count = (page: Page) => page.locator(".recap-count").innerText();
const cardName = (page: Page) => new URL(page.url()).searchParams.get("card");
/** The left edge of the card in view, relative to the deck. */
const inView = (page: Page) =>
  page.evaluate(() => {
    const row = document.querySelector(".recap-row")!;
    return Math.round(row.scrollLeft / row.clientWidth) + 1;
  });

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test("a recap's cards have its numbers, each with a table", async () => {
    const recap = await ask(`recap?year=2017&uid=${site.uid}`);
    await site.withPage(`/recap/2017/users/${site.uid}`, async (page) => {
      await page.locator(".recap-row").waitFor();
      expect(spaced(await page.locator("h1").innerText())).toBe(spaced(`Rückblick 2017 · ${recap.user.name}`));
      const cards = (await page.locator(".recap-card").allInnerTexts()).map(spaced);
      expect(cards[0]).toContain(`${recap.totals.post_count.toLocaleString("de")} Post`);
      expect(cards[1]).toContain(`Platz ${recap.place.place} von ${recap.place.of} Nutzern`);
      expect(cards[2]).toContain(`${recap.days.length} von 365 Tagen`);
      expect(cards.some((text) => text.includes(spaced(recap.top_thread.thread.title)))).toBe(true);
      expect(cards.some((text) => text.includes(recap.favourite_board.name))).toBe(true);
      await page.locator(".recap-days summary").evaluate((summary: HTMLElement) => summary.click());
      await page.locator(".recap-days tbody tr").first().waitFor({ state: "attached" });
      expect(await page.locator(".recap-days tbody tr").count()).toBe(recap.days.length);
      expect(await page.locator(".recap-card details").count()).toBe(cards.length);
    });
  });

  test("keys, dots and the address turn the cards; years follow each other", async () => {
    await site.withPage(
      "/recap/2016?card=days",
      async (page) => {
        await page.locator(".recap-row").waitFor();
        const cards = await page.locator(".recap-card").count();
        const first = Number((await count(page)).split(" / ")[0]);
        expect([await count(page), await inView(page)]).toEqual([`${first} / ${cards}`, first]);
        await page.keyboard.press("ArrowRight");
        expect(await count(page)).toBe(`${first + 1} / ${cards}`);
        await page.keyboard.press("End");
        expect([await count(page), await inView(page)]).toEqual([`${cards} / ${cards}`, cards]);
        await page.keyboard.press("Home");
        expect([await count(page), cardName(page)]).toEqual([`1 / ${cards}`, "totals"]);
        await page.locator(".recap-dot").nth(2).click();
        expect(await inView(page)).toBe(3);
        await page.keyboard.press("[");
        await page.waitForURL(/\/recap\/2015/);
        await page.getByRole("link", { name: "2016 →" }).click();
        await page.waitForURL(/\/recap\/2016/);
      },
      { reducedMotion: "reduce" },
    );
  });

  test("a mouse pulls the cards", async () => {
    await site.withPage(
      "/recap/2016",
      async (page) => {
        const box = (await page.locator(".recap-row").boundingBox())!;
        const y = box.y + 40;
        await page.mouse.move(box.x + box.width - 60, y);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
        await page.mouse.up();
        await page.waitForFunction(() => document.querySelector(".recap-count")?.textContent?.startsWith("2"));
        expect(await inView(page)).toBe(2);
      },
      { reducedMotion: "reduce" },
    );
  });

  test("a card is saved as a picture of 1200 × 630 pixels, light and dark", async () => {
    await site.withPage("/recap/2017?card=top_thread", async (page) => {
      await page.locator(".recap-row").waitFor();
      const corners: string[] = [];
      for (const name of ["PNG hell", "PNG dunkel"]) {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page.locator(".recap-top_thread").getByRole("button", { name }).click(),
        ]);
        const png = Buffer.from(await Bun.file(await download.path()).bytes());
        expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
        corners.push(
          await page.evaluate(
            async (source) => {
              const image = Object.assign(new Image(), { src: source });
              await image.decode();
              const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 630 });
              const pen = canvas.getContext("2d")!;
              pen.drawImage(image, 0, 0);
              return [...pen.getImageData(10, 300, 1, 1).data].join();
            },
            `data:image/png;base64,${png.toString("base64")}`,
          ),
        );
      }
      expect(corners).toEqual(["245,244,240,255", "17,22,28,255"]);
    });
  });

  test("pages link to recaps, print shows all cards, and a phone has no room problem", async () => {
    for (const [path, recap] of [
      ["/", /^\/recap\/\d+$/],
      ["/years", /^\/recap\/\d+$/],
      ["/boards", /^\/recap\/\d+\/boards\/\d+$/],
      [`/users/${site.uid}`, new RegExp(`^/recap/\\d+/users/${site.uid}$`)],
    ] as const)
      await site.withPage(path, async (page) => {
        const links = page.locator("main a[href^='/recap/']");
        await links.first().waitFor();
        expect((await links.first().getAttribute("href")) ?? "").toMatch(recap);
      });
    await site.withPage(
      "/recap/2017",
      async (page) => {
        await page.locator(".recap-row").waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        expect(await violations(page)).toEqual([]);
        await page.emulateMedia({ media: "print" });
        const tops = await page
          .locator(".recap-card")
          .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top));
        expect(tops).toEqual(tops.toSorted((a, b) => a - b));
        expect(new Set(tops).size).toBe(tops.length);
      },
      { viewport: { width: 360, height: 740 }, bypassCSP: true },
    );
  });

  test("feeds and badges are offered, unless the operator has none", async () => {
    await site.withPage("/records", async (page) => {
      const link = page.locator("main a[href*='/api/feeds/records']");
      await link.waitFor();
      const feed = await fetch(new URL((await link.getAttribute("href")) ?? "", site.url));
      expect(feed.headers.get("Content-Type")).toStartWith("application/atom+xml");
      expect(await page.locator("link[rel=alternate][type='application/atom+xml']").count()).toBe(2);
    });
    await site.withPage("/search?q=Regen", async (page) => {
      const href = await page.locator("main a[href*='/api/feeds/search']").getAttribute("href");
      expect(href).toBe("/api/feeds/search?content=Regen");
    });
    await site.withPage(`/users/${site.uid}`, async (page) => {
      const image = `${site.url}/api/badge?uid=${site.uid}`;
      const code = `[url=${site.url}/users/${site.uid}][img]${image}[/img][/url]`;
      expect(await page.locator(".badge-code input").first().inputValue()).toBe(code);
    });
    const { page } = await site.newPage();
    const status = await ask("status");
    await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, feeds: false } }));
    await goTo(page, `${site.url}/users/${site.uid}`);
    expect(await page.locator(".badge-code").count()).toBe(0);
    await page.close();
  });
});
