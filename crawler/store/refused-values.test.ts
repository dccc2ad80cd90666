/**
 * A value that PostgreSQL refuses costs one post, thread, board or user; values that are too long are truncated; counters may
 * be at their limits.
 */
import { beforeEach, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { createRandom } from "@potstats/bbcode/testing/random";
import { silent } from "@potstats/cli/progress";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { staged } from "../testing/staged-forum.ts";

let notes: string[];
const progress = { ...silent, note: (text: string) => void notes.push(text) };
const { forum, sql, pass: crawlAll } = await stagedCrawls({ progress });

beforeEach(() => {
  notes = [];
  for (let tid = 1; tid <= 6; tid++)
    forum.stage({ tid, bid: 14, posts: staged(tid * 1000, 40, { uid: tid, name: `Name ${tid}` }), tags: ["Schild"] });
});

const counted = async (table: string) =>
  (await sql.unsafe<{ count: number }[]>(`select count(*)::int from ${table}`))[0]?.count;
const pending = async () => (await sql<{ tid: number }[]>`select tid from worldeater_tnu`).map(({ tid }) => tid);

const random = createRandom(11);
/** Random letters of two to three bytes, which no index can compress. */
const long = (length: number) =>
  Array.from({ length }, () => String.fromCodePoint(0x100 + Math.floor(random() * 0xd000))).join("");

describe("a refused post is skipped, the others are written, and its thread is done", () => {
  const refuse = (what: string) => sql.unsafe(what);
  const raise =
    "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;";
  test.each([
    [
      "by a constraint",
      "alter table post_contents add constraint odd check (content <> 'odd')",
      "alter table post_contents drop constraint odd",
    ],
    ["by an index that cannot hold it", "create index odd on post_contents (content)", "drop index odd"],
    [
      "by a trigger",
      `${raise} create trigger odd before insert on post_contents for each row when (new.content = 'odd') execute function refuse()`,
      "drop function refuse cascade",
    ],
    [
      "by a cast",
      "alter table post_contents add odd int generated always as (case when content = 'odd' then content::int end) stored",
      "alter table post_contents drop odd",
    ],
  ])("%s", async (by, make, drop) => {
    await refuse(make);
    try {
      const post = forum.threads.get(3)?.posts[17];
      if (post) post.content = by.includes("index") ? long(20_000) : "odd";
      const { failures } = await crawlAll();
      expect(failures.map(({ what }) => what)).toEqual(["thread 3, page 1, post 3017"]);
      expect(Math.max(...notes.map((note) => note.length))).toBeLessThan(300);
      expect(await counted("posts")).toBe(6 * 40 - 1);
      expect(await pending()).toEqual([]);
    } finally {
      await refuse(drop);
    }
  });

  test("a refused thread, board or user is skipped as well", async () => {
    await sql.unsafe(`alter table threads add constraint odd check (title <> 'odd'); alter table boards add constraint odd check (name <> 'odd');
      alter table users add constraint odd check (name <> 'odd')`);
    try {
      forum.boards.set(15, { name: "odd" });
      const thread = forum.threads.get(2);
      if (thread) thread.title = "odd";
      const post = forum.threads.get(3)?.posts[30];
      if (post) Object.assign(post, { uid: 99, name: "odd" });
      const { failures } = await crawlAll();
      expect(failures.map(({ what }) => what).toSorted()).toEqual([
        "board 15",
        "listing of thread 2",
        "thread 3, page 2, post 3030",
      ]);
      expect(await counted("posts")).toBe(5 * 40 - 1);
    } finally {
      for (const table of ["threads", "boards", "users"]) await sql.unsafe(`alter table ${table} drop constraint odd`);
    }
  });

  test("a server error ends the crawl, and no thread counts as done", async () => {
    await sql.unsafe("alter table post_contents rename to elsewhere");
    try {
      expect(await settle(crawlAll())).toThrow("post_contents");
      expect(await pending()).not.toEqual([]);
    } finally {
      await sql.unsafe("alter table elsewhere rename to post_contents");
    }
  });
});

test("names, titles, tags and ranks that are too long are truncated, counted and reported", async () => {
  const thread = forum.threads.get(4);
  if (thread) {
    Object.assign(thread, {
      title: long(700_000),
      tags: [`${"ä".repeat(600)}`, ...Array.from({ length: 300 }, (_, at) => `Schild ${at}`)],
    });
    Object.assign(thread.posts[0] ?? {}, { name: `${"x".repeat(199)}😀😀`, title: long(6000) });
  }
  forum.boards.set(15, { name: long(4000) });
  const page = (rank: string) =>
    `<html><!-- UID 4 --><table><tr><td><span class="rang">${rank}</span></td></tr><tr><td>Benutzername:</td><td>${"n".repeat(300)}</td></tr><tr><td>Dabei seit:</td><td>26.02.0000 10:00</td></tr></table></html>`;
  const rank = Array.from({ length: 6000 }, () => String.fromCharCode(0xc0 + Math.floor(random() * 0x40))).join("");
  forum.intercept = (url) => (url.pathname === "/4" ? new Response(Buffer.from(page(rank), "latin1")) : null);
  const { failures, values_cut } = await crawlAll({ profiles: true });
  expect(failures).toEqual([]);
  const [row] = await sql`
    select char_length(t.title) as title, (select max(char_length(tag)) from jsonb_array_elements_text(tags) as tag) as tag, jsonb_array_length(tags) as tags,
      char_length(b.name) as board, u.name, aliases, char_length(r.name) as rank, registered
    from threads as t, boards as b, users as u join user_tiers as r using (tied) where tid = 4 and b.bid = 15 and uid = 4`;
  expect(row).toEqual({
    title: 500,
    tag: 500,
    tags: 100,
    board: 200,
    name: "n".repeat(200),
    aliases: ["Name 4", `${"x".repeat(199)}😀`],
    rank: 500,
    registered: null,
  });
  expect(values_cut).toBeGreaterThanOrEqual(8);
  for (const what of [
    "the title of thread 4",
    "a tag of thread 4",
    "301 tags",
    "a name of user 4",
    "the name of board 15",
    "the rank of profile 4",
    "invalid date",
  ])
    expect(notes.filter((note) => note.includes(what))).not.toEqual([]);
  expect(Math.max(...notes.map((note) => note.length))).toBeLessThan(300);
});

test("a counter at the limit of 32 bits is valid", async () => {
  for (const thread of forum.threads.values()) thread.lie = 2_147_483_647 - 39;
  await sql`insert into worldeater_state (singleton, nomnom_time, num_api_requests) values (0, 2147483647, 2147483647)`;
  const { failures } = await crawlAll();
  expect(failures).toEqual([]);
  expect(await counted("posts")).toBe(6 * 40);
  const [row] =
    await sql`select min(est_number_of_replies) as replies, (select num_api_requests from worldeater_state) as requests from threads`;
  expect(row).toEqual({ replies: 2_147_483_647, requests: 2_147_483_647 });
  for (const thread of forum.threads.values()) thread.lie = 2 ** 40;
  expect((await crawlAll({ forceInitialPass: true })).failures).toEqual([]);
  expect(notes.filter((note) => note.includes("number-of-replies") && note.includes("out of range"))).not.toEqual([]);
  expect(await pending()).toEqual([]);
});
