/** The web application below a path, behind a proxy that forwards only requests below that path. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pages } from "@potstats/web/pages";
import type { Page } from "playwright-core";
import { hasBrowser } from "./testing/browser.ts";
import { openSite, type Site } from "./testing/site.ts";
import { addFilter } from "./testing/filters.ts";
import { goTo, reload } from "./testing/quiet.ts";

const path = "/stats";
let site: Site;
let proxy: ReturnType<typeof Bun.serve>;
/** Requests outside the path. */
const strays: string[] = [];

/** The server's response, with the <base> that it would have below the path. */
async function forward(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith(`${path}/`)) {
    strays.push(pathname);
    return new Response("not ours", { status: 404 });
  }
  const answer = await fetch(site.url + pathname.slice(path.length) + search, {
    headers: { "Accept-Encoding": "identity" },
  });
  const headers = new Headers(answer.headers);
  headers.delete("Content-Length");
  if (!headers.get("Content-Type")?.startsWith("text/html"))
    return new Response(answer.body, { status: answer.status, headers });
  const html = (await answer.text()).replace('<base href="/"', `<base href="${path}/"`);
  return new Response(html, { status: answer.status, headers });
}

/** Parameters that make pages show more links. */
const parameters: Partial<Record<string, string>> = {
  "/compare": "?uid=UID",
  "/days": "?day=2016-05-03",
  "/links": "?domain=bilder.example",
  "/search": "?q=grafikkarte",
};

const addresses = [
  ...pages.map(
    (page) =>
      page.path.replace(":uid", "UID").replace(":year", "2016").replace(":bid", "14") + (parameters[page.path] ?? ""),
  ),
  "/nowhere",
];

/** Paths of all links on the page to this host. */
const linksOf = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("a[href]")]
      .map((link) => new URL(link.getAttribute("href") ?? "", document.baseURI))
      .filter(({ origin }) => origin === location.origin)
      .map(({ pathname }) => pathname),
  );

describe.skipIf(!hasBrowser)("below a path", () => {
  beforeAll(async () => {
    site = await openSite();
    proxy = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: forward });
    // Stays open: keeps the process that renders the pages.
    const { page } = await site.newPage();
    await page.goto(new URL(`${path}/imprint`, proxy.url).href);
  }, 90_000);
  afterAll(async () => {
    await proxy?.stop(true);
    await site?.stop();
  });

  /** Opens a page below the path and collects its errors. */
  async function visit(address: string) {
    const { page } = await site.newPage();
    const problems: string[] = [];
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    await goTo(page, new URL(path + address.replace("UID", String(site.uid)), proxy.url).href);
    return { page, problems };
  }

  for (const address of addresses) {
    test(`${address} opens by its URL, and all its links stay below the path`, async () => {
      const { page, problems } = await visit(address);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("main [role=alert]").count()).toBe(0);
      const links = await linksOf(page);
      expect(links.length).toBeGreaterThan(10);
      expect(links.filter((to) => !to.startsWith(`${path}/`))).toEqual([]);
      // A page that does not exist has status 404.
      expect(problems.filter((problem) => !problem.includes("404"))).toEqual([]);
      expect(strays).toEqual([]);
      await page.close();
    });
  }

  test("menu, filters, keys, completed names, back and reload work", async () => {
    const { page, problems } = await visit("/");
    const under = (rest: string) => new URL(path + rest, proxy.url).href;
    await page.locator("nav a", { hasText: "Jahre" }).click();
    await page.waitForURL(under("/years"));
    const boards = (await (await fetch(`${site.url}/api/boards`)).json()) as { rows: { bid: number; name: string }[] };
    const board = boards.rows.find(({ bid }) => bid === 14)?.name ?? "?";
    expect(await page.locator("nav a[aria-current=page]").allInnerTexts()).toEqual(["Jahre"]);
    await addFilter(page, board);
    await page.waitForURL(under("/years?bid=14"));
    await page.keyboard.press("Tab");
    await page.locator("body").press("/");
    await page.waitForURL(under("/search?bid=14"));
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "q");
    await page.keyboard.type("grafikkarte");
    await page.waitForURL(under("/search?bid=14&q=grafikkarte"));
    await page.goBack();
    await page.waitForURL(under("/years?bid=14"));
    await page.locator("h1", { hasText: "Jahre" }).waitFor();
    await goTo(page, under("/users"));
    await page.fill("[role=combobox]", (await page.locator("tbody th a").first().innerText()).slice(0, 2));
    await page.waitForSelector("[role=option]");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/stats\/users\/\d+$/);
    await reload(page);
    await page.locator(".total").first().waitFor();
    const former = encodeURIComponent(JSON.stringify({ query: "grafikkarte", type: "post", sort: "score" }));
    await page.goto(under(`/search/#${former}`));
    await page.waitForURL(under("/search?q=grafikkarte"));
    expect(problems).toEqual([]);
    expect(strays).toEqual([]);
    await page.close();
  });

  test("more rows load, tables can be downloaded, and the first link skips the menu", async () => {
    const { page } = await visit("/users");
    const csv = await page
      .locator("a[download]")
      .first()
      .evaluate((link) => (link as HTMLAnchorElement).href);
    expect((await (await fetch(csv)).text()).split("\r\n").length).toBeGreaterThan(10);
    const { rows } = (await (await fetch(`${site.url}/api/poster-stats`)).json()) as { rows: unknown[] };
    await page.route("**/api/poster-stats?*", (route) => {
      const isFirst = !route.request().url().endsWith("?order=asc");
      return route.fulfill({ json: isFirst ? { rows, next: "/api/poster-stats?order=asc" } : { rows: [] } });
    });
    const request = page.waitForRequest("**/api/poster-stats?order=asc");
    await page.goto(page.url());
    await page.waitForSelector("tbody th a");
    await page.mouse.move(700, 300);
    await page.mouse.wheel(0, 20_000);
    expect(new URL((await request).url()).pathname).toBe(`${path}/api/poster-stats`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).pathname).toBe(`${path}/users`);
    expect(strays).toEqual([]);
    await page.close();
  });
});
