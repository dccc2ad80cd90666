/** An export, opened from disk in a browser without a network: the same numbers and pictures as the server's pages. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { silent } from "@potstats/cli/progress";
import { connect, type Sql } from "@potstats/db/connect";
import { serveSettings } from "@potstats/server/testing/settings";
import type { Browser, Page } from "playwright-core";
import { writeExport } from "./export/export.ts";
import { hasBrowser, openBrowser, visitor } from "./testing/browser.ts";
import { openSharedForum, type SharedForum } from "./testing/shared-forum.ts";
import { forumUrl, timezone } from "./testing/stages.ts";
import { openSite, type Site } from "./testing/site.ts";
import { goTo } from "./testing/quiet.ts";

let site: Site;
let forum: SharedForum;
let sql: Sql;
let folder: string;
let browser: Browser;
let offline: Page;
const problems: string[] = [];

const write = (path: string, signal = new AbortController().signal) =>
  writeExport({
    sql,
    databaseUrl: forum.databaseUrl,
    settings: serveSettings({
      DATA_DIR: tmpdir(),
      FORUM_URL: forumUrl,
      PROFILES_URL: "https://profiles.example",
      STATS_TIMEZONE: timezone,
      IMPRINT_NAME: "Ines Impressum",
      IMPRINT_CONTACT: "ines@stats.example",
      METRICS_TOKEN: "a-secret-token",
    }),
    path,
    formats: [],
    progress: silent,
    signal,
  });

/** What a page shows: its text without controls, and its charts. Links differ by `#` only. */
const shown = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector("#content")!.cloneNode(true) as HTMLElement;
    // What needs a server is not in an export.
    const others = ".tools, button, .filter-bar, .print-head, select, a[href*='/api/'], .card:has(.badge-code)";
    for (const control of main.querySelectorAll(others)) control.remove();
    const charts = [...document.querySelectorAll("#content svg.chart, #content .recap-figure svg")];
    return {
      text: main.textContent.replaceAll(/\s+/g, " ").trim(),
      charts: charts.map((chart) => chart.outerHTML.replaceAll(/ href="#?\//g, ' href="/')),
    };
  });

const settled = (page: Page) =>
  page.waitForFunction(() => document.querySelector("#content h1") && !document.querySelector("#content .skeleton"));

const address = (path: string) => `${pathToFileURL(join(folder, "index.html")).href}#${path}`;

async function openOffline(path: string): Promise<void> {
  await offline.goto("about:blank");
  await offline.goto(address(path));
  await settled(offline);
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "potstats-export-")), "export");
    [site, forum, browser] = await Promise.all([openSite(), openSharedForum(), openBrowser()]);
    sql = connect(forum.databaseUrl, { max: 2, name: "potstats test" });
    await write(folder);
    const context = await browser.newContext({ ...visitor, offline: true });
    offline = await context.newPage();
    offline.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    offline.on("pageerror", (error) => problems.push(String(error)));
    offline.on(
      "request",
      (request) => /^(?:file|data|blob|about):/.test(request.url()) || problems.push(request.url()),
    );
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await sql?.end();
    await site?.stop();
    await forum?.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  test("pages show what the server's pages show", async () => {
    const { rows: boards } = (await (await fetch(`${site.url}/api/boards`)).json()) as { rows: { bid: number }[] };
    const paths = [
      "/",
      "/?year=2017",
      "/users",
      `/users/${site.uid}`,
      "/years",
      "/days?year=2017",
      "/boards",
      `/threads/${site.tid}`,
      `/records?bid=${boards[0]?.bid}`,
      "/on-this-day?date=05-01",
      "/cohorts",
      `/recap/2017/users/${site.uid}`,
    ];
    const network = (await (await fetch(`${site.url}/api/social-graph?limit=1`)).json()) as {
      rows: { from: { uid: number }; to: { uid: number } }[];
    };
    for (const { from, to } of network.rows) paths.push("/pair", `/pair?uid=${from.uid}&with=${to.uid}`);
    const { page } = await site.newPage();
    for (const path of paths) {
      await Promise.all([goTo(page, site.url + path), openOffline(path)]);
      await settled(page);
      const expected = await shown(page);
      // Cards load one after the other.
      const isSame = async () => JSON.stringify(await shown(offline)) === JSON.stringify(expected);
      for (let attempt = 0; attempt < 40 && !(await isSame()); attempt++) await Bun.sleep(100);
      expect({ path, ...(await shown(offline)) }).toEqual({ path, ...expected });
    }
    await page.close();
    expect(problems).toEqual([]);
  }, 60_000);

  test("links, back, the network and what only a server could answer work from disk", async () => {
    await openOffline("/");
    await offline.locator("nav a", { hasText: "Zitate" }).first().click();
    await offline.waitForFunction(() => document.querySelector("h1")?.textContent === "Wer zitiert wen?");
    await settled(offline);
    expect(await offline.locator("[role=alert]").count()).toBe(0);
    await offline.goBack();
    await offline.waitForFunction(() => document.querySelector("h1")?.textContent === "Überblick");
    await openOffline("/search?q=Regen");
    expect(await offline.locator("main").innerText()).toContain("Das braucht einen Server");
    await openOffline(`/users/${site.uid}?year=2017`);
    await offline.getByText("Das ist nicht Teil dieses Exports").first().waitFor();
    expect(await offline.locator("a[href^='/']").count()).toBe(0);
  });

  test("the same data makes the same files, without secrets", async () => {
    const again = join(folder, "../again");
    await write(again);
    const names = (await readdir(folder, { recursive: true })).toSorted();
    expect((await readdir(again, { recursive: true })).toSorted()).toEqual(names);
    for (const name of names.filter((path) => path.includes("."))) {
      const [one, other] = await Promise.all([folder, again].map((path) => Bun.file(join(path, name)).text()));
      expect({ name, isSame: one === other }).toEqual({ name, isSame: true });
      expect(one).not.toContain("a-secret-token");
    }
  }, 60_000);

  test("all numbers about a post take few bytes", async () => {
    const answers = join(folder, "answers");
    const sizes = (await readdir(answers)).map((name) => Bun.file(join(answers, name)).size);
    const [row] = await sql<
      { posts: number }[]
    >`select sum(post_count)::int as posts from baked.daily_stats where bid = 0`;
    const bytesPerPost = sizes.reduce((sum, size) => sum + size, 0) / (row?.posts ?? 0);
    // 213. A large forum needs fewer: it has fewer days, years and boards for each post. Without columns it was 295.
    expect(bytesPerPost).toBeLessThan(240);
  });

  test("a folder with something else is refused, and an interrupted export leaves nothing", async () => {
    const other = join(folder, "../other");
    await mkdir(other);
    await writeFile(join(other, "letter.txt"), "dear");
    expect(await settle(write(other))).toThrow("not an export");
    expect(await readdir(other)).toEqual(["letter.txt"]);
    const interrupted = join(folder, "../interrupted");
    expect(await settle(write(interrupted, AbortSignal.timeout(50)))).toThrow();
    expect([existsSync(interrupted), existsSync(`${interrupted}.partial`)]).toEqual([false, false]);
  });
});
