/** Links between the views that people pass on, and the deck of a recap under a finger, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { goTo, quiet } from "./testing/quiet.ts";
import { openSite, type Site } from "./testing/site.ts";
import { openTable } from "./testing/tables.ts";

let site: Site;

// oxlint-disable-next-line typescript/no-explicit-any -- responses of every shape are read
const ask = async (path: string): Promise<any> => await (await fetch(`${site.url}/api/${path}`)).json();

const pairPath = (uid: number, other: number) => `/pair?uid=${uid}&with=${other}`;
const hrefsOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((links) => links.map((link) => link.getAttribute("href")));

/** A finger that moves over the middle of the deck, in the events that a touch screen sends. */
async function swipe(page: Page, by: number): Promise<void> {
  const box = (await page.locator(".recap-row").boundingBox())!;
  const devtools = await page.context().newCDPSession(page);
  const [start, y] = [box.x + box.width / 2 - by / 2, box.y + 60];
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x?: number) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: x === undefined ? [] : [{ x, y }] });
  await touch("touchStart", start);
  for (let step = 1; step <= 10; step++) {
    await touch("touchMove", start + (by * step) / 10);
    // A frame, as between the events of a real finger.
    await Bun.sleep(16);
  }
  await touch("touchEnd");
  await devtools.detach();
}

/** The card that is in view, as the counter, the address, and where the row stands. */
const cardInView = (page: Page) =>
  page.evaluate(() => {
    const row = document.querySelector(".recap-row")!;
    const name = new URLSearchParams(location.search).get("card");
    const shown = document.querySelector(`.recap-${name}`)?.getBoundingClientRect();
    return {
      counted: Number.parseInt(document.querySelector(".recap-count")!.textContent, 10),
      name,
      isAligned: shown !== undefined && Math.abs(shown.left - row.getBoundingClientRect().left) < 2,
    };
  });

async function waitForCard(page: Page, number: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector(".recap-count")?.textContent?.startsWith(wanted),
    `${number} /`,
  );
  for (let attempt = 0; attempt < 40 && !(await cardInView(page)).isAligned; attempt++) await Bun.sleep(50);
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test("a finger turns the cards of a recap one by one, and not past the ends; arrow keys go on from there", async () => {
    await site.withPage(
      "/recap/2017",
      async (page) => {
        await page.locator(".recap-row").waitFor();
        await swipe(page, -200);
        await waitForCard(page, 2);
        const second = await cardInView(page);
        expect(second).toMatchObject({ counted: 2, isAligned: true });
        // Nearly the whole width: still one card.
        await swipe(page, -300);
        await waitForCard(page, 3);
        expect(await cardInView(page)).toMatchObject({ counted: 3, isAligned: true });
        await swipe(page, 200);
        await waitForCard(page, 2);
        expect(await cardInView(page)).toEqual(second);
        await page.keyboard.press("ArrowLeft");
        await waitForCard(page, 1);
        await swipe(page, 200);
        await Bun.sleep(300);
        expect(await cardInView(page)).toMatchObject({ counted: 1, name: "totals", isAligned: true });
        await page.keyboard.press("ArrowRight");
        await waitForCard(page, 2);
        expect(await cardInView(page)).toEqual(second);
      },
      { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } },
    );
  });

  test("a recap leads to the pairs that it names", async () => {
    const { quotes_most: most, quoted_most_by: by } = await ask(`recap?year=2017&uid=${site.uid}`);
    await site.withPage(`/recap/2017/users/${site.uid}`, async (page) => {
      for (const [card, other] of [
        ["quotes_most", most.user],
        ["quoted_most_by", by.user],
      ])
        expect(await hrefsOf(page, `.recap-${card} a[href^='/pair']`)).toEqual([pairPath(site.uid, other.uid)]);
    });
  });

  test("the network leads to a pair with each person that it names beside the selected one", async () => {
    const { users, edges } = await ask("network?limit=1500");
    const most = (one: "from" | "to", other: "from" | "to", uid: number) =>
      edges.filter((edge: Record<string, number>) => edge[one] === uid && edge[other] !== uid).at(0)?.[other];
    const different = users
      .map(({ User: { uid } }: { User: { uid: number } }) => [uid, most("from", "to", uid), most("to", "from", uid)])
      .find(([, quoted, quoter]: number[]) => quoted && quoter && quoted !== quoter);
    const [uid, quoted, quoter] = different;
    await site.withPage(`/network?selected=${uid}`, async (page) => {
      await page.locator(".network-readout a[href^='/pair']").first().waitFor();
      expect(await hrefsOf(page, ".network-readout a[href^='/pair']")).toEqual([
        pairPath(uid, quoted),
        pairPath(uid, quoter),
      ]);
    });
  });

  test("a record and the one before lead to the pair of their holders; a thread of two to theirs", async () => {
    const { rows } = await ask("records");
    const holders = rows.map(({ history }: { history: { user: { uid: number } | null }[] }) =>
      history.slice(-2).map(({ user }) => user?.uid),
    );
    const rivals = holders.filter(([former, latest]: number[]) => former && latest && former !== latest);
    expect(rivals.length).toBeGreaterThan(2);
    await site.withPage("/records", async (page) => {
      await page.locator(".record-story a[href^='/pair']").first().waitFor();
      const links = await hrefsOf(page, ".record-story a[href^='/pair']");
      const expected = rivals.map(([former, latest]: number[]) => pairPath(latest!, former!));
      expect(links.toSorted()).toEqual(expected.toSorted());
    });
    const threads = (await ask("threads?order_by=participants&order=asc&limit=1000")).rows;
    const { thread } = threads.find(({ participants }: { participants: number }) => participants === 2);
    const { users } = await ask(`thread?tid=${thread.tid}`);
    await site.withPage(`/threads/${thread.tid}`, async (page) => {
      await page.locator("main a[href^='/pair']").waitFor();
      const [one, other] = users.map(({ user }: { user: { uid: number } }) => user.uid);
      expect(await hrefsOf(page, "main a[href^='/pair']")).toEqual([pairPath(one, other)]);
    });
  });

  test("trends of a user on a board are those of the filters, which their links keep", async () => {
    const { rows } = await ask(`boards?uid=${site.uid}`);
    const place = `bid=${rows[0].bid}&uid=${site.uid}`;
    const { queries, periods } = await ask(`trends?q=der&per=year&${place}`);
    await site.withPage(`/trends?q=der&${place}&show=count`, async (page) => {
      await openTable(page.locator(".trend-chart details"));
      const cells = await page
        .locator(".trend-chart tbody tr")
        .evaluateAll((lines) => lines.map((line) => [...line.children].slice(0, 3).map((cell) => cell.textContent)));
      expect(cells).toEqual(
        periods.map(({ period, post_count, counts }: { period: string; post_count: number; counts: number[] }) =>
          [period, post_count, counts[0]!].map((cell) => cell.toLocaleString("de")),
        ),
      );
      const chips = await page.locator(".filter-bar .chip").allInnerTexts();
      expect(chips.join()).toContain(rows[0].name);
      const [hits] = await hrefsOf(page, ".trend-words a[href^='/search']");
      expect(hits).toBe(`/search?q=der&${place}`);
      await goTo(page, site.url + hits);
      expect(await page.locator(".search-status").innerText()).toContain(queries[0].count.toLocaleString("de"));
    });
  });

  test("of a word that is typed fast, the line of the whole word stays, in whatever order the answers come", async () => {
    const { page } = await site.newPage();
    const word = "Regenwal";
    let asked = 0;
    await page.route("**/api/trends?q=Reg*", async (route) => {
      // The first answers are the last ones.
      await Bun.sleep(60 * (word.length - asked++));
      await route.continue().catch(() => {});
    });
    await goTo(page, `${site.url}/trends?q=der`);
    await page.evaluate(() => {
      const painted: string[] = [];
      Object.assign(window, { painted });
      new MutationObserver(() => {
        const label = document.querySelector(".trend-chart svg.chart")?.getAttribute("aria-label")?.split(":")[0] ?? "";
        if (label !== painted.at(-1)) painted.push(label);
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
    });
    const box = page.getByLabel("Wort 1");
    await box.fill("");
    await box.pressSequentially(word, { delay: 40 });
    await page.locator(`.trend-chart svg.chart[aria-label^='${word}:']`).waitFor();
    await page.waitForURL(`**/trends?q=${word}`);
    await quiet(page);
    await Bun.sleep(60 * word.length);
    const painted = await page.evaluate(() => (window as unknown as { painted: string[] }).painted);
    const ofWord = painted.filter((label) => word.startsWith(label));
    expect(ofWord.at(-1)).toBe(word);
    expect(painted.at(-1)).toBe(word);
    expect(ofWord.map(({ length }) => length)).toEqual(ofWord.map(({ length }) => length).toSorted((a, b) => a - b));
    expect(await page.locator(".trend-chart.stale").count()).toBe(0);
    await page.close();
  });
});
