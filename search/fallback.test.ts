/** When an engine is away: PostgreSQL answers for Meilisearch and says so, and Meilisearch is asked again when it is back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import type { Search } from "./engine.ts";
import { fillIndex } from "./fill.ts";
import { createSearch } from "./search.ts";
import { type Corpus, makeCorpus, timezone } from "./testing/corpus.ts";

let corpus: Corpus;
beforeAll(async () => {
  corpus = await makeCorpus();
  await fillIndex({ sql: corpus.database.sql, meili: corpus.meili });
});
afterAll(() => corpus.stop());

/** Stands before Meilisearch, and can go away, hang and refuse. */
function gate() {
  let port = 0;
  let mode: "open" | "hanging" | "refusing" = "open";
  let requests = 0;
  const listen = () => {
    const server = Bun.serve({
      port,
      hostname: "127.0.0.1",
      idleTimeout: 60,
      fetch: async (request) => {
        requests++;
        if (mode === "hanging") return new Promise<Response>(() => {});
        if (mode === "refusing") return Response.json({ message: "no", code: "invalid_api_key" }, { status: 403 });
        const { pathname, search } = new URL(request.url);
        const { method, headers } = request;
        const body = method === "GET" ? undefined : await request.text();
        return fetch(`${corpus.meili.url}${pathname}${search}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        });
      },
    });
    port = server.port ?? 0;
    return server;
  };
  let server = listen();
  return {
    meili: { url: `http://127.0.0.1:${port}`, key: corpus.meili.key },
    requests: () => requests,
    goAway: () => server.stop(true),
    comeBack: () => void (server = listen()),
    become: (next: typeof mode) => void (mode = next),
  };
}

const ask = (search: Search, content = "Dampfer Nebel ") =>
  search.search({ content, type: "post", sort: "score", offset: 0, limit: 30, facets: false });
/** Until Meilisearch is asked again: after some seconds. */
async function untilBack(search: Search): Promise<void> {
  while ((await ask(search)).engine !== "meilisearch") await Bun.sleep(50);
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

test("Meilisearch that hangs or refuses is not waited for again and again", async () => {
  const { meili, requests, become, goAway } = gate();
  for (const mode of ["hanging", "refusing"] as const) {
    const search = createSearch({ sql: corpus.database.sql, meili, timezone });
    become(mode);
    expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
    const asked = requests();
    for (let n = 0; n < 10; n++) expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
    expect(requests()).toBe(asked);
  }
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
  become("open");
  expect((await ask(search)).engine).toBe("meilisearch");
  await goAway();
}, 30_000);

test("more words than Meilisearch minds are PostgreSQL's, and nobody rests for that", async () => {
  const search = createSearch({ sql: corpus.database.sql, meili: corpus.meili, timezone });
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn ")).engine).toBe("meilisearch");
  expect((await ask(search, "eins zwei drei vier fünf sechs sieben acht neun zehn elf ")).engine).toBe("postgres");
  expect((await ask(search)).engine).toBe("meilisearch");
});

test("when neither can, the error says that the database is away", async () => {
  const { meili, goAway } = gate();
  await goAway();
  const gone = connect("postgres://nobody@127.0.0.1:1/nothing", { max: 1 });
  const search = createSearch({ sql: gone, meili, timezone });
  const error = await ask(search).catch((reason: unknown) => reason);
  expect((error as { code?: string }).code).toBe("ECONNREFUSED");
  await gone.end({ timeout: 1 });
});
