/**
 * While Meilisearch is unavailable, PostgreSQL searches, and the response says so; once recovered, Meilisearch is used
 * again.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import type { EnqueuedTaskPromise, Meilisearch } from "meilisearch";
import type { Search } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { clientOf } from "./index/meilisearch-client.ts";
import { createSearch } from "./search.ts";
import { indexes } from "./index/meilisearch-settings.ts";
import { type Corpus, makeCorpus, timezone } from "./testing/corpus.ts";

let corpus: Corpus;
beforeAll(async () => {
  corpus = await makeCorpus();
  await fillIndex({ sql: corpus.database.sql, meili: corpus.meili });
});
afterAll(() => corpus.stop());

/** How Meilisearch may fail. */
const failures = {
  hanging: () => new Promise<Response>(() => {}),
  late: async (answer: () => Promise<Response>) => {
    await Bun.sleep(1000);
    return answer();
  },
  refusing: async () => Response.json({ message: "no", code: "invalid_api_key" }, { status: 403 }),
  full: async () =>
    Response.json({ message: "no space left on device", code: "no_space_left_on_device" }, { status: 500 }),
  old: async () => Response.json({ message: "unknown field `locales`", code: "bad_request" }, { status: 400 }),
  garbling: async () => new Response("<html>It works!</html>"),
  empty: async () => Response.json({}),
  // The response of a process that was killed meanwhile.
  "dying in the middle": async () => new Response('{"hits":[{"pid":'),
};
type Failure = keyof typeof failures;

/** A proxy in front of Meilisearch that can go down and fail. */
function startProxy() {
  let port = 0;
  let failure: Failure | undefined;
  let searches = 0;
  const listen = () => {
    const server = Bun.serve({
      port,
      hostname: "127.0.0.1",
      idleTimeout: 60,
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url);
        if (pathname.endsWith("/search")) searches++;
        const { method, headers } = request;
        const body = method === "GET" ? undefined : await request.text();
        const answer = () =>
          fetch(`${corpus.meili.url}${pathname}${search}`, {
            method,
            headers,
            ...(body === undefined ? {} : { body }),
          });
        return failure ? failures[failure](answer) : answer();
      },
    });
    port = server.port ?? 0;
    return server;
  };
  let server = listen();
  return {
    meili: { url: `http://127.0.0.1:${port}`, key: corpus.meili.key },
    searches: () => searches,
    stop: () => server.stop(true),
    restart: () => void (server = listen()),
    failWith: (next: Failure | undefined) => void (failure = next),
  };
}

const ask = (search: Search, content = "Dampfer Nebel ") =>
  search.search({ content, type: "post", sort: "score", offset: 0, limit: 30, facets: false });
/** Waits until a background probe succeeds and a search is answered within the head start. */
async function recovered(search: Search): Promise<void> {
  do {
    while (!(await search.health()).reachable) await Bun.sleep(50);
  } while ((await ask(search)).engine !== "meilisearch");
}

test("Meilisearch goes down and recovers", async () => {
  const { meili, stop, restart } = startProxy();
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "meilisearch", count: 1 });
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await stop();
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1, results: [{ pid: 3 }] });
  expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
  expect((await search.suggest("dampf")).map(({ id }) => id).toSorted()).toEqual([100, 103]);
  restart();
  await recovered(search);
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await stop();
}, 30_000);

test.each(Object.keys(failures) as Failure[])(
  "Meilisearch fails (%s): PostgreSQL searches immediately, no search reaches Meilisearch, and it recovers on its own",
  async (failure) => {
    const { meili, searches, failWith, stop } = startProxy();
    const search = createSearch({ sql: corpus.database.sql, meili, timezone });
    await recovered(search);
    failWith(failure);
    const begun_ms = performance.now();
    expect(await ask(search)).toMatchObject({ engine: "postgres", fallback: true, count: 1, results: [{ pid: 3 }] });
    // Before any timeout: it takes a sixth of a second on an idle machine.
    expect(performance.now() - begun_ms).toBeLessThan(1900);
    expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
    const before = searches();
    for (let n = 0; n < 10; n++) expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
    expect(await search.suggest("dampfer auf")).toMatchObject([{ id: 100 }]);
    expect(searches()).toBe(before);
    failWith(undefined);
    await recovered(search);
    await stop();
  },
  30_000,
);

test("Meilisearch may also be down from the start", async () => {
  const { meili, failWith, stop } = startProxy();
  failWith("hanging");
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  failWith(undefined);
  await recovered(search);
  await stop();
}, 30_000);

test("a canceled search does not fall back to PostgreSQL", async () => {
  const { meili, failWith, stop } = startProxy();
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect((await ask(search)).engine).toBe("meilisearch");
  failWith("hanging");
  const controller = new AbortController();
  const answer = search.search(
    { content: "Dampfer", type: "post", sort: "score", offset: 0, limit: 30, facets: false },
    controller.signal,
  );
  controller.abort(new DOMException("gone", "AbortError"));
  expect(answer).rejects.toThrow("gone");
  await answer.catch(() => {});
  failWith(undefined);
  expect((await ask(search)).engine).toBe("meilisearch");
  await stop();
}, 30_000);

test("PostgreSQL runs queries with more words than Meilisearch supports, and the circuit stays closed", async () => {
  const search = createSearch({ sql: corpus.database.sql, meili: corpus.meili, timezone });
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn ")).engine).toBe("meilisearch");
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn elf ")).engine).toBe("postgres");
  expect((await ask(search)).engine).toBe("meilisearch");
});

/** Deletes from the index directly, as another client of Meilisearch might. */
const losses: Record<string, (client: Meilisearch) => EnqueuedTaskPromise> = {
  "all posts": (client) => client.index(indexes.post).deleteAllDocuments(),
  "one post": (client) => client.index(indexes.post).deleteDocument(3),
  "a thread": (client) => client.index(indexes.thread).deleteDocument(100),
  "the index of posts": (client) => client.deleteIndex(indexes.post),
  "the index of threads": (client) => client.deleteIndex(indexes.thread),
  "the index of users": (client) => client.deleteIndex(indexes.user),
};

test.each(Object.keys(losses))(
  "the index loses %s: PostgreSQL searches until the next run repairs it",
  async (lost) => {
    const { sql } = corpus.database;
    const search = createSearch({ sql, meili: corpus.meili, timezone });
    expect((await ask(search)).engine).toBe("meilisearch");
    await losses[lost]?.(clientOf(corpus.meili)).waitTask();
    const later = createSearch({ sql, meili: corpus.meili, timezone });
    expect(await ask(later)).toMatchObject({ engine: "postgres", count: 1, results: [{ pid: 3 }] });
    expect(await later.health()).toEqual({ engine: "postgres", reachable: false });
    // A search that trusted the index notices within seconds.
    while ((await search.health()).reachable) await Bun.sleep(50);
    const { engines } = await fillIndex({ sql, meili: corpus.meili });
    expect(engines).toMatchObject([
      { engine: "postgres", changed: false },
      { engine: "meilisearch", changed: true, posts: 85, threads: 6 },
    ]);
    await recovered(later);
    expect(
      await later.search({ content: "Nebel ", type: "post", sort: "score", offset: 0, limit: 9, facets: false }),
    ).toMatchObject({ engine: "meilisearch", count: 2 });
  },
  60_000,
);

test("an index with unknown documents is not used", async () => {
  const { sql } = corpus.database;
  await clientOf(corpus.meili)
    .index(indexes.post)
    .addDocuments([{ pid: 999_999, text: "dampfer nebel" }])
    .waitTask();
  const search = createSearch({ sql, meili: corpus.meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  await fillIndex({ sql, meili: corpus.meili });
  await recovered(search);
}, 60_000);

test("if both fail, the database's error is thrown", async () => {
  const { meili, stop } = startProxy();
  await stop();
  const gone = connect("postgres://nobody@127.0.0.1:1/nothing", { max: 1 });
  const search = createSearch({ sql: gone, meili, timezone });
  const error = await ask(search).catch((reason: unknown) => reason);
  expect((error as { code?: string }).code).toBe("ECONNREFUSED");
  await gone.end({ timeout: 1 });
});
