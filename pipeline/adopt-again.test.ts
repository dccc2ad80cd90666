/** Rows that are copied from potstats2 after an analysis are analyzed and indexed by the next runs. */
import { afterAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { settle } from "@potstats/cli/testing/settle";
import { copyFromPotstats2 } from "@potstats/db/adopt/copy";
import { potstats2Rows, potstats2Tables } from "@potstats/db/adopt/testing/potstats2";
import { AlreadyRunning, withLock } from "@potstats/db/locks";
import { testDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";

const [target, old] = await Promise.all([testDatabase(), testDatabase()]);
const { sql } = target;
const { sql: source } = old;
afterAll(() => Promise.all([target.drop(), old.drop()]));

await source.unsafe(`
  drop schema drizzle, baked, search cascade; drop schema public cascade; create schema public;
  ${potstats2Tables(() => "")} ${potstats2Rows}`);

const copy = () => copyFromPotstats2({ sql, source, progress: silent });
const update = async () => {
  await analyze({ sql, timezone: "UTC", forumUrl: "http://forum.example" });
  await fillIndex({ sql });
};
const counts = async () => {
  const [row] = await sql`
    select (select count(*) from public.posts)::int as copied, (select count(*) from baked.post_facts)::int as analyzed,
           (select count(*) from search.posts)::int as indexed`;
  return row;
};

test("a second copy is analyzed and indexed", async () => {
  await copy();
  await update();
  expect(await counts()).toEqual({ copied: 2, analyzed: 2, indexed: 1 });
  await source.unsafe(`
    insert into posts (pid, poster_uid, tid, timestamp, edit_count, content_length) values (72, 1, 7, '2004-03-02', 0, 5);
    insert into post_contents values (72, null, 'Nochmal');
    update threads set last_pid = 72`);
  await copy();
  await update();
  expect(await counts()).toEqual({ copied: 3, analyzed: 3, indexed: 2 });
});

test("nothing is analyzed or indexed meanwhile", async () => {
  for (const lock of ["analyze", "index"] as const)
    await withLock(sql, lock, async () => expect(await settle(copy())).toThrow(AlreadyRunning));
});
