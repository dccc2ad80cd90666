import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { rounds } from "@potstats/cli/testing/rounds";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { readLastRun } from "./last-run.ts";
import { runFull } from "./full.ts";
import { runIncremental } from "./incremental.ts";
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
const full = () => runFull(run());
async function incremental() {
  const last = await readLastRun(database.sql);
  const summary = last && (await runIncremental(run(), last));
  if (!summary) throw new Error("the run was not incremental");
  return summary;
}
async function exampleLines(): Promise<string[]> {
  const tables = await readBaked(database.sql);
  return examples.flatMap(({ name }) => lines(tables[name] ?? []).map((line) => `${name} ${line}`));
}

test.each(Array.from({ length: rounds(1) }, (_, at) => 21 + at))(
  "every kind of incremental update equals a full run: random history %d",
  async (seed) => {
    const history = new History(database.sql, seed);
    await history.populate(120);
    await full();
    expect(new Set((await exampleLines()).map((line) => line.split(" ")[0]))).toEqual(
      new Set(examples.map(({ name }) => name)),
    );
    for (let round = 0; round < 5; round++) {
      for (let steps = 0; steps < 3; steps++) await history.step();
      await incremental();
      const maintained = await exampleLines();
      await full();
      expect(maintained).toEqual(await exampleLines());
      // So that the next round starts from incrementally updated tables.
      await history.step();
      await incremental();
    }
  },
  60_000,
);

test("only changed groups are recomputed, and only rows that differ are written", async () => {
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
  // The thread's facts and the streak are replaced, and the badge is new. The board's record remains the earlier day.
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
