/** Results by thread, and facets that ignore their own parameters, compared with a check of every post. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rounds } from "@potstats/cli/testing/rounds";
import * as fc from "fast-check";
import type { EngineName, PostHit, Search, SearchRequest, SearchResponse } from "./contract.ts";
import { type RandomForum, randomForum } from "./testing/random-forum.ts";
import { queries, type RandomPost, type RandomQuery } from "./testing/random-queries.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
let forum: RandomForum;
beforeAll(async () => {
  forum = await randomForum(400, seed);
}, 120_000);
afterAll(() => forum.stop());

const request = { type: "post", sort: "date-asc", offset: 0, limit: 100, facets: false } as const;

/** Random queries with hits for words as typed, with their hits. */
function sample(count: number): { typed: string; hits: RandomPost[]; query: RandomQuery }[] {
  return fc
    .sample(queries, { numRuns: count, seed })
    .map((query) => ({ typed: query.typed, query, hits: forum.posts.filter(query.isHit) }))
    .filter(({ typed, hits }) => typed.trim() !== "" && hits.length > 0);
}

/** The engine's own answer: the other one may help out on a busy machine. */
async function ask(search: Search, more: SearchRequest): Promise<SearchResponse> {
  const response = await search.search(more);
  return response.fallback ? Bun.sleep(100).then(() => ask(search, more)) : response;
}

/** All pages of threads. */
async function pages(search: Search, more: SearchRequest): Promise<SearchResponse[]> {
  const responses: SearchResponse[] = [];
  let offset: number | undefined = 0;
  while (offset !== undefined) {
    const response: SearchResponse = await ask(search, { ...more, group: "thread", offset });
    responses.push(response);
    offset = response.next_offset;
  }
  return responses;
}

const hitsOf = (responses: SearchResponse[]) => responses.flatMap(({ results }) => results as PostHit[]);

/** The first of each thread. */
const firstOfThreads = (hits: PostHit[]) =>
  hits.filter((hit, at) => hits.findIndex(({ thread }) => thread.tid === hit.thread.tid) === at);

const engines: EngineName[] = ["postgres", "meilisearch"];
const numRuns: Record<EngineName, number> = { postgres: rounds(40), meilisearch: rounds(20) };

describe.each(engines)("%s", (engine) => {
  test("each thread is shown once, by its first hit in every sort order, on pages of any size", async () => {
    const search = forum.searches[engine];
    for (const [at, { typed, hits }] of sample(numRuns[engine]).entries()) {
      for (const sort of ["score", "date-asc", "date-desc"] as const) {
        const one = { ...request, content: typed, sort };
        const ungrouped = await ask(search, { ...one, limit: 1000 });
        const grouped = await pages(search, { ...one, limit: 1 + (at % 4) });
        const expected = firstOfThreads(ungrouped.results as PostHit[]).map((hit) => ({
          ...hit,
          thread_count: hits.filter(({ tid }) => tid === hit.thread.tid).length,
        }));
        expect({ seed, typed, sort, results: hitsOf(grouped) }).toEqual({ seed, typed, sort, results: expected });
        for (const page of grouped)
          expect([page.count, page.count_is_exact, page.next]).toEqual([hits.length, true, undefined]);
      }
    }
  }, 300_000);

  test("with facets, they count posts", async () => {
    const [{ typed, hits } = { typed: "", hits: [] }] = sample(20);
    const one = { ...request, content: typed, facets: true };
    const grouped = await forum.searches[engine].search({ ...one, group: "thread" });
    expect(grouped.count).toBe(hits.length);
    expect(grouped.facets).toEqual((await forum.searches[engine].search(one)).facets!);
  });

  test("disjunctive facets count what choosing another value would find", async () => {
    const search = forum.searches[engine];
    const chosen = { bid: 2, year: 2012, uid: 13 };
    const isHit = {
      bid: (post: RandomPost) => post.bid === chosen.bid,
      year: (post: RandomPost) => post.time.getUTCFullYear() === chosen.year,
      uid: (post: RandomPost) => post.uid === chosen.uid,
    };
    for (const { typed, hits } of sample(numRuns[engine])) {
      for (const names of [["bid"], ["year"], ["uid"], ["bid", "uid"], ["bid", "year", "uid"]] as const) {
        const one = { ...request, content: typed, facets: true, ...pick(chosen, names) };
        const { count, facets, typos } = await search.search({ ...one, disjunctive: true });
        if (typos) continue;
        const without = (facet: keyof typeof chosen) =>
          hits.filter((post) => names.every((name) => name === facet || isHit[name](post)));
        const expected = {
          boards: tally(without("bid"), ({ bid }) => bid, one.bid),
          years: tally(without("year"), ({ time }) => time.getUTCFullYear(), one.year),
          users: tally(without("uid"), ({ uid }) => uid, one.uid),
        };
        const actual = {
          boards: facets?.boards.map((board) => [board.bid, board.count]),
          years: facets?.years.map((year) => [year.year, year.count]),
          users: facets?.users.map((user) => [user.uid, user.count]),
        };
        for (const [name, parameter] of Object.entries(parameters) as [
          keyof typeof parameters,
          keyof typeof chosen,
        ][]) {
          if (without(parameter).length > 0) continue;
          // Whatever is chosen, nothing matches as typed: similar words may.
          await expectSimilar(search, one, parameter, actual[name] ?? []);
          actual[name] = expected[name];
        }
        expect({ seed, typed, names, ...actual } as object).toEqual({ seed, typed, names, ...expected });
        expect(count).toBe(hits.filter((post) => names.every((name) => isHit[name](post))).length);
        if (one.bid) expect(facets?.boards).toContainEqual(expect.objectContaining({ bid: 2, name: "brett2" }));
        if (one.uid) expect(facets?.users).toContainEqual(expect.objectContaining({ uid: 13, name: 'Nutzer "13"' }));
      }
    }
  }, 300_000);
});

const parameters = { boards: "bid", years: "year", users: "uid" } as const;

/** Choosing a value of a facet must find as many posts with similar words as the facet says. */
async function expectSimilar(search: Search, one: SearchRequest, parameter: string, counts: number[][]): Promise<void> {
  for (const [value, expected = 0] of counts) {
    const { count, typos } = await search.search({ ...one, [parameter]: value, facets: false });
    const { content } = one;
    expect({ seed, content, parameter, value, count, typos: typos === true } as object).toEqual({
      seed,
      content,
      parameter,
      value,
      count: expected,
      typos: expected > 0,
    });
  }
}

const pick = (values: Record<string, number>, names: readonly string[]): Partial<SearchRequest> =>
  Object.fromEntries(names.map((name) => [name, values[name]]));

/** Counts by key, the chosen one included, most frequent first. */
function tally(hits: RandomPost[], key: (post: RandomPost) => number, chosen?: number): [number, number][] {
  const counts = new Map<number, number>(chosen === undefined ? [] : [[chosen, 0]]);
  for (const post of hits) counts.set(key(post), (counts.get(key(post)) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
}
