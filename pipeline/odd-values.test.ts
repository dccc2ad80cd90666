/** Analytics and index cope with every value that a crawled table can hold, including tables that potstats2 filled. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { createRandom } from "@potstats/bbcode/testing/random";
import type { Sql } from "@potstats/db/connect";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import type { OpenMeilisearch } from "@potstats/search/embedded";
import { startMeilisearch } from "@potstats/search/testing/corpus";

let database: TestDatabase;
let meili: OpenMeilisearch;
let sql: Sql;

beforeAll(async () => {
  meili = await startMeilisearch();
}, 60_000);
afterAll(() => meili.close());
beforeEach(async () => {
  database = await testDatabase();
  sql = database.sql;
});
afterEach(() => database.drop());

const random = createRandom(Number(process.env["VALUES_SEED"] ?? 7));
const below = (limit: number) => Math.floor(random() * limit);

/** Random characters of one to four bytes, so that the database cannot compress them. */
const alphabets: Record<string, () => string> = {
  ASCII: () => String.fromCharCode(33 + below(94)),
  letters: () => String.fromCharCode(97 + below(26)),
  Latin: () => String.fromCharCode(0xc0 + below(0x180)),
  CJK: () => String.fromCharCode(0x4e00 + below(0x5000)),
  letters_beyond_16_bits: () => String.fromCodePoint(0x20000 + below(0xa000)),
  ligatures: () => String.fromCharCode(0xfb00 + below(0x200)),
  anything: () =>
    String.fromCodePoint([1 + below(0xd7ff), 0xe000 + below(0x2000), 0x10000 + below(0x10_0000)][below(3)] ?? 1),
  marks: () => (below(2) ? "\u0301" : "\u0323"),
  references: () => `&#${1 + below(0x11_0000)};`,
};
const text = (alphabet: string, length: number) => Array.from({ length }, alphabets[alphabet] ?? (() => "x")).join("");
const words = (alphabet: string, count: number, length: number) =>
  Array.from({ length: count }, () => text(alphabet, length)).join(" ");

const timezone = "Europe/Berlin";
/** @param withMeili also fills Meilisearch, which is slow */
const run = async (full: boolean, withMeili: boolean) => {
  await analyze({ sql, timezone, forumUrl: "http://forum.example", full });
  await fillIndex({ sql, meili: withMeili ? meili : undefined, full });
};

/**
 * One post that must always be found, and others, numbered from 2, which the tests change: each in its own thread, by its
 * own user.
 */
async function insertForum(changed: number): Promise<void> {
  await insertBoard(sql, 14);
  for (let id = 1; id <= 1 + changed; id++) {
    await insertUser(sql, id);
    await insertThread(sql, id, { bid: 14 });
    await insertPost(sql, { pid: id, tid: id, poster_uid: id, content: id === 1 ? "Leuchtturm" : "Nebelhorn" });
  }
}

/** Marks every row as changed, as the crawler does. */
const touch = () =>
  sql.unsafe(`
  update users set revision = nextval('crawl_revision'); update boards set revision = nextval('crawl_revision');
  update threads set revision = nextval('crawl_revision'); update posts set revision = nextval('crawl_revision')`);

/** Sets odd values; incremental and full runs must complete, and the ordinary post must be found after each. */
async function expectSurvived(
  setValues: () => Promise<unknown>,
  { changed = 1, withMeili = false }: { changed?: number; withMeili?: boolean } = {},
): Promise<void> {
  const expectFound = async () => {
    for (const engine of withMeili ? [undefined, meili] : [undefined]) {
      const search = createSearch({ sql, timezone, ...(engine ? { meili: engine } : {}) });
      const result = await search.search({
        content: "Leuchtturm",
        type: "post",
        sort: "date-desc",
        offset: 0,
        limit: 10,
        facets: true,
      });
      expect(result.count).toBe(1);
    }
  };
  await insertForum(changed);
  await run(true, withMeili);
  await setValues();
  await touch();
  await run(false, withMeili);
  await expectFound();
  await touch();
  await run(false, withMeili);
  await run(true, withMeili);
  await expectFound();
}

/** Long values in every text column of the thread, user and post of this id. */
async function setTexts(alphabet: string, id: number): Promise<void> {
  const value = (length: number) => text(alphabet, length);
  await insertBoard(sql, 100 + id, { cid: 100 + id, name: value(5000), description: value(20_000) });
  await sql`update categories set name = ${value(5000)}, description = ${value(20_000)} where cid = ${100 + id}`;
  await sql`update users set name = ${value(4000)}, online_status = ${value(9000)}, account_state = 'locked_temp', locked_until = ${value(3000)},
    aliases = ${sql.json([value(4000), value(300), words(alphabet, 400, 10), ...Array.from({ length: 10_000 }, () => value(6))])} where uid = ${id}`;
  await sql`update threads set bid = ${100 + id}, title = ${value(50_000)}, subtitle = ${words(alphabet, 3000, 8)},
    tags = ${sql.json([value(9000), words(alphabet, 30, 500), ...Array.from({ length: 300 }, () => value(30))])} where tid = ${id}`;
  await sql`insert into avatars values (${id}, ${value(9000)})`;
  await sql`insert into user_tiers (name, bars) values (${value(200)}, ${value(200)})`;
  await sql`update post_contents set title = ${value(20_000)}, content = ${`${value(50_000)} ${words(alphabet, 5000, 4)} [url]${value(2000)}[/url]`} where pid = ${id}`;
  await sql`insert into my_mods_users (uid, html) values (${id}, ${value(9000)})`;
}

test.each<[string[]]>([
  [["ASCII", "Latin", "ligatures"]],
  [["letters", "CJK", "marks"]],
  [["letters_beyond_16_bits", "references"]],
  [["anything"]],
])(
  "long values of %j in every text column",
  async (names) => {
    const withMeili = names.includes("anything");
    await expectSurvived(
      async () => {
        for (const [at, alphabet] of names.entries()) await setTexts(alphabet, 2 + at);
      },
      { changed: names.length, withMeili },
    );
  },
  120_000,
);

test("one post with many links, quotes and words, and the longest possible domains", async () => {
  await expectSurvived(async () => {
    const links = Array.from({ length: 20_000 }, (_, at) => `[url=a${at}.example]`).join("");
    const longest = Array.from({ length: 50 }, () => `[img]http://${text("CJK", 400)}/${text("CJK", 400)}[/img]`).join(
      "",
    );
    const quotes = Array.from({ length: 20_000 }, (_, at) => `[quote=1,${at + 1},"A"][/quote]`).join("");
    // Distinct stems, for a tsvector of more than 1 MB.
    const letters = [..."bcdfghjklmnpqrstvwxz0123456789"];
    const stems = letters
      .flatMap((a) =>
        letters.flatMap((b) => letters.flatMap((c) => [..."aiou"].map((vowel) => `${a}${vowel}${b}${c}e`))),
      )
      .join(" ");
    const content = links + longest + quotes;
    await sql`update post_contents set content = ${content} where pid = 2`;
    await insertPost(sql, { pid: 3, tid: 2, poster_uid: 2, content: stems });
    await insertPost(sql, { pid: 4, tid: 2, poster_uid: 2, content: words("letters", 75_000, 4) });
    await insertPost(sql, { pid: 5, tid: 2, poster_uid: 2, content: words("CJK", 100_000, 1) });
  });
}, 120_000);

test.each([2_147_483_647, -2_147_483_648])(
  "%d in every integer column",
  async (number) => {
    await expectSurvived(async () => {
      await sql`update posts set edit_count = ${number}, content_length = ${number}, icon_id = ${number}`;
      await sql`update threads set hit_count = ${number}, est_number_of_replies = ${number}`;
      await sql`insert into worldeater_tnu (tid, start_page, est_number_of_posts) values (1, ${number}, ${number})`;
      await sql`insert into users (uid, gid, name, name_pid) values (${number}, ${number}, 'Am Rand', ${number})`;
      await insertBoard(sql, number, { cid: number });
      await insertThread(sql, number, { bid: number });
      await insertPost(sql, { pid: number, tid: number, poster_uid: number, content: "Am Rand" });
      await sql`update posts set edit_count = ${number}, content_length = ${number}`;
    });
  },
  60_000,
);

test.each<[string[]]>([
  [["infinity", "-infinity"]],
  [["294276-12-31 23:59:59", "4713-01-01 BC"]],
  [["9999-12-31 23:59:59", "0001-01-01"]],
  [["10000-01-01"]],
])(
  "%j in every timestamp column",
  async (times) => {
    await expectSurvived(
      async () => {
        for (const [at, time] of times.entries()) {
          const id = 2 + at;
          await sql`update posts set timestamp = ${time}::text::timestamp, last_edit_timestamp = null where pid = ${id}`;
          await sql`update users set name_timestamp = ${time}::text::timestamp, registered = ${time}::text::timestamp, last_seen = ${time}::text::timestamp where uid in (1, ${id})`;
          await sql`update threads set listed_last_post = ${time}::text::timestamp where tid in (1, ${id})`;
        }
      },
      { changed: times.length },
    );
  },
  60_000,
);
