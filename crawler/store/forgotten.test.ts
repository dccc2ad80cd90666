/** What a crawl leaves out about forgotten users, whose texts and names are deleted by then. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { forget } from "@potstats/db/forget/forget";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { crawl, type CrawlOptions } from "../crawl.ts";
import { mentionsForgotten } from "./forgotten.ts";
import { crawlOptions, StagedForum } from "../testing/staged-forum.ts";

let database: TestDatabase;
const forum = new StagedForum();
const anna = { uid: 2_000_000_001, name: "Anna" };
const bo = { uid: 11, name: "Bo" };

const pass = (more: Partial<CrawlOptions> = {}) => crawl(crawlOptions(database.sql, forum, more));

const texts = async (tid: number) => {
  const rows = await database.sql<{ content: string | null; content_length: number }[]>`
    select content, content_length from posts join post_contents using (pid) where tid = ${tid} order by pid`;
  return rows.map(({ content }) => content);
};

beforeAll(async () => {
  database = await testDatabase();
  forum.stage({
    tid: 1,
    bid: 14,
    posts: [
      { pid: 100, ...anna, content: "Am See steht seit gestern ein neues Haus" },
      { pid: 101, ...anna, name: "Änne", timestamp: 1_400_000_000, content: "Ach so" },
    ],
  });
  forum.stage({
    tid: 2,
    bid: 14,
    posts: [
      { pid: 200, ...bo, content: '[quote=1,100,"Anna"]Am See steht seit gestern ein Haus. Und ich wohne darin.' },
      { pid: 201, ...bo, content: "[quote=Änne]Ach so[/quote]Ja" },
      { pid: 202, ...bo, content: '[quote=2,200,"Bo"]Anna wohnt am See[/quote]Sagt Anna.' },
    ],
  });
  await pass();
  await forget(database.sql, anna.uid, "/nowhere");
});
afterAll(async () => {
  await forum.stop();
  await database.drop();
});

const left = [
  // The passage ends where the quoted post does, and what Bo says himself stays.
  '[quote=1,100,""] Haus. Und ich wohne darin.',
  '[quote=""][/quote]Ja',
  '[quote=2,200,"Bo"]Anna wohnt am See[/quote]Sagt Anna.',
];

test("a post that is read again but was not edited keeps the text that forgetting left", async () => {
  expect(await texts(2)).toEqual(left);
  const { posts_changed } = await pass({ rescan_days: 36_500 });
  expect({ posts_changed, texts: await texts(2) }).toEqual({ posts_changed: 0, texts: left });
});

test("edited and new quotes lose names and passages even if their tags are broken", async () => {
  const [, second] = forum.threads.get(2)?.posts ?? [];
  Object.assign(second ?? {}, {
    content: "[quote='anna']Ach so![/quote]Ja, Änne",
    edit: { count: 1, ...bo, timestamp: 1_600_000_000 },
  });
  forum.stage({
    tid: 3,
    bid: 14,
    posts: [
      '[quote=1,100,"Anna"]Am See',
      '[quote="Änne"]Ach so',
      '[quote=9,999999,"Anna"]Anderswo[/quote]Nein',
      '[quote=1,100,"Anna',
      '[quote=2,200,"Anna"]So heißt Bo heute[/quote]',
    ].map((content, at) => ({ pid: 300 + at, ...bo, content })),
  });
  // Under a new name, and quoted by it.
  forum.threads.get(1)?.posts.push({ pid: 102, ...anna, name: "Anna &#196;pfel", content: "Da bin ich wieder" });
  await pass({ rescan_days: 36_500 });
  forum.stage({ tid: 4, bid: 14, posts: [{ pid: 400, ...bo, content: "[quote=anna äpfel]Da bin ich[/quote]Oh" }] });
  await pass();
  expect(await texts(4)).toEqual(['[quote=""][/quote]Oh']);
  expect((await texts(2))[1]).toBe('[quote=""][/quote]Ja, Änne');
  expect(await texts(3)).toEqual([
    '[quote=1,100,""]',
    '[quote=""]',
    '[quote=9,999999,""][/quote]Nein',
    "[quote=1,100,",
    '[quote=2,200,"Anna"]So heißt Bo heute[/quote]',
  ]);
  const [lengths] = await database.sql`select content_length from posts where pid = 303`;
  expect(lengths).toEqual({ content_length: '[quote=1,100,"Anna'.length });
});

test("a forgotten user's post stays theirs and empty if its page does not tell the user", async () => {
  const [first] = forum.threads.get(1)?.posts ?? [];
  const stored = () => database.sql`
    select p.poster_uid, c.title, c.content, u.name, u.aliases
    from posts as p join post_contents as c using (pid) join users as u on u.uid = p.poster_uid where pid = 100`;
  const before = await stored();
  Object.assign(first ?? {}, {
    uid: Number.NaN,
    title: "Mein Haus",
    content: "Am See steht mein Haus",
    edit: { count: 1, ...anna, timestamp: 1_600_000_000 },
  });
  await pass({ rescan_days: 36_500 });
  expect(await stored()).toEqual(before);
  expect(before).toMatchObject([{ poster_uid: anna.uid, title: null, content: null, name: null }]);
});

test("a shortened post stays shortened while a moderator withholds its text, and after that", async () => {
  const [opening, answer] = forum.stage({
    tid: 6,
    bid: 14,
    posts: [
      { pid: 600, uid: 2_000_000_003, name: "Cleo", content: "Sonnenuntergang" },
      { pid: 601, ...bo, content: "[quote]Sonnenuntergang[/quote]Schön" },
    ],
  }).posts;
  await pass();
  await forget(database.sql, opening?.uid ?? 0, "/nowhere");
  expect(await texts(6)).toEqual([null, "[quote][/quote]Schön"]);
  for (const texthidden of [true, false]) {
    Object.assign(answer ?? {}, { texthidden });
    await pass({ rescan_days: 36_500 });
    const [row] = await database.sql`select is_hidden from posts where pid = 601`;
    expect(row).toEqual({ is_hidden: texthidden || null });
    expect(await texts(6)).toEqual([null, "[quote][/quote]Schön"]);
  }
});

test("a forgotten user's profile page is not kept under the uid that is their name either", async () => {
  const owner = 2_000_000_002;
  const page = `<html><!-- UID ${owner} --><table><tr><td>Benutzername:</td><td>3000</td></tr></table></html>`;
  const uids = async () =>
    (await database.sql`select uid from my_mods_users where html like ${`%UID ${owner} %`} order by uid`).map(
      ({ uid }) => uid,
    );
  forum.stage({
    tid: 5,
    bid: 14,
    posts: [
      { pid: 500, uid: 3000 },
      { pid: 501, uid: owner, name: "3000" },
    ],
  });
  forum.intercept = ({ pathname }) => (pathname === "/3000" || pathname === `/${owner}` ? new Response(page) : null);
  const { profiles } = await pass({ profiles: true });
  expect({ shadowed: profiles.shadowed, uids: await uids() }).toEqual({
    shadowed: [3000],
    uids: [3000, owner],
  });
  await forget(database.sql, owner, "/nowhere");
  expect(await uids()).toEqual([]);
  await pass({ profiles: true, profilesOlderThan_days: 0 });
  expect(await uids()).toEqual([]);
  forum.intercept = () => null;
});

test.each([
  [`thread-1 <user id="${anna.uid}"`, true],
  [`profile-${anna.uid} <html>`, true],
  ['thread-9 [quote=1,100,"Jemand"]', true],
  [`thread-9 <user id="1${anna.uid}"><post id="200">`, false],
])("a broken document about a forgotten user is not kept: %s", async (document, expected) => {
  expect(await mentionsForgotten(database.sql, document)).toBe(expected);
});
