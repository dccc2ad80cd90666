import { afterAll, beforeAll, expect, test } from "bun:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { milestonesOf, recordsOf } from "../testing/naive-records.ts";
import { makeForumData } from "../testing/forum-data.ts";
import { askApp, index, origin, testServer, type TestServer } from "../testing/server.ts";

/** Characters that mean something in XML or HTML, that XML cannot contain, and that change the direction of text. */
const hostile = `<script>alert("x")</script> ]]> &amp; ' \u0001 \ufffe \u202e 🐳`;

let server: TestServer;
beforeAll(async () => {
  const forum = makeForumData();
  // Whoever wrote most holds most records; the busiest threads are called the same.
  const counts = Map.groupBy(forum.posts, ({ uid }) => uid);
  const busiest = forum.users.toSorted((a, b) => (counts.get(b.uid)?.length ?? 0) - (counts.get(a.uid)?.length ?? 0));
  for (const user of busiest.slice(0, 3)) {
    user.stored = hostile;
    user.name = hostile.replace("&amp;", "&amp;");
  }
  for (const thread of forum.threads) if (thread.tid % 2 === 0) thread.title = `${hostile} ${thread.tid}`;
  for (const post of forum.posts) if (post.pid % 3 === 0) post.content += ` ${hostile}`;
  server = await testServer({}, forum);
  await index(server.database);
});
afterAll(() => server.stop());

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  isArray: (name) => name === "entry",
});

interface Entry {
  id: string;
  title: string;
  updated: string;
  link: { "@rel": string; "@href": string };
  author?: { name: string };
  content?: { "@type": string; "#text": string };
}

/** The feed, which must be a valid one (RFC 4287, section 4.1). */
async function feedOf(path: string, ask = server.ask) {
  const response = await ask(path);
  const xml = await response.text();
  expect([path, response.status, xml.slice(0, 100)]).toEqual([path, 200, expect.stringContaining("<?xml")]);
  expect(response.headers.get("Content-Type")).toBe("application/atom+xml; charset=utf-8");
  expect(XMLValidator.validate(xml)).toBe(true);
  // oxlint-disable-next-line no-control-regex -- these may not be there
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<script|\]\]>/);
  const { feed } = parser.parse(xml);
  const entries: Entry[] = feed.entry ?? [];
  const isTime = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
  for (const one of [feed, ...entries]) {
    expect(URL.canParse(one.id)).toBe(true);
    expect(String(one.title).trim()).not.toBe("");
    expect([one.updated, isTime(one.updated)]).toEqual([one.updated, true]);
  }
  for (const { link, author } of entries) {
    expect(URL.canParse(link["@href"])).toBe(true);
    if (author) expect(author.name.trim()).not.toBe("");
  }
  expect(feed).toMatchObject({ "@xmlns": "http://www.w3.org/2005/Atom", author: { name: "pOTstats" } });
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const [self] = feed.link.filter((link: { "@rel": string }) => link["@rel"] === "self");
  expect(self["@href"]).toBe(feed.id);
  return { feed, entries, self: self["@href"] as string };
}

const atTime = (seconds: number) => new Date(seconds * 1000).toISOString();

test("records: each time that one was broken, newest first, at most fifty", async () => {
  for (const bid of [0, 14]) {
    const expected = recordsOf(server.forum, bid)
      .flatMap(({ history }) => history)
      .map(({ day, post }) => post?.timestamp ?? Date.parse(`${day}T00:00:00Z`) / 1000)
      .toSorted((a, b) => b - a);
    const { feed, entries, self } = await feedOf(`/api/feeds/records?bid=${bid}`);
    expect(entries.map(({ updated }) => updated)).toEqual(expected.slice(0, 50).map(atTime));
    expect(self).toBe(`${origin}/api/feeds/records${bid === 0 ? "" : "?bid=14"}`);
    expect(feed.title).toBe(bid === 0 ? "pOTstats: Rekorde" : "pOTstats: Rekorde in Öffentliches");
    expect((await feedOf(self.replace(origin, ""))).entries).toEqual(entries);
  }
});

test("milestones, in both languages", async () => {
  const expected = milestonesOf(server.forum).toReversed();
  const { entries } = await feedOf("/api/feeds/milestones?lang=en");
  expect(entries.map(({ updated }) => updated)).toEqual(expected.map(({ post }) => atTime(post.timestamp)));
  for (const [at, { number, post }] of expected.entries()) {
    expect(entries[at]!.title).toStartWith(`Post number ${number} by `);
    expect(entries[at]!.link["@href"]).toContain(`TID=${post.tid}&PID=${post.pid}#reply_${post.pid}`);
  }
  expect((await feedOf("/api/feeds/milestones")).entries[0]!.title).toStartWith("Der 100. Post von ");
});

test("a search: its newest hits, with snippets, and the filters of the request", async () => {
  for (const query of [
    "content=Regenwald",
    "content=Regenwald&bid=14&year=2006",
    "content=user%3ATapir",
    "content=Wal&type=thread",
  ]) {
    const { entries, self } = await feedOf(`/api/feeds/search?${query}`);
    const { results } = await server.json(
      `/api/search?${query}&sort=date-desc&limit=50${query.includes("type") ? "" : "&type=post"}`,
    );
    expect([query, entries.length]).toEqual([query, results.length]);
    expect(entries.length).toBeGreaterThan(0);
    if (!query.includes("type"))
      expect(entries.map(({ content }) => content)).toEqual(
        results.map(({ snippet }: { snippet: string }) => ({ "@type": "html", "#text": cleaned(snippet) })),
      );
    expect(self).toBe(`${origin}/api/feeds/search?${query}`);
  }
});

test("the page of a search's feed has the same filters", async () => {
  const filters = "year=2006&bid=14&uid=0&after=2006-02-01&before=2006-05-01";
  const { body } = await server
    .ask(`/api/feeds/search?content=Wal&${filters}`)
    .then(async (r) => ({ body: await r.text() }));
  expect(body.replaceAll("&amp;", "&")).toContain(`${origin}/search?q=Wal&${filters}"`);
});

test("the page of a search's feed has the other filters in its text", async () => {
  const { feed } = await feedOf(`/api/feeds/search?content=Wal&user=Graf%20Zahl&board=14&has=link`);
  const [page] = feed.link.filter((link: { "@rel": string }) => link["@rel"] === "alternate");
  expect(new URL(page["@href"]).searchParams.get("q")).toBe('user:"Graf Zahl" board:14 has:link Wal');
});

test("a search for a zero, and one without words, have addresses of their own", async () => {
  for (const query of ["content=0", "content=&user=0", "content=Wal&board=0"])
    expect((await feedOf(`/api/feeds/search?${query}`)).self).toBe(`${origin}/api/feeds/search?${query}`);
});

/** As a parser reads it. */
// oxlint-disable-next-line no-control-regex -- XML cannot hold them
const cleaned = (snippet: string) => snippet.replaceAll(/[\u0001\ufffe]/g, " ").trim();

test("without hits, with an unknown filter or with a word that is only similar, a feed is empty", async () => {
  for (const query of ["content=", "content=Regenwalt+", "content=user%3Aniemand", "content=nirgends"]) {
    const { feed, entries } = await feedOf(`/api/feeds/search?${query}`);
    expect([query, entries]).toEqual([query, []]);
    expect(feed.updated).toBe("1970-01-01T00:00:00.000Z");
  }
  expect((await feedOf("/api/feeds/records?bid=4711")).entries).toEqual([]);
});

test("feeds are cached, compressed and answer conditional requests like other responses", async () => {
  const ask = askApp(server.database);
  for (const path of ["/api/feeds/records", "/api/feeds/search?content=Wal", "/api/badge?uid=3"]) {
    for (const _ of [1, 2]) {
      const first = await ask(path, { headers: { "Accept-Encoding": "gzip" } });
      expect(first.headers.get("Cache-Control")).toBe("public, max-age=60");
      const etag = first.headers.get("ETag") ?? "";
      const again = await ask(path, { headers: { "Accept-Encoding": "gzip", "If-None-Match": etag } });
      expect([path, again.status]).toEqual([path, 304]);
      expect(again.headers.get("Content-Type")).toBe(first.headers.get("Content-Type"));
    }
    const head = await ask(path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  }
});

test("wrong parameters are errors", async () => {
  const paths = ["records?bid=x", "milestones?lang=fr", "search", "search?content=x&type=user", "search?content=%00"];
  for (const path of paths) {
    const response = await server.ask(`/api/feeds/${path}`);
    expect([path, response.status]).toEqual([path, 400]);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  }
});

test("the operator can switch feeds and badges off: then they do not exist", async () => {
  const ask = askApp(server.database, { feeds: false });
  for (const path of ["/api/feeds/records", "/api/feeds/milestones", "/api/feeds/search?content=x", "/api/badge?uid=3"])
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
  expect(await (await ask("/api/openapi.json")).text()).not.toMatch(/api\/(?:feeds|badge)/);
  expect((await ask("/api/records")).status).toBe(200);
});
