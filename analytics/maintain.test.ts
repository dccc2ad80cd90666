import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { readAnalysis } from "./last-run.ts";
import { bakeEverything } from "./full.ts";
import { bakeChanges } from "./incremental.ts";
import { statistics } from "./registry.ts";
import { History } from "./testing/history.ts";
import { examples } from "./testing/example-statistics.ts";
import { lines, readBaked } from "./testing/tables.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.sql.unsafe("truncate posts, threads, users, boards, categories cascade");
});

const run = () => ({
  sql: database.sql,
  timezone: "Europe/Berlin",
  forumUrl: "http://forum.example",
  statistics: [...statistics, ...examples],
  workers: 2,
  progress: silent,
});
const full = () => bakeEverything(run());
async function incremental() {
  const last = await readAnalysis(database.sql);
  const summary = last && (await bakeChanges(run(), last));
  if (!summary) throw new Error("the run was not an incremental one");
  return summary;
}
async function exampleLines(): Promise<string[]> {
  const tables = await readBaked(database.sql);
  return examples.flatMap(({ name }) => lines(tables[name] ?? []).map((line) => `${name} ${line}`));
}

test.each([21, 22, 23])(
  "all ways to maintain a table give what a full run gives: random history %d",
  async (seed) => {
    const history = new History(database.sql, seed);
    await history.begin(120);
    await full();
    for (const { name } of examples) expect([name, (await exampleLines()).join().includes(name)]).toEqual([name, true]);
    for (let cut = 0; cut < 5; cut++) {
      for (let steps = 0; steps < 3; steps++) await history.step();
      await incremental();
      const followed = await exampleLines();
      await full();
      expect(followed).toEqual(await exampleLines());
      // The next cut goes on from tables that only incremental runs have changed since.
      await history.step();
      await incremental();
    }
  },
  60_000,
);

test("only groups that changed are made again, and only rows that come out differently are written", async () => {
  const { sql } = database;
  await insertBoard(sql, 1);
  for (const uid of [11, 12]) await insertUser(sql, uid);
  for (const tid of [1, 2]) await insertThread(sql, tid, { bid: 1 });
  const post = (pid: number, poster_uid: number, day: string) =>
    insertPost(sql, { pid, tid: poster_uid - 10, poster_uid, timestamp: new Date(`${day}T12:00:00Z`), revision: pid });
  await post(1, 11, "2012-02-28");
  await post(2, 12, "2012-02-28");
  await full();
  const streaks = () => sql`select uid, day_count, xmin::text from baked.example_user_streaks order by uid`;
  const [before] = await streaks();

  await post(3, 12, "2012-02-29");
  const { rows } = await incremental();
  // The thread's facts and the streak are replaced, the badge is new; the other user's day remains the board's record.
  expect(rows).toMatchObject({
    example_user_streaks: 1,
    example_user_badges: 1,
    example_thread_facts: 1,
    example_records: 0,
    example_cohorts: 0,
    example_pairs: 0,
  });
  expect(await streaks()).toMatchObject([{ ...before }, { uid: 12, day_count: 2 }]);

  await sql`update posts set poster_uid = null, revision = nextval('crawl_revision') + 10 where pid in (2, 3)`;
  expect((await incremental()).rows).toMatchObject({
    example_user_streaks: 1,
    example_user_badges: 1,
    example_thread_facts: 1,
  });
  expect(await streaks()).toMatchObject([{ ...before }]);
});
