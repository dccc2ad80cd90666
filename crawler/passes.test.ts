/**
 * The forum lives on between passes. However many update passes there were and whenever they were made, the tables end as
 * after one fresh crawl of the final state, but for the exceptions named here, each with its reason in the forum's history.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { testDatabase, type TestDatabase } from "@potstats/db/testing";
import { createForum, type Forum } from "@potstats/simulator/forum";
import { homeAt, type Post, type Thread, titleAt } from "@potstats/simulator/model";
import { mix, Random } from "@potstats/simulator/random";
import { crawl } from "./crawl.ts";
import { contentsOf, emptyTables } from "./testing.ts";

type Contents = Awaited<ReturnType<typeof contentsOf>>;
type Row = Record<string, unknown>;

let forum: Forum;
/** Seconds that pass in the forum with every request. */
let pace_s = 0;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => {
    if (pace_s > 0) forum.moveTo(Math.min(forum.history.until, forum.state.now + pace_s));
    return forum.fetch(request);
  },
});
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await server.stop(true);
  await database.drop();
});

const pass = async (rescan_days: number | null = null) => {
  const summary = await crawl({
    sql: database.sql,
    forumUrl: server.url.origin,
    profilesUrl: server.url.origin,
    boards: "all",
    rescan_days,
    delay_ms: 0,
    concurrency: 3,
    progress: silent,
  });
  expect(summary.failures).toEqual([]);
};

/** What one crawl of the final state finds. */
async function fresh(): Promise<Contents> {
  await emptyTables(database.sql);
  await pass();
  return await contentsOf(database.sql);
}

/** Passes at random moments; the last one at the end of the history. Each leaves the moment it began. */
async function live(seed: number, passes: number): Promise<number[]> {
  const random = new Random(mix(seed, 77));
  const { from, until } = forum.history;
  const early = Array.from({ length: passes - 1 }, () => Math.round(from + random.next() * (until - from)));
  const moments = [...early.toSorted((a, b) => a - b), until];
  await emptyTables(database.sql);
  for (const moment of moments) {
    forum.moveTo(moment);
    await pass();
  }
  return moments;
}

const byKey = (rows: unknown[] | undefined, key: string) =>
  new Map((rows as Row[]).map((row) => [row[key] as number, row]));

/** Rows that are not the same in both, with what either has. */
function differences(
  name: string,
  key: string,
  one: Contents,
  other: Contents,
): { key: number; was: Row | undefined; is: Row | undefined }[] {
  const [expected, found] = [byKey(one[name], key), byKey(other[name], key)];
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((id) => !Bun.deepEquals(expected.get(id), found.get(id)))
    .map((id) => ({ key: id, was: expected.get(id), is: found.get(id) }));
}

/** A forum of its own for every seed. */
function begin(seed: number): { posts: Map<number, Post>; threads: Map<number, Thread> } {
  forum = createForum({ seed, posts: 1200, years: 1 });
  return {
    posts: new Map(forum.history.posts.map((post) => [post.pid, post])),
    threads: new Map(forum.history.threads.map((thread) => [thread.tid, thread])),
  };
}

/** When a post last changed after it was written: an edit, or that it was hidden. */
const lastChange = (post: Post) => Math.max(post.edits.at(-1)?.time ?? 0, post.hidden?.from ?? 0);
/** Whether a thread changed its board, title, lock or existence after a moment. */
const changedAfter = (thread: Thread, moment: number) => {
  const { until } = forum.history;
  return (
    homeAt(thread, until) !== homeAt(thread, moment) ||
    titleAt(thread, until) !== titleAt(thread, moment) ||
    (thread.closed !== null && thread.closed > moment) ||
    (thread.refusal !== null && thread.refusal.from > moment)
  );
};

describe.each([1, 2, 3, 4])("seed %d", (seed) => {
  test("passes at random moments end as a fresh crawl does, but for what no listing shows", async () => {
    const { posts, threads } = begin(seed);
    const moments = await live(seed, 2 + (seed % 4));
    const lived = await contentsOf(database.sql);
    const expected = await fresh();
    const [first = 0] = moments;

    for (const { key: pid, was, is } of differences("posts", "pid", expected, lived)) {
      const post = posts.get(pid);
      if (!post) throw new Error(`post ${pid} was never written`);
      // Kept: its thread vanished after it was read.
      if (!was && post.thread.refusal && post.thread.refusal.from > first) continue;
      // Kept: no page that holds it was read after it was hidden.
      if (!was && post.hidden?.kind === "post" && post.hidden.from > first) continue;
      // Kept from before its thread moved into a board that may not be read.
      if (!was && homeAt(post.thread, forum.history.until).isClosedToUs && !homeAt(post.thread, first).isClosedToUs)
        continue;
      // An edit or a hiding without news in the thread; nothing else may differ.
      expect({ pid, was: was !== undefined, is: is !== undefined, isChanged: lastChange(post) > first }).toEqual({
        pid,
        was: true,
        is: true,
        isChanged: true,
      });
      const edited = ["edit_count", "last_edit_uid", "last_edit_timestamp", "is_hidden", "content_length"];
      const same = (row: Row | undefined) =>
        Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !edited.includes(name)));
      expect(same(is)).toEqual(same(was));
    }

    for (const { key: tid, was, is } of differences("threads", "tid", expected, lived)) {
      const thread = threads.get(tid);
      if (!thread) throw new Error(`thread ${tid} was never opened`);
      const hasHidden = thread.posts.some((post) => post.hidden?.kind === "post");
      // Moved, renamed, closed or vanished below the fixpoint, where no pass looks; or its first or last post was hidden.
      expect({ tid, isExplained: changedAfter(thread, first) || hasHidden }).toEqual({ tid, isExplained: true });
      const seen = ["first_pid", "last_pid", "listed_last_post"];
      const same = (row: Row) => Object.fromEntries(Object.entries(row).filter(([name]) => !seen.includes(name)));
      if (was && is && !changedAfter(thread, first)) expect(same(is)).toEqual(same(was));
    }

    for (const { key: uid, was, is } of differences("users", "uid", expected, lived)) {
      // Kept: only seen in a thread, an edit or a list of moderators that is no longer there.
      if (!was) continue;
      const aliases = (row: Row | undefined) => (row?.["aliases"] as string[] | undefined) ?? [];
      // Names seen only in between remain as aliases.
      expect({
        uid,
        isMissing: aliases(was).filter((name) => !aliases(is).includes(name) && name !== is?.["name"]),
      }).toEqual({ uid, isMissing: [] });
    }
    expect(lived["pending"]).toEqual([]);
    expect(lived["boards"]).toEqual(expected["boards"]);
  }, 60_000);

  test("--rescan finds edits and hidings too", async () => {
    const { posts } = begin(seed);
    const [first = 0] = await live(seed, 3);
    await pass(100_000);
    const rescanned = await contentsOf(database.sql);
    const expected = await fresh();
    const differing = [
      ...differences("posts", "pid", expected, rescanned),
      ...differences("contents", "pid", expected, rescanned),
    ].filter(({ key: pid, was }) => {
      const post = posts.get(pid);
      const isClosed = post && homeAt(post.thread, forum.history.until).isClosedToUs;
      // Kept: threads that vanished or can no longer be read.
      return !(!was && post && (isClosed || (post.thread.refusal && post.thread.refusal.from > first)));
    });
    expect(differing).toEqual([]);
  }, 60_000);
});

test.each([11, 12])(
  "a forum that goes on while it is crawled (seed %d)",
  async (seed) => {
    const { posts } = begin(seed);
    const { from, until } = forum.history;
    await emptyTables(database.sql);
    forum.moveTo(from + (until - from) * 0.3);
    // A day with every few requests: listings shift under the walk, threads vanish between listing and reading.
    pace_s = 20_000;
    await pass();
    await pass();
    pace_s = 0;
    forum.moveTo(until);
    await pass();
    await pass(100_000);
    const lived = await contentsOf(database.sql);
    const expected = await fresh();
    const lost = differences("posts", "pid", expected, lived).filter(({ was }) => was !== undefined);
    expect(lost).toEqual([]);
    for (const { key: pid } of differences("posts", "pid", expected, lived)) {
      const post = posts.get(pid);
      expect(post?.thread.refusal !== null || (post && homeAt(post.thread, until).isClosedToUs)).toBe(true);
    }
  },
  60_000,
);
