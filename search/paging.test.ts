/**
 * Order and pages: every match is returned exactly once, even while posts are deleted. Each test runs with both
 * engines.
 */
import { expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import type { PostHit, Search, SearchResponse, SearchRequest } from "./contract.ts";
import { createSearch } from "./search.ts";
import { idsOf, withBothEngines } from "./testing/both-engines.ts";
import { repeated, timezone } from "./testing/corpus.ts";

const { corpus, eachEngine } = withBothEngines();
const sorts = ["score", "date-asc", "date-desc"] as const;

/** Runs `work` while these posts are gone from the database but not from the index. */
async function whileGone<T>(pids: number[], work: () => Promise<T>): Promise<T> {
  const { sql } = corpus().database;
  await sql`update public.posts set gone_at = now() where pid = any(${pids})`;
  try {
    return await work();
  } finally {
    await sql`update public.posts set gone_at = null where pid = any(${pids})`;
  }
}

/**
 * The pids of all pages, following `next`, or `next_offset` where there is none. All pages but the last must be full.
 */
async function followPages(
  search: Search,
  request: Pick<SearchRequest, "content" | "sort" | "limit">,
): Promise<number[]> {
  const pids: number[] = [];
  let place: { offset: number; next?: number } | undefined = { offset: 0 };
  while (place) {
    const page: SearchResponse = await search.search({ type: "post", facets: false, ...request, ...place });
    pids.push(...idsOf(page));
    const { next, next_offset } = page;
    if (next !== undefined) place = { offset: 0, next };
    else place = next_offset === undefined ? undefined : { offset: next_offset };
    if (place) expect(page.results).toHaveLength(request.limit);
  }
  return pids;
}

eachEngine("order", ({ ask, ids }) => {
  test("by date in both directions, by score otherwise", async () => {
    expect(await ids("Dampfer", { sort: "date-desc" })).toEqual([3, 2, 1]);
    expect(await ids("Dampfer", { sort: "date-desc", type: "thread" })).toEqual([103, 100]);
    const scores = (await ask("Dampfer", { sort: "score" })).results.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(await ids("Dampfer", { sort: "score" }))).toEqual(new Set([1, 2, 3]));
  });

  test("ties: newest first", async () => {
    expect(await ids("Wiederholung ", { sort: "score" })).toEqual(repeated.toReversed());
    const { results } = await ask("der", { sort: "score" });
    const order = (results as PostHit[]).map(({ score, pid }) => [score, pid] as const);
    expect(order).toEqual(order.toSorted(([a, x], [b, y]) => b - a || y - x));
  });
});

eachEngine("pages", ({ search, ask, ids }) => {
  test.each(sorts)("by %s without gaps or repeats", async (sort) => {
    const pids: number[] = [];
    const sizes: number[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page: SearchResponse = await ask("Wiederholung ", { sort, offset, limit: 30 });
      expect(page).toMatchObject({ count: 70, count_is_exact: true });
      sizes.push(page.results.length);
      pids.push(...idsOf(page));
      offset = page.next_offset;
    }
    expect(sizes).toEqual([30, 30, 10]);
    expect(pids.toSorted((a, b) => a - b)).toEqual(repeated);
    if (sort === "date-asc") expect(pids).toEqual(repeated);
    if (sort === "date-desc") expect(pids).toEqual(repeated.toReversed());
    for (const offset of [70, 1000, 2 ** 31 - 1])
      expect(await ask("Wiederholung ", { sort, offset })).toMatchObject({ count: 70, results: [] });
  });

  test("following the links visits every match once, even while posts are deleted", async () => {
    const contents = ["Wiederholung ", "Wiederholung -250", "-Nebel", "user:Jörg", "Dampfer"];
    const requests = contents.flatMap((content) =>
      sorts.flatMap((sort) => [1, 7, 100].map((limit) => ({ content, sort, limit }))),
    );
    for (const [at, request] of requests.entries()) {
      const gone = repeated.filter((pid) => (pid * 37 + at * at) % 5 < at % 4);
      const expected = (await ids(request.content, { sort: request.sort })).filter((id) => !gone.includes(id));
      await whileGone(gone, async () => {
        expect([request, await followPages(search, request)]).toEqual([request, expected]);
      });
    }
  }, 60_000);

  test("`next` works for threads; on every page, count and facets cover the whole search", async () => {
    const request = { type: "thread", sort: "date-desc", limit: 1, facets: true } as const;
    const first = await ask("Dampfer", request);
    expect(first).toMatchObject({ count: 2, results: [{ tid: 103 }], next: 103, next_offset: 1 });
    const second = await ask("Dampfer", { ...request, next: 103 });
    expect(second).toMatchObject({ count: 2, count_is_exact: true, results: [{ tid: 100 }], facets: first.facets });
    expect(Object.keys(second)).not.toContainAnyValues(["next", "next_offset"]);
  });

  test("are filled although posts are gone, and the count is then inexact", async () => {
    await whileGone(repeated.slice(0, 50), async () => {
      const page = await ask("Wiederholung ", { limit: 5 });
      expect(idsOf(page)).toEqual([250, 251, 252, 253, 254]);
      expect(page).toMatchObject({ next_offset: 55, count_is_exact: false });
    });
  });
});

eachEngine("pages by thread", ({ ask, search }) => {
  const follow = async (more: Partial<SearchRequest>) => {
    const found: { pid: number; thread_count: number | undefined }[] = [];
    let offset: number | undefined = 0;
    while (offset !== undefined) {
      const page: SearchResponse = await ask("Dampfer", { sort: "date-desc", group: "thread", offset, ...more });
      found.push(...(page.results as PostHit[]).map(({ pid, thread_count }) => ({ pid, thread_count })));
      offset = page.next_offset;
      if (offset !== undefined) expect(page.results).toHaveLength(more.limit!);
    }
    return found;
  };

  test("a thread whose best post is gone is represented by the next one, and vanishes without any", async () => {
    const [older, newer] = [
      { pid: 2, thread_count: 2 },
      { pid: 3, thread_count: 1 },
    ];
    for (const limit of [1, 2, 30]) {
      expect(await follow({ limit })).toEqual([newer, older]);
      await whileGone([2], async () => {
        expect(await follow({ limit })).toEqual([newer, { ...older, pid: 1 }]);
        expect((await ask("Dampfer", { group: "thread", sort: "date-desc" })).count_is_exact).toBe(false);
      });
      await whileGone([3], async () => expect(await follow({ limit })).toEqual([older]));
      await whileGone([1, 2, 3], async () => expect(await follow({ limit })).toEqual([]));
    }
  });

  test("threads are not grouped, and `next` is refused", async () => {
    const threads = await ask("Dampfer", { type: "thread" });
    expect({ ...(await ask("Dampfer", { type: "thread", group: "thread" })), elapsed: 0 }).toEqual({
      ...threads,
      elapsed: 0,
    });
    const request = { content: "Dampfer", type: "post", sort: "date-desc", limit: 1, facets: false } as const;
    const refused = search.search({ ...request, group: "thread", offset: 0, next: 3 });
    expect(await settle(refused)).toThrow("next cannot be combined with group=thread; pages of threads use offset");
  });

  test("an offset after the last thread gives an empty page", async () => {
    for (const offset of [2, 10_000]) {
      const page = await ask("Dampfer", { group: "thread", offset });
      expect([page.count, page.results, page.next_offset]).toEqual([3, [], undefined]);
    }
  });
});
/** Searches through a Meilisearch that becomes slow after some searches. */
async function withSlowing<T>(quickSearches: number, work: (search: Search) => Promise<T>): Promise<T> {
  const { database, meili } = corpus();
  let searches = 0;
  const proxy = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = method === "GET" ? {} : { body: await request.text() };
      if (pathname === "/multi-search" && ++searches > quickSearches) await Bun.sleep(1000);
      return fetch(`${meili.url}${pathname}${search}`, { method, headers, ...body });
    },
  });
  try {
    const server = { url: `http://127.0.0.1:${proxy.port}`, key: meili.key };
    return await work(createSearch({ sql: database.sql, meili: server, timezone }));
  } finally {
    await proxy.stop(true);
  }
}

test("a later page and its count come from one engine, whenever Meilisearch becomes slow", async () => {
  const similar = { content: "Dampfre Nebel ", type: "post", sort: "date-asc", offset: 0, limit: 30 } as const;
  // As typed and corrected: the matches after the cursor, and all matches.
  for (const quickSearches of [0, 1, 2, 3, 4])
    await withSlowing(quickSearches, async ({ search }) =>
      expect(await search({ ...similar, facets: false, next: 1 })).toMatchObject({
        engine: "postgres",
        fallback: true,
        typos: true,
        count: 1,
        results: [{ pid: 3 }],
      }),
    );
}, 30_000);
