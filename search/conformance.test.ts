/** Both engines find the same as a check of every post: random posts, random queries. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { PostHit, Search } from "./contract.ts";
import { type RandomForum, randomForum } from "./testing/random-forum.ts";
import { queries, type RandomPost, type RandomQuery } from "./testing/random-queries.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
/** Concurrent searches. */
const concurrency = 3;

let forum: RandomForum;
let posts: RandomPost[];
beforeAll(async () => {
  forum = await randomForum(400, seed);
  ({ posts } = forum);
}, 120_000);
afterAll(() => forum.stop());

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
  expect(await ask(forum.searches.postgres, 2000)).toBeGreaterThan(500);
}, 300_000);

test("Meilisearch finds exactly the matching posts", async () => {
  expect(await ask(forum.searches.meilisearch, 400)).toBeGreaterThan(100);
}, 300_000);
