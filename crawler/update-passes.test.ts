/**
 * The forum changes between passes. However many update passes there were, and whenever, the tables end as after one
 * fresh crawl of the final state. The exceptions are named here, each with its reason in the forum's history.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { rounds } from "@potstats/cli/testing/rounds";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { createForum, type Forum } from "@potstats/simulator/forum";
import { homeAt, type Post, type Thread } from "@potstats/simulator/model";
import { mix, Random } from "@potstats/simulator/random";
import { crawl } from "./crawl.ts";
import { contentsOf, emptyTables } from "./testing/staged-forum.ts";

/** Consecutive seeds. */
const seeds = (first: number, usual: number) => Array.from({ length: rounds(usual) }, (_, at) => first + at);

type Contents = Awaited<ReturnType<typeof contentsOf>>;
type Row = Record<string, unknown>;

let forum: Forum;
/** Seconds that pass in the forum with each request. */
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

/** The tables after one crawl of the final state. */
async function fresh(): Promise<Contents> {
  await emptyTables(database.sql);
  await pass();
  return await contentsOf(database.sql);
}

/** Passes at random moments, the last one at the end of the history. @returns the moments */
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

/** Rows that differ: `was` is the expected row, `is` the actual one; undefined if missing. */
function differences(
  name: string,
  key: string,
  one: Contents,
  other: Contents,
): { key: number; was: Row | undefined; is: Row | undefined }[] {
  const [expected, actual] = [byKey(one[name], key), byKey(other[name], key)];
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .filter((id) => !Bun.deepEquals(expected.get(id), actual.get(id)))
    .map((id) => ({ key: id, was: expected.get(id), is: actual.get(id) }));
}

interface History {
  posts: Map<number, Post>;
  threads: Map<number, Thread>;
}

/** The forum's data for an id. @throws Error if there is none, so that the crawl must have invented the id */
function found<T>(map: Map<number, T>, id: number): T {
  const value = map.get(id);
  if (!value) throw new Error(`${id} was never in the forum`);
  return value;
}

/** Starts a new forum. */
function begin(seed: number): History {
  forum = createForum({ seed, posts: 1200, years: 1 });
  return {
    posts: new Map(forum.history.posts.map((post) => [post.pid, post])),
    threads: new Map(forum.history.threads.map((thread) => [thread.tid, thread])),
  };
}

/** Whether a thread exists and is readable at a moment. */
const isReadable = (thread: Thread, moment: number) =>
  (thread.posts[0]?.time ?? Infinity) <= moment &&
  !(thread.refusal && thread.refusal.from <= moment) &&
  !homeAt(thread, moment).isRestricted;
const isVisible = (post: Post, moment: number) =>
  post.time <= moment &&
  isReadable(post.thread, moment) &&
  !(post.hidden?.kind === "post" && post.hidden.from <= moment);

/** The moment of the first pass at or after an event. */
const firstSeen = (moments: number[], isSeen: (moment: number) => boolean) => moments.find(isSeen) ?? Infinity;

const differingFields = (was: Row, is: Row) => Object.keys(was).filter((name) => !Bun.deepEquals(was[name], is[name]));

/** No listing shows an edit or a withheld text unless the thread also has a new post. */
const isEditedAfter = (post: Post, seen: number) => post.edits.some((edit) => edit.time > seen);
const isWithheldAfter = (post: Post, seen: number) => post.hidden?.kind === "text" && post.hidden.from > seen;

/** Fields of posts, and the events that may have changed them without a new post. */
const postFields: Record<string, (post: Post, seen: number) => boolean> = {
  edit_count: isEditedAfter,
  last_edit_uid: isEditedAfter,
  last_edit_timestamp: isEditedAfter,
  content_length: (post, seen) => isEditedAfter(post, seen) || isWithheldAfter(post, seen),
  is_hidden: isWithheldAfter,
};

/**
 * Differences of posts without a reason. A post that vanished, alone or with its thread, after a pass had read it is
 * kept.
 */
function unexplainedPosts({ posts }: History, moments: number[], expected: Contents, lived: Contents): unknown[] {
  return differences("posts", "pid", expected, lived).flatMap(({ key: pid, was, is }): unknown[] => {
    const post = found(posts, pid);
    const seen = firstSeen(moments, (moment) => isVisible(post, moment));
    if (!was) {
      const hasVanished = seen < forum.history.until && !isVisible(post, forum.history.until);
      return hasVanished ? [] : [{ pid, what: "kept without ever being visible" }];
    }
    if (!is) return [{ pid, what: "lost" }];
    return differingFields(was, is)
      .filter((name) => !postFields[name]?.(post, seen))
      .map((name) => ({ pid, what: name }));
  });
}

/** Texts change when they are edited or withheld. */
function unexplainedContents({ posts }: History, moments: number[], expected: Contents, lived: Contents): unknown[] {
  return differences("contents", "pid", expected, lived).filter(({ key: pid, was, is }) => {
    const post = found(posts, pid);
    const seen = firstSeen(moments, (moment) => isVisible(post, moment));
    return was && is && !isEditedAfter(post, seen) && !((post.hidden?.from ?? 0) > seen);
  });
}

/** No pass reads below the fixpoint, where threads may move, be renamed or closed, or vanish. */
const hasMovedAfter = (thread: Thread, seen: number) => thread.homes.some((home) => home.from > seen);
const isRenamedAfter = (thread: Thread, seen: number) => thread.titles.some((title) => title.from > seen);
const isClosedAfter = (thread: Thread, seen: number) => thread.closed !== null && thread.closed > seen;
const isGoneAfter = (thread: Thread, seen: number) => thread.refusal !== null && thread.refusal.from > seen;

/** Fields of threads, and the events that may have changed them without being listed. */
const threadFields: Record<string, (thread: Thread, seen: number) => boolean> = {
  bid: hasMovedAfter,
  title: isRenamedAfter,
  is_closed: isClosedAfter,
  is_complete: (thread, seen) =>
    isClosedAfter(thread, seen) || hasMovedAfter(thread, seen) || isGoneAfter(thread, seen),
  is_gone: isGoneAfter,
  // The listing's date is that of the last post.
  listed_last_post: (thread, seen) =>
    thread.posts.some((post) => post.hidden?.kind === "post" && post.hidden.from > seen),
  // A thread that vanished before a fresh crawl read it has no tags there.
  tags: isGoneAfter,
};

/**
 * Differences of threads without a reason. A thread that moved into a closed board after a pass had read it is kept.
 */
function unexplainedThreads(history: History, moments: number[], expected: Contents, lived: Contents): unknown[] {
  const { until } = forum.history;
  /** A first or last post that vanished below the fixpoint is kept. */
  const isLostPost = (name: string, row: Row) => {
    const post = history.posts.get((row[name] as number | null) ?? 0);
    return ["first_pid", "last_pid"].includes(name) && post !== undefined && !isVisible(post, until);
  };
  return differences("threads", "tid", expected, lived).flatMap(({ key: tid, was, is }): unknown[] => {
    const thread = found(history.threads, tid);
    const seen = firstSeen(moments, (moment) => isReadable(thread, moment));
    if (!was) {
      const isWithdrawn = seen < until && homeAt(thread, until).isRestricted;
      return isWithdrawn ? [] : [{ tid, what: "kept without ever being listed" }];
    }
    if (!is) return [{ tid, what: "lost" }];
    return differingFields(was, is)
      .filter((name) => !threadFields[name]?.(thread, seen) && !isLostPost(name, is))
      .map((name) => ({ tid, what: name }));
  });
}

/**
 * Differences of users without a reason: they were seen only, or last, in an edit without a new post or in vanished posts.
 */
function unexplainedUsers(expected: Contents, lived: Contents): unknown[] {
  const { until, posts } = forum.history;
  const seconds = (row: Row) => (row["name_timestamp"] as Date).getTime() / 1000;
  const namesOf = (row: Row) => [...(row["aliases"] as string[]), row["name"]];
  return differences("users", "uid", expected, lived).flatMap(({ key: uid, was, is }): unknown[] => {
    const edits = posts.flatMap((post) => post.edits).filter((edit) => edit.person.uid === uid);
    const visible = posts.filter((post) => post.person.uid === uid && isVisible(post, until));
    if (!was) return visible.length === 0 ? [] : [{ uid, what: "kept without a reason" }];
    if (!is) return visible.length === 0 && edits.length > 0 ? [] : [{ uid, what: "lost" }];
    const isNamedElsewhere =
      edits.some((edit) => edit.time === seconds(was)) || !visible.some((post) => post.time === seconds(is));
    // Names that were seen only between two passes may be additional aliases; none is missing.
    const hasAllNames = namesOf(was).every((name) => namesOf(is).includes(name));
    return differingFields(was, is)
      .filter((name) =>
        name === "aliases"
          ? !hasAllNames
          : !(["name", "name_timestamp", "name_pid"].includes(name) && isNamedElsewhere),
      )
      .map((name) => ({ uid, what: name }));
  });
}

describe.each(seeds(1, 2))("seed %d", (seed) => {
  test("passes at random moments end up like a fresh crawl, except for changes that no listing shows", async () => {
    const history = begin(seed);
    const moments = await live(seed, 4);
    const lived = await contentsOf(database.sql);
    const expected = await fresh();
    expect(unexplainedPosts(history, moments, expected, lived)).toEqual([]);
    expect(unexplainedContents(history, moments, expected, lived)).toEqual([]);
    expect(unexplainedThreads(history, moments, expected, lived)).toEqual([]);
    expect(unexplainedUsers(expected, lived)).toEqual([]);
    // Avatars of vanished posts are kept.
    expect(differences("avatars", "avid", expected, lived).filter(({ was }) => was)).toEqual([]);
    expect(lived["pending"]).toEqual([]);
    expect(lived["boards"]).toEqual(expected["boards"]);
  }, 60_000);

  test("--rescan also finds edits and hidden texts", async () => {
    const { posts } = begin(seed);
    const [first = 0] = await live(seed, 3);
    await pass(100_000);
    const rescanned = await contentsOf(database.sql);
    const expected = await fresh();
    const unlike = [
      ...differences("posts", "pid", expected, rescanned),
      ...differences("contents", "pid", expected, rescanned),
    ].filter(({ key: pid, was }) => {
      const post = posts.get(pid);
      const isClosed = post && homeAt(post.thread, forum.history.until).isRestricted;
      // Threads that vanished or can no longer be read are kept.
      return !(!was && post && (isClosed || (post.thread.refusal && post.thread.refusal.from > first)));
    });
    expect(unlike).toEqual([]);
  }, 60_000);
});

test.each(seeds(11, 1))(
  "update passes keep up with a forum that changes while it is crawled (seed %d)",
  async (seed) => {
    const { posts } = begin(seed);
    const { from, until } = forum.history;
    await emptyTables(database.sql);
    forum.moveTo(from + (until - from) * 0.3);
    // A day passes every few requests: listings shift under the walk, threads vanish between listing and reading.
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
      expect(post?.thread.refusal !== null || (post && homeAt(post.thread, until).isRestricted)).toBe(true);
    }
  },
  60_000,
);
