import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { fillIndex } from "../fill.ts";
import { runAnalysis } from "../testing/corpus.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());

test("the rows of posts are in the order of their ids, whatever the order of the crawl", async () => {
  const { sql } = database;
  await insertBoard(sql, 1, { name: "Küche" });
  await insertUser(sql, 1, { name: "Karl" });
  await insertThread(sql, 1, { bid: 1, title: "Suppe" });
  const pids = [900, 20, 700, 3, 800_000, 45, 600];
  for (const pid of pids)
    await insertPost(sql, { pid, tid: 1, poster_uid: 1, timestamp: new Date(1e12 + pid), content: "Suppe" });
  await runAnalysis(database);
  await fillIndex({ sql });
  // In the order of the file.
  const rows = await sql<{ pid: number }[]>`select pid from search.posts order by ctid`;
  expect(rows.map(({ pid }) => pid)).toEqual(pids.toSorted((a, b) => a - b));
});
