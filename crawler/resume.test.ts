/** After any interruption, the next crawl resumes, and the tables end up as after an undisturbed crawl. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { appendFile, chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { startCommand } from "@potstats/cli/testing/command";
import { connect, type Sql } from "@potstats/db/connect";
import { diskFull, restartEmbedded, startEmbedded } from "@potstats/db/embedded/postgres";
import { migrate } from "@potstats/db/migrate";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { crawl } from "./crawl.ts";
import { contentsOf, crawlOptions, emptyTables, StagedForum, staged } from "./testing/staged-forum.ts";

let forum: StagedForum;
let database: TestDatabase;
let folder: string;
let sql: Sql;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "potstats-"));
  sql = database.sql;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});
beforeEach(async () => {
  await emptyTables(sql);
  forum = new StagedForum();
  for (let tid = 1; tid <= 65; tid++) {
    const posts = staged(tid * 1000, 1 + ((tid * 37) % 100), { uid: tid % 7, name: `Name ${tid}` });
    forum.stage({ tid, bid: 14 + (tid % 2), posts, closed: tid % 3 === 0, tags: [`Schild ${tid % 4}`] });
  }
});
afterEach(() => forum.stop());

const options = () => crawlOptions(sql, forum);

const noSpace = 'FATAL:  could not write to file "pg_wal/xlogtemp.7": No space left on device\n';

/** The tables after an undisturbed crawl of the forum as it is before each test: crawled once. */
let asStaged: ReturnType<typeof contentsOf> | undefined;
function undisturbed(): ReturnType<typeof contentsOf> {
  asStaged ??= (async () => {
    await crawl(options());
    const contents = await contentsOf(sql);
    await emptyTables(sql);
    return contents;
  })();
  return asStaged;
}

/** Runs the command on the test's database. */
const command = (...more: string[]) =>
  startCommand(["crawler/main.ts", "--forum", forum.url, "--delay", "0", ...more], {
    DATABASE_URL: database.url,
    DATA_DIR: folder,
  });

/** Calls back at the n-th request for a thread. */
function atRequest(count: number, callback: () => void): void {
  let requests = 0;
  forum.intercept = (url) => {
    if (url.pathname === "/bb/xml/thread.php" && ++requests === count) callback();
    return null;
  };
}

test("after kills at random moments, only the pages in memory are read again", async () => {
  const expected = await undisturbed();
  forum.log = [];
  const kills = [1, 20, 70];
  for (const count of kills) {
    const child = command("--board", "all");
    atRequest(count, () => child.kill("SIGKILL"));
    await child.exited;
  }
  forum.intercept = () => null;
  const child = command("--board", "all");
  expect(await child.exited).toBe(0);
  expect(await contentsOf(sql)).toEqual(expected);
  const pages = forum.log.filter((line) => line.startsWith("xml/thread.php") && line.includes("page="));
  // Two readers with one page each.
  expect(pages.length - new Set(pages).size).toBeLessThanOrEqual(2 * kills.length);
}, 20_000);

test("a crawl survives restarts of PostgreSQL", async () => {
  const expected = await undisturbed();
  const dataDir = join(folder, "own");
  // If the tests run as root, PostgreSQL runs as another user.
  await chmod(folder, 0o755);
  const own = await startEmbedded({ dataDir, volatile: true });
  await migrate(own.url);
  const client = connect(own.url);
  atRequest(40, () => restartEmbedded({ dataDir }));
  const notes: string[] = [];
  const progress = { ...silent, note: (text: string) => notes.push(text) };
  const summary = await crawl({ ...options(), sql: client, progress });
  expect(summary.failures).toEqual([]);
  expect(notes.join()).toContain("the database is away");
  expect(await contentsOf(client)).toEqual(expected);
  await client.end();

  // PostgreSQL exits when its write-ahead log runs out of disk space; only its server log says why.
  expect(diskFull({ dataDir })).toBeNull();
  await own.close();
  expect(diskFull({ dataDir })).toBeNull();
  await appendFile(join(dataDir, "postgres", ...(process.getuid?.() === 0 ? ["server"] : []), "log"), noSpace);
  expect(diskFull({ dataDir })?.message).toStartWith("the disk of the database is full: free some space for ");
}, 60_000);

test("Ctrl-C finishes the current pages and prints the summary; the next run continues", async () => {
  const expected = await undisturbed();
  const child = command("--board", "all", "--json");
  atRequest(30, () => child.kill("SIGINT"));
  expect(await child.exited).toBe(130);
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  const summary = JSON.parse(lines.at(-1) ?? "") as { type: string; interrupted: boolean; posts_added: number };
  expect(summary).toMatchObject({ type: "summary", interrupted: true });
  const [stored] = await sql`select count(*)::int as count from posts`;
  expect(stored?.["count"]).toBe(summary.posts_added);
  forum.intercept = () => null;
  await crawl(options());
  expect(await contentsOf(sql)).toEqual(expected);
}, 20_000);

test("a second Ctrl-C ends the crawl immediately", async () => {
  const child = command("--board", "all");
  const slow = Promise.withResolvers<void>();
  atRequest(30, () => {
    forum.intercept = () => slow.promise.then(() => new Response(""));
    child.kill("SIGINT");
    // Earlier, it would count as an echo of the first one, forwarded by `bun run`.
    setTimeout(() => child.kill("SIGINT"), 500);
  });
  const begun_ms = performance.now();
  expect(await child.exited).toBe(130);
  expect(performance.now() - begun_ms).toBeLessThan(5000);
  slow.resolve();
  forum.intercept = () => null;
  await crawl({ ...options(), forumUrl: forum.url });
}, 20_000);

test("a crawl exits with code 3 while another one is running", async () => {
  const running = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  forum.intercept = () => {
    begun.resolve();
    return running.promise.then(() => new Response("<no-access />"));
  };
  const first = crawl({ ...options(), boards: [] });
  await begun.promise;
  const second = command();
  expect(await second.exited).toBe(3);
  expect(await new Response(second.stderr).text()).toContain("another crawl is running");
  running.resolve();
  await first;
}, 20_000);

test("unreadable threads are listed, kept and tried again, with exit code 4", async () => {
  const expected = await undisturbed();
  forum.intercept = (url) => {
    if (url.pathname !== "/bb/xml/thread.php") return null;
    if (url.searchParams.get("TID") === "5") return new Response("<thread  id='5'><posts page='1'>");
    return url.searchParams.get("TID") === "6" ? new Response("<never-seen-root />") : null;
  };
  const kept: string[] = [];
  const summary = await crawl({ ...options(), keepBroken: async (name) => void kept.push(name) });
  expect(summary.failures).toEqual([
    { what: "thread 5", reason: "thread 5, page 1: cut off inside <posts>, tried 2 times" },
    { what: "thread 6", reason: "the answer is <never-seen-root>" },
  ]);
  expect(kept).toEqual(["thread-5"]);
  expect([...(await sql`select tid from worldeater_tnu order by tid`)]).toEqual([{ tid: 5 }, { tid: 6 }]);
  const child = command("--only-pending");
  forum.intercept = (url) =>
    url.searchParams.get("TID") === "5" && url.pathname === "/bb/xml/thread.php" ? new Response("<odd />") : null;
  expect(await child.exited).toBe(4);
  expect(await new Response(child.stdout).text()).toContain("thread 5: the answer is <odd>");
  forum.intercept = () => null;
  await crawl(options());
  expect(await contentsOf(sql)).toEqual(expected);
}, 20_000);

test("a crawl survives losing all database connections repeatedly", async () => {
  const expected = await undisturbed();
  let requests = 0;
  forum.intercept = async (url) => {
    if (url.pathname === "/bb/xml/thread.php" && ++requests % 25 === 0)
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.catch(() => {});
    return null;
  };
  const notes: string[] = [];
  const summary = await crawl({ ...options(), progress: { ...silent, note: (text) => notes.push(text) } });
  expect(summary.failures).toEqual([]);
  expect(requests).toBeGreaterThan(50);
  expect(await contentsOf(sql)).toEqual(expected);
}, 20_000);

test("a crawl that has lost its lock takes it again before it writes", async () => {
  const expected = await undisturbed();
  const holders = () =>
    sql<{ pid: number }[]>`
      select pid from pg_locks join pg_database as d on d.oid = database
      where locktype = 'advisory' and datname = current_database()`;
  let requests = 0;
  let lost: { pid: number }[] = [];
  let held: { pid: number }[] = [];
  forum.intercept = async (url) => {
    if (url.pathname === "/bb/xml/thread.php" && ++requests === 30) {
      lost = [...(await holders())];
      await sql`select pg_terminate_backend(${lost[0]?.pid ?? 0}, 5000)`;
    }
    // Since then both readers have written more than once.
    if (requests === 40) held = [...(await holders())];
    return null;
  };
  const summary = await crawl(options());
  expect(summary.failures).toEqual([]);
  expect([lost.length, held.length]).toEqual([1, 1]);
  expect(held).not.toEqual(lost);
  expect(await holders()).toHaveLength(0);
  expect(await contentsOf(sql)).toEqual(expected);
}, 20_000);

/** Documents of 3 MB that compress to a few kilobytes. */
const hostile: [string, string, (filled: number) => string][] = [
  [
    "an attribute",
    "/bb/xml/thread.php",
    (n) => `<thread id="1" x="${">".repeat(n)}"><posts page="1"></posts></thread>`,
  ],
  ["endless comments", "/bb/xml/thread.php", (n) => `<thread id="1"><posts page="1">${"<!-- <".repeat(n / 6)}`],
  ["a form of tags", "/bb/thread.php", (n) => "<a ".repeat(n / 3)],
  ["an account state", "/3", (n) => "<!--".repeat(n / 4)],
  ["a rank", "/3", (n) => "<".repeat(n)],
];

test.each(hostile)(
  "Ctrl-C works after a monstrous document: %s",
  async (_, path, monster) => {
    const child = command("--board", "all", "--profiles");
    const page = (text: string, query: URLSearchParams) =>
      path === "/3"
        ? `<html><!-- UID 3 --><td class="attrn">Benutzername:</td><td class="attrv"><div class="backlink"></div>Name 3</td><td class="attrn">Accountstatus:</td><td class="attrv">${text}</td><span class="rang">${text}</span></html>`
        : path === "/bb/thread.php"
          ? `<form action='thread.php?TID=${query.get("TID")}&set_thread_groups=1' method='post'>${text}</form></html>`
          : text;
    forum.intercept = (url) => {
      if (url.pathname !== path) return null;
      setTimeout(() => child.kill("SIGINT"), 500);
      return new Response(Bun.gzipSync(page(monster(3_000_000), url.searchParams)));
    };
    const timeout = setTimeout(() => child.kill("SIGKILL"), 60_000);
    // The crawl may end before the signal arrives.
    expect([0, 4, 130]).toContain(await child.exited);
    clearTimeout(timeout);
    forum.intercept = () => null;
  },
  70_000,
);

test("after kills during the patrol, while threads are merged, withdrawn and restored, the tables end up as after a fresh crawl", async () => {
  const readable = async () => [
    ...(await sql`
      select p.pid, p.tid, p.edit_count, p.is_hidden, c.content from posts as p join post_contents as c using (pid) join threads as t using (tid)
      where p.gone_at is null and t.gone_at is null order by pid`),
  ];
  const posts = (tid: number) => forum.threads.get(tid)!.posts;
  await crawl(options());
  // All of them are closed, and therefore below the part that an update pass walks.
  posts(6).push(...posts(3));
  posts(6).sort((a, b) => a.pid - b.pid);
  forum.threads.delete(3);
  posts(9)[2]!.content = "nachgebessert";
  posts(12)[1]!.hidden = true;
  posts(18)[3]!.texthidden = true;
  for (const tid of [15, 21]) forum.threads.get(tid)!.refusal = "no-access";
  for (const count of [2, 9, 25, 40, 60]) {
    const child = command("--board", "all", "--patrol", "100%");
    atRequest(count, () => child.kill("SIGKILL"));
    await child.exited;
  }
  delete forum.threads.get(21)!.refusal;
  forum.intercept = () => null;
  for (let at = 0; at < 8; at++) expect((await crawl({ ...options(), patrol: 1 })).failures).toEqual([]);
  const lived = await readable();
  expect([...(await sql`select tid from threads where gone_at is not null order by tid`)]).toEqual([
    { tid: 3 },
    { tid: 15 },
  ]);
  expect(await sql`select from worldeater_tnu`).toHaveLength(0);
  await emptyTables(sql);
  await crawl(options());
  expect(lived).toEqual(await readable());
}, 90_000);
