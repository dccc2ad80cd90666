/** A forum of random posts, and searches of all kinds whose right answers are found by looking at every post. */
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import * as fc from "fast-check";
import type { PostHit, Search, SearchResponse, SearchSort } from "../contract.ts";
import { fillIndex } from "../fill.ts";
import { runAnalysis, startMeilisearch, type TestMeilisearch } from "./corpus.ts";
import { queries, type RandomPost, type RandomQuery, randomPosts } from "./random-queries.ts";

const threadCount = 7;
const boardCount = 3;
const uids = [10, 11, 12, 13, 14];

/** A database with these posts, analyzed; nothing is indexed yet. */
export async function forumDatabase(posts: RandomPost[]): Promise<TestDatabase> {
  const database = await testDatabase();
  const { sql } = database;
  for (let bid = 1; bid <= boardCount; bid++) await insertBoard(sql, bid, { name: `brett${bid}` });
  for (const uid of uids) await insertUser(sql, uid, { name: `Nutzer "${uid}"` });
  for (let tid = 1; tid <= threadCount; tid++)
    await insertThread(sql, tid, { bid: 1 + (tid % boardCount), title: `Thema ${tid}` });
  await Promise.all(
    posts.map(({ pid, tid, uid, time, content }) =>
      insertPost(sql, { pid, tid, poster_uid: uid, timestamp: time, content }),
    ),
  );
  await runAnalysis(database, true);
  return database;
}

/** One request, and whether its answer is right. */
export interface Question {
  typed: string;
  /** @throws Error that tells what is wrong */
  ask(search: Search): Promise<Pick<SearchResponse, "engine" | "fallback"> | undefined>;
}

const sorts: SearchSort[] = ["score", "date-asc", "date-desc"];

const countBy = (hits: RandomPost[], keyOf: (post: RandomPost) => number) => {
  const counts = new Map<number, number>();
  for (const hit of hits) counts.set(keyOf(hit), (counts.get(keyOf(hit)) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a - b);
};
const byKey = (counts: [number, number][] | undefined) => counts?.toSorted(([a], [b]) => a - b);

/** Results per page. */
const limit = 30;

function postQuestion(posts: RandomPost[], { typed, isHit }: RandomQuery, sort: SearchSort): Question {
  const hits = posts.filter(isHit);
  const pids = hits.map(({ pid }) => pid);
  return {
    typed: `${typed} (${sort})`,
    ask: async (search) => {
      const request = { content: typed, type: "post", sort, offset: 0, limit, facets: true } as const;
      const { results, count, facets, typos, engine, fallback } = await search.search(request);
      const found = (results as PostHit[]).map(({ pid }) => pid);
      const page =
        sort === "score" ? found.filter((pid, at) => pids.includes(pid) && found.indexOf(pid) === at) : found;
      const actual = {
        count,
        page,
        boards: byKey(facets?.boards.map((board) => [board.bid, board.count])),
        years: byKey(facets?.years.map((year) => [year.year, year.count])),
        users: byKey(facets?.users.map((user) => [user.uid, user.count])),
      };
      const expected = {
        count: pids.length,
        page:
          sort === "score" && found.length === Math.min(limit, pids.length)
            ? found
            : (sort === "date-desc" ? pids.toReversed() : pids).slice(0, limit),
        boards: countBy(hits, ({ bid }) => bid),
        years: countBy(hits, ({ time }) => time.getUTCFullYear()),
        users: countBy(hits, ({ uid }) => uid),
      };
      // Similar words are only offered if nothing matches.
      if (typos ? pids.length > 0 : !Bun.deepEquals(actual, expected))
        throw new Error(`${engine} answers ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
      return { engine, ...(fallback ? { fallback } : {}) };
    },
  };
}

const suggestions: Record<string, { user?: number; board?: number[]; thread?: number[] }> = {
  nutz: { user: 4 },
  brett: { board: [1, 2] },
  "brett 3": { board: [3] },
  them: { thread: Array.from({ length: threadCount }, (_, at) => at + 1) },
  "thema 4": { thread: [4] },
  "7": { thread: [7] },
};

const suggestQuestion = (typed: string): Question => ({
  typed: `${typed} (suggestions)`,
  ask: async (search) => {
    const { user = 0, board = [], thread = [] } = suggestions[typed] ?? {};
    const { rows: found } = await search.suggest(typed);
    const idsOf = (type: string) =>
      found.flatMap((one) => (one.type === type ? [one.id] : [])).toSorted((a, b) => a - b);
    const actual = [idsOf("user").length, idsOf("board"), idsOf("thread")];
    if (!Bun.deepEquals(actual, [user, board, thread])) throw new Error(`suggestions: ${JSON.stringify(found)}`);
    return undefined;
  },
});

/** Words, phrases, exclusions, filters in all orders, and suggestions. */
export function mixedQuestions(posts: RandomPost[], count: number, seed: number): Question[] {
  const typed = Object.keys(suggestions);
  const searches = fc.sample(queries, { numRuns: 2 * count, seed }).filter((query) => query.typed.trim() !== "");
  return searches
    .slice(0, count)
    .map((query, at) =>
      at % 10 === 9
        ? suggestQuestion(typed[Math.floor(at / 10) % typed.length] ?? "")
        : postQuestion(posts, query, sorts[at % sorts.length] ?? "score"),
    );
}

/** What became of some questions. */
export interface Outcome {
  /** Wrong answers and errors. */
  wrong: string[];
  /** The engine of each answer; "fallback" if PostgreSQL stood in. */
  engines: (string | undefined)[];
  times_ms: number[];
}

/** @param parallel questions at a time */
export async function askAll(search: Search, questions: Question[], parallel = 4): Promise<Outcome> {
  const outcome: Outcome = { wrong: [], engines: [], times_ms: [] };
  let next = 0;
  const client = async () => {
    for (let at = next++; at < questions.length; at = next++) {
      const question = questions[at];
      if (!question) return;
      const begun_ms = performance.now();
      try {
        const answer = await question.ask(search);
        outcome.engines[at] = answer?.fallback ? "fallback" : answer?.engine;
      } catch (error) {
        outcome.wrong.push(`${question.typed}: ${(error as Error).message}`);
      }
      outcome.times_ms[at] = performance.now() - begun_ms;
    }
  };
  await Promise.all(Array.from({ length: parallel }, client));
  return outcome;
}

export interface Forum {
  posts: RandomPost[];
  database: TestDatabase;
  meili: TestMeilisearch;
  stop(): Promise<void>;
}

/** Both indexes are filled. */
export async function makeForum(count: number, seed: number): Promise<Forum> {
  const posts = randomPosts(count, seed);
  const [database, meili] = await Promise.all([forumDatabase(posts), startMeilisearch()]);
  await fillIndex({ sql: database.sql, meili });
  return {
    posts,
    database,
    meili,
    stop: async () => {
      await meili.close();
      await database.drop();
    },
  };
}
