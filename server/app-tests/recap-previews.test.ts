/** Titles and descriptions of links to recaps. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Assets } from "../site/static.ts";
import { origin, testServer, type TestServer } from "../testing/server.ts";

const html = `<!doctype html><html lang="de"><head><base href="/" /><title>pOTstats</title></head><body></body></html>`;
const assets: Assets = new Map([
  [
    "/index.html",
    { type: "text/html; charset=utf-8", etag: "built", codings: { identity: new TextEncoder().encode(html) } },
  ],
]);

let server: TestServer;
beforeAll(async () => {
  server = await testServer({
    assets,
    allowRobots: true,
    previewTimeout_ms: 10_000,
    renderPng: async () => new Uint8Array(),
  });
});
afterAll(() => server.stop());

/** Title, description, canonical address and picture of a page, without entities. */
async function headOf(path: string) {
  const text = await (await server.ask(path)).text();
  const match = (pattern: RegExp) => (pattern.exec(text)?.[1] ?? "").replaceAll("&amp;", "&").replaceAll("&quot;", '"');
  return {
    title: match(/<title>([^<]*)<\/title>/),
    description: match(/<meta name="description" content="([^"]*)"/),
    canonical: match(/<link rel="canonical" href="([^"]*)"/),
    image: match(/<meta property="og:image" content="([^"]*)"/),
  };
}

test("a recap says the year, whose it is, and its numbers", async () => {
  const { rows } = await server.json("/api/years");
  const { year } = rows.at(-1);
  const forum = await server.json(`/api/recap?year=${year}`);
  const head = await headOf(`/recap/${year}?lang=en`);
  expect(head).toMatchObject({
    title: `Recap ${year} – pOTstats`,
    canonical: `${origin}/recap/${year}?lang=en`,
    image: `${origin}/preview/days.png?year=${year}&lang=en`,
  });
  expect(head.description).toStartWith(`${forum.totals.post_count.toLocaleString("en")} post`);
  const { uid } = forum.longest_streak.user;
  const own = await server.json(`/api/recap?year=${year}&uid=${uid}`);
  const ofUser = await headOf(`/recap/${year}/users/${uid}`);
  expect(ofUser.title).toBe(`Rückblick ${year} · ${own.user.name} – pOTstats`);
  expect(ofUser.description).toContain(`Platz ${own.place.place} nach Posts`);
  const board = forum.favourite_board;
  const ofBoard = await headOf(`/recap/${year}/boards/${board.bid}`);
  expect(ofBoard).toMatchObject({
    title: `Rückblick ${year} · ${board.name} – pOTstats`,
    image: `${origin}/preview/days.png?year=${year}&bid=${board.bid}`,
  });
});

test("a year without posts is named, and an unknown user is a 404", async () => {
  expect((await headOf("/recap/1234")).title).toBe("Rückblick 1234 – pOTstats");
  expect((await server.ask("/recap/2009/users/99999999")).status).toBe(404);
});
