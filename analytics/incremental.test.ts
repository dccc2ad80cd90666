import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { createRandom } from "@potstats/bbcode/testing/random";
import { readGeneration } from "@potstats/db/generation";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { analyze } from "./analyze.ts";
import { History } from "./testing/history.ts";
import { abortAfter } from "./testing/abort-after.ts";
import { deriveNaively } from "./testing/naive/index.ts";
import { lines, readBaked, type Row } from "./testing/tables.ts";

/** For more: `HISTORIES=100 FIRST_HISTORY=6 bun test analytics/incremental`. */
const first = Number(process.env["FIRST_HISTORY"] ?? 1);
const seeds = Array.from({ length: Number(process.env["HISTORIES"] ?? 5) }, (_, at) => first + at);

const timezone = "Europe/Berlin";
const forumUrl = "http://forum.example";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql.unsafe("truncate posts, threads, users, boards, categories cascade; delete from baked.analysis");
});
const run = (options: Partial<Parameters<typeof analyze>[0]> = {}) =>
  analyze({ sql: database.sql, timezone, forumUrl, ...options });

/** What the search index reads of posts and threads, with the revision that makes it reread them. */
async function indexed(): Promise<Map<string, { row: string; revision: number }>> {
  const posts = await database.sql<{ pid: number; revision: number }[]>`
    select p.pid, c.title, c.content, p.is_hidden, p.gone_at, p.tid, p.poster_uid, p.timestamp, t.bid, t.is_gone,
           greatest(p.revision, t.posts_revision) as revision
    from public.posts p left join public.post_contents c using (pid) left join baked.threads t using (tid)`;
  const threads = await database.sql<{ tid: number; revision: number }[]>`
    select tid, bid, title, subtitle, tags, is_gone, poster_uid, timestamp, revision from baked.threads`;
  return new Map([
    ...posts.map(({ revision, ...row }) => [`post ${row.pid}`, { row: JSON.stringify(row), revision }] as const),
    ...threads.map(({ revision, ...row }) => [`thread ${row.tid}`, { row: JSON.stringify(row), revision }] as const),
  ]);
}

async function expectTables(expected: Record<string, Row[]>, history: History): Promise<void> {
  const baked = await readBaked(database.sql);
  for (const [table, rows] of Object.entries(expected)) {
    const [actual, wanted] = [lines(baked[table]!), lines(rows)];
    // Shows the history beside the difference.
    if (!Bun.deepEquals(actual, wanted))
      expect([table, ...actual, ...history.log]).toEqual([table, ...wanted, ...history.log]);
  }
  expect(Object.keys(baked).toSorted()).toEqual(Object.keys(expected).toSorted());
}

describe("an incremental run equals a full run, row by row", () => {
  test.each(seeds)("random history %d, split at random and sometimes aborted", async (seed) => {
    const { sql } = database;
    const random = createRandom(seed * 7919);
    const history = new History(sql, seed);
    await history.populate(120);
    expect((await run()).kind).toBe("full");
    for (let round = 0; round < 7; round++) {
      for (let steps = Math.floor(random() * 9); steps >= 0; steps--) await history.step();
      const [{ revision } = { revision: 0 }] = await sql<{ revision: number }[]>`select revision from baked.analysis`;
      const before = { generation: await readGeneration(sql), indexed: await indexed() };
      if (random() < 0.5) {
        const tables = await readBaked(sql);
        expect(await settle(run(abortAfter(Math.floor(random() * 50))))).toThrow("aborted");
        expect(await readBaked(sql)).toEqual(tables);
        expect(await readGeneration(sql)).toBe(before.generation);
      }
      const summary = await run();
      expect(summary).toMatchObject({ kind: "incremental", changed: true });
      expect(await readGeneration(sql)).not.toBe(before.generation);
      await expectTables(await deriveNaively(sql, timezone, forumUrl), history);
      for (const [name, { row, revision: now }] of await indexed())
        if (before.indexed.get(name)?.row !== row) expect([name, now > revision]).toEqual([name, true]);
    }
    const incremental = { tables: await readBaked(sql), counts: await counts() };
    expect((await run({ full: true })).kind).toBe("full");
    await expectTables(incremental.tables, history);
    expect(await counts()).toEqual(incremental.counts);
  });
});

async function counts(): Promise<unknown> {
  const [row] = await database.sql`select counts from baked.analysis`;
  return row?.["counts"];
}

describe("an incremental run", () => {
  test("reads only changed posts and writes only affected rows", async () => {
    const { sql } = database;
    const history = new History(sql, 99);
    await history.populate(300);
    await run();
    await sql`update posts set edit_count = coalesce(edit_count, 0) + 1, revision = nextval('crawl_revision')
              where pid = (select min(pid) from baked.post_facts)`;
    const { posts, rows } = await run();
    expect(posts).toBe(1);
    // A row per post is deleted and inserted; rows of statistics are updated.
    expect(rows).toMatchObject({ post_facts: 2, poster_stats: 4, yearly_stats: 4, daily_stats: 2 });
    expect(rows).toMatchObject({ hourly_stats: 0, daily_threads: 0, quote_graph: 0, domains: 0 });
    expect(rows).toMatchObject({ thread_stats: 0, thread_details: 0, thread_replies: 0, user_threads: 0 });
  });

  test("survives the largest lengths of a changed and a new post", async () => {
    const { sql } = database;
    await insertBoard(sql, 1);
    await insertUser(sql, 11);
    await insertThread(sql, 1, { bid: 1 });
    await insertPost(sql, { pid: 1, tid: 1, poster_uid: 11 });
    await run();
    await insertPost(sql, { pid: 2, tid: 1, poster_uid: 11 });
    await sql`update posts set content_length = 2147483647, revision = nextval('crawl_revision')`;
    expect((await run()).kind).toBe("incremental");
    const [row] =
      await sql`select post_count, posts_length, avg_post_length from baked.poster_stats where year = 0 and bid = 0`;
    expect(row).toEqual({ post_count: 2, posts_length: 4_294_967_294, avg_post_length: 2_147_483_647 });
  });

  test("counts a thread for its opening post once it is moved to the board of that post's own thread", async () => {
    const { sql } = database;
    for (const bid of [1, 2]) await insertBoard(sql, bid);
    await insertUser(sql, 11);
    await insertThread(sql, 1, { bid: 1 });
    await insertThread(sql, 2, { bid: 2 });
    await insertPost(sql, { pid: 1, tid: 1, poster_uid: 11 });
    await sql`update threads set first_pid = 1 where tid = 2`;
    await run();
    const created = async () => {
      const [row] = await sql<{ threads_created: number }[]>`
        select threads_created from baked.poster_stats where year = 0 and bid = 1`;
      return row?.threads_created;
    };
    expect(await created()).toBe(1);
    await sql`update threads set bid = 1, revision = nextval('crawl_revision') where tid = 2`;
    expect((await run()).kind).toBe("incremental");
    expect(await created()).toBe(2);
  });

  test("finds the busiest threads of a day, whichever of many threads gain and lose posts", async () => {
    const { sql } = database;
    const random = createRandom(31);
    const below = (limit: number) => Math.floor(random() * limit);
    const moment = () => new Date(Date.UTC(2012, 1, 28 + below(2), 12));
    await insertUser(sql, 11);
    for (const bid of [1, 2]) await insertBoard(sql, bid);
    for (let tid = 1; tid <= 16; tid++) await insertThread(sql, tid, { bid: 1 + (tid % 2) });
    for (let pid = 1; pid <= 90; pid++)
      await insertPost(sql, { pid, tid: 1 + below(16), poster_uid: 11, timestamp: moment() });
    await run();
    const changes = [
      (pid: number) => sql`update posts set gone_at = now(), revision = nextval('crawl_revision') where pid = ${pid}`,
      (pid: number) => sql`update posts set gone_at = null, revision = nextval('crawl_revision') where pid = ${pid}`,
      (pid: number) =>
        sql`update posts set timestamp = ${moment()}, revision = nextval('crawl_revision') where pid = ${pid}`,
      (pid: number) =>
        sql`update threads set bid = 3 - bid, revision = nextval('crawl_revision') where tid = ${1 + (pid % 16)}`,
    ];
    for (let round = 0; round < 6; round++) {
      for (let each = 0; each < 10; each++) await changes[below(10) === 0 ? 3 : below(3)]?.(1 + below(90));
      expect((await run()).kind).toBe("incremental");
      const [actual, wanted] = [await readBaked(sql), await deriveNaively(sql, timezone, forumUrl)];
      expect([round, ...lines(actual["daily_threads"]!)]).toEqual([round, ...lines(wanted["daily_threads"]!)]);
    }
  });

  test("falls back to a full run when most posts are new", async () => {
    const { sql } = database;
    await new History(sql, 98).populate(50);
    await run();
    await sql`
      insert into posts (pid, tid, poster_uid, timestamp, revision)
      select 100000 + n, 1, 100, timestamp '2012-02-29 12:00:00' + n * interval '1 second', nextval('crawl_revision')
      from generate_series(1, 10100) n`;
    expect((await run()).kind).toBe("full");
    expect(await counts()).toMatchObject({ posts: 10_150 });
  });

  test("falls back to a full run when the database is older than the last run", async () => {
    const { sql } = database;
    await new History(sql, 97).populate(50);
    await run();
    await sql`update baked.analysis set revision = 1000000`;
    expect((await run()).kind).toBe("full");
  });

  test("notices a renamed category, and nothing otherwise", async () => {
    const { sql } = database;
    await new History(sql, 96).populate(50);
    await run();
    await sql`update categories set name = 'Neue &#220;berschrift'`;
    expect(await run()).toMatchObject({ kind: "incremental", changed: true, posts: 0 });
    expect(await sql`select distinct category from baked.boards where category is not null`).toMatchObject([
      { category: "Neue Überschrift" },
    ]);
    expect(await run()).toMatchObject({ changed: false });
  });

  test("falls back to a full run when the forum has another address", async () => {
    await new History(database.sql, 95).populate(50);
    await run();
    expect((await run({ forumUrl: "http://other.example" })).kind).toBe("full");
  });
});
