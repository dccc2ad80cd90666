/** The drill: a backup made during a crawl is restored, the crawl continues there, and the statistics are the same. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { until } from "@potstats/cli/testing/until";
import { crawl } from "@potstats/crawler/crawl";
import { contentsOf } from "@potstats/crawler/testing/staged-forum";
import { backup } from "@potstats/db/backup/backup";
import { restore } from "@potstats/db/backup/restore";
import type { Sql } from "@potstats/db/connect";
import { rowsIn } from "@potstats/db/testing/contents";
import { testDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";
import { timezone } from "./testing/stages.ts";

const [original, copy] = await Promise.all([testDatabase(), testDatabase()]);
const folder = mkdtempSync(join(tmpdir(), "drill-"));
const forum = createForum({ seed: 11, posts: 3000, years: 5 });
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
afterAll(async () => {
  await server.stop(true);
  await Promise.all([original.drop(), copy.drop()]);
  rmSync(folder, { recursive: true });
});

const forumUrl = server.url.origin;
const pass = (sql: Sql, signal?: AbortSignal) =>
  crawl({
    sql,
    forumUrl,
    profilesUrl: forumUrl,
    boards: "all",
    profiles: true,
    patrol: 0,
    delay_ms: 0,
    progress: silent,
    ...(signal ? { signal } : {}),
  });
const statistics = async (sql: Sql) => {
  await analyze({ sql, timezone, forumUrl, full: true });
  // The run itself: times and a random token.
  const { analysis: _, ...tables } = await rowsIn(sql, "baked");
  return tables;
};
/** Who never posted has a name since the pass that read it, which the two passes did at different times. */
const withoutTimesOfPasses = async (sql: Sql) => {
  const { users = [], ...others } = await contentsOf(sql);
  const stable = (users as { name_pid: number }[]).map((user) =>
    user.name_pid === 0 ? { ...user, name_timestamp: null } : user,
  );
  return { ...others, users: stable };
};
const copyTo = async (sql: Sql, path: string) => {
  await backup({ sql: original.sql, path, progress: silent });
  return restore({ sql, path, replace: true, progress: silent });
};

test("a restored database equals the original, whatever it is used for next", async () => {
  const crawling = pass(original.sql);
  await until(async () => (await original.sql`select 1 from posts offset 500 limit 1`).length > 0);
  const { rows } = await copyTo(copy.sql, join(folder, "during.tar"));
  await crawling;
  await pass(copy.sql);
  const [{ count = 0 } = {}] = await original.sql<{ count: number }[]>`select count(*) as count from posts`;
  expect(rows["posts"]).toBeGreaterThan(500);
  expect(rows["posts"]).toBeLessThan(count);
  expect(await withoutTimesOfPasses(copy.sql)).toEqual(await withoutTimesOfPasses(original.sql));

  const summary = await copyTo(copy.sql, join(folder, "after.tar"));
  const originalRows = await rowsIn(original.sql);
  expect(await rowsIn(copy.sql)).toEqual(originalRows);
  expect(summary.rows["my_mods_users"]).toBeGreaterThan(0);
  expect(Object.fromEntries(Object.entries(originalRows).map(([table, all]) => [table, all.length]))).toEqual(
    summary.rows,
  );
  expect(await statistics(copy.sql)).toEqual(await statistics(original.sql));
  expect(await pass(copy.sql)).toMatchObject({ posts_added: 0, posts_changed: 0, threads_added: 0, failures: [] });
});
