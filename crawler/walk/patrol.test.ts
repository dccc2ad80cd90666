/** What no listing shows: edits, hidden texts, merged and withdrawn threads. */
import { beforeEach, describe, expect, test } from "bun:test";
import { checkDue } from "@potstats/db/patrol-due";
import { stagedCrawls } from "../testing/staged-crawls.ts";
import { contentsOf, emptyTables, staged } from "../testing/staged-forum.ts";

const { forum, sql, pass, pids } = await stagedCrawls();

beforeEach(() => {
  // Forty closed threads of two posts, newest last, and an open one on top: passes stop at thread 40.
  for (let tid = 1; tid <= 40; tid++) forum.stage({ tid, bid: 14, posts: staged(tid * 100, 2), closed: true });
  forum.stage({ tid: 100, bid: 14, posts: staged(100_000, 3) });
});

const passes = async (count: number) => {
  for (let at = 0; at < count; at++) await pass();
};
const withoutPatrol = () => pass({ patrol: 0 });
const isGone = async (tid: number) =>
  (await sql`select from threads where tid = ${tid} and gone_at is not null`).length === 1;
const visiblePids = (tid: number) =>
  forum.threads
    .get(tid)
    ?.posts.filter((post) => !post.hidden)
    .map(({ pid }) => pid) ?? [];
const threadRequests = () => forum.log.filter((line) => line.startsWith("xml/thread.php"));
/** The tables after one crawl of the forum. */
async function fresh(): ReturnType<typeof contentsOf> {
  await emptyTables(sql);
  await pass();
  return contentsOf(sql);
}

describe("withdrawn threads", () => {
  test.each(["no-access", "invalid-thread", "thread-hidden"])(
    "are gone when they answer %s, wherever they are listed",
    async (refusal) => {
      await pass();
      for (const tid of [5, 100]) forum.threads.get(tid)!.refusal = refusal;
      expect(await withoutPatrol()).toMatchObject({ threads_gone: 1, failures: [] });
      expect(await isGone(100)).toBe(true);
      await passes(4);
      expect(await isGone(5)).toBe(true);
      expect(await pids(5)).toHaveLength(2);
      for (const tid of [5, 100]) delete forum.threads.get(tid)!.refusal;
      await passes(5);
      expect([await isGone(5), await isGone(100)]).toEqual([false, false]);
    },
  );

  test("are restored as soon as they are listed again", async () => {
    await pass();
    const [moved] = [forum.threads.get(39)!];
    forum.threads.delete(39);
    await passes(5);
    expect(await isGone(39)).toBe(true);
    forum.threads.set(39, moved);
    // The walk ends at the newest complete thread, which is below this one.
    moved.posts.push(...staged(90_000, 1));
    await withoutPatrol();
    expect([await isGone(39), await pids(39)]).toEqual([false, [3900, 3901, 90_000]]);
  });

  test("are noticed missing in the walked part of a listing, and requested once", async () => {
    for (let tid = 200; tid < 220; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 1000, 2) });
    await pass();
    const [deleted, moved, unlisted] = [201, 202, 203].map((tid) => forum.threads.get(tid)!);
    forum.threads.delete(201);
    forum.threads.get(202)!.refusal = "no-access";
    for (const thread of [moved!, unlisted!]) thread.bid = 99;
    forum.boards.delete(99);
    expect(await withoutPatrol()).toMatchObject({ threads_gone: 2 });
    expect([await isGone(201), await isGone(202), await isGone(203)]).toEqual([true, true, false]);
    await withoutPatrol();
    expect(threadRequests().filter((line) => /TID=20[123]&/.test(line))).toEqual([]);
    forum.stage(deleted!);
    await withoutPatrol();
    expect(await isGone(201)).toBe(false);
  });

  test("are gone with a board that closes, and restored with it", async () => {
    for (let tid = 200; tid < 240; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 1000, 2) });
    await pass();
    const board = forum.boards.get(15)!;
    board.refusal = "no-access";
    for (let tid = 200; tid < 240; tid++) forum.threads.get(tid)!.refusal = "no-access";
    expect(await withoutPatrol()).toMatchObject({ threads_gone: 40, failures: [] });
    await withoutPatrol();
    expect(threadRequests().filter((line) => /TID=2\d\d/.test(line))).toEqual([]);
    delete board.refusal;
    for (let tid = 200; tid < 240; tid++) delete forum.threads.get(tid)!.refusal;
    await withoutPatrol();
    expect(await sql`select from threads where gone_at is not null`).toHaveLength(0);
  });

  test("are kept when their board closes if one request shows that they can still be read", async () => {
    for (let tid = 200; tid < 240; tid++) forum.stage({ tid, bid: 15, posts: staged(tid * 1000, 2) });
    await pass();
    forum.boards.get(15)!.refusal = "no-access";
    expect(await withoutPatrol()).toMatchObject({ threads_gone: 0 });
    expect(threadRequests()).toHaveLength(2);
  });
});

/** Merges a thread into another; its posts are ordered by id, as by date. */
function mergeThreads(from: number, into: number): void {
  const { posts } = forum.threads.get(into)!;
  posts.push(...forum.threads.get(from)!.posts);
  posts.sort((a, b) => a.pid - b.pid);
  forum.threads.delete(from);
}

describe("merged threads", () => {
  const stage = (more: { closed?: boolean }) => {
    const times = { timestamp: 1_500_000_000 };
    forum.stage({ tid: 306, bid: 14, posts: staged(50_000, 35, times), ...more });
    const posts = [...staged(40_000, 100), ...staged(60_000, 40)].map((post) => ({ ...post, ...times }));
    forum.stage({ tid: 307, bid: 14, posts, ...more });
  };

  test("are detected by the listing's changed counter, and read again once", async () => {
    stage({});
    for (const tid of [306, 307])
      for (const post of forum.threads.get(tid)!.posts) post.timestamp = 1_600_000_000 + post.pid;
    await withoutPatrol();
    mergeThreads(306, 307);
    await withoutPatrol();
    await passes(5);
    expect([await pids(307), await pids(306)]).toEqual([visiblePids(307), []]);
    expect(await isGone(306)).toBe(true);
    await withoutPatrol();
    expect(threadRequests().filter((line) => line.includes("TID=307"))).toHaveLength(1);
  });

  test("below the walked part of a listing are detected by the patrol, with their posts", async () => {
    stage({ closed: true });
    await withoutPatrol();
    mergeThreads(306, 307);
    await passes(6);
    expect([await pids(307), await pids(306), await isGone(306)]).toEqual([visiblePids(307), [], true]);
    // The row of the merged thread stays, and so does a counter whose listing was not walked.
    const comparable = (contents: Awaited<ReturnType<typeof contentsOf>>) => ({
      ...contents,
      threads: (contents["threads"] as { tid: number }[])
        .filter(({ tid }) => tid !== 306)
        .map((thread) => ({ ...thread, est_number_of_replies: null })),
    });
    const lived = comparable(await contentsOf(sql));
    expect(lived).toEqual(comparable(await fresh()));
  });

  test("are not read a second time because of a counter that has become wrong", async () => {
    stage({});
    for (const post of forum.threads.get(307)!.posts) post.timestamp = 1_600_000_000 + post.pid;
    await withoutPatrol();
    forum.threads.get(307)!.lie = 95;
    await withoutPatrol();
    expect(threadRequests().filter((line) => line.includes("TID=307"))).toHaveLength(1);
  });
});

describe("in a long thread without new posts", () => {
  const stage = (count = 605) =>
    forum.stage({ tid: 50, bid: 14, posts: staged(20_000, count, { timestamp: 1_400_000_000 }), closed: true });
  const about = (tid: number) => threadRequests().filter((line) => line.includes(`TID=${tid}&`));

  test("an edit on any page is eventually found, at two requests per check", async () => {
    const pageCount = 9;
    const { posts } = stage(30 * pageCount - 25);
    await pass();
    for (const at of [3, 45, 150, 244]) posts[at]!.content = "nachgebessert";
    let most = 0;
    // Each thread is checked in every fifth pass, a page at a time.
    for (let at = 0; at < 5 * pageCount; at++) {
      await pass();
      most = Math.max(most, about(50).length);
    }
    expect(most).toBe(2);
    expect(await sql`select from post_contents where content = 'nachgebessert'`).toHaveLength(4);
  }, 120_000);

  test.each([0, 29, 30, 300, 599])(
    "the first check finds that post %d vanished, without reading all pages",
    async (at) => {
      const { posts } = stage();
      await pass();
      posts[at]!.hidden = true;
      let most = 0;
      for (let count = 0; count < 5; count++) {
        await pass();
        most = Math.max(most, about(50).length);
      }
      expect(await pids(50)).toEqual(visiblePids(50));
      expect(most).toBeWithin(3, 13);
    },
    30_000,
  );

  test("posts that were merged into early pages are found the same way", async () => {
    const { posts } = stage();
    await pass();
    posts.splice(250, 0, ...[0, 1, 2, 3, 4].map((add) => ({ pid: 70_000 + add, timestamp: 1_400_000_000 })));
    for (const [at, post] of posts.entries()) post.pid = 20_000 + at;
    await sql`update posts set pid = pid`;
    await passes(5);
    expect(await pids(50)).toEqual(visiblePids(50));
  }, 30_000);
});

describe("the cost of the patrol", () => {
  test("a pass without new posts reads a listing page and checks ten threads, different ones each time", async () => {
    await pass();
    const checked = new Set<string>();
    for (let at = 0; at < 4; at++) {
      await pass();
      // The list of boards, a listing page, the open thread; another listing page, and ten threads of one page.
      expect(forum.log).toHaveLength(3 + 1 + 10);
      for (const line of threadRequests().slice(1)) checked.add(line);
    }
    expect(checked.size).toBe(40);
  });

  test("no thread is checked with a share of 0; a larger share is spent, but not exceeded", async () => {
    await pass();
    await withoutPatrol();
    expect(forum.log).toHaveLength(3);
    await pass({ forceInitialPass: true });
    await pass({ patrol: 1 });
    expect(forum.log.length).toBeWithin(13, 24);
  });

  test("nothing is checked until the first crawl has finished", async () => {
    await pass();
    expect(threadRequests()).toHaveLength(41);
    await sql`update worldeater_state set last_crawl_finished_at = null`;
    await pass();
    expect(forum.log).toHaveLength(3);
  });

  test("both orders are read from an index at any number of threads", async () => {
    await sql`
      insert into threads (tid, checked_at, listed_last_post)
      select n, timestamp '2026-01-01' + n * interval '1 minute', timestamp '2010-01-01' + n * interval '1 hour'
      from generate_series(1000, 60000) as n`;
    await sql`analyze threads`;
    for (const order of [
      `where ${checkDue} <= now() at time zone 'UTC' order by ${checkDue} desc`,
      "order by checked_at nulls first",
    ]) {
      const plan = (await sql.unsafe(`explain select tid from threads ${order} limit 10`)).map(
        (row) => row["QUERY PLAN"],
      );
      expect(plan.join("\n")).toContain("Index Scan");
      expect(plan.join("\n")).not.toContain("Sort");
    }
  });
});

test("threads whose quiet time has doubled come first, then those not checked for longest", async () => {
  await pass();
  // Their last posts are from 2017: only these two have been checked since.
  await sql`
    update threads set checked_at = case when tid in (7, 8) then '2018-01-01' else timestamp '2016-01-01' + tid * interval '1 day' end`;
  await pass({ concurrency: 1 });
  const checked = threadRequests().flatMap((line) => /TID=(\d+)&page/.exec(line)?.[1] ?? []);
  expect(checked.slice(0, 5).toSorted()).toEqual(["38", "39", "40", "7", "8"]);
  expect(checked.slice(5)).toEqual(["1", "2", "3", "4", "5"]);
});

test("a check reads tags that could not be read before", async () => {
  forum.threads.get(3)!.tags = ["Tee"];
  forum.intercept = (url) => (url.pathname === "/bb/thread.php" ? new Response("", { status: 403 }) : null);
  const { failures, posts_added } = await pass();
  expect({ posts_added, what: failures.map(({ what }) => what) }).toEqual({ posts_added: 83, what: ["tags"] });
  forum.intercept = () => null;
  await passes(6);
  expect([...(await sql`select tags from threads where tid = 3`)]).toEqual([{ tags: ["Tee"] }]);
});

test("a check that cannot read a thread requests no tags, because the thread may be withdrawn", async () => {
  forum.threads.get(3)!.refusal = "thread-hidden";
  await withoutPatrol();
  const requested = new Set<string>();
  forum.intercept = ({ pathname, searchParams }) => {
    if (searchParams.get("TID") !== "3") return null;
    requested.add(pathname);
    return pathname === "/bb/xml/thread.php" ? new Response("<thread") : null;
  };
  await passes(6);
  expect([...requested]).toEqual(["/bb/xml/thread.php"]);
});
