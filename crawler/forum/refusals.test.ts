/** A whole crawl of a forum that refuses or sends unexpected answers. */
import { beforeEach, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { silent } from "@potstats/cli/progress";
import { runCommand } from "@potstats/cli/testing/command";
import { ForumRefusesError } from "./errors.ts";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { contentsOf, emptyTables, staged } from "../testing/staged-forum.ts";

let notes: string[];
const progress = { ...silent, note: (text: string) => void notes.push(text) };
const { forum, database, sql, pass } = await stagedCrawls({ progress });

beforeEach(() => {
  notes = [];
});

const pending = async () =>
  (await sql<{ tid: number; start_page: number }[]>`select tid, start_page from worldeater_tnu order by tid`).map(
    (row) => [row.tid, row.start_page],
  );
const refused = () => new Response("", { status: 403 });

describe("a ban from the 61st request on, with 300 threads", () => {
  beforeEach(() => {
    for (let tid = 1; tid <= 300; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 3) });
  });
  const challenge = () => new Response(`<html><body>Checking your browser ${crypto.randomUUID()}</body></html>`);

  test.each([
    ["403", refused],
    ["a challenge page", challenge],
    ["a page without its posts", () => new Response('<thread  id="1"><title></title></thread>')],
  ])("(%s) ends this crawl and the next one after a few requests, and nothing is lost", async (_, answer) => {
    forum.intercept = () => (forum.log.length > 60 ? answer() : null);
    expect(await settle(pass())).toThrow(ForumRefusesError);
    expect(forum.log.length).toBeLessThan(60 + 15);
    const left = await pending();
    expect(left.length).toBeGreaterThan(200);
    forum.intercept = answer;
    expect(await settle(pass())).toThrow("refuses threads");
    expect(forum.log.length).toBeLessThan(15);
    expect(await pending()).toEqual(left);
    forum.intercept = () => null;
    expect(await pass()).toMatchObject({ failures: [] });
    expect(await sql`select from posts`).toHaveLength(900);
  });

  test("that ends lets the crawl continue without a failure", async () => {
    forum.intercept = () => (forum.log.length > 60 && notes.length < 2 ? refused() : null);
    expect(await pass()).toMatchObject({ failures: [], posts_added: 900 });
    expect(notes.at(-1)).toContain("answers again");
  });

  test("that is already there at the first request is reported, with exit code 1", async () => {
    forum.intercept = refused;
    const { exitCode, stderr } = await runCommand(
      ["crawler/main.ts", "--board", "all", "--delay", "0", "--forum", forum.url],
      { DATABASE_URL: database.url },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stderr).toContain("the list of boards: status 403");
  });

  test("is not assumed because of single unreadable threads, even if only they remain", async () => {
    forum.intercept = (url) => (Number(url.searchParams.get("TID")) % 30 === 1 ? refused() : null);
    expect((await pass()).failures).toHaveLength(10);
    expect(await sql`select from posts`).toHaveLength(870);
    expect((await pass({ patrol: 0 })).failures).toHaveLength(10);
    expect(notes.join()).not.toContain("waiting");
  });
});

test.each([
  ["the list of boards", "boards.php", ["list of boards"]],
  ["tags", "/bb/thread.php", ["tags"]],
])("if a forum refuses only %s, the rest is read", async (_, path, expected) => {
  for (let tid = 1; tid <= 20; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 3) });
  await pass({ boards: [] });
  forum.intercept = (url) => (url.pathname.endsWith(path) ? refused() : null);
  const { failures, posts_added } = await pass();
  expect({ posts_added, what: failures.map(({ what }) => what) }).toEqual({ posts_added: 60, what: expected });
});

test("a forum that refuses only listings ends the crawl", async () => {
  for (let bid = 1; bid <= 9; bid++) forum.stage({ tid: bid, bid, posts: staged(bid * 100, 3) });
  forum.intercept = (url) => (url.pathname.endsWith("/board.php") ? refused() : null);
  expect(await settle(pass())).toThrow("refuses boards");
});

test("five profile pages with unknown markup count as a refusal, which ends only the reading of profiles", async () => {
  for (let tid = 1; tid <= 20; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1, { uid: tid }) });
  const profiles: string[] = [];
  forum.intercept = (url) => {
    if (!/^\/\d+$/.test(url.pathname)) return null;
    profiles.push(url.pathname);
    return new Response(`<html><body><dl><dt>Benutzername</dt><dd>Eins ${profiles.length}</dd></dl></body></html>`);
  };
  const { failures, posts_added } = await pass({ profiles: true, concurrency: 1 });
  expect(posts_added).toBe(20);
  expect(failures.at(-1)).toMatchObject({ what: "profiles" });
  expect(failures).toHaveLength(5);
  // Each of five twice, a control from the same host, and the waits.
  expect(profiles.length).toBeLessThanOrEqual(5 * 2 + 3);
  expect(new Set(profiles).size).toBe(5);
});

test.each([2_147_483_647, 2_147_483_646, -2_147_483_647, -439, 2_147_483_648])(
  "a counter of %d replies loses nothing, with and without --rescan",
  async (replies) => {
    forum.stage({ tid: 7, bid: 14, posts: staged(100, 33) });
    forum.stage({ tid: 8, bid: 14, posts: staged(200, 3) });
    const document = async (url: URL) => {
      forum.intercept = () => null;
      const text = await (await fetch(new URL(url.pathname + url.search, forum.url))).text();
      forum.intercept = lying;
      return new Response(text.replace(/number-of-replies value='\d+'/g, `number-of-replies value='${replies}'`));
    };
    const lying = (url: URL) => (url.pathname.startsWith("/bb/xml/") ? document(url) : null);
    forum.intercept = lying;
    expect(await pass({ concurrency: 1 })).toMatchObject({ failures: [], posts_added: 36 });
    expect(await pass({ concurrency: 1, rescan_days: 30_000 })).toMatchObject({ failures: [], posts_added: 0 });
    expect(await pending()).toEqual([]);
    forum.threads.get(7)!.posts.push(...staged(500, 1));
    expect(await pass({ concurrency: 1 })).toMatchObject({ failures: [], posts_added: 1 });
  },
);

describe("a listing", () => {
  const thread = (tid: number) =>
    `<thread id="${tid}"><title></title><number-of-replies value='0' /><flags /><in-board id="14" /><lastpost><post><date timestamp="${1_500_000_000 - tid}">x</date></post></lastpost></thread>`;
  const board = (tids: number[], attribute = "") =>
    `<board  id="14"><name></name><number-of-threads value='95' /><threads${attribute}>${tids.map(thread).join("")}</threads></board>`;
  const list = (page: number) => Array.from({ length: 30 }, (_, at) => page * 30 + at);
  const answerWith = (answer: (page: number) => string) => {
    let most = 0;
    let requests = 0;
    forum.boards.set(14, { name: "endlos" });
    forum.intercept = (url) => {
      if (!url.pathname.endsWith("/board.php")) return null;
      const page = Number(url.searchParams.get("page"));
      most = Math.max(most, page);
      // An endless crawl would hang instead of failing.
      if (++requests > 500) throw new Error("too many requests");
      return new Response(answer(page));
    };
    return () => ({ most, requests });
  };

  test.each([
    ["repeats its first page for ever", () => board(list(1))],
    ["goes on for ever", (page: number) => board(list(page % 7_000_000))],
    ["goes round", (page: number) => board(list(page % 5))],
    ["has pages of 10,000 threads for ever", () => board(Array.from({ length: 10_000 }, (_, at) => at + 1))],
  ])("that %s counts as a failure of its board", async (_, answer) => {
    const stats = answerWith(answer);
    const { failures } = await pass({ boards: [14] });
    expect(failures.map(({ what }) => what)).toEqual(["board 14"]);
    expect(stats().requests).toBeLessThan(60);
    expect(stats().most).toBeLessThan(2 ** 31);
  });

  test("that repeats itself with new dates ends an update pass", async () => {
    for (let tid = 1; tid <= 30; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1) });
    await pass();
    let count = 0;
    const stats = answerWith(() =>
      board(list(0).map((tid) => tid + 1)).replaceAll(
        /timestamp="\d+"/g,
        () => `timestamp="${1_600_000_000 + ++count}"`,
      ),
    );
    const { failures } = await pass({ patrol: 0 });
    expect(failures.map(({ what }) => what)).toEqual(["board 14"]);
    expect(stats().requests).toBeLessThan(60);
  });

  test("is read even if its last page moves during the search for it", async () => {
    let requests = 0;
    answerWith((page) => {
      const pages = 4 + (++requests % 2);
      return board(page < pages ? list(page) : page === pages ? list(page).slice(0, 3) : [], ` page="${page}"`);
    });
    const { failures, threads_added } = await pass({ boards: [14] });
    expect(failures.filter(({ what }) => what.startsWith("board"))).toEqual([]);
    expect(threads_added).toBeWithin(90, 140);
  });

  test("is read despite empty pages and invalid ids", async () => {
    answerWith((page) => (page === 1 ? board([0, 2 ** 31, 5]).replace('id="5"', 'id="-5"') : board([])));
    expect(await pass({ boards: [14] })).toMatchObject({ threads_added: 0, failures: [] });
  });
});

test("after an interrupt during a wait, the next crawl stores the same as an undisturbed one", async () => {
  for (let tid = 1; tid <= 30; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 3) });
  await pass();
  const expected = await contentsOf(sql);
  await emptyTables(sql);
  const stop = new AbortController();
  forum.intercept = () => {
    if (forum.log.length < 20) return null;
    setTimeout(() => stop.abort(new DOMException("interrupted", "AbortError")), 20);
    return new Response("", { status: 429, headers: { "retry-after": "3600" } });
  };
  expect(await pass({ signal: stop.signal })).toMatchObject({ interrupted: true });
  forum.intercept = () => null;
  await pass();
  expect(await contentsOf(sql)).toEqual(expected);
});

describe("a forum that refuses threads by one form of address", () => {
  const isThread = (url: URL) => url.pathname === "/bb/xml/thread.php";

  test("ends the crawl after a few requests for later pages, and the work list records where to continue", async () => {
    for (let tid = 1; tid <= 40; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 35) });
    forum.intercept = (url) =>
      isThread(url) && Number(url.searchParams.get("page")) > 1
        ? new Response("<html><body>login</body></html>")
        : null;
    expect(await settle(pass())).toThrow("refuses threads");
    expect(forum.log.filter((path) => /thread\.php\?.*page=2/.test(path)).length).toBeLessThan(30);
    forum.intercept = () => null;
    expect(await pass()).toMatchObject({ failures: [] });
    expect(await sql`select from posts`).toHaveLength(40 * 35);
  });

  test("ends the crawl after a few requests for pages of a post, and no thread is read from the start", async () => {
    for (let tid = 1; tid <= 45; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 2) });
    await pass();
    for (let tid = 1; tid <= 45; tid++) forum.threads.get(tid)!.posts.push(...staged(tid * 100 + 50, 1));
    forum.intercept = (url) => (isThread(url) && url.searchParams.has("PID") ? refused() : null);
    expect(await settle(pass())).toThrow("refuses threads");
    expect(forum.log.filter((path) => path.includes("PID=")).length).toBeLessThan(30);
    forum.intercept = () => null;
    expect(await pass()).toMatchObject({ failures: [], posts_added: 45 });
  });
});

test("five threads with a broken later page do not keep later runs from reading the rest", async () => {
  forum.stage({ tid: 6, bid: 14, posts: staged(6000, 65) });
  for (const tid of [1, 2, 3, 4, 5]) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 35) });
  forum.intercept = ({ pathname, searchParams }) =>
    pathname === "/bb/xml/thread.php" && Number(searchParams.get("TID")) <= 5 && Number(searchParams.get("page")) > 1
      ? new Response("<thread")
      : null;
  expect((await pass({ concurrency: 1, patrol: 0 })).failures).toHaveLength(5);
  forum.stage({ tid: 7, bid: 14, posts: staged(7000, 1) });
  const { posts_added, failures } = await pass({ concurrency: 1, patrol: 0 });
  expect({ posts_added, failures: failures.length }).toEqual({ posts_added: 1, failures: 5 });
});

test("five threads whose last page is broken do not keep an update pass from reading the rest", async () => {
  for (const tid of [1, 2, 3, 4, 5, 6]) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 3) });
  await pass({ patrol: 0 });
  for (const tid of [1, 2, 3, 4, 5]) forum.threads.get(tid)!.posts.push(...staged(tid * 1000, 1));
  forum.intercept = ({ searchParams }) =>
    Number(searchParams.get("TID")) <= 5 && searchParams.has("PID") ? new Response("<thread") : null;
  forum.stage({ tid: 7, bid: 14, posts: staged(7000, 1) });
  const { posts_added, failures } = await pass({ concurrency: 1, patrol: 0 });
  expect({ posts_added, failures: failures.length }).toEqual({ posts_added: 1, failures: 5 });
});

test("a broken page of the newest thread does not make another broken page count as a refusal", async () => {
  for (const tid of [1, 2, 3]) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 35) });
  let broken = [1];
  forum.intercept = ({ pathname, searchParams }) =>
    pathname === "/bb/xml/thread.php" && broken.includes(Number(searchParams.get("TID"))) && searchParams.has("page")
      ? new Response("<thread")
      : null;
  expect((await pass({ patrol: 0 })).failures).toHaveLength(1);
  broken = [1, 3];
  forum.stage({ tid: 7, bid: 14, posts: staged(7000, 1) });
  const { posts_added, failures } = await pass({ patrol: 0 });
  expect({ posts_added, failures: failures.map(({ what }) => what) }).toEqual({
    posts_added: 1,
    failures: ["thread 1"],
  });
});

test("a challenge page with text after its end is requested only twice", async () => {
  forum.stage({ tid: 1, bid: 14, posts: staged(100, 2) });
  forum.intercept = (url) =>
    url.pathname === "/bb/xml/thread.php"
      ? new Response(`<!DOCTYPE html><html>${crypto.randomUUID()}</body></html>\n<!-- ray ${crypto.randomUUID()} -->`)
      : null;
  expect((await pass({ patience: { attempts: 6, base_ms: 1, pause_ms: 5 } })).failures).toHaveLength(1);
  expect(forum.log.filter((path) => path.startsWith("xml/thread.php"))).toHaveLength(2);
});
