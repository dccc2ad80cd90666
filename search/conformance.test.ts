/** Both engines find the same as a check of every post: random posts, random queries. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import * as fc from "fast-check";
import type { OpenMeilisearch } from "./embedded.ts";
import type { PostHit, Search } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { createSearch } from "./search.ts";
import { runAnalysis, startMeilisearch, timezone } from "./testing/corpus.ts";
import { queries, type RandomPost, type RandomQuery, randomPosts } from "./testing/random-queries.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
const posts = randomPosts(400, seed);
/** Concurrent searches. */
const concurrency = 3;

let database: TestDatabase;
let meili: OpenMeilisearch;
beforeAll(async () => {
  [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  for (const bid of [1, 2, 3]) await insertBoard(sql, bid, { name: `brett${bid}` });
  for (const uid of [10, 11, 12, 13, 14]) await insertUser(sql, uid, { name: `Nutzer "${uid}"` });
  for (let tid = 1; tid <= 7; tid++) await insertThread(sql, tid, { bid: 1 + (tid % 3), title: `Thema ${tid}` });
  await Promise.all(
    posts.map(({ pid, tid, uid, time, content }) =>
      insertPost(sql, { pid, tid, poster_uid: uid, timestamp: time, content }),
    ),
  );
  await runAnalysis(database, true);
  await fillIndex({ sql, meili });
}, 120_000);
afterAll(async () => {
  await meili.close();
  await database.drop();
});

const tally = (hits: RandomPost[], key: (post: RandomPost) => number) => {
  const counts = new Map<number, number>();
  for (const post of hits) counts.set(key(post), (counts.get(key(post)) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
};

/** The correct result. */
function expected({ isHit }: RandomQuery) {
  const hits = posts.filter(isHit);
  return {
    pids: hits.map(({ pid }) => pid),
    count: hits.length,
    boards: tally(hits, ({ bid }) => bid),
    years: tally(hits, ({ time }) => time.getUTCFullYear()),
    users: tally(hits, ({ uid }) => uid),
  };
}

async function resultOf(search: Search, content: string) {
  const request = { content, type: "post", sort: "date-asc", offset: 0, limit: 1000, facets: true } as const;
  const { results, count, facets, typos } = await search.search(request);
  // Results with similar words do not count.
  if (typos) return { pids: [], count: 0, boards: [], years: [], users: [] };
  return {
    pids: results.map((hit) => (hit as PostHit).pid),
    count,
    boards: facets?.boards.map(({ bid, count: n }) => [bid, n]),
    years: facets?.years.map(({ year, count: n }) => [year, n]),
    users: facets?.users.map(({ uid, count: n }) => [uid, n]),
  };
}

async function ask(search: Search, count: number): Promise<number> {
  const all = fc.sample(queries, { numRuns: count, seed }).filter(({ typed }) => typed.trim() !== "");
  let withHits = 0;
  for (let at = 0; at < all.length; at += concurrency) {
    await Promise.all(
      all.slice(at, at + concurrency).map(async (query) => {
        const correct = expected(query);
        if (correct.count > 0) withHits++;
        const result = await resultOf(search, query.typed);
        const contentsOf = (pids: number[], others: number[]) =>
          posts.filter(({ pid }) => pids.includes(pid) && !others.includes(pid)).map(({ content }) => content);
        const context = {
          seed,
          typed: query.typed,
          missing: contentsOf(correct.pids, result.pids),
          wrong: contentsOf(result.pids, correct.pids),
        };
        expect(context).toEqual({ ...context, missing: [], wrong: [] });
        expect({ ...context, ...result }).toEqual({ ...context, ...correct } as never);
      }),
    );
  }
  return withHits;
}

test("PostgreSQL finds exactly the matching posts", async () => {
  expect(await ask(createSearch({ sql: database.sql, timezone }), 2000)).toBeGreaterThan(500);
}, 300_000);

test("Meilisearch finds exactly the matching posts", async () => {
  expect(await ask(createSearch({ sql: database.sql, meili, timezone }), 400)).toBeGreaterThan(100);
}, 300_000);
