/** Titles, descriptions and pictures of links to pages. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as zlib from "node:zlib";
import { until } from "@potstats/cli/testing/until";
import { createPngRenderer } from "../preview/png.ts";
import type { Assets } from "../site/static.ts";
import { appOptions, askApp, newClient, origin, reanalyze, testServer, type TestServer } from "../testing/server.ts";
import { createApp } from "../app.ts";

const html = `<!doctype html><html lang="de"><head><base href="/" />
<meta name="description" content="built" /><title>pOTstats</title></head><body></body></html>`;
const identity = new TextEncoder().encode(html);
const assets: Assets = new Map([
  ["/index.html", { type: "text/html; charset=utf-8", etag: "built", codings: { identity } }],
]);

const pictures = createPngRenderer();
let server: TestServer;
beforeAll(async () => {
  server = await testServer({ assets, allowRobots: true, renderPng: pictures.render, previewTimeout_ms: 10_000 });
});
afterAll(async () => {
  pictures.close();
  await server.stop();
});

/** The document's language, title, and other descriptions by name. */
async function headOf(path: string, ask = server.ask, status = 200): Promise<Record<string, string>> {
  const response = await ask(path);
  expect([path, response.status]).toEqual([path, status]);
  const head: Record<string, string> = {};
  const rewriter = new HTMLRewriter()
    .on("html", { element: (element) => void (head["lang"] = element.getAttribute("lang") ?? "") })
    .on("title", { text: ({ text }) => void (head["title"] = (head["title"] ?? "") + text) })
    .on("link[rel=canonical]", { element: (element) => void (head["canonical"] = element.getAttribute("href") ?? "") })
    .on("meta", {
      element: (element) => {
        const name = element.getAttribute("property") ?? element.getAttribute("name") ?? "";
        expect(head[name]).toBeUndefined();
        head[name] = element.getAttribute("content") ?? "";
      },
    });
  await rewriter.transform(response).text();
  return head;
}

test("the overview names the forum's numbers, in both languages", async () => {
  const overview = await server.json("/api/overview");
  const head = await headOf("/");
  expect(head).toMatchObject({ lang: "de", title: "pOTstats", "og:locale": "de_DE", canonical: `${origin}/` });
  expect(head["description"]).toContain(`${overview.post_count.toLocaleString("de")} Posts`);
  expect(head["og:description"]).toBe(head["description"]!);
  expect(head["og:image"]).toBe(`${origin}/preview/overview.png`);
  const english = await headOf("/?lang=en");
  expect(english).toMatchObject({ lang: "en", "og:image": `${origin}/preview/overview.png?lang=en` });
  expect(english["description"]).toContain(`${overview.post_count.toLocaleString("en")} posts`);
});

test("year, board, day and user are named", async () => {
  const { rows } = await server.json("/api/boards");
  const { bid, name } = rows[0];
  const [{ year }] = (await server.json(`/api/years?bid=${bid}`)).rows;
  const selected = await headOf(`/?year=${year}&bid=${bid}&utm_source=x`);
  expect(selected["title"]).toBe(`${year} · ${name} – pOTstats`);
  expect(selected["canonical"]).toBe(`${origin}/?year=${year}&amp;bid=${bid}`);
  expect((await headOf(`/weekdays?year=${year}`))["title"]).toBe(`Wochentage · ${year} – pOTstats`);
  const { most_posts } = (await server.json("/api/overview")).records;
  const day = await headOf(`/days?day=${most_posts.day}&lang=en`);
  expect(day["title"]).toContain(most_posts.day.slice(0, 4));
  expect(day["description"]).toContain(`${most_posts.count} posts`);
  expect(day["og:image"]).toBe(`${origin}/preview/days.png?year=${most_posts.day.slice(0, 4)}&amp;lang=en`);
  const { user, stats } = await server.json("/api/user-stats?uid=9");
  const head = await headOf("/users/9/?year=2012");
  expect(head["title"]).toBe(`${user.name} – pOTstats`);
  expect(head["description"]).toStartWith(`${stats.post_count.toLocaleString("de")} Posts · `);
  expect(head["description"]).toContain("früher Karl der Käfer");
  expect(head["og:image"]).toBe(`${origin}/preview/users/9.png`);
});

test("a range of years is named, with its numbers, where the page shows ranges", async () => {
  const { post_count } = await server.json("/api/overview?year=2009-2012");
  const head = await headOf("/?year=2009-2012");
  expect(head).toMatchObject({ title: "2009–2012 – pOTstats", canonical: `${origin}/?year=2009-2012` });
  expect(head["description"]).toStartWith(`${post_count.toLocaleString("de")} Posts, `);
  expect(head["og:image"]).toBe(`${origin}/preview/overview.png?year=2009-2012`);
  expect((await server.ask("/preview/overview.png?year=2009-2012")).status).toBe(200);
  expect((await server.ask("/preview/overview.png?year=1900-1910")).status).toBe(404);
  expect((await headOf("/years?year=2009-2012"))["title"]).toBe("Jahre · 2009–2012 – pOTstats");
  // The days show one year, the years show several; a range that ends before it begins is none.
  for (const path of ["/days?year=2009-2012", "/years?year=2009", "/?year=2012-2009", "/?year=2009-2012-2013"])
    expect([path, (await headOf(path))["canonical"]]).toEqual([path, origin + path.split("?")[0]]);
});

test("names cannot break out of the document, nor change its direction", async () => {
  const { sql } = server.database;
  const hostile = `\u202e"><script>alert(1)</script>\n$& ' ${"x".repeat(300)}`;
  await sql`update baked.users set name = ${hostile} where uid = 21`;
  const text = await (await server.ask("/users/21?lang=%22%3E%3Cscript%3E&year=%22%3E%3Cscript%3E")).text();
  expect(text).not.toContain("<script>");
  expect(text).not.toContain("\u202e");
  const [, title = ""] = /<title>(.*)<\/title>/.exec(text) ?? [];
  expect(title).toStartWith("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; $&amp; &#39; xx");
  expect(title.length).toBeLessThan(150);
  const picture = await server.ask("/preview/users/21.png");
  expect([picture.status, picture.headers.get("Content-Type")]).toEqual([200, "image/png"]);
});

test("forgotten and unknown users have neither preview nor picture", async () => {
  const { sql } = server.database;
  await sql`update baked.users set name = '', aliases = '{}' where uid = 5`;
  await sql`update baked.analysis set generation = generation || 'x'`;
  await Bun.sleep(600);
  for (const path of ["/users/5", "/users/4711", "/users/99999999999"]) {
    // A forgotten user still has numbers.
    const head = await headOf(path, server.ask, path === "/users/5" ? 200 : 404);
    expect([path, head["title"], head["og:image"]]).toEqual([path, "Nutzer – pOTstats", undefined]);
    expect((await server.ask(`/preview${path}.png`)).status).toBe(404);
  }
});

test("the document of an unknown thread has the status 404", async () => {
  for (const path of ["/threads/99999999", "/threads/99999999999"])
    expect((await headOf(path, server.ask, 404))["title"]).toBe("Thread – pOTstats");
});

test("the document of an unknown user is complete, has the status 404, and is always sent", async () => {
  const first = await server.ask("/users/4711?lang=en");
  const text = await first.text();
  expect([first.status, text.includes("<title>User – pOTstats</title>")]).toEqual([404, true]);
  expect(text).not.toContain("canonical");
  const headers = { "If-None-Match": first.headers.get("ETag")! };
  expect((await server.ask("/users/4711?lang=en", { headers })).status).toBe(404);
  for (const path of ["/users/karl", "/users/3/posts", "/nowhere"]) {
    const response = await server.ask(path);
    expect([path, response.status, await response.text()]).toEqual([path, 404, html]);
  }
});

test("pictures are PNG of 1200 × 630, made once per data generation", async () => {
  let count = 0;
  const renderPng = (svg: string) => (count++, pictures.render(svg));
  const app = createApp(appOptions(server.database, { assets, allowRobots: true, renderPng }));
  const ask = (path: string, headers = {}) => app.fetch(new Request(origin + path, { headers }), newClient());
  for (const path of ["/preview/overview.png", "/preview/days.png?year=2009&lang=en", "/preview/users/3.png"]) {
    const [response, same] = await Promise.all([ask(path), ask(path)]);
    expect([path, response.status, same.status]).toEqual([path, 200, 200]);
    const bytes = new DataView(await response.arrayBuffer());
    expect([bytes.getUint32(1) >>> 8, bytes.getUint32(16), bytes.getUint32(20)]).toEqual([0x504e47, 1200, 630]);
    const again = await ask(path, { "If-None-Match": response.headers.get("ETag") });
    expect([path, again.status]).toEqual([path, 304]);
  }
  expect(count).toBe(3);
  await reanalyze(server.database);
  await Bun.sleep(600);
  expect((await ask("/preview/overview.png")).status).toBe(200);
  expect(count).toBe(4);
  for (const path of ["/preview/overview.png?year=1900", "/preview/years.png", "/preview/", "/preview/users/.png"])
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
});

test("a picture is made for everybody who waits for it, even if the first one leaves", async () => {
  const { sql } = server.database;
  const app = createApp(appOptions(server.database, { assets, allowRobots: true, renderPng: pictures.render }));
  const ask = async (signal?: AbortSignal) =>
    app.fetch(new Request(`${origin}/preview/days.png?year=2009`, signal ? { signal } : {}), newClient());
  const gone = new AbortController();
  const waiting = await sql.begin(async (transaction) => {
    await transaction`lock table baked.daily_stats in access exclusive mode`;
    const responses = [ask(gone.signal), ask()];
    await until(async () => (await sql`select from pg_locks where not granted`).length > 0);
    gone.abort();
    return responses;
  });
  const [, second] = await Promise.all(waiting);
  expect(second?.status).toBe(200);
});

test("new pictures are limited per client and in total", async () => {
  const renderPng = async () => new Uint8Array(8);
  const app = createApp(appOptions(server.database, { assets, allowRobots: true, renderPng }));
  const one = newClient();
  const statusOf = async (bid: number, client = one) =>
    (await app.fetch(new Request(`${origin}/preview/overview.png?bid=${bid}`), client)).status;
  const boards = Array.from({ length: 20 }, (_, at) => at + 1);
  expect(await Promise.all(boards.slice(0, 8).map((bid) => statusOf(bid)))).toContain(429);
  expect(await Promise.all(boards.map((bid) => statusOf(bid, newClient())))).toContain(503);
});

test("without search engines there are descriptions, but no pictures", async () => {
  const ask = askApp(server.database, { assets, renderPng: pictures.render, previewTimeout_ms: 10_000 });
  for (const path of ["/", "/days?year=2012", "/users/3"]) {
    const head = await headOf(path, ask);
    expect([path, head["og:image"], head["twitter:card"]]).toEqual([path, undefined, "summary"]);
  }
  expect((await ask("/preview/overview.png")).status).toBe(404);
  expect((await ask("/users/3")).headers.get("X-Robots-Tag")).toBe("noindex");
});

test("a slow or broken database delays no document", async () => {
  const forever = new Promise<never>(() => {});
  const never = createApp(
    appOptions(server.database, { assets, during: () => ({ result: forever, ended: forever }), allowRobots: true }),
  );
  const started_ms = performance.now();
  const head = await headOf("/users/3", async (path) => never.fetch(new Request(origin + path)));
  expect(performance.now() - started_ms).toBeLessThan(3000);
  expect(head).toMatchObject({ title: "Nutzer – pOTstats", lang: "de" });
  const failing = () => ({ result: Promise.reject(new Error("down")), ended: Promise.resolve() });
  const broken = createApp(appOptions(server.database, { assets, during: failing }));
  expect((await headOf("/", async (path) => broken.fetch(new Request(origin + path))))["title"]).toBe(
    "Überblick – pOTstats",
  );
});

test("documents are compressed, and validated by their ETag", async () => {
  const first = await server.ask("/years", { headers: { "Accept-Encoding": "br" } });
  expect(first.headers.get("Content-Encoding")).toBe("br");
  const text = zlib.brotliDecompressSync(await first.arrayBuffer()).toString();
  expect(text).toContain("<title>Jahre – pOTstats</title>");
  const headers = { "Accept-Encoding": "br", "If-None-Match": first.headers.get("ETag")! };
  expect((await server.ask("/years", { headers })).status).toBe(304);
  expect((await server.ask("/users/3", { headers })).status).toBe(200);
});
