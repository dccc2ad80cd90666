/** Forgetting leaves no byte in database files, write-ahead log, Meilisearch's files, Redis, broken documents or responses. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUntil, runCommand, startCommand } from "@potstats/cli/testing/command";
import { until } from "@potstats/cli/testing/until";
import { keepBrokenIn } from "@potstats/crawler/forum/broken-documents";
import { crawl, type CrawlOptions } from "@potstats/crawler/crawl";
import { crawlOptions } from "@potstats/crawler/testing/staged-forum";
import { withLock } from "@potstats/db/locks";
import { type Database, openDatabase } from "@potstats/db/open";
import { startRedis, type TestRedis } from "@potstats/server/testing/redis";
import { broken, filesWith, keysWith, markedForum, marks, name, tablesWith, uid } from "./testing/canary.ts";
import { timezone } from "./testing/stages.ts";

const { secret, kept } = marks;
const forum = markedForum();
let folder: string;
let database: Database;
let redis: TestRedis;
let server: Bun.Subprocess;
const port = 20_000 + (process.pid % 10_000);

const environment = () => ({
  DATA_DIR: folder,
  REDIS_URL: redis.url,
  STATS_TIMEZONE: timezone,
  FORUM_URL: forum.url,
  REQUEST_DELAY: "0",
  PORT: String(port),
});

/** Runs a command as an operator does. */
async function run(...command: string[]): Promise<{ output: string; exitCode: number }> {
  const { stdout, stderr, exitCode } = await runCommand(["run", ...command], environment());
  return { output: stdout + stderr, exitCode };
}

const pass = (more: Partial<CrawlOptions> = {}) =>
  crawl(
    crawlOptions(database.sql, forum, {
      profiles: true,
      keepBroken: keepBrokenIn(join(folder, "broken"), () => {}),
      ...more,
    }),
  );

async function runSuccessfully(...command: string[]): Promise<void> {
  const { output, exitCode } = await run(...command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${output}`);
}

const paths = [
  "/api/poster-stats?limit=100",
  `/api/user-stats?uid=${uid}`,
  `/api/user-domains?uid=${uid}`,
  "/api/domains?limit=100",
  "/api/users?q=anna",
  `/api/users?q=${secret}`,
  "/api/social-graph?limit=100",
  `/api/search?type=post&content=${secret}rad`,
  `/api/search?type=post&content=Samstag`,
  `/api/search?type=post&content=user:"${encodeURIComponent(name)}"`,
  "/api/search?type=thread&content=Thema",
  `/api/search/suggest?q=${secret}`,
];

/** Paths whose responses contain the string. */
async function responsesWith(mark: string): Promise<string[]> {
  const matches: string[] = [];
  for (const path of paths) {
    const url = new URL(`http://127.0.0.1:${port}${path}`);
    const response = await fetch(url);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
    const answer = JSON.parse(text) as { understood?: { content: string } };
    // The words in the request come back as what was understood, and the name as a filter that matches nobody.
    if (answer.understood?.content === url.searchParams.get("content")) delete answer.understood;
    const body = JSON.stringify(answer).replaceAll(JSON.stringify(name).slice(1, -1), "");
    if (body.toLowerCase().includes(mark)) matches.push(path);
  }
  return matches;
}

/** Which store a file belongs to. */
const storeOf = (path: string) =>
  /pg_wal|postgres.*\/base|meilisearch\/db|broken/.exec(path)?.[0].replace(/.*\//, "") ?? path;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "potstats-bytes-"));
  // PostgreSQL may run as another user.
  await chmod(folder, 0o755);
  redis = await startRedis();
  database = await openDatabase({ DATABASE_URL: undefined, DATA_DIR: folder });
  await pass();
  await database.sql`insert into avatars values (9, ${`./avatare/upload/U${uid}--${secret}av.png`}), (10, ${`${secret}.gif`})`;
  await database.sql`update users set avid = 9 where uid = ${uid}`;
  await runSuccessfully("analyze");
  await runSuccessfully("index");
  await database.sql`analyze`;
  await mkdir(join(folder, "broken"));
  for (const [file, { text }] of Object.entries(broken)) await Bun.write(join(folder, "broken", file), text);
  server = startCommand(["server/main.ts"], environment());
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 120);
  // Until the server has connected to Redis, it caches in memory only.
  for (let year = 1970; (await keysWith("", redis.url)).length === 0; year++) {
    await (await fetch(`http://127.0.0.1:${port}/api/boards?year=${year}`)).arrayBuffer();
    await Bun.sleep(50);
  }
}, 300_000);

afterAll(async () => {
  server?.kill();
  await server?.exited;
  await database?.close();
  await run("db", "stop");
  await redis?.drop();
  await forum.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test("at first, the data is in every store", async () => {
  expect((await responsesWith(secret)).length).toBeGreaterThan(6);
  await database.sql`checkpoint`;
  expect(new Set((await filesWith(secret, folder)).map(storeOf))).toEqual(new Set(["base", "pg_wal", "db", "broken"]));
  const tables = await tablesWith(secret, database.sql);
  for (const table of [
    "public.user_tiers",
    "public.avatars",
    "baked.post_links",
    "search.names",
    "pg_catalog.pg_stats",
  ])
    expect(tables).toContain(table);
  expect((await keysWith(secret, redis.url)).length).toBeGreaterThan(5);
}, 120_000);

test("is refused during a crawl; killed while it waits for an analysis, it has deleted the texts already", async () => {
  await withLock(database.sql, "crawl", async () => {
    expect(await run("db", "forget", String(uid), "--yes")).toMatchObject({
      exitCode: 3,
      output: expect.stringContaining("another crawl is running"),
    });
  });
  expect(await tablesWith(secret, database.sql)).toContain("public.users");
  await withLock(database.sql, "analyze", async () => {
    const command = ["run", "db", "forget", String(uid), "--yes"];
    const child = startCommand(command, environment(), { detached: true });
    await readUntil(child.stderr, "waiting for the analyze");
    // The whole process group: killing `bun run` alone would leave its child running.
    process.kill(-child.pid, "SIGKILL");
    await child.exited;
  });
  const tables = await tablesWith(secret, database.sql);
  expect(tables).not.toContain("public.post_contents");
  expect(tables).toContain("baked.post_links");
}, 120_000);

test("run again, it leaves no byte in any file, table, cache or response; what others wrote is still there", async () => {
  const { output, exitCode } = await run("db", "forget", String(uid), "--yes");
  expect({ output, exitCode }).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining(`user ${uid} is forgotten`),
  });
  expect(output).toContain("What remains, and until when:");
  expect(output).not.toContain(secret);

  expect(await filesWith(secret, folder)).toEqual([]);
  expect(await tablesWith(secret, database.sql)).toEqual([]);
  expect(await keysWith(secret, redis.url)).toEqual([]);
  expect(await responsesWith(secret)).toEqual([]);

  const others = Object.entries(broken).filter(([, { mentionsUser }]) => !mentionsUser);
  expect((await readdir(join(folder, "broken"))).toSorted()).toEqual(others.map(([file]) => file));
  for (const table of ["public.threads", "public.post_contents"])
    expect(await tablesWith(kept, database.sql)).toContain(table);
  const [counts] = await database.sql`select count(*)::int as posts from posts where poster_uid = ${uid}`;
  expect(counts).toMatchObject({ posts: 33 });
}, 300_000);

test("nothing restores the data: neither pages read again, nor edited or new quotes, the profile, or broken documents", async () => {
  const { posts } = forum.threads.get(51) ?? { posts: [] };
  const texts = posts.map((post) => post.content ?? "");
  // The same quotes again: in posts that were edited, and in posts of a new user.
  const quotes = texts.filter((content) => /^\[quote=.+?(\[\/quote\]|oder\?|gesagt|unklar)$/s.test(content));
  forum.stage({
    tid: 52,
    bid: 14,
    posts: quotes.map((content, at) => ({ pid: 3000 + at, uid: 12, name: "Cleo", content })),
  });
  for (const post of posts.filter(({ content = "" }) => quotes.includes(content)))
    post.edit = { count: 1, uid: 11, name: "Bo", timestamp: 1_600_000_000 };
  expect(quotes.length).toBeGreaterThan(4);
  const interceptBefore = forum.intercept;
  forum.stage({ tid: 53, bid: 14, posts: [{ pid: 4000, uid, name }] });
  forum.intercept = (url, request) =>
    url.search.includes("TID=53")
      ? new Response(`<thread id="53"><posts><post id="4000"><user id="${uid}">${name}</user>`)
      : interceptBefore(url, request);

  await pass({ rescan_days: 36_500, profilesOlderThan_days: 0 });
  await pass({ forceInitialPass: true });
  expect(await tablesWith(secret, database.sql)).toEqual([]);
  expect(await tablesWith(kept, database.sql)).toContain("public.post_contents");
  expect(await readdir(join(folder, "broken"))).not.toContain("thread-53");
  for (const full of [[], ["--full"]]) {
    await runSuccessfully("analyze", ...full);
    await runSuccessfully("index", ...full);
    expect(await tablesWith(secret, database.sql)).toEqual([]);
    expect(await responsesWith(secret)).toEqual([]);
  }
}, 300_000);

test("forgetting again, and an unknown user", async () => {
  expect(await run("db", "forget", String(uid))).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("forgotten on"),
  });
  expect(await run("db", "forget", String(uid), "--yes")).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining("0 texts deleted, and quotes of them from 0 posts by others"),
  });
  expect(await run("db", "forget", "2147483647", "--yes")).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("there is no user 2147483647"),
  });
  expect((await run("db", "forget", "--yes", "--", "-1")).exitCode).toBe(2);
}, 300_000);
