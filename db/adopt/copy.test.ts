import { afterAll, beforeEach, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { startCommand } from "@potstats/cli/testing/command";
import { copyFromPotstats2 } from "./copy.ts";
import { migrate } from "../migrate.ts";
import { testDatabase } from "../testing/database.ts";
import { potstats2Rows, potstats2Tables } from "./testing/potstats2.ts";

const [target, old] = await Promise.all([testDatabase(), testDatabase()]);
const [sql, source] = [target.sql, old.sql];
afterAll(() => Promise.all([target.drop(), old.drop()]));

/** Rows; more than one transaction copies. */
const many = 120_000;

await source.unsafe(`
  drop schema drizzle, baked, search cascade; drop schema public cascade; create schema public; ${potstats2Tables(() => "")} ${potstats2Rows}
  insert into posts (pid, poster_uid, tid, timestamp, edit_count, content_length)
    select 1000 + n, 1 + n % 3, 7, timestamp '2005-01-01' + n * interval '1 minute', 0, 7 from generate_series(1, ${many}) as n;
  insert into post_contents (pid, content) select pid, E'a\\tb\\n\\\\ ' || pid from posts where pid > 1000;
  update threads set last_pid = ${1000 + many};
  analyze`);

beforeEach(async () => {
  await sql.unsafe(
    "drop schema if exists drizzle, baked, search cascade; drop schema public cascade; create schema public",
  );
  await migrate(target.url);
});

const checksums = async (of: typeof sql) => [
  ...(await of`select count(*), sum(hashtext((pid, poster_uid, tid, timestamp, edit_count, is_hidden, content_length, icon_id)::text)) from posts`),
  ...(await of`select count(*), sum(hashtext((pid, title, content)::text)) from post_contents`),
  ...(await of`select uid, gid, name, name_timestamp, aliases, user_profile_exists, tied, avid, registered, online_status, account_state::text, locked_until from users order by 1`),
  ...(await of`select tid, bid, title, first_pid, last_pid, tags, is_complete from threads order by 1`),
  ...(await of`select bid, cid, name, description from boards order by 1`),
  ...(await of`select cid, name, description from categories order by 1`),
  ...(await of`select tied, name, bars, type::text from user_tiers order by 1`),
  ...(await of`select * from avatars order by 1`),
  ...(await of`select uid, html from my_mods_users order by 1`),
  ...(await of`select singleton, nomnom_time, num_api_requests, rx_bytes, tx_bytes from worldeater_state`),
  ...(await of`select * from worldeater_tnu order by 1`),
];

test("copies every row and leaves the source unchanged", async () => {
  const before = await checksums(source);
  const rows = await copyFromPotstats2({ sql, source, progress: silent });
  expect(rows).toMatchObject({ posts: many + 2, post_contents: many + 2, users: 3, threads: 1 });
  expect(await checksums(sql)).toEqual(before);
  expect(await checksums(source)).toEqual(before);
  const walked = await sql`select bid from boards where initial_pass_at is not null`;
  expect(walked.map((row) => row["bid"])).toEqual([14]);
  const [tier] = await sql`insert into user_tiers (name) values ('neu') returning tied`;
  expect(tier?.["tied"]).toBe(2);
});

test("continues where it was killed", async () => {
  const child = startCommand(["db/main.ts", "adopt", "--from", old.url], { DATABASE_URL: target.url });
  let copied = 0;
  while (copied === 0 && child.exitCode === null) {
    [{ copied = 0 } = {}] = await sql<{ copied: number }[]>`select count(*) as copied from posts`;
    await Bun.sleep(5);
  }
  child.kill("SIGKILL");
  await child.exited;
  expect(copied).toBeLessThan(many);
  const threads = await sql`select first_pid from threads`;
  expect(threads.map((row) => row["first_pid"])).toEqual([null]);
  // The smaller tables are copied again, so changes in between are not lost.
  await source`update users set name = 'Umbenannt' where uid = 2`;
  await copyFromPotstats2({ sql, source, progress: silent });
  expect(await checksums(sql)).toEqual(await checksums(source));
  await source`update users set name = 'Gesperrter' where uid = 2`;
});

test("refuses a target in which a user was forgotten: the source still has their data", async () => {
  await sql`insert into forgotten_users (uid, forgotten_at) values (1, now())`;
  expect(await copyFromPotstats2({ sql, source, progress: silent }).catch(String)).toContain("would restore them");
  expect(await sql`select 1 from users`).toHaveLength(0);
});

test("refuses a target that was crawled into, and a source that is not a potstats2 database", async () => {
  await sql`insert into worldeater_state (singleton, last_crawl_started_at) values (0, now())`;
  expect(await copyFromPotstats2({ sql, source, progress: silent }).catch(String)).toContain("already crawled into");
  await sql`delete from worldeater_state`;
  const empty = await testDatabase();
  await empty.sql.unsafe("drop schema public cascade; create schema public");
  expect(await copyFromPotstats2({ sql, source: empty.sql, progress: silent }).catch(String)).toContain(
    "not a potstats2 database",
  );
  await empty.drop();
  expect(await sql`select 1 from users`).toHaveLength(0);
});
