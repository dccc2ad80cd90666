/** The search page in a real browser, with the data of a simulated forum. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { violations } from "./testing/accessibility.ts";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { addFilter } from "./testing/filters.ts";
import { goTo, reload } from "./testing/quiet.ts";

let site: Site;
/** The name of the user with the most posts, and as browsers show it: the simulator doubles spaces in names. */
let userName: string;
let shownName: string;
/** The most active user whose name is two words. */
let twoWords: string;

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

interface Answer {
  count: number;
  understood: { content: string };
  results: { pid: number; snippet: string; thread: { tid: number } }[];
  facets: { boards: { bid: number; name: string; count: number }[]; years: { year: number; count: number }[] };
}

async function search(parameters: Record<string, string>): Promise<Answer> {
  const query = new URLSearchParams({ type: "post", facets: "1", ...parameters });
  return (await (await fetch(`${site.url}/api/search?${query}`)).json()) as Answer;
}

const input = (page: Page) => page.locator("input[role=combobox]");
const options = (page: Page) => page.locator(".search-input [role=option]");
const histogram = (page: Page) => page.getByRole("listbox", { name: "Jahre" });

/** Waits until the page shows a number of hits. */
const countShown = (page: Page, count: number) =>
  page.locator(".search-status p", { hasText: new RegExp(`^${count.toLocaleString("de")} Treffer`) }).waitFor();

/** Waits for the answer to a search, and lets it stay unchanged for long enough to be kept. */
async function settle(page: Page, content: string): Promise<void> {
  const { count } = await search({ content });
  if (count > 0) await countShown(page, count);
  else await page.locator("main .message").waitFor();
  await page.clock.fastForward(2500);
}

/** Waits until the list of completions belongs to a text. */
async function completed(page: Page, text: string): Promise<void> {
  await options(page).filter({ hasText: text }).first().waitFor();
}

const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

describe.skipIf(!hasBrowser)("the search page", () => {
  beforeAll(async () => {
    site = await openSite();
    const response = await fetch(`${site.url}/api/poster-stats?limit=100`);
    const { rows } = (await response.json()) as { rows: { User: { name: string } }[] };
    twoWords = rows.find(({ User }) => /^\p{L}+ \p{L}+$/u.test(User.name))!.User.name;
    userName = rows[0]!.User.name;
    shownName = userName.replaceAll(/\s+/g, " ");
  }, 90_000);
  afterAll(() => site?.stop());

  test("completes user: while typing, with counts and by keyboard, and never calls it an error", async () => {
    await site.withPage("/search?q=grafikkarte", async (page) => {
      await countShown(page, (await search({ content: "grafikkarte" })).count);
      const messages: string[] = [];
      await page.exposeFunction("note", (text: string) => messages.push(text));
      await page.evaluate(() => {
        const note = (globalThis as unknown as { note: (text: string) => void }).note;
        new MutationObserver(() => {
          for (const message of document.querySelectorAll(".message")) note(message.textContent ?? "");
        }).observe(document.body, { childList: true, subtree: true });
      });
      await page.keyboard.press("End");
      await page.keyboard.type(` user:${userName.slice(0, 3)}`);
      await completed(page, shownName);
      expect(await input(page).getAttribute("aria-expanded")).toBe("true");
      expect(await input(page).getAttribute("aria-activedescendant")).toBeNull();
      expect(await options(page).filter({ hasText: shownName }).first().innerText()).toMatch(/\d Posts?$/);
      // The hits of the query so far stay.
      expect(await page.locator(".hits > li").count()).toBeGreaterThan(0);
      const names = await options(page).locator("span:first-child").allInnerTexts();
      for (let at = 0; at <= names.indexOf(shownName); at++) await page.keyboard.press("ArrowDown");
      const active = await input(page).getAttribute("aria-activedescendant");
      expect(await page.locator(`[id="${active}"]`).getAttribute("aria-selected")).toBe("true");
      await page.keyboard.press("Enter");
      expect(await input(page).getAttribute("aria-expanded")).toBe("false");
      const content = await input(page).inputValue();
      expect(content).toStartWith("grafikkarte user:");
      expect(content).toEndWith(" ");
      const { count } = await search({ content });
      expect(count).toBeGreaterThan(0);
      await countShown(page, count);
      await page.keyboard.type("neue");
      expect(await input(page).inputValue()).toBe(`${content}neue`);
      expect(messages).toEqual([]);
    });
  });

  test("an incomplete filter at the end of a link is named, and the hits without it are shown", async () => {
    const { results } = await search({ content: "grafikkarte " });
    await site.withPage(`/search?q=grafikkarte+user:${userName.slice(0, 3)}`, async (page) => {
      const title = page.locator(".hit-title").first();
      await title.waitFor();
      expect(await title.getAttribute("href")).toContain(`PID=${results[0]!.pid}`);
      expect(await page.innerText(".search-status")).toContain(
        `„user:${userName.slice(0, 3)}“ ist noch nicht vollständig.`,
      );
      expect(await page.locator("main .message").count()).toBe(0);
    });
  });

  test("Escape closes the completions and then clears the query; Tab chooses only an active one", async () => {
    await site.withPage("/search", async (page) => {
      await page.keyboard.type("has:");
      await completed(page, "image");
      await page.keyboard.press("Escape");
      expect(await options(page).count()).toBe(0);
      expect(await input(page).inputValue()).toBe("has:");
      await page.keyboard.press("Escape");
      expect(await input(page).inputValue()).toBe("");
      await page.keyboard.type("has:");
      await completed(page, "image");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).not.toBe("q");
      expect(await input(page).inputValue()).toBe("has:");
      await input(page).click();
      await completed(page, "image");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowDown");
      const first = await options(page).first().locator("span").first().innerText();
      await page.keyboard.press("Tab");
      expect(await input(page).inputValue()).toBe(`has:${first} `);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("q");
    });
  });

  test("Enter opens the first hit although the list is open, unless a completion is active", async () => {
    const { page } = await site.visit("/search");
    await page.route("https://forum.example/**", (route) =>
      route.fulfill({ contentType: "text/html", body: "Thread" }),
    );
    await page.keyboard.type("ha");
    await completed(page, "has:");
    const { count, results } = await search({ content: "ha" });
    await countShown(page, count);
    expect(await input(page).getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("Enter");
    await page.waitForURL("https://forum.example/**");
    expect(page.url()).toContain(`PID=${results[0]?.pid}`);
    await page.close();
  });

  for (const [size, context] of [
    ["by mouse", {}],
    ["by touch", phone],
  ] as const) {
    test(`operators and their values are chosen ${size}, wherever the caret is`, async () => {
      await site.withPage(
        "/search",
        async (page) => {
          const press = (text: string) => {
            const option = options(page).filter({ hasText: text }).first();
            return size === "by mouse" ? option.click() : option.tap();
          };
          await page.keyboard.type("boa");
          await completed(page, "board:");
          await press("board:");
          expect(await input(page).inputValue()).toBe("board:");
          await page.keyboard.type("küch");
          await completed(page, "Küche");
          await press("Küche");
          const board = await input(page).inputValue();
          expect(board).toMatch(/^board:.*Küche.* $/);
          await page.keyboard.type("der");
          await page.keyboard.press("Home");
          await page.keyboard.type("year: ");
          await page.keyboard.press("ArrowLeft");
          await completed(page, "2016");
          await press("2016");
          const content = await input(page).inputValue();
          expect(content.replace("  ", " ")).toBe(`year:2016 ${board}der`);
          expect(await input(page).evaluate((box) => (box as HTMLInputElement).selectionStart)).toBe(10);
          await countShown(page, (await search({ content })).count);
        },
        context,
      );
    });
  }

  test("tags are completed for threads, kinds of links for posts", async () => {
    await site.withPage("/search?type=thread", async (page) => {
      await page.keyboard.type("tag:");
      await options(page).first().waitFor();
      expect(await options(page).first().innerText()).toMatch(/\d Threads?$/);
      await page.getByRole("button", { name: "Posts", exact: true }).click();
      await page.locator("input[type=search]").fill("has:");
      await completed(page, "link");
      expect((await options(page).locator("span:first-child").allInnerTexts()).toSorted()).toEqual([
        "image",
        "link",
        "video",
      ]);
    });
  });

  test("a late answer never replaces a newer one, and a late completion opens no list", async () => {
    await site.withPage("/search", async (page) => {
      const late = Promise.withResolvers<void>();
      await page.route(/\/api\/search(\/complete)?\?(?=.*(grafik|user)(&|%3A&|$))/, async (route) => {
        await late.promise;
        // The page gives up requests that it no longer needs.
        await route.continue().catch(() => {});
      });
      await input(page).fill("grafik");
      await input(page).fill("user:");
      await page.keyboard.type(userName.slice(0, 2));
      await options(page).first().waitFor();
      await input(page).fill("wetter");
      const { count } = await search({ content: "wetter" });
      await countShown(page, count);
      late.resolve();
      await page.waitForTimeout(500);
      await countShown(page, count);
      expect(await options(page).count()).toBe(0);
      expect(await input(page).inputValue()).toBe("wetter");
    });
  });

  test("a user's name among the words offers their posts", async () => {
    await site.withPage("/search", async (page) => {
      await page.keyboard.type(`${twoWords} der`);
      const offer = page.getByRole("navigation", { name: "Nutzer mit diesem Namen" }).getByRole("link");
      await offer.first().waitFor();
      expect(await offer.first().innerText()).toMatch(new RegExp(`^von ${twoWords}\\s+[\\d.]+ Posts$`));
      await offer.first().click();
      await page.waitForURL((url) => (url.searchParams.get("q") ?? "").includes("user:"));
      const content = parameter(page, "q") ?? "";
      await countShown(page, (await search({ content })).count);
      expect(await input(page).inputValue()).toBe(content);
      const posters = await page.locator(".hit-head span:first-child").allInnerTexts();
      expect(new Set(posters)).toEqual(new Set([twoWords]));
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("q");
    });
  });

  test("the choices of a facet keep their counts when one is chosen, and chips have names", async () => {
    const all = await search({ content: "der" });
    const [first, second] = all.facets.boards;
    await site.withPage("/search?q=der", async (page) => {
      const boards = page.getByRole("group", { name: "Foren" }).getByRole("button");
      const before = await boards.allInnerTexts();
      await boards.nth(0).click();
      await countShown(page, first!.count);
      expect(await boards.allInnerTexts()).toEqual(before);
      await page.getByRole("button", { name: `in ${first!.name}: Auswahl aufheben` }).waitFor();
      await boards.nth(1).click();
      await countShown(page, second!.count);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-pressed"))).toBe("true");
      const chip = page.getByRole("button", { name: `in ${second!.name}: Auswahl aufheben` });
      await chip.click();
      await countShown(page, all.count);
      expect(await chip.count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("q");
    });
  });

  test("chips have names without hits as well, and each is removed alone", async () => {
    const { facets } = await search({ content: "der" });
    const path = `/search?q=quastenflosserparade&bid=${facets.boards[0]!.bid}&uid=${site.uid}&after=2015&before=2017`;
    await site.withPage(path, async (page) => {
      const chips = page.getByRole("list", { name: "Ausgewählt" }).getByRole("button");
      await chips.first().waitFor();
      const shown = await chips.allInnerTexts();
      expect(shown.map((text) => text.replace(/\s*×$/, ""))).toEqual([
        `in ${facets.boards[0]!.name}`,
        `von ${shownName}`,
        "2015–2016",
      ]);
      expect(await page.innerText("main .message")).toBe("Nichts gefunden.");
      await chips.nth(1).click();
      await page.waitForURL((url) => !url.searchParams.has("uid"));
      expect([parameter(page, "bid"), parameter(page, "after")]).toEqual([String(facets.boards[0]!.bid), "2015"]);
      expect(await page.evaluate(() => document.activeElement?.closest(".chips") !== null)).toBe(true);
    });
  });

  test("the years are selected by keyboard: several become before and after in the URL", async () => {
    const { facets } = await search({ content: "der" });
    const countIn = (...years: number[]) =>
      facets.years.filter(({ year }) => years.includes(year)).reduce((sum, { count }) => sum + count, 0);
    await site.withPage("/search?q=der", async (page) => {
      const bars = histogram(page);
      const labels = await bars.getByRole("option").evaluateAll((all) => all.map((one) => one.ariaLabel ?? ""));
      for (const { year, count } of facets.years)
        expect(labels).toContain(`${year}: ${count.toLocaleString("de")} Treffer`);
      await bars.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Shift+ArrowRight");
      const selected = await bars.locator("[aria-selected=true]").evaluateAll((all) => all.map((one) => one.ariaLabel));
      const years = selected.map((label) => Number(label?.slice(0, 4)));
      expect(years.length).toBe(2);
      const range = `${years[0]}–${years[1]}: ${countIn(...years).toLocaleString("de")} Treffer`;
      await page.getByRole("status").filter({ hasText: range }).waitFor({ state: "attached" });
      expect(parameter(page, "after")).toBeNull();
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("after") === String(years[0]));
      expect(parameter(page, "before")).toBe(String(years[1]! + 1));
      await countShown(page, countIn(...years));
      // The other years keep their bars.
      expect(await bars.getByRole("option").evaluateAll((all) => all.map((one) => one.ariaLabel ?? ""))).toEqual(
        labels,
      );
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("year") === String(years[0]));
      expect(parameter(page, "after")).toBeNull();
      await countShown(page, countIn(years[0]!));
      await page.keyboard.press("Delete");
      await page.waitForURL((url) => !url.searchParams.has("year"));
      await addFilter(page, "2016");
      await countShown(page, countIn(2016));
    });
  });

  test("the years are brushed by the pointer, and a tap selects one year and clears it", async () => {
    await site.withPage("/search?q=der", async (page) => {
      const bars = histogram(page);
      await bars.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await bars.boundingBox())!;
      const count = await bars.getByRole("option").count();
      const middle = (at: number) => x + ((at + 0.5) * width) / count;
      await page.mouse.move(middle(2), y + height / 2);
      await page.mouse.down();
      await page.mouse.move(middle(1), y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL((url) => url.searchParams.has("after") && url.searchParams.has("before"));
      expect(Number(parameter(page, "before")) - Number(parameter(page, "after"))).toBe(2);
      await page.mouse.click(middle(2), y + height / 2);
      await page.waitForURL((url) => url.searchParams.has("year"));
      await page.mouse.click(middle(2), y + height / 2);
      await page.waitForURL((url) => !url.searchParams.has("year"));
    });
  });

  test("the years are brushed by touch", async () => {
    await site.withPage(
      "/search?q=der",
      async (page) => {
        const bars = histogram(page);
        expect(await bars.count()).toBe(0);
        await page.getByRole("button", { name: "Eingrenzen: Jahre, Foren, Nutzer" }).tap();
        await bars.scrollIntoViewIfNeeded();
        const { x, y, width, height } = (await bars.boundingBox())!;
        const devtools = await page.context().newCDPSession(page);
        const touch = (type: "touchStart" | "touchMove" | "touchEnd", at: number) =>
          devtools.send("Input.dispatchTouchEvent", {
            type,
            touchPoints: type === "touchEnd" ? [] : [{ x: x + at * width, y: y + height / 2 }],
          });
        await touch("touchStart", 0.02);
        for (const at of [0.1, 0.2, 0.3, 0.4]) await touch("touchMove", at);
        await touch("touchEnd", 0.4);
        await page.waitForURL((url) => url.searchParams.has("after") && url.searchParams.has("before"));
        expect(await page.evaluate("scrollX")).toBe(0);
      },
      phone,
    );
  });

  test("hits are grouped by thread on demand, and each group leads to all of its hits", async () => {
    await site.withPage("/search?q=der", async (page) => {
      await page.getByRole("button", { name: "Nach Thread gruppieren" }).click();
      await page.waitForURL(/group=thread/);
      const all = page.locator(".hit-foot a");
      await all.first().waitFor();
      await reload(page);
      const tids = await page
        .locator(".hit-title")
        .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get("TID")));
      expect(tids.length).toBeGreaterThan(5);
      expect(new Set(tids).size).toBe(tids.length);
      const count = Number((await all.first().innerText()).replace(/ Treffer in diesem Thread$/, "").replace(".", ""));
      await all.first().click();
      await page.waitForURL((url) => /^der thread:\d+$/.test(url.searchParams.get("q") ?? ""));
      expect(parameter(page, "group")).toBeNull();
      await countShown(page, count);
      await page.goBack();
      await all.first().waitFor();
      expect(parameter(page, "group")).toBe("thread");
      await page.getByRole("button", { name: "Nach Thread gruppieren" }).click();
      await page.waitForURL((url) => !url.searchParams.has("group"));
    });
  });

  test("all passages of a post open below its hit, and open again when going back", async () => {
    await site.withPage("/search?q=grafikkarte&sort=date-asc", async (page) => {
      const hit = page.locator(".hits > li").nth(2);
      await hit.waitFor();
      expect(await page.locator(".skeleton").count()).toBe(0);
      await hit.locator("summary").click();
      await hit.locator(".passages li").first().waitFor();
      const marked = await hit.locator(".passages strong").allInnerTexts();
      expect(marked.length).toBeGreaterThan(0);
      for (const word of marked) expect(word.toLowerCase()).toContain("grafikkarte");
      await page.locator("footer a[href='/imprint']").click();
      await page.waitForURL(/imprint/);
      await page.goBack();
      await hit.locator(".passages li").first().waitFor();
    });
    await site.withPage(`/search?q=year:2016`, async (page) => {
      await page.locator(".hits > li").first().waitFor();
      expect(await page.locator(".hits summary").count()).toBe(0);
    });
  });

  test("a user's page leads to their posts of the selection", async () => {
    await site.withPage(`/users/${site.uid}?year=2016&bid=14`, async (page) => {
      await page.getByRole("link", { name: "Posts durchsuchen" }).click();
      await page.waitForURL(/\/search/);
      await countShown(page, (await search({ content: "", uid: String(site.uid), year: "2016", bid: "14" })).count);
    });
  });

  test("a link shows the query as it was understood", async () => {
    const typed = 'USER:"' + userName + '" der -wetter  year:2016 "die neue';
    await site.withPage("/search", async (page) => {
      await input(page).fill(typed);
      const { count, understood } = await search({ content: typed });
      await countShown(page, count);
      const link = page.locator(".understood a");
      const words = await link.innerText();
      for (const part of [`von ${shownName}`, "der", "ohne wetter", "2016", "„die neue“"])
        expect(words).toContain(part);
      await link.click();
      await page.waitForURL((url) => url.searchParams.get("q") === understood.content);
      expect(await input(page).inputValue()).toBe(understood.content);
      await countShown(page, count);
      expect(await link.innerText()).toBe(words);
    });
  });

  test("recent searches with hits are kept in the browser and erased one by one or together", async () => {
    await site.withPage("/search", async (page) => {
      await page.clock.install();
      const recent = page.locator(".recent li a");
      for (const words of ["wetter", "quastenflosserparade", "grafikkarte", "kuchen"]) {
        await input(page).fill(words);
        await settle(page, words);
      }
      // Gone before it has settled.
      await input(page).fill("der");
      await countShown(page, (await search({ content: "der" })).count);
      await input(page).fill("");
      await recent.first().waitFor();
      expect(await recent.allInnerTexts()).toEqual(["kuchen", "grafikkarte", "wetter"]);
      await page.waitForURL(`${site.url}/search`);
      await reload(page);
      await page.getByRole("button", { name: "„grafikkarte“ aus der Liste löschen" }).click();
      expect(await recent.allInnerTexts()).toEqual(["kuchen", "wetter"]);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toContain("wetter");
      await recent.nth(1).click();
      await page.waitForURL(/q=wetter/);
      await page.locator(".hits > li").first().waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Alle löschen" }).click();
      expect(await recent.count()).toBe(0);
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
    });
  });

  test("recent searches are turned off, which erases them", async () => {
    await site.withPage("/search", async (page) => {
      await page.clock.install();
      await input(page).fill("wetter");
      await settle(page, "wetter");
      await input(page).fill("");
      await page.locator(".recent li a", { hasText: "wetter" }).waitFor();
      await page.getByLabel("Suchen in diesem Browser merken").uncheck();
      expect(await page.locator(".recent li").count()).toBe(0);
      await input(page).fill("kuchen");
      await settle(page, "kuchen");
      await input(page).fill("");
      await page.locator(".recent").waitFor();
      expect(await page.locator(".recent li").count()).toBe(0);
      expect(JSON.stringify(await page.evaluate(() => ({ ...localStorage })))).not.toMatch(/kuchen|wetter/);
      await goTo(page, `${site.url}/privacy`);
      expect(await page.innerText("main")).toContain("die letzten Suchen (localStorage)");
    });
  });

  test("the page says which engine answered, and why", async () => {
    await site.withPage("/imprint", async (page) => {
      const answered = async (changes: object, path: string) => {
        await page.route(/\/api\/search\?/, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, json: { ...(await response.json()), ...changes } });
        });
        await goTo(page, site.url + path);
        const text = await page.innerText(".engine");
        await page.unroute(/\/api\/search\?/);
        return text;
      };
      const postgres = { engine: "postgres", fallback: true };
      expect(await answered({ engine: "meilisearch", fallback: false }, "/search?q=wetter&lang=de")).toBe(
        "Meilisearch",
      );
      expect(await answered({ engine: "postgres", fallback: false }, "/search?q=wetter")).toBe("PostgreSQL");
      expect(await answered(postgres, "/search?q=wetter")).toBe(
        "Antwort von PostgreSQL, weil Meilisearch nicht antwortete",
      );
      expect(await answered(postgres, "/search?q=wetter&lang=en")).toBe(
        "answered by PostgreSQL because Meilisearch did not respond",
      );
    });
  });

  const states: [state: string, path: string, prepare: (page: Page) => Promise<void>][] = [
    [
      "completions",
      "/search",
      async (page) => {
        await page.keyboard.type("user:");
        await options(page).first().waitFor();
        await page.keyboard.press("ArrowDown");
      },
    ],
    [
      "groups, chips and passages",
      "/search?q=der&group=thread&bid=14&after=2015&before=2017",
      async (page) => {
        await page.locator(".hits summary").first().click();
        await page.locator(".passages li").first().waitFor();
      },
    ],
    [
      "selected years",
      "/search?q=der",
      async (page) => {
        await histogram(page).focus();
        await page.keyboard.press("Shift+ArrowLeft");
      },
    ],
    [
      "recent searches",
      "/search",
      async (page) => {
        await page.clock.install();
        await input(page).fill("wetter");
        await settle(page, "wetter");
        await input(page).fill("");
        await page.locator(".recent li").first().waitFor();
      },
    ],
    [
      "a user offered",
      "/search",
      async (page) => {
        await page.keyboard.type(`${twoWords} der`);
        await page.locator(".authors a").first().waitFor();
      },
    ],
  ];
  for (const [state, path, prepare] of states) {
    test(`with ${state} is accessible in light and dark, and fits 360 to 1600 pixels`, async () => {
      await site.withPage(
        path,
        async (page) => {
          await prepare(page);
          expect(await violations(page)).toEqual([]);
          for (const width of [360, 800, 1600]) {
            await page.setViewportSize({ width, height: 740 });
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          }
        },
        { bypassCSP: true },
      );
    });
  }
});
