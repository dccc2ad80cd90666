/** Crawls of a staged forum: requests, stored rows, and rows that remain unchanged. */
import { describe, expect, test } from "bun:test";
import { type Progress, silent } from "@potstats/cli/progress";
import { stagedCrawls } from "./testing/staged-crawls.ts";
import { staged } from "./testing/staged-forum.ts";

// patrol.test.ts tests the patrol.
const { forum, sql, pass, pids } = await stagedCrawls({ patrol: 0 });

const rows = async (query: PromiseLike<Iterable<unknown>>): Promise<unknown[]> => [...(await query)];
const post = async (pid: number) =>
  (await sql`select p.*, c.title, c.content from posts as p join post_contents as c using (pid) where pid = ${pid}`)[0];
const thread = async (tid: number) => (await sql`select * from threads where tid = ${tid}`)[0];

/** Everything that the analytics would detect as changed. */
const everything = () =>
  Promise.all([
    sql`select * from posts order by pid`,
    sql`select * from post_contents order by pid`,
    sql`select * from users order by uid`,
    sql`select * from threads order by tid`,
    sql`select * from boards order by bid`,
    sql`select * from worldeater_tnu`,
  ]).then((tables) => tables.map((table) => [...table]));

/** Forty closed threads of two posts, newest last, and an open one of `count` posts on top of them. */
function stageBoard(count: number): void {
  for (let tid = 1; tid <= 40; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 2), closed: true });
  forum.stage({ tid: 100, bid: 14, posts: staged(10_000, count) });
}

describe("a first crawl", () => {
  test.each([0, 1, 29, 30, 31, 60, 95])("reads a thread of %d posts to its end", async (count) => {
    forum.stage({ tid: 7, bid: 14, posts: staged(1000, count), tags: ["Tee", "5 €"] });
    const summary = await pass();
    expect(await pids(7)).toEqual(staged(1000, count).map((one) => one.pid));
    expect(summary).toMatchObject({ posts_added: count, threads_added: 1, failures: [], interrupted: false });
    expect(await thread(7)).toMatchObject({
      first_pid: count ? 1000 : null,
      last_pid: count ? 999 + count : null,
      is_complete: false,
    });
    expect(await sql`select * from worldeater_tnu`).toHaveLength(0);
  });

  test("stores a post as received", async () => {
    const content = 'a\r\nb &amp; &#8222; ¤ [quote=1,2,"x"] 😀';
    const edit = { count: 2, uid: 5, name: "Aufsicht", timestamp: 1_600_000_000 };
    forum.stage({
      tid: 7,
      bid: 14,
      posts: [{ pid: 1, uid: 4, name: "Vier", content, title: "Titel", edit, timestamp: 0 }],
    });
    await pass();
    expect(await post(1)).toMatchObject({
      poster_uid: 4,
      tid: 7,
      timestamp: new Date(0),
      edit_count: 2,
      last_edit_uid: 5,
      last_edit_timestamp: new Date(1_600_000_000_000),
      is_hidden: null,
      content: content.replace("\r\n", "\n"),
      content_length: Array.from(content).length - 1,
      title: "Titel",
      icon_id: null,
    });
    expect(await rows(sql`select uid, name, gid, avid from users order by uid`)).toEqual([
      { uid: 4, name: "Vier", gid: 3, avid: 59_217 },
      { uid: 5, name: "Aufsicht", gid: null, avid: null },
    ]);
  });

  test("an empty text is NULL and has length 0, and a withheld text is hidden", async () => {
    forum.stage({
      tid: 7,
      bid: 14,
      posts: [
        { pid: 1, content: "" },
        { pid: 2, texthidden: true },
      ],
    });
    await pass();
    expect(await post(1)).toMatchObject({ content: null, content_length: 0, is_hidden: null });
    expect(await post(2)).toMatchObject({ content: null, content_length: 0, is_hidden: true });
  });

  test("walks listings of several pages even if their counters are wrong", async () => {
    stageBoard(3);
    for (let tid = 200; tid < 240; tid++)
      forum.stage({ tid, bid: 15, posts: staged(tid * 100, 1), global: tid === 200 });
    const summary = await pass();
    expect(summary.threads_added).toBe(81);
    expect(await rows(sql`select bid, count(*)::int from threads group by bid order by bid`)).toEqual([
      { bid: 14, count: 41 },
      { bid: 15, count: 40 },
    ]);
  });

  test("skips unknown boards and boards without access", async () => {
    forum.stage({ tid: 7, bid: 14, posts: staged(1, 1) });
    forum.boards.set(95, { name: "zu", refusal: "no-access" });
    const outcomes: string[] = [];
    const phase: Progress["phase"] = (name) => ({
      ...silent.phase(name),
      done: (text) => outcomes.push(`${name}: ${text}`),
    });
    const summary = await pass({ boards: [95, 4711, 14], progress: { ...silent, phase } });
    expect(summary).toMatchObject({ posts_added: 1, failures: [] });
    expect(outcomes.slice(0, 2)).toEqual(["board 95: no-access, skipped", "board 4711: invalid-board, skipped"]);
  });

  test("stores a thread's board without a name if it is not listed", async () => {
    forum.stage({ tid: 7, bid: 14, posts: staged(1, 1) });
    forum.threads.set(8, { tid: 8, bid: 99, posts: staged(5, 1), global: true });
    await pass();
    expect(await thread(8)).toMatchObject({ bid: 99, is_global: true });
    expect(await rows(sql`select name from boards where bid = 99`)).toEqual([{ name: null }]);
  });

  test("reads only the work list without --board", async () => {
    forum.stage({ tid: 7, bid: 14, posts: staged(1, 1) });
    expect(await pass({ boards: [] })).toMatchObject({ num_api_requests: 1, threads_added: 0 });
    await pass();
    await sql`delete from post_contents`;
    await sql`insert into worldeater_tnu values (7, 0, 1)`;
    await pass({ onlyPending: true });
    expect(forum.log).toEqual(["xml/thread.php?TID=7&page=1"]);
    expect(await post(1)).toMatchObject({ content: "Beitrag 1" });
  });
});

describe("an update pass", () => {
  test.each([1, 29, 30, 31, 60, 95])(
    "makes few requests and changes nothing if there are no new posts (thread of %d posts)",
    async (count) => {
      stageBoard(count);
      await pass();
      const before = await everything();
      const summary = await pass();
      expect(await everything()).toEqual(before);
      expect(summary).toMatchObject({ posts_added: 0, posts_changed: 0, posts_hidden: 0 });
      expect(forum.log).toEqual([
        "xml/boards.php",
        "xml/board.php?BID=14&page=1",
        `xml/thread.php?TID=100&PID=${9_999 + count}`,
      ]);
    },
  );

  test.each([1, 2, 29, 30, 31, 70])("reads %d new posts", async (count) => {
    stageBoard(29);
    await pass();
    forum.threads.get(100)!.posts.push(...staged(20_000, count));
    expect(await pass()).toMatchObject({ posts_added: count, posts_changed: 0 });
    expect((await pids(100)).length).toBe(29 + count);
    expect(await thread(100)).toMatchObject({ last_pid: 19_999 + count });
  });

  test("finds new threads above the fixpoint and stops there", async () => {
    stageBoard(1);
    await pass();
    for (let tid = 300; tid < 335; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 1000, 1), tags: ["neu"] });
    expect(await pass()).toMatchObject({ threads_added: 35, posts_added: 35 });
    expect(forum.log.filter((path) => path.startsWith("xml/board.php"))).toHaveLength(2);
    expect(await thread(310)).toMatchObject({ tags: ["neu"] });
  });

  test("loses no post through wrong counters, and makes no further request for them", async () => {
    stageBoard(60);
    forum.threads.get(100)!.lie = 95;
    forum.stage({ tid: 101, bid: 14, posts: staged(30_000, 61), lie: -40 });
    await pass();
    expect([(await pids(100)).length, (await pids(101)).length]).toEqual([60, 61]);
    await pass();
    expect(forum.log.filter((path) => path.startsWith("xml/thread.php"))).toHaveLength(2);
  });

  test("marks a post that vanished between two others as gone, until it is back", async () => {
    stageBoard(20);
    await pass();
    const posts = forum.threads.get(100)!.posts;
    posts[5]!.hidden = true;
    posts.push(...staged(20_000, 1));
    expect(await pass()).toMatchObject({ posts_hidden: 1, posts_added: 1 });
    expect((await post(10_005))?.gone_at).toBeInstanceOf(Date);
    posts[5]!.hidden = false;
    await pass();
    expect((await post(10_005))?.gone_at).toBeNull();
  });

  test.each([20, 30, 31, 45, 60])(
    "marks a vanished last post of %d as gone, and does not request it on every pass",
    async (count) => {
      stageBoard(count);
      await pass();
      forum.threads.get(100)!.posts.at(-1)!.hidden = true;
      await pass();
      expect((await pids(100)).length).toBe(count - 1);
      expect(await thread(100)).toMatchObject({ last_pid: 9_998 + count });
      const before = await everything();
      await pass();
      expect(forum.log.filter((path) => path.startsWith("xml/thread.php"))).toHaveLength(1);
      expect(await everything()).toEqual(before);
    },
  );

  test("reads a thread from the start, once, if the page of its last stored post is empty", async () => {
    stageBoard(61);
    await pass();
    for (const one of forum.threads.get(100)!.posts.slice(10, 42)) one.hidden = true;
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    await pass();
    expect((await pids(100)).length).toBe(30);
    const before = await everything();
    await pass();
    expect(forum.log.filter((path) => path.startsWith("xml/thread.php"))).toHaveLength(1);
    expect(await everything()).toEqual(before);
    forum.threads.get(100)!.posts.push(...staged(20_001, 1));
    await pass();
    expect((await pids(100)).at(-1)).toBe(20_001);
  });

  test("gives edits and hidden texts on the pages that it reads a new revision", async () => {
    stageBoard(5);
    await pass();
    const [{ revision } = { revision: 0 }] = await sql<
      { revision: number }[]
    >`select max(revision) as revision from posts`;
    const [a, b, c] = forum.threads.get(100)!.posts;
    a!.content = "anders";
    b!.texthidden = true;
    c!.edit = { count: 1, uid: 1, name: "Eins", timestamp: 1_600_000_000 };
    expect(await pass()).toMatchObject({ posts_changed: 3, posts_hidden: 1, posts_added: 0 });
    expect(await rows(sql`select pid from posts where revision > ${revision} order by pid`)).toEqual([
      { pid: 10_000 },
      { pid: 10_001 },
      { pid: 10_002 },
    ]);
    b!.texthidden = false;
    await pass();
    expect(await post(10_001)).toMatchObject({ is_hidden: null, content: "Beitrag 10001" });
  });

  test("moves posts to another thread, and threads to another board", async () => {
    stageBoard(40);
    forum.stage({ tid: 101, bid: 14, posts: staged(50_000, 3) });
    await pass();
    const moved = forum.threads.get(100)!.posts.splice(35);
    forum.threads.get(101)!.posts.push(...staged(60_000, 1));
    forum.threads.get(101)!.posts.unshift(...moved);
    forum.threads.get(101)!.bid = 15;
    forum.boards.set(15, { name: "anderswo" });
    await pass();
    expect((await pids(101)).slice(0, 6)).toEqual([10_035, 10_036, 10_037, 10_038, 10_039, 50_000]);
    expect(await thread(101)).toMatchObject({ bid: 15, first_pid: 10_035, last_pid: 60_000 });
    expect(await thread(100)).toMatchObject({ first_pid: 10_000, last_pid: 10_034 });
  });

  test("keeps a gone thread, and reads it again when its listing changes", async () => {
    stageBoard(5);
    await pass();
    forum.threads.get(100)!.refusal = "thread-hidden";
    expect(await pass()).toMatchObject({ threads_gone: 1, failures: [] });
    expect((await thread(100))?.gone_at).toBeInstanceOf(Date);
    await pass();
    expect(forum.log).not.toContain("xml/thread.php?TID=100&PID=10004");
    delete forum.threads.get(100)!.refusal;
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    await pass();
    expect((await thread(100))?.gone_at).toBeNull();
    expect((await pids(100)).length).toBe(6);
  });
});

test("a thread that cannot be checked counts as one failure, and the next run reads it from the start", async () => {
  stageBoard(40);
  await pass();
  forum.stage({ tid: 100, bid: 14, posts: staged(10_000, 41) });
  forum.intercept = (url) => (url.searchParams.get("TID") === "100" ? new Response("<thread") : null);
  const { failures } = await pass();
  expect(failures.map(({ what }) => what)).toEqual(["thread 100"]);
  expect(forum.log.filter((line) => line.includes("TID=100"))).toHaveLength(2);
  forum.intercept = () => null;
  await pass();
  expect(await pids(100)).toHaveLength(41);
});

test("a thread that always answers with status 500 does not keep later runs from reading the rest", async () => {
  forum.stage({ tid: 7, bid: 14, posts: staged(700, 3) });
  forum.intercept = (url) =>
    url.pathname.endsWith("/xml/thread.php") && url.searchParams.get("TID") === "7"
      ? new Response("", { status: 500 })
      : null;
  expect((await pass()).failures.map(({ what }) => what)).toEqual(["thread 7"]);
  forum.stage({ tid: 8, bid: 14, posts: staged(800, 1) });
  const { posts_added, failures } = await pass();
  expect(posts_added).toBe(1);
  expect(failures.map(({ what }) => what)).toEqual(["thread 7"]);
});

test("only rows that the database refuses are skipped, and they are reported", async () => {
  for (const tid of [6, 7, 8]) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 3) });
  await sql`alter table threads add constraint ck_threads_not_seven check (tid <> 7)`;
  const { failures } = await pass();
  await sql`alter table threads drop constraint ck_threads_not_seven`;
  expect(failures.map(({ what }) => what)).toContain("listing of thread 7");
  expect(new Set(failures.map(({ what }) => what.replace("listing of ", "")))).toEqual(new Set(["thread 7"]));
  expect(await Promise.all([6, 7, 8].map(async (tid) => (await pids(tid)).length))).toEqual([3, 0, 3]);
  expect((await pass()).failures).toEqual([]);
  expect(await pids(7)).toHaveLength(3);
});

describe("complete threads", () => {
  test("are closed, neither sticky nor global, and fully read", async () => {
    stageBoard(1);
    forum.stage({ tid: 50, bid: 14, posts: staged(90_000, 1), closed: true, sticky: true });
    forum.stage({ tid: 51, bid: 14, posts: staged(90_100, 1), closed: true, global: true });
    await pass();
    const complete = await sql<{ tid: number }[]>`select tid from threads where is_complete order by tid`;
    expect(complete.map((row) => row.tid)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  test("lose that state when they are opened again, and do not end the walk", async () => {
    stageBoard(1);
    await pass();
    forum.threads.get(40)!.closed = false;
    forum.threads.get(40)!.posts.push(...staged(70_000, 1));
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    await pass();
    expect(await thread(40)).toMatchObject({ is_complete: false, last_pid: 70_000 });
    expect((await pids(100)).length).toBe(2);
  });

  test("do not end the next walk if they got a post and the walk was interrupted", async () => {
    stageBoard(1);
    await pass();
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    forum.threads.get(40)!.posts.push(...staged(70_000, 1));
    const interrupt = new AbortController();
    const lastPost = async () => String((await thread(40))?.["listed_last_post"]);
    const before = await lastPost();
    forum.intercept = async (url) => {
      if (url.searchParams.get("TID") !== "100") return null;
      while ((await lastPost()) === before) await Bun.sleep(5);
      interrupt.abort();
      return new Response("", { status: 500 });
    };
    await pass({ signal: interrupt.signal });
    expect((await pids(100)).length).toBe(1);
    forum.intercept = () => null;
    await pass();
    expect((await pids(100)).length).toBe(2);
    expect(await thread(40)).toMatchObject({ is_complete: true, last_pid: 70_000 });
  });

  test("do not end the walk if they are important", async () => {
    forum.stage({ tid: 60, bid: 14, posts: staged(900_000, 1), closed: true, important: true });
    stageBoard(1);
    await pass();
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    expect(await pass()).toMatchObject({ posts_added: 1 });
  });

  test.each(["read", "adopted"])("that were %s do not end the walk if they are dated in the future", async (origin) => {
    stageBoard(1);
    forum.threads.get(40)!.posts[1]!.timestamp = 4_000_000_000;
    await pass();
    if (origin === "adopted") await sql`update threads set is_complete = true, listed_last_post = null where tid = 40`;
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    forum.stage({ tid: 300, bid: 14, posts: staged(30_000, 1) });
    expect(await pass()).toMatchObject({ posts_added: 2 });
    expect(await thread(40)).toMatchObject({ is_complete: false });
  });

  test("do not hide posts from the time until their date came", async () => {
    stageBoard(1);
    const soon_s = Math.ceil(Date.now() / 1000) + 3;
    forum.threads.get(40)!.posts[1]!.timestamp = soon_s;
    await pass();
    forum.threads.get(100)!.posts.push(...staged(20_000, 1, { timestamp: soon_s - 1 }));
    await Bun.sleep(soon_s * 1000 + 100 - Date.now());
    expect(await pass()).toMatchObject({ posts_added: 1 });
  });

  test("do not hide new posts below them after moving to another board", async () => {
    stageBoard(1);
    for (let tid = 400; tid < 432; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 1000, 1), closed: true });
    await pass();
    forum.threads.get(431)!.bid = 14;
    forum.threads.get(100)!.posts.push(...staged(20_000, 1));
    expect(await pass({ boards: [14] })).toMatchObject({ posts_added: 1 });
  });
});

describe("users", () => {
  test("are named by the latest sighting, in posts and edits", async () => {
    const edit = { count: 1, uid: 9, name: "Dritter", timestamp: 1_700_000_000 };
    forum.stage({
      tid: 7,
      bid: 14,
      posts: [
        { pid: 1, uid: 9, name: "Erster", timestamp: 100 },
        { pid: 2, uid: 9, name: "Zweiter", timestamp: 200, edit },
        { pid: 3, uid: 8, name: "", timestamp: 300 },
      ],
    });
    await pass();
    expect(await rows(sql`select name, aliases, name_timestamp, name_pid from users order by uid desc`)).toEqual([
      { name: "Dritter", aliases: ["Erster", "Zweiter"], name_timestamp: new Date(1_700_000_000_000), name_pid: 2 },
      { name: null, aliases: [], name_timestamp: new Date(0), name_pid: 0 },
    ]);
  });

  test("follow changes of their group", async () => {
    forum.stage({ tid: 7, bid: 14, posts: staged(1, 1, { gid: 3 }) });
    await pass();
    forum.threads.get(7)!.posts.push({ pid: 2, gid: 6 });
    forum.threads.get(7)!.posts[0]!.gid = 6;
    await pass();
    expect(await rows(sql`select gid from users`)).toEqual([{ gid: 6 }]);
  });
});

test("--rescan finds an edit that no listing shows", async () => {
  stageBoard(45);
  const now = Math.floor(Date.now() / 1000);
  for (const one of forum.threads.get(100)!.posts) one.timestamp = now;
  await pass();
  forum.threads.get(100)!.posts[3]!.content = "still geändert";
  await pass();
  expect(await post(10_003)).toMatchObject({ content: "Beitrag 10003" });
  expect(await pass({ rescan_days: 1 })).toMatchObject({ posts_changed: 1 });
  expect(forum.log).not.toContain("thread.php?TID=100");
});

test.each([1, 5, 30, 31, 60, 61])(
  "--rescan sees that post %d of 61 vanished, wherever a page begins or ends",
  async (nth) => {
    const { posts } = forum.stage({ tid: 1, bid: 14, posts: staged(101, 61) });
    await pass();
    const vanishing = posts[nth - 1];
    if (vanishing) vanishing.hidden = true;
    await pass({ rescan_days: 100_000 });
    expect(await pids(1)).toEqual(posts.filter(({ hidden }) => !hidden).map(({ pid }) => pid));
  },
);

test("a post that moves up to a page already read because another post vanished does not count as gone", async () => {
  const { posts } = forum.stage({ tid: 1, bid: 14, posts: staged(101, 61) });
  await pass();
  forum.intercept = (url) => {
    const [, , , , fifth] = posts;
    if (fifth && url.searchParams.get("page") === "2") fifth.hidden = true;
    return null;
  };
  await pass({ rescan_days: 100_000 });
  expect(await pids(1)).toEqual(posts.filter(({ hidden }) => !hidden).map(({ pid }) => pid));
});

test("--force-initial-pass reads every listed thread again", async () => {
  stageBoard(3);
  await pass();
  forum.threads.get(3)!.posts[0]!.content = "still geändert";
  expect(await pass({ forceInitialPass: true })).toMatchObject({ posts_changed: 1, posts_added: 0 });
});

test("no thread is lost if a listing shifts during the first walk", async () => {
  for (let tid = 1; tid <= 95; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 1) });
  let shifts = 0;
  forum.intercept = (url) => {
    // During the backward walk, a thread on a page that has already been read gets a new post.
    if (url.pathname === "/bb/xml/board.php" && url.searchParams.get("page") === "2" && shifts++ === 0)
      forum.threads.get(2)!.posts.push(...staged(90_000, 1));
    return null;
  };
  await pass();
  expect(await rows(sql`select count(*)::int as count from threads`)).toEqual([{ count: 95 }]);
});

describe("boards are walked while threads are read", () => {
  test("the longest threads are read first, and no board waits for the last thread of the previous one", async () => {
    for (const tid of [1, 4, 5, 6]) forum.stage({ tid, bid: 14, posts: staged(tid, 1) });
    forum.stage({ tid: 2, bid: 14, posts: staged(100, 65) });
    forum.stage({ tid: 3, bid: 43, posts: staged(500, 1) });
    const next = Promise.withResolvers<void>();
    forum.intercept = async (url) => {
      if (url.search === "?TID=3&page=1") next.resolve();
      if (url.search === "?TID=2&page=2") await next.promise;
      return null;
    };
    expect(await pass()).toMatchObject({ posts_added: 70 });
    // Of the two readers' first requests, either may arrive first.
    const first = forum.log.filter((path) => path.includes("TID=")).slice(0, 2);
    expect(first).toContain("xml/thread.php?TID=2&page=1");
  });

  test("a listing that is newer than the pages being read counts as a change on the next pass", async () => {
    forum.stage({ tid: 7, bid: 43, posts: staged(1, 1) });
    forum.stage({ tid: 8, bid: 14, posts: staged(100, 30), global: true });
    const [read, listed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isNew = false;
    forum.intercept = async (url) => {
      // Its posts are read before its tags.
      if (url.pathname === "/bb/thread.php" && url.search === "?TID=8") {
        read.resolve();
        await listed.promise;
      }
      if (url.search === "?BID=43&page=1" && !isNew) {
        isNew = true;
        await read.promise;
        forum.threads.get(8)!.posts.push(...staged(1000, 1));
      }
      // The thread is requested after its board was walked, and therefore after its listing was written.
      if (url.search === "?TID=7&page=1") listed.resolve();
      return null;
    };
    expect(await pass({ boards: [14, 43] })).toMatchObject({ posts_added: 31 });
    expect(await pass({ boards: [14, 43] })).toMatchObject({ posts_added: 1 });
    expect(await pids(8)).toContain(1000);
  });

  test("threads of boards that are not walked are also read", async () => {
    forum.stage({ tid: 7, bid: 43, posts: staged(1, 1) });
    forum.stage({ tid: 8, bid: 14, posts: staged(100, 31), global: true });
    expect(await pass({ boards: [43] })).toMatchObject({ posts_added: 32, threads_added: 2 });
  });

  test("a transaction holds at most half of the pages in memory", async () => {
    for (let tid = 1; tid <= 12; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 30) });
    await pass({ concurrency: 8 });
    const [most] =
      await sql`select max(count)::int as pages from (select count(distinct tid) from posts group by revision) as t`;
    expect(most?.["pages"]).toBeWithin(2, 5);
  });
});

test("an unknown first post is determined from all stored posts of the thread", async () => {
  forum.stage({ tid: 7, bid: 14, posts: staged(1, 40) });
  await pass();
  await sql`update threads set first_pid = null, last_pid = null`;
  await sql`insert into worldeater_tnu values (7, 2, 10)`;
  await pass({ onlyPending: true });
  expect(await thread(7)).toMatchObject({ first_pid: 1, last_pid: 40 });
});

test("the totals of all runs add up", async () => {
  stageBoard(2);
  const first = await pass();
  const second = await pass();
  const [state] = await sql`select * from worldeater_state`;
  expect(state).toMatchObject({
    num_api_requests: first.num_api_requests + second.num_api_requests,
    rx_bytes: first.rx_bytes + second.rx_bytes,
    tx_bytes: first.tx_bytes + second.tx_bytes,
    posts_added: 82,
    threads_added: 41,
  });
  expect(state?.["last_crawl_finished_at"]).toBeInstanceOf(Date);
});
