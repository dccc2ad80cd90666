/** The web application in a real browser, with the data of a simulated forum. What holds for every page: browser-pages. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { addFilter, chip, isUnused } from "./testing/filters.ts";
import { goTo, quiet, reload } from "./testing/quiet.ts";

let site: Site;

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    site = await openSite();
  }, 90_000);
  afterAll(() => site?.stop());

  test("the overview shows the API's totals in the format of the reader's language", async () => {
    const { counts } = (await (await fetch(`${site.url}/api/status`)).json()) as { counts: { posts: number } };
    await site.withPage("/", async (page) => {
      expect(await page.locator("main").innerText()).toContain(counts.posts.toLocaleString("de"));
      expect(await page.title()).toContain("pOTstats");
    });
  });

  test("year and board are in the URL: kept on the next page, after a reload and after going back", async () => {
    const boards = (await (await fetch(`${site.url}/api/boards`)).json()) as { rows: { bid: number; name: string }[] };
    const board = boards.rows.find(({ bid }) => bid === 14)?.name ?? "?";
    await site.withPage("/users", async (page) => {
      await addFilter(page, "2016");
      await page.waitForURL(/year=2016/);
      await addFilter(page, board);
      await page.waitForURL(/bid=14/);
      const answer = await fetch(`${site.url}/api/poster-stats?limit=1&year=2016&bid=14`);
      const { rows } = (await answer.json()) as { rows: { User: { name: string } }[] };
      await page.locator("tbody tr:nth-child(2) th", { hasText: rows[0]?.User.name ?? "?" }).waitFor();
      await page.click("nav a[href^='/weekdays']");
      await page.waitForURL(/\/weekdays\?year=2016&bid=14/);
      await reload(page);
      expect(await page.inputValue("select[name=year]")).toBe("2016");
      expect(await chip(page, "bid").innerText()).toContain(board);
      await page.goBack();
      await quiet(page);
      expect(new URL(page.url()).pathname).toBe("/users");
    });
  });

  test("the user table is sorted by the server, and loads more rows while scrolling, to the last one", async () => {
    await site.withPage("/users?order_by=quotes_count", async (page) => {
      const answer = await fetch(`${site.url}/api/poster-stats?limit=10000&order_by=quotes_count`);
      const { rows } = (await answer.json()) as { rows: { User: { name: string } }[] };
      expect(await page.locator("tbody th").first().innerText()).toContain(
        rows[0]?.User.name.replaceAll(/\s+/g, " ") ?? "?",
      );
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.waitForFunction(
        (count) =>
          [...document.querySelectorAll("tbody td:first-child")].some((cell) => cell.textContent === String(count)),
        rows.length,
      );
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
      await page.click("thead button >> nth=0");
      await page.waitForURL((url) => !url.search.includes("quotes_count"));
    });
  });

  test("charts are drawn once, at their final width, so that nothing below them moves", async () => {
    const { page } = await site.newPage();
    await page.addInitScript(() => {
      const changed: string[] = [];
      Object.assign(window, { changed });
      new MutationObserver((changes) => {
        for (const { target } of changes) changed.push((target as Element).getAttribute("aria-label") ?? "");
      }).observe(document, { subtree: true, attributeFilter: ["viewBox"] });
    });
    for (const path of ["/weekdays", "/days", `/compare?uid=${site.uid}`]) {
      await goTo(page, site.url + path);
      await page.locator("svg.chart").first().waitFor();
      expect({ path, changed: await page.evaluate("changed") }).toEqual({ path, changed: [] });
    }
    await page.close();
  });

  test("search: while typing, hits are highlighted and the URL is updated; Escape clears the query", async () => {
    await site.withPage("/search", async (page) => {
      await page.keyboard.type("grafikkarte");
      await page.waitForSelector(".hits strong");
      expect((await page.locator(".hits strong").first().innerText()).toLowerCase()).toContain("grafikkarte");
      expect(await page.locator(".hit-title").first().getAttribute("href")).toMatch(
        /^https:\/\/forum\.example\/bb\/thread\.php\?TID=\d+&PID=(\d+)#reply_\1$/,
      );
      await page.waitForURL(/q=grafikkarte/);
      await reload(page);
      await page.waitForSelector(".hits strong");
      await page.keyboard.press("Escape");
      await page.waitForSelector(".hits", { state: "detached" });
    });
  });

  test("search: users, boards and threads are suggested while typing, with links to their pages", async () => {
    await site.withPage("/search", async (page) => {
      await page.keyboard.type("küche");
      const board = page.locator(".suggestions a", { hasText: "Küche" }).first();
      expect(await board.getAttribute("href")).toBe("/?bid=25");
      const { rows } = (await (await fetch(`${site.url}/api/poster-stats?limit=1`)).json()) as {
        rows: { User: { uid: number; name: string } }[];
      };
      const { User: busiest } = rows[0]!;
      await page.fill("input[type=search]", busiest.name);
      await page.locator(`.suggestions a[href="/users/${busiest.uid}"]`).click();
      await page.waitForURL(`${site.url}/users/${busiest.uid}`);
      await page.locator("h1", { hasText: busiest.name.replaceAll(/\s+/g, " ") }).waitFor();
    });
  });

  test("the build is a production build", async () => {
    const { page } = await site.visit("/imprint");
    const scripts = await page
      .locator("script[src], link[rel=modulepreload]")
      .evaluateAll((elements) =>
        elements.map((element) => (element as HTMLScriptElement).src || (element as HTMLLinkElement).href),
      );
    const sources = await Promise.all(scripts.map(async (script) => (await fetch(script)).text()));
    expect(sources.length).toBeGreaterThan(1);
    // A message of Solid's development build.
    expect(sources.filter((source) => source.includes("You appear to have multiple instances of Solid"))).toEqual([]);
    await page.close();
  });

  test("search: a message reports when there are no hits or a user is unknown", async () => {
    await site.withPage("/search?q=quastenflosserparade", async (page) => {
      await page.waitForSelector(".message");
      expect(await page.locator("main").innerText()).toContain("Nichts gefunden");
    });
    await site.withPage("/search?q=user:quastenflosser", async (page) => {
      expect(await page.innerText("main .message")).toBe("Kein Nutzer „quastenflosser“.");
    });
  });

  test("the language is one click away and remembered", async () => {
    await site.withPage("/", async (page) => {
      expect(await page.getAttribute("html", "lang")).toBe("de");
      await page.locator("footer select").nth(1).selectOption("en");
      expect(await page.locator("h1").innerText()).toBe("Overview");
      await reload(page);
      expect(await page.getAttribute("html", "lang")).toBe("en");
      expect(await page.locator("h1").innerText()).toBe("Overview");
    });
    await site.withPage("/years?lang=en", async (page) => {
      expect(await page.locator("h1").innerText()).toBe("Years");
      await goTo(page, `${site.url}/weekdays`);
      expect(await page.locator("h1").innerText()).toBe("Weekdays");
    });
  });

  test("texts use the singular for a count of one", async () => {
    await site.withPage("/imprint", async (page) => {
      await page.route(/\/api\/(overview|search)(\?|$)/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), days: 1, count: 1 } });
      });
      for (const [path, text] of [
        ["/?lang=de", "an 1 Tag mit Posts"],
        ["/?lang=en", "on 1 day with posts"],
        ["/search?q=grafikkarte&lang=en", "1 hit in "],
        ["/network?lang=en", "at least once"],
      ] as const) {
        await goTo(page, site.url + path);
        expect(await page.locator("main").innerText()).toContain(text);
      }
    });
  });

  test("the chosen color scheme is applied and remembered", async () => {
    await site.withPage("/", async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const light = await background();
      await page.locator("footer select").first().selectOption("dark");
      expect(await background()).not.toBe(light);
      await reload(page);
      expect(await background()).not.toBe(light);
    });
  });

  test("a click on a day, in calendar or table, shows its numbers and busiest threads; the URL contains the day", async () => {
    await site.withPage("/days?year=2016", async (page) => {
      const answer = await fetch(`${site.url}/api/day-stats?day=2016-05-03`);
      const { post_count, threads } = (await answer.json()) as {
        post_count: number;
        threads: { thread: { title: string } }[];
      };
      // A Tuesday, in the column of the nineteenth week.
      const calendar = (await page.locator(".heat-map svg").boundingBox())!;
      const step = (calendar.width - 30) / 54;
      await page.mouse.click(calendar.x + 30 + 18.5 * step, calendar.y + 20 + 1.5 * step);
      await page.waitForURL(/day=2016-05-03/);
      const details = page.locator("section[aria-live]");
      await details.locator(".total").first().waitFor();
      expect(await details.locator("h2").innerText()).toBe("Dienstag, 3. Mai 2016");
      expect(await details.locator(".total b").first().innerText()).toBe(String(post_count));
      expect(await details.locator("tbody tr").count()).toBe(threads.length);
      await page.click("summary");
      await page.click("tbody a >> text='Mittwoch, 4. Mai 2016'");
      await page.waitForURL(/day=2016-05-04/);
      await page.goBack();
      await page.waitForURL(/day=2016-05-03/);
    });
  });

  test("a user's page shows the API's numbers for the selection", async () => {
    const answer = await fetch(`${site.url}/api/user-stats?uid=${site.uid}&year=2016`);
    const { stats } = (await answer.json()) as { stats: { post_count: number; rank: number } };
    await site.withPage(`/users/${site.uid}?year=2016`, async (page) => {
      expect(await page.locator(".total").first().innerText()).toBe(
        `${stats.post_count.toLocaleString("de")}\nPosts\nPlatz ${stats.rank}`,
      );
      expect(await page.locator("svg.chart").count()).toBe(3);
    });
  });

  test("names are completed while typing, and Enter opens the user or adds them to the comparison", async () => {
    const { rows } = (await (await fetch(`${site.url}/api/poster-stats?limit=2`)).json()) as {
      rows: { User: { uid: number; name: string } }[];
    };
    await site.withPage("/users", async (page) => {
      await page.fill("[role=combobox]", rows[0]?.User.name.slice(0, -1) ?? "");
      await page.waitForSelector("[role=option]");
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`/users/${rows[0]?.User.uid}$`));
    });
    await site.withPage(`/compare?uid=${rows[0]?.User.uid}`, async (page) => {
      await page.fill("[role=combobox]", rows[1]?.User.name ?? "");
      await page.waitForSelector("[role=option]");
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`uid=${rows[0]?.User.uid}&uid=${rows[1]?.User.uid}`));
      await page.waitForFunction(() => document.querySelectorAll("polyline").length === 2);
      await page.locator(".chosen-users button").first().click();
      await page.waitForFunction(() => document.querySelectorAll("polyline").length === 1);
    });
  });

  test("the complete table is downloaded, not just the visible rows", async () => {
    await site.withPage("/users?year=2016", async (page) => {
      const href = await page.locator("a[download]").getAttribute("href");
      const csv = await (await fetch(site.url + href)).text();
      const answer = await fetch(`${site.url}/api/poster-stats?limit=10000&year=2016`);
      const { rows } = (await answer.json()) as { rows: unknown[] };
      expect(csv.trim().split("\r\n").length).toBe(rows.length + 1);
    });
  });

  test("search: facets narrow the hits down and widen them again, and arrow keys move through the hits", async () => {
    await site.withPage("/search?q=grafikkarte", async (page) => {
      await page.waitForSelector(".facets .tools button");
      const narrowed = page.waitForResponse((response) => /\/api\/search\?.*bid=\d/.test(response.url()));
      const board = page.locator(".facets .tools button").first();
      const name = (await board.innerText()).replace(/\s+\d+\s*$/, "");
      await board.click();
      await page.waitForURL(/bid=\d+/);
      const { count } = (await (await narrowed).json()) as { count: number };
      await page.waitForFunction(
        (shown) => document.querySelector("p[aria-live]")?.textContent?.startsWith(shown),
        `${count} Treffer`,
      );
      expect(new Set(await page.locator(".hit-head span:nth-child(2)").allInnerTexts())).toEqual(new Set([name]));
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-pressed"))).toBe("true");
      await page.click(".facets .tools button[aria-pressed=true]");
      await page.waitForURL((url) => !url.search.includes("bid="));
      await page.waitForFunction(
        (narrowedTo) => !document.querySelector("p[aria-live]")?.textContent?.startsWith(narrowedTo),
        `${count} Treffer`,
      );
      await page.focus("input[type=search]");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      const isSecond = () => page.evaluate(() => document.activeElement === document.querySelectorAll(".hit-title")[1]);
      expect(await isSecond()).toBe(true);
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("q");
    });
  });

  test("the years page shows all years even if one was selected, and the next page selects it again", async () => {
    const { rows } = (await (await fetch(`${site.url}/api/year-over-year-stats`)).json()) as { rows: unknown[] };
    expect(rows.length).toBeGreaterThan(2);
    await site.withPage("/users?year=2016", async (page) => {
      await page.click("nav a[href^='/years']");
      await page.waitForURL(/\/years\?year=2016/);
      await page.locator("svg.chart rect.bar").first().waitFor();
      expect(await page.locator("svg.chart rect.bar").count()).toBe(rows.length);
      expect(await isUnused(page, "year")).toBe(true);
      await page.click("nav a[href^='/users']");
      await page.waitForURL(/\/users\?year=2016/);
      expect(await isUnused(page, "year")).toBe(false);
    });
  });

  test("a filter that a page does not use says so, and is kept for the next page", async () => {
    await site.withPage("/boards?year=2016&bid=14", async (page) => {
      expect(await isUnused(page, "bid")).toBe(true);
      expect(await isUnused(page, "year")).toBe(false);
      await page.click("nav a[href^='/days']");
      await page.waitForURL(/\/days\?year=2016&bid=14/);
      expect(await isUnused(page, "bid")).toBe(false);
    });
  });

  test("the first page needs at most 45 kB of compressed JavaScript", async () => {
    const { page } = await site.firstPage();
    const sizes = new Map<string, number>();
    page.on("response", async (response) => {
      if (response.request().resourceType() !== "script") return;
      const { responseBodySize } = await response.request().sizes();
      sizes.set(response.url(), responseBodySize);
    });
    await goTo(page, `${site.url}/`);
    expect(sizes.size).toBeGreaterThan(2);
    expect([...sizes.values()].reduce((total, size) => total + size, 0)).toBeLessThan(45_000);
    await page.close();
  });

  test("keyboard: / goes to the search, ? lists the shortcuts", async () => {
    await site.withPage("/years", async (page) => {
      await page.keyboard.press("?");
      expect(await page.locator("dialog[open]").count()).toBe(1);
      await page.keyboard.press("Escape");
      await page.keyboard.press("/");
      await page.waitForURL(/\/search/);
    });
  });

  test("potstats2's URLs still work", async () => {
    await site.withPage("/userstats;year=2016;bid=14", async (page) => {
      expect(page.url()).toBe(`${site.url}/users?year=2016&bid=14`);
    });
    const former = encodeURIComponent(JSON.stringify({ query: "grafikkarte", type: "post", sort: "score" }));
    await site.withPage(`/search/#${former}`, async (page) => {
      await page.waitForSelector(".hits strong");
      expect(page.url()).toBe(`${site.url}/search?q=grafikkarte`);
    });
  });

  test("a page that does not exist has status 404 and shows a message", async () => {
    const response = await fetch(`${site.url}/nirgends`, { headers: { accept: "text/html" } });
    expect(response.status).toBe(404);
    const { page } = await site.visit("/nirgends");
    expect(await page.locator("h1").innerText()).toBe("Diese Seite gibt es nicht");
    await page.close();
  });

  test("an unknown user's page says so in the reader's language", async () => {
    const { page } = await site.visit("/users/999999999");
    await page.locator("h1", { hasText: "Diesen Nutzer gibt es nicht" }).waitFor();
    expect(await page.locator("main a", { hasText: "Alle Nutzer" }).getAttribute("href")).toBe("/users");
    await page.close();
  });
});
