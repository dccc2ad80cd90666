/** A user is forgotten everywhere, and no crawl restores anything. */
import { afterAll, expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze } from "@potstats/analytics/analyze";
import { silent } from "@potstats/cli/progress";
import { runCommand } from "@potstats/cli/testing/command";
import { crawl } from "@potstats/crawler/crawl";
import { testDatabase } from "@potstats/db/testing/database";
import { openMeilisearch } from "@potstats/search/embedded";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { createForum } from "@potstats/simulator/forum";
import { timezone } from "./testing/stages.ts";

const [database, folder] = await Promise.all([testDatabase(), mkdtemp(join(tmpdir(), "potstats-"))]);
const { sql } = database;
const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
const forum = createForum({ seed: 8, posts: 4000, years: 8 });
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => forum.fetch(request) });
afterAll(async () => {
  await meili?.close();
  await server.stop(true);
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const forumUrl = server.url.origin;
const pass = (more: object = {}) =>
  crawl({
    sql,
    forumUrl,
    profilesUrl: forumUrl,
    boards: "all",
    profiles: true,
    delay_ms: 0,
    progress: silent,
    ...more,
  });

/** The command as an operator runs it. */
const forget = (...options: string[]) => forgetWith({}, ...options);

async function forgetWith(
  environment: Record<string, string>,
  ...options: string[]
): Promise<{ output: string; exitCode: number }> {
  const { stdout, stderr, exitCode } = await runCommand(["run", "db", "forget", ...options], {
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    STATS_TIMEZONE: timezone,
    FORUM_URL: forumUrl,
    ...(meili ? { MEILI_URL: meili.url, MEILI_MASTER_KEY: meili.key ?? "" } : {}),
    ...environment,
  });
  return { output: stdout + stderr, exitCode };
}

await pass();
await analyze({ sql, timezone, forumUrl });
await fillIndex({ sql, meili: meili ?? undefined, progress: silent });
// An active user with former names who is quoted often.
const [user] = await sql<{ uid: number; name: string; aliases: string[]; avid: number | null }[]>`
  select u.uid, u.name, u.aliases, u.avid from users as u join baked.poster_stats as s using (uid)
  where s.year = 0 and s.bid = 0 and s.quoted_count > 5 and jsonb_array_length(u.aliases) > 0 order by s.post_count desc limit 1`;
if (!user) throw new Error("the simulated forum has no such user");
const { uid } = user;

/** Counts that must not change. Those of quotes and links in the user's own texts do, because the texts are deleted. */
const statistics = async () => [
  ...(await sql`
    select year, bid, uid, post_count, edit_count, posts_length, threads_created, case when uid = ${uid} then quoted_count end as quoted
    from baked.poster_stats order by year, bid, uid`),
  ...(await sql`select * from baked.daily_stats order by day, bid`),
  ...(await sql`
    select * from baked.quote_graph where quoter_uid <> ${uid} order by year, bid, quoter_uid, quoted_uid`),
];

/** Everything about the user that is still stored. */
async function traces(): Promise<unknown[]> {
  return [
    ...(await sql`
      select name, aliases, avid, gid, registered, online_status, last_seen, account_state from users
      where uid = ${uid} and (name is not null or aliases <> '[]' or avid is not null or gid is not null or registered is not null
        or online_status is not null or last_seen is not null or account_state is not null)`),
    ...(await sql`select uid from my_mods_users where uid = ${uid}`),
    ...(await sql`select pid, content from post_contents join posts using (pid) where poster_uid = ${uid} and (title is not null or content is not null)`),
    ...(await sql`select name, aliases from baked.users where uid = ${uid} and (name <> '' or aliases <> '[]')`),
    ...(await sql`select pid from search.posts where uid = ${uid}`),
    // Quotes of the user's posts by anybody, at any depth.
    ...(await sql`
      select c.pid, m[1] as quoted, m[2] as rest from post_contents as c,
        regexp_matches(c.content, '\\[quote=[^,\\]]*, *(\\d{1,9}) *, *((?:(?!\\]).)*\\](?:(?!\\[/quote\\]).)*)', 'gi') as m
      where m[1]::int in (select pid from posts where poster_uid = ${uid}) and m[2] not like '""]%'`),
  ];
}

test("without --yes it only shows the user", async () => {
  const before = await traces();
  expect(before.length).toBeGreaterThan(10);
  const { output, exitCode } = await forget(String(uid));
  expect(exitCode).toBe(0);
  expect(output).toContain(`user ${uid}, ${user.name}, `);
  expect(output).toContain("--yes");
  expect(await traces()).toEqual(before);
});

test("refuses an unknown user and invalid ids", async () => {
  expect(await forget("999999999", "--yes")).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("there is no user"),
  });
  expect(await forget("Anna", "--yes")).toMatchObject({
    exitCode: 2,
    output: expect.stringContaining("must be a whole number from 1 to 2147483647"),
  });
});

test("settings that only a later step needs are validated before anything is deleted", async () => {
  const before = await traces();
  const { output, exitCode } = await forgetWith({ STATS_TIMEZONE: "CET" }, String(uid), "--yes");
  expect(output).toContain("STATS_TIMEZONE");
  expect(exitCode).not.toBe(0);
  expect(await traces()).toEqual(before);
  expect(await sql`select from forgotten_users where uid = ${uid}`).toHaveLength(0);
});

test("forgets in the database, the statistics' names and both indexes; counts remain", async () => {
  await Bun.write(join(folder, "broken", "thread-1"), `<user id="${uid}">…`);
  await Bun.write(join(folder, "broken", "thread-2"), `<user id="${uid}9">…`);
  const before = await statistics();
  const search = createSearch({ sql, meili: meili ?? undefined, timezone });
  const posts = () =>
    search.search({ content: "", type: "post", sort: "score", offset: 0, limit: 5, facets: false, uid });
  expect((await posts()).count).toBeGreaterThan(0);

  const { output, exitCode } = await forget(String(uid), "--yes");
  expect({ exitCode, output }).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining(`user ${uid} is forgotten`),
  });
  expect(await traces()).toEqual([]);
  if (user.avid !== null && (await sql`select 1 from users where avid = ${user.avid}`).length === 0)
    expect(await sql`select 1 from avatars where avid = ${user.avid}`).toHaveLength(0);
  expect(await readdir(join(folder, "broken"))).toEqual(["thread-2"]);
  expect((await posts()).count).toBe(0);
  expect(await statistics()).toEqual(before);
});

test("no crawl restores anything, even if it reads everything again, and no post counts as changed", async () => {
  const before = await statistics();
  await sql`update worldeater_tnu set start_page = 1`;
  const summary = await pass({ rescan_days: 36_500, profilesOlderThan_days: 0 });
  expect(summary).toMatchObject({ posts_changed: 0, failures: [] });
  expect(await traces()).toEqual([]);
  await pass({ forceInitialPass: true });
  expect(await traces()).toEqual([]);
  await analyze({ sql, timezone, forumUrl, full: true });
  expect(await traces()).toEqual([]);
  expect(await statistics()).toEqual(before);
});
