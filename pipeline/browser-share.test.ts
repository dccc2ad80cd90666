/** What is shown first on slow networks. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";

let site: Site;

interface FirstPaint {
  painted_ms: number;
  /** The first response besides the document. */
  response_ms: number;
  shift: number;
  used: string[];
}

/** Records layout shifts, and which of the document's responses the application uses. */
function record() {
  const first = { shift: 0, used: [] as string[] };
  Object.assign(window, { first });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) first.shift += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
  class Recorded extends Map<string, Promise<Response>> {
    override get(key: string) {
      if (this.has(key)) first.used.push(key);
      return super.get(key);
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
  const { page } = await site.visit("/healthz");
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
    ...(window as unknown as { first: Pick<FirstPaint, "shift" | "used"> }).first,
    response_ms: Math.min(
      ...(performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(
        ({ responseEnd }) => responseEnd,
      ),
    ),
    painted_ms: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity,
  }));

describe.skipIf(!hasBrowser)("on a slow network", () => {
  beforeAll(async () => {
    site = await openSite(4000);
  }, 90_000);
  afterAll(() => site?.stop());

  test("something useful is painted within a second of the document's arrival", async () => {
    const page = await openSlowly("/", 2000);
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    const { painted_ms, response_ms } = await firstPaint(page);
    expect(painted_ms).toBeLessThan(3000);
    expect(response_ms).toBeGreaterThan(4000);
    await page.context().close();
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
      await page.waitForLoadState("networkidle");
      const { shift, used } = await firstPaint(page);
      expect(shift).toBeLessThan(0.05);
      const sent = await page.evaluate(() => [...(window.firstResponses?.keys() ?? [])]);
      expect(sent.length).toBeGreaterThanOrEqual(3);
      expect(new Set(used)).toEqual(new Set(sent));
      const again = requests.filter((url) => url.includes("/api/") && sent.includes(url));
      expect(again.length).toBe(sent.length);
      await page.context().close();
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
    await page.context().close();
  });
});
