/** What is shown first on slow networks, on paper, in forced colors, and of users who do not exist. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { extractText, getDocumentProxy } from "unpdf";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo, quiet } from "./testing/quiet.ts";

let site: Site;

interface FirstPaint {
  painted_ms: number;
  /** The first response besides the document. */
  response_ms: number;
  shift: number;
  /** The requests that the document itself has sent, and those whose responses the application has used. */
  sent: string[];
  used: string[];
}

/** Records layout shifts, and which of the document's responses the application uses. */
function record() {
  const first = { shift: 0, sent: [] as string[], used: [] as string[] };
  Object.assign(window, { first });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) first.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
  class Recorded extends Map<string, Promise<Response>> {
    override get(key: string) {
      if (this.has(key)) first.used.push(key);
      return super.get(key);
    }
    override set(key: string, response: Promise<Response>) {
      first.sent.push(key);
      return super.set(key, response);
    }
  }
  let responses: Recorded | undefined;
  Object.defineProperty(window, "firstResponses", {
    get: () => responses,
    set: (value: Map<string, Promise<Response>>) => {
      responses = new Recorded(value);
    },
  });
}

/** Opens a page on a slow network. @returns once the document has arrived */
async function openSlowly(path: string, latency_ms: number): Promise<Page> {
  const { page } = await site.firstPage();
  await page.addInitScript(record);
  const client = await page.context().newCDPSession(page);
  await client.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: latency_ms,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.goto(site.url + path, { waitUntil: "commit" });
  return page;
}

const firstPaint = (page: Page): Promise<FirstPaint> =>
  page.evaluate(() => ({
    ...(window as unknown as { first: Pick<FirstPaint, "shift" | "sent" | "used"> }).first,
    response_ms: Math.min(
      ...(performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(
        ({ responseEnd }) => responseEnd,
      ),
    ),
    painted_ms: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity,
  }));

/** Prints the page. @returns the text of its sheets, as one line each */
async function printed(page: Page): Promise<string[]> {
  await page.locator("main .card").first().waitFor();
  const pdf = await getDocumentProxy(new Uint8Array(await page.pdf({ format: "A4" })));
  const { text } = await extractText(pdf);
  return text.map((sheet) => sheet.replaceAll(/\s+/g, " "));
}

beforeAll(async () => {
  if (hasBrowser) site = await openSite();
}, 180_000);
afterAll(() => site?.stop());

describe.skipIf(!hasBrowser)("on a slow network", () => {
  test("something useful is painted within a second of the document's arrival", async () => {
    // So long does the next response take: what is painted before it comes from the document alone.
    const latency_ms = 1000;
    const page = await openSlowly("/", latency_ms);
    await page.locator("h1").waitFor();
    await quiet(page);
    const { painted_ms, response_ms } = await firstPaint(page);
    expect(painted_ms).toBeLessThan(response_ms);
    expect(response_ms).toBeGreaterThan(2 * latency_ms);
    await page.close();
  });

  for (const path of ["/", "/users", "/users/UID", "/days", "/boards"]) {
    test.concurrent(`${path} shows its frame first, requests nothing twice, and does not move`, async () => {
      const page = await openSlowly(path.replace("UID", String(site.uid)), 1000);
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.locator("h1").waitFor();
      expect(await page.locator(".skeleton").count()).toBe(1);
      expect(await page.locator("nav a[aria-current=page]").count()).toBe(1);
      expect(await page.title()).toBe(`${await page.innerText("h1")} – pOTstats`);
      await page.locator("main .card, main table").first().waitFor();
      await quiet(page);
      const { shift, sent, used } = await firstPaint(page);
      expect(shift).toBeLessThan(0.05);
      expect(sent.length).toBeGreaterThanOrEqual(2);
      expect(new Set(used)).toEqual(new Set(sent));
      const again = requests.filter((url) => url.includes("/api/") && sent.includes(url));
      expect(again.length).toBe(sent.length);
      await page.close();
    });
  }

  test.concurrent("the frame has the reader's language, colors and selection", async () => {
    const { page } = await site.visit("/healthz");
    await page.evaluate(() => {
      localStorage.setItem("lang", "en");
      localStorage.setItem("theme", "dark");
    });
    await page.route("**/assets/**", () => {});
    await page.goto(`${site.url}/weekdays?year=2016&bid=14`, { waitUntil: "commit" });
    await page.locator("h1").waitFor();
    expect(await page.innerText("h1")).toBe("Weekdays");
    expect(await page.getAttribute("html", "lang")).toBe("en");
    expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme)).toBe("dark");
    expect(await page.getAttribute("nav a[aria-current=page]", "href")).toBe("/weekdays?year=2016&bid=14");
    await page.goto(`${site.url}/years/?lang=de`, { waitUntil: "commit" });
    await page.locator("h1").waitFor();
    expect(await page.innerText("h1")).toBe("Jahre");
    await page.close();
  });
});

describe.skipIf(!hasBrowser)("on paper", () => {
  test("the user table has all loaded rows and columns, and no controls", async () => {
    await site.withPage("/users", async (page) => {
      const rows = (await (await fetch(`${site.url}/api/poster-stats?limit=200`)).json()) as {
        rows: { User: { name: string }; quotes_count: number }[];
      };
      const sheets = await printed(page);
      const text = sheets.join(" ");
      const names = rows.rows.map(({ User: { name } }) => name.replaceAll(/\s+/g, " ").trim());
      expect(names.filter((name) => !text.includes(name))).toEqual([]);
      expect(text).toContain("Hat zitiert");
      for (const control of ["CSV", "Überblick", "Sprache", "Nutzer suchen", "System"])
        expect(text).not.toContain(control);
      expect(sheets.length).toBeLessThan(2 + names.length / 25);
      expect(sheets[1]).toContain("Zeichen je Post");
      expect(await page.locator("tbody tr:not(.spacer)").count()).toBeLessThan(names.length);
    });
  });

  test("says how many rows of a longer list are printed", async () => {
    const { page } = await site.newPage();
    await page.route("**/api/poster-stats?*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ json: { ...(await response.json()), next: "/api/poster-stats?from=99999" } });
    });
    await goTo(page, `${site.url}/users?lang=en`);
    expect((await printed(page)).join(" ")).toMatch(/These are the first \d+ rows/);
    await page.close();
  });

  test("dark pages are printed light, with the selection, and are dark again", async () => {
    await site.withPage(
      "/weekdays?year=2016",
      async (page) => {
        const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        const before = await background();
        const themes: string[] = [];
        await page.exposeFunction("tellTheme", (theme: string) => themes.push(theme));
        await page.evaluate(() =>
          addEventListener("beforeprint", () =>
            (window as unknown as { tellTheme(theme: string): void }).tellTheme(
              getComputedStyle(document.documentElement).colorScheme,
            ),
          ),
        );
        const [sheet = ""] = await printed(page);
        expect(sheet).toContain("pOTstats 2016 ·");
        expect(themes).toEqual(["light"]);
        expect(await background()).toBe(before);
      },
      { colorScheme: "dark" },
    );
  });

  test("no page is wider than the paper", async () => {
    for (const path of ["/", `/users/${site.uid}`, "/links", "/days?year=2016", "/boards", "/search?q=der"]) {
      const { page } = await site.visit(path);
      // The width of A4 between the margins.
      await page.setViewportSize({ width: 703, height: 900 });
      await page.emulateMedia({ media: "print" });
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect([path, widths[0]! <= widths[1]!]).toEqual([path, true]);
      expect([path, await page.locator(".side, .tools, .skip").filter({ visible: true }).count()]).toEqual([path, 0]);
      await page.close();
    }
  });
});

test.skipIf(!hasBrowser)("in forced colors, what is chosen and what is large can be seen", async () => {
  await site.withPage(
    "/boards",
    async (page) => {
      const styleOf = (selector: string, property: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
      const other = await styleOf(".button[aria-pressed=false]", "background-color");
      expect(await styleOf(".button[aria-pressed=true]", "background-color")).not.toBe(other);
      const menu = await styleOf("nav a:not([aria-current])", "background-color");
      expect(await styleOf("nav a[aria-current=page]", "background-color")).not.toBe(menu);
      const card = await styleOf(".card", "background-color");
      expect(await styleOf(".share", "background-color")).not.toBe(card);
    },
    { forcedColors: "active" },
  );
});

test.skipIf(!hasBrowser)("a user who does not exist is reported in the reader's language", async () => {
  for (const [lang, title] of [
    ["de", "Diesen Nutzer gibt es nicht"],
    ["en", "There is no such user"],
  ]) {
    const { page } = await site.visit(`/users/99999999?lang=${lang}`);
    expect(await page.innerText("h1")).toBe(title!);
    expect(await page.innerText("main")).not.toContain("99999999");
    await page.close();
  }
  const { page } = await site.newPage();
  await page.route("**/api/boards*", (route) => route.fulfill({ status: 503, json: { error: "too many requests" } }));
  await goTo(page, `${site.url}/boards`);
  expect(await page.innerText("[role=alert]")).toContain("Der Server ist gerade überlastet");
  await page.close();
});
