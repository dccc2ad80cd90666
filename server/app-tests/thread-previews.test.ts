/** Titles and descriptions of links to threads and dates. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Assets } from "../site/static.ts";
import { origin, testServer, timezone, type TestServer } from "../testing/server.ts";

const html = `<!doctype html><html lang="de"><head><base href="/" /><title>pOTstats</title></head><body></body></html>`;
const assets: Assets = new Map([
  [
    "/index.html",
    { type: "text/html; charset=utf-8", etag: "built", codings: { identity: new TextEncoder().encode(html) } },
  ],
]);

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ assets, allowRobots: true, previewTimeout_ms: 10_000 });
});
afterAll(() => server.stop());

/** Title, description and canonical address of a page, without entities. */
async function headOf(path: string) {
  const text = await (await server.ask(path)).text();
  const match = (pattern: RegExp) => (pattern.exec(text)?.[1] ?? "").replaceAll("&amp;", "&").replaceAll("&quot;", '"');
  return {
    title: match(/<title>([^<]*)<\/title>/),
    description: match(/<meta name="description" content="([^"]*)"/),
    canonical: match(/<link rel="canonical" href="([^"]*)"/),
  };
}

test("a thread is named, with its posts, people and board, in both languages", async () => {
  const { rows } = await server.json("/api/threads?limit=1");
  const { tid, title } = rows[0].thread;
  const { board, post_count, participants } = await server.json(`/api/thread?tid=${tid}`);
  const german = await headOf(`/threads/${tid}/?bid=14`);
  expect(german).toMatchObject({ title: `${title} – pOTstats`, canonical: `${origin}/threads/${tid}` });
  expect(german.description).toStartWith(
    `${post_count.toLocaleString("de")} Posts, ${participants} Teilnehmer · ${board} · vom `,
  );
  const english = await headOf(`/threads/${tid}?lang=en`);
  expect(english.description).toStartWith(`${post_count.toLocaleString("en")} posts, ${participants} participants`);
});

test("a thread's days are those of the statistics' time zone", async () => {
  const { rows } = await server.json("/api/threads?limit=200");
  const dayIn = (timeZone: string, timestamp: number) =>
    new Date(timestamp * 1000).toLocaleDateString("de", { dateStyle: "long", timeZone });
  const { thread, opened } = rows.find(
    (row: { opened: number }) => dayIn("UTC", row.opened) !== dayIn(timezone, row.opened),
  );
  const { description } = await headOf(`/threads/${thread.tid}`);
  expect(description).toContain(` vom ${dayIn(timezone, opened)} bis `);
});

test("threads without a title or posts, and unknown ones, have a general preview", async () => {
  const empty = await server.json("/api/thread?tid=40");
  expect((await headOf("/threads/40")).title).toBe(`${empty.thread.title} – pOTstats`);
  for (const path of ["/threads/4711", "/threads/99999999999"])
    expect(await headOf(path)).toMatchObject({
      title: "Thread – pOTstats",
      description: "Das Leben eines Threads: wer wann schrieb, und was zitiert wurde.",
    });
});

test("a date is named with its posts of all years; without one, or with an impossible one, the page is", async () => {
  const { rows } = await server.json("/api/on-this-day?date=05-01");
  const posts = rows.reduce((sum: number, row: { post_count: number }) => sum + row.post_count, 0);
  const head = await headOf("/on-this-day?date=05-01&lang=en");
  expect(head).toMatchObject({ title: "May 1 – pOTstats", canonical: `${origin}/on-this-day?date=05-01&lang=en` });
  expect(head.description).toStartWith(`What happened on May 1: ${posts} post`);
  expect((await headOf("/on-this-day")).title).toBe("An diesem Tag – pOTstats");
  expect((await headOf("/on-this-day?date=02-30")).title).toBe("An diesem Tag – pOTstats");
  expect((await headOf("/on-this-day?date=13-01")).canonical).toBe(`${origin}/on-this-day`);
});

test("the other pages say what they show", async () => {
  expect((await headOf("/streaks")).description).toBe("Wer Tag für Tag schrieb, und wer verschwand und wiederkam.");
  expect((await headOf("/records?lang=en")).description).toStartWith("All records of the forum");
  expect((await headOf("/threads?year=2012")).title).toBe("Threads · 2012 – pOTstats");
});

test("a pair is named, with its quotes each way; without two known users the page is", async () => {
  const pair = await server.json("/api/pair?uid=3&with=5");
  const [one, other] = [pair.user.user.name, pair.with.user.name];
  const head = await headOf("/pair?uid=3&with=5&year=2017");
  expect(head).toEqual({
    title: `${one} und ${other} – pOTstats`,
    description: `${one} zitiert ${other} ${pair.user.quotes}-mal · ${other} zitiert ${one} ${pair.with.quotes}-mal`,
    canonical: `${origin}/pair?uid=3&with=5`,
  });
  for (const path of ["/pair", "/pair?uid=3", "/pair?uid=3&with=3", "/pair?uid=3&with=99999999"])
    expect((await headOf(path)).title).toBe("Zu zweit – pOTstats");
});

test("trends are named by their words, which are in the canonical address", async () => {
  expect(await headOf("/trends?q=Klingelton&per=month&q=Fahrrad%20fahren")).toMatchObject({
    title: "Trends · Klingelton, Fahrrad fahren – pOTstats",
    canonical: `${origin}/trends?q=Klingelton&q=Fahrrad+fahren`,
  });
  expect((await headOf("/trends")).title).toBe("Trends – pOTstats");
});
