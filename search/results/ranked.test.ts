/** Pages by relevance, of an engine that only sorts by date: the newest matches by score, older ones by date. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import type { DatedQuery, Match, Matches } from "../engines/engine.ts";
import type { Query } from "../query/query.ts";
import { parseQuery } from "../query/syntax.ts";
import { findRanked, rankWindow } from "./ranked.ts";

interface Post {
  pid: number;
  tid: number;
  words: string;
}

/** Every seventh post mentions the word twice; old threads have no new posts. */
const posts: Post[] = Array.from({ length: 2 * rankWindow + 50 }, (_, at) => ({
  pid: at + 1,
  tid: 1 + Math.floor(at / 100) * 10 + (at % 9),
  words: ` | ${at % 7 === 0 ? "dampfer dampfer" : "dampfer hafen"} `,
}));

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const rows = posts.map((post) => ({ ...post, uid: 1, timestamp: new Date(post.pid * 1000), forms: "" }));
  await database.sql`insert into search.posts ${database.sql(rows)}`;
});
afterAll(() => database.drop());

/**
 * Finds the first of the posts by date, as engines do, and remembers what it was asked.
 * @param maxCounted matches are counted up to this number, or one more than the page needs
 */
function fakeEngine(count: number, maxCounted = Infinity) {
  const asked: DatedQuery[] = [];
  const find = async (query: DatedQuery): Promise<Matches> => {
    asked.push(query);
    const { tids, byThread, offset, limit } = query;
    const inOrder = posts.slice(0, count).filter(({ tid }) => tids?.includes(tid) !== false);
    const matches = query.sort === "date-asc" ? inOrder : inOrder.toReversed();
    const listed = byThread ? [...Map.groupBy(matches, ({ tid }) => tid).values()].map(([first]) => first!) : matches;
    const threadSize = (tid: number) => matches.filter((post) => post.tid === tid).length;
    const counted = Math.min(matches.length, Math.max(maxCounted, offset + limit + 1));
    return {
      page: listed.slice(offset, offset + limit).map(({ pid, tid }): Match => ({
        id: pid,
        score: 0,
        ...(byThread ? { thread: { tid, count: threadSize(tid) } } : {}),
      })),
      count: counted,
      count_is_exact: counted === matches.length,
      ...(byThread ? { hasMore: listed.length > offset + limit } : {}),
    };
  };
  return { find, asked };
}

const query: Query = {
  type: "post",
  terms: parseQuery("dampfer ").terms,
  has: [],
  tags: [],
  sort: "score",
  offset: 0,
  limit: 30,
  facets: false,
};

type Engine = ReturnType<typeof fakeEngine>;
const ranked = ({ find }: Engine, more: Partial<Query>) => findRanked(database.sql, { ...query, ...more }, find);

/** The matches of all pages, until an empty one. */
async function allPages(engine: Engine, more: Partial<Query> & { limit: number }): Promise<Match[]> {
  const found: Match[] = [];
  for (;;) {
    const { page } = await ranked(engine, { ...more, offset: found.length });
    if (page.length === 0) return found;
    found.push(...page);
  }
}

/** In the order of relevance: posts of the window that mention the word twice, its other posts, older posts. */
function expectedOrder(count: number): Post[] {
  const newest = posts.slice(0, count).toReversed();
  const isTwice = ({ words }: Post) => words.includes("dampfer dampfer");
  const [ranking, older] = [newest.slice(0, rankWindow), newest.slice(rankWindow)];
  return [...ranking.filter(isTwice), ...ranking.filter((post) => !isTwice(post)), ...older];
}

const counts = [0, 1, 29, rankWindow - 1, rankWindow, rankWindow + 1, posts.length];

describe.each(counts)("of %d matches", (count) => {
  test.each([1, 7, 30, 100, 299, 300, 301])("pages of %d have no gaps and no repeats", async (limit) => {
    if (limit === 1 && count > 30) return;
    const found = await allPages(fakeEngine(count), { limit });
    expect(found.map(({ id }) => id)).toEqual(expectedOrder(count).map(({ pid }) => pid));
  });

  test.each([1, 3, 30])("pages of %d threads, each with its best post and the number of its posts", async (limit) => {
    const found = await allPages(fakeEngine(count), { limit, byThread: true });
    const threads = Map.groupBy(expectedOrder(count), ({ tid }) => tid);
    expect(found.map(({ id, thread }) => ({ id, thread }))).toEqual(
      threads
        .entries()
        .map(([tid, some]) => ({ id: some[0]!.pid, thread: { tid, count: some.length } }))
        .toArray(),
    );
  });

  test("a page of threads says whether more follow", async () => {
    const threads = new Set(expectedOrder(count).map(({ tid }) => tid)).size;
    const engine = fakeEngine(count);
    for (let offset = 0; offset <= threads; offset++)
      for (const limit of [1, 5, 30]) {
        const { hasMore } = await ranked(engine, { byThread: true, offset, limit });
        expect({ offset, limit, hasMore }).toEqual({ offset, limit, hasMore: offset + limit < threads });
      }
  });
});

test("the count says that more follow, even beyond the matches that the engine counts", async () => {
  for (const maxCounted of [10, rankWindow, rankWindow + 30]) {
    const engine = fakeEngine(posts.length, maxCounted);
    for (let offset = 0; offset < posts.length; offset += 30) {
      const { page, count, count_is_exact } = await ranked(engine, { offset });
      const hasMore = offset + page.length < posts.length;
      expect({ maxCounted, offset, hasMore: offset + page.length < count }).toEqual({ maxCounted, offset, hasMore });
      expect({ maxCounted, offset, count_is_exact }).toEqual({
        maxCounted,
        offset,
        count_is_exact: count === posts.length,
      });
    }
  }
});

test("scores fall within the window, and are 0 beyond it", async () => {
  const scores = (await allPages(fakeEngine(posts.length), { limit: 100 })).map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(scores.slice(0, rankWindow).every((score) => score > 0)).toBe(true);
  expect(new Set(scores.slice(rankWindow))).toEqual(new Set([0]));
});

test("a page within the window takes one search; facets are counted once", async () => {
  const engine = fakeEngine(posts.length);
  await ranked(engine, { facets: true });
  expect(engine.asked.map(({ sort, offset, limit, facets }) => [sort, offset, limit, facets])).toEqual([
    ["date-desc", 0, rankWindow, true],
  ]);
  engine.asked.length = 0;
  await ranked(engine, { facets: true, offset: rankWindow - 10 });
  expect(engine.asked.map(({ offset, limit, facets }) => [offset, limit, facets])).toEqual([
    [0, rankWindow, true],
    [rankWindow, 20, false],
  ]);
});

test("a search that only counts ranks nothing", async () => {
  const engine = fakeEngine(posts.length);
  expect(await ranked(engine, { limit: 0 })).toMatchObject({ page: [], count: posts.length });
  expect(engine.asked.map(({ limit }) => limit)).toEqual([0]);
});

test("by date, the engine's order is not changed", async () => {
  const engine = fakeEngine(100);
  const { page } = await ranked(engine, { sort: "date-asc", offset: 5, limit: 3 });
  expect(page.map(({ id }) => id)).toEqual([6, 7, 8]);
  expect(engine.asked).toHaveLength(1);
});

test("matches that were deleted since are left out, without repeating others", async () => {
  const deleted = [posts.length, posts.length - 5, posts.length - 250];
  const { sql } = database;
  const saved = await sql`delete from search.posts where pid = any(${deleted}) returning *`;
  try {
    const found = (await allPages(fakeEngine(posts.length), { limit: 30 })).map(({ id }) => id);
    expect(found).toEqual(
      expectedOrder(posts.length)
        .map(({ pid }) => pid)
        .filter((pid) => !deleted.includes(pid)),
    );
  } finally {
    await sql`insert into search.posts ${sql(saved)}`;
  }
});
