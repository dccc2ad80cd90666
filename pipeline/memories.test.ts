/** What the simulator plants in a long history is what the records find. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { askApp } from "@potstats/server/testing/server";
import { createForum } from "@potstats/simulator/forum";
import { forumUrl, timezone } from "./testing/stages.ts";
import { storeHistory } from "./testing/stored-history.ts";

const { history, contentOf } = createForum({ posts: 12_000 });
const year_s = 365.25 * 86_400;

let database: TestDatabase;
let ask: ReturnType<typeof askApp>;
beforeAll(async () => {
  database = await testDatabase();
  await storeHistory(database, { history, contentOf });
  await analyze({ sql: database.sql, timezone, forumUrl, full: true });
  ask = askApp(database);
}, 120_000);
afterAll(() => database?.drop());

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
