/** An operator of potstats2 switches over: the database is adopted, then crawled and analyzed from where potstats2 left off. */
import { afterAll, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { contentsOf } from "@potstats/crawler/testing/staged-forum";
import { migrate } from "@potstats/db/migrate";
import { testDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";
import { timezone } from "./testing/stages.ts";

const database = await testDatabase();
const { sql } = database;
const forum = createForum({ seed: 5, posts: 3000, years: 6 });
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
afterAll(async () => {
  await server.stop(true);
  await database.drop();
});

const forumUrl = server.url.origin;
const pass = () =>
  crawl({
    sql,
    forumUrl,
    profilesUrl: forumUrl,
    boards: "all",
    profiles: true,
    patrol: 0,
    delay_ms: 0,
    progress: silent,
  });

/** Turns the database into what potstats2 would have left. */
const toPotstats2 = `
  drop schema drizzle, baked, search cascade;
  drop sequence crawl_revision;
  drop table forgotten_users;
  alter table posts drop column revision, drop column gone_at;
  alter table threads drop column revision, drop column gone_at, drop column listed_last_post,
    drop column checked_at, drop column check_page, drop column page_shift, drop column is_unlisted;
  alter table users drop column revision, drop column name_pid, drop constraint ck_users_locked_until,
    alter column account_state type varchar,
    add check (account_state = 'locked_temp' or locked_until is null);
  alter table boards drop column revision, drop column initial_pass_at;
  alter table my_mods_users drop column fetched_at;
  alter table worldeater_state drop column posts_added, drop column posts_changed, drop column posts_hidden,
    drop column threads_added, drop column threads_gone, drop column retries, drop column last_crawl_started_at,
    drop column last_crawl_finished_at, alter column rx_bytes type integer, alter column tx_bytes type integer;
  create table alembic_version (version_num varchar(32) not null);`;

/** All crawled rows, without two columns that potstats2 does not fill. */
const contents = async () =>
  Object.entries(await contentsOf(sql)).map(([table, rows]) => [
    table,
    rows.map((row) => ({ ...(row as object), name_pid: null, listed_last_post: null })),
  ]);

test("later passes find nothing new, the second makes no extra requests, and the statistics are the same", async () => {
  await pass();
  const second = await pass();
  expect(second).toMatchObject({ posts_added: 0, posts_changed: 0 });
  const before = await contents();
  const { counts } = await analyze({ sql, timezone, forumUrl });

  await sql.unsafe(toPotstats2);
  expect(await migrate(database.url)).toEqual({ adopted: true });
  expect(await pass()).toMatchObject({ posts_added: 0, posts_changed: 0, threads_added: 0, failures: [] });
  // The previous pass also read threads whose listed date is that of an invisible post: potstats2 did not store the date.
  expect((await pass()).num_api_requests).toBe(second.num_api_requests);
  expect(await contents()).toEqual(before);
  expect(await analyze({ sql, timezone, forumUrl })).toMatchObject({ kind: "full", changed: true, counts });
});
