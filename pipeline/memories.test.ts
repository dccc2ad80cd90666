/** What the simulator plants in a long history is what the records find. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { askApp } from "@potstats/server/testing/server";
import { createForum } from "@potstats/simulator/forum";
import { nameAt } from "@potstats/simulator/model";
import { forumUrl, timezone } from "./testing/stages.ts";

const { history, contentOf } = createForum({ posts: 12_000 });
const year_s = 365.25 * 86_400;

let database: TestDatabase;
let ask: ReturnType<typeof askApp>;
beforeAll(async () => {
  database = await testDatabase();
  await fill(database);
  await analyze({ sql: database.sql, timezone, forumUrl, full: true });
  ask = askApp(database);
}, 120_000);
afterAll(() => database?.drop());

/** Writes the whole history as a crawl would leave it. */
async function fill({ sql }: TestDatabase): Promise<void> {
  const { boards, people, threads, posts, until } = history;
  const write = (table: string, columns: string, rows: object[]) => {
    const names = columns.split(", ").map((column) => column.split(" ")[0] ?? "");
    return sql.unsafe(
      `insert into ${table} (${names.join(", ")})
       select * from json_to_recordset($1::text::json) as r (${columns})`,
      [JSON.stringify(rows, names)],
    );
  };
  await write("boards", "bid int, name varchar", boards);
  await write(
    "users",
    "uid int, name varchar",
    people.map((person) => ({ uid: person.uid, name: nameAt(person, until) })),
  );
  await write(
    "threads",
    "tid int, bid int, title varchar",
    threads.map(({ tid, homes, titles }) => ({ tid, bid: homes.at(-1)?.board.bid, title: titles.at(-1)?.title })),
  );
  const rows = posts.map((post) => ({
    pid: post.pid,
    tid: post.thread.tid,
    poster_uid: post.person.uid,
    timestamp: new Date(post.time * 1000),
    content: contentOf(post),
  }));
  const lengths = rows.map((row) => ({ ...row, content_length: row.content.length }));
  await write("posts", "pid int, tid int, poster_uid int, timestamp timestamp, content_length int", lengths);
  await write("post_contents", "pid int, content text", rows);
}

interface Entry {
  value: number;
  day: string;
  user: { uid: number };
  post: { pid: number; timestamp: number };
}

async function historyOf(record: string): Promise<Entry[]> {
  const { rows } = (await (await ask("/api/records")).json()) as { rows: { record: string; history: Entry[] }[] };
  return rows.find((row) => row.record === record)?.history ?? [];
}

test("a streak of a year", async () => {
  const record = (await historyOf("longest_streak")).at(-1);
  expect(record?.user.uid).toBe(history.people[32]?.uid ?? 0);
  expect(record?.value).toBeGreaterThanOrEqual(366);
  const row = (await (await ask(`/api/user-streaks?uid=${record?.user.uid}`)).json()) as { longest: object };
  expect(row.longest).toMatchObject({ days: record?.value, from: record?.day });
});

test("a comeback after nine years", async () => {
  const comebacks = history.posts.filter((post, at) => {
    const before = history.posts.slice(0, at).findLast(({ person }) => person === post.person);
    return before !== undefined && post.time - before.time > 9 * year_s;
  });
  expect(comebacks.length).toBeGreaterThan(0);
  const pauses = await historyOf("longest_pause");
  expect(pauses.at(-1)?.value).toBeGreaterThan(9 * 365);
  expect(comebacks.map(({ person }) => person.uid)).toContain(pauses.at(-1)?.user.uid ?? 0);
});

test("a record that stands for ten years", async () => {
  const posts = await historyOf("longest_post");
  const [former, latest] = posts.slice(-2).map(({ post }) => post);
  expect((latest?.timestamp ?? 0) - (former?.timestamp ?? 0)).toBeGreaterThan(10 * year_s);
  for (const { pid } of [former, latest].flatMap((post) => post ?? []))
    expect(history.posts.find((post) => post.pid === pid)?.text).toStartWith("Kapitel 1");
});
