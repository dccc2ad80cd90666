/** When an engine is away: PostgreSQL answers for Meilisearch and says so, and Meilisearch is asked again when it is back. */
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

/** How Meilisearch may be ill. */
const illnesses = {
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
  // What a process leaves behind that is killed while it answers.
  "dying in the middle": async () => new Response('{"hits":[{"pid":'),
};
type Illness = keyof typeof illnesses;

/** Stands before Meilisearch, and can go away and be ill. */
function gate() {
  let port = 0;
  let illness: Illness | undefined;
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
        return illness ? illnesses[illness](answer) : answer();
      },
    });
    port = server.port ?? 0;
    return server;
  };
  let server = listen();
  return {
    meili: { url: `http://127.0.0.1:${port}`, key: corpus.meili.key },
    searches: () => searches,
    goAway: () => server.stop(true),
    comeBack: () => void (server = listen()),
    become: (next: Illness | undefined) => void (illness = next),
  };
}

const ask = (search: Search, content = "Dampfer Nebel ") =>
  search.search({ content, type: "post", sort: "score", offset: 0, limit: 30, facets: false });
/** Until a probe finds Meilisearch well, which nobody has to ask for, and this machine is not too busy for it. */
async function untilBack(search: Search): Promise<void> {
  do {
    while (!(await search.health()).reachable) await Bun.sleep(50);
  } while ((await ask(search)).engine !== "meilisearch");
}

test("Meilisearch goes away and comes back", async () => {
  const { meili, goAway, comeBack } = gate();
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "meilisearch", count: 1 });
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await goAway();
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1, results: [{ pid: 3 }] });
  expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
  expect((await search.suggest("dampf")).map(({ id }) => id).toSorted()).toEqual([100, 103]);
  comeBack();
  await untilBack(search);
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await goAway();
}, 30_000);

test.each(Object.keys(illnesses) as Illness[])(
  "Meilisearch falls ill (%s): PostgreSQL answers at once, nobody asks it meanwhile, and it comes back by itself",
  async (illness) => {
    const { meili, searches, become, goAway } = gate();
    const search = createSearch({ sql: corpus.database.sql, meili, timezone });
    await untilBack(search);
    become(illness);
    const begun_ms = performance.now();
    expect(await ask(search)).toMatchObject({ engine: "postgres", fallback: true, count: 1, results: [{ pid: 3 }] });
    // Sooner than any time-out: it takes a sixth of a second on a machine that does nothing else.
    expect(performance.now() - begun_ms).toBeLessThan(1900);
    expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
    const asked = searches();
    for (let n = 0; n < 10; n++) expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
    expect(await search.suggest("dampfer auf")).toMatchObject([{ id: 100 }]);
    expect(searches()).toBe(asked);
    become(undefined);
    await untilBack(search);
    await goAway();
  },
  30_000,
);

test("Meilisearch is ill from the start: the same", async () => {
  const { meili, become, goAway } = gate();
  become("hanging");
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  become(undefined);
  await untilBack(search);
  await goAway();
}, 30_000);

test("a search that is given up is no reason to ask PostgreSQL", async () => {
  const { meili, become, goAway } = gate();
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect((await ask(search)).engine).toBe("meilisearch");
  become("hanging");
  const controller = new AbortController();
  const asked = search.search(
    { content: "Dampfer", type: "post", sort: "score", offset: 0, limit: 30, facets: false },
    controller.signal,
  );
  controller.abort(new DOMException("gone", "AbortError"));
  expect(asked).rejects.toThrow("gone");
  await asked.catch(() => {});
  become(undefined);
  expect((await ask(search)).engine).toBe("meilisearch");
  await goAway();
}, 30_000);

test("more words than Meilisearch minds are PostgreSQL's, and nobody rests for that", async () => {
  const search = createSearch({ sql: corpus.database.sql, meili: corpus.meili, timezone });
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn ")).engine).toBe("meilisearch");
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn elf ")).engine).toBe("postgres");
  expect((await ask(search)).engine).toBe("meilisearch");
});

/** Takes something away from the index, which nothing tells us of. */
const losses: Record<string, (client: Meilisearch) => EnqueuedTaskPromise> = {
  "all posts": (client) => client.index(indexes.post).deleteAllDocuments(),
  "one post": (client) => client.index(indexes.post).deleteDocument(3),
  "a thread": (client) => client.index(indexes.thread).deleteDocument(100),
  "the index of posts": (client) => client.deleteIndex(indexes.post),
  "the index of threads": (client) => client.deleteIndex(indexes.thread),
  "the index of users": (client) => client.deleteIndex(indexes.user),
};

test.each(Object.keys(losses))(
  "the index loses %s: PostgreSQL answers until the next run has mended it",
  async (lost) => {
    const { sql } = corpus.database;
    const search = createSearch({ sql, meili: corpus.meili, timezone });
    expect((await ask(search)).engine).toBe("meilisearch");
    await losses[lost]?.(clientOf(corpus.meili)).waitTask();
    const later = createSearch({ sql, meili: corpus.meili, timezone });
    expect(await ask(later)).toMatchObject({ engine: "postgres", count: 1, results: [{ pid: 3 }] });
    expect(await later.health()).toEqual({ engine: "postgres", reachable: false });
    // Who believed in the index is told within seconds.
    while ((await search.health()).reachable) await Bun.sleep(50);
    const { engines } = await fillIndex({ sql, meili: corpus.meili });
    expect(engines).toMatchObject([
      { engine: "postgres", changed: false },
      { engine: "meilisearch", changed: true, posts: 85, threads: 6 },
    ]);
    await untilBack(later);
    expect(
      await later.search({ content: "Nebel ", type: "post", sort: "score", offset: 0, limit: 9, facets: false }),
    ).toMatchObject({ engine: "meilisearch", count: 2 });
  },
  60_000,
);

test("an index with documents that we did not count is not ours", async () => {
  const { sql } = corpus.database;
  await clientOf(corpus.meili)
    .index(indexes.post)
    .addDocuments([{ pid: 999_999, text: "dampfer nebel" }])
    .waitTask();
  const search = createSearch({ sql, meili: corpus.meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  await fillIndex({ sql, meili: corpus.meili });
  await untilBack(search);
}, 60_000);

test("when neither can, the error says that the database is away", async () => {
  const { meili, goAway } = gate();
  await goAway();
  const gone = connect("postgres://nobody@127.0.0.1:1/nothing", { max: 1 });
  const search = createSearch({ sql: gone, meili, timezone });
  const error = await ask(search).catch((reason: unknown) => reason);
  expect((error as { code?: string }).code).toBe("ECONNREFUSED");
  await gone.end({ timeout: 1 });
});
