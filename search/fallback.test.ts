/**
 * While Meilisearch is unavailable, PostgreSQL searches, and the response says so; once recovered, Meilisearch is used
 * again.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "@potstats/db/connect";
import type { Search, SearchRequest } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { clientOf } from "./index/meilisearch-client.ts";
import { createSearch } from "./search.ts";
import { indexes } from "./index/meilisearch-settings.ts";
import { type Corpus, makeCorpus, timezone } from "./testing/corpus.ts";
import { failures, startProxy } from "./testing/proxy.ts";

let corpus: Corpus;
beforeAll(async () => {
  corpus = await makeCorpus();
  await fillIndex({ sql: corpus.database.sql, meili: corpus.meili });
});
afterAll(() => corpus.stop());

const ask = (search: Search, content = "Dampfer Nebel ", more: Partial<SearchRequest> = {}) =>
  search.search({ content, type: "post", sort: "score", offset: 0, limit: 30, facets: false, ...more });

/** Waits until a background probe succeeds and a search is answered within the head start. */
async function recovered(search: Search): Promise<void> {
  do {
    while (!(await search.health()).reachable) await Bun.sleep(50);
  } while ((await ask(search)).engine !== "meilisearch");
}

test("Meilisearch goes down and recovers", async () => {
  const { meili, stop, restart } = startProxy(corpus.meili);
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "meilisearch", count: 1 });
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await stop();
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1, results: [{ pid: 3 }] });
  expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
  expect((await search.suggest("dampf")).rows.map(({ id }) => id).toSorted()).toEqual([100, 103]);
  restart();
  await recovered(search);
  expect(await search.health()).toEqual({ engine: "meilisearch", reachable: true });
  await stop();
}, 30_000);

test("while Meilisearch hangs, no search reaches it", async () => {
  const { meili, searches, failWith, stop } = startProxy(corpus.meili);
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  await recovered(search);
  failWith(failures.hanging);
  expect(await ask(search)).toMatchObject({ engine: "postgres", fallback: true, count: 1, results: [{ pid: 3 }] });
  expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
  expect(await ask(search, "board:nirgends Nebel")).toMatchObject({ engine: "postgres", fallback: true, count: 0 });
  const before = searches();
  for (let n = 0; n < 10; n++) expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  expect((await search.suggest("dampfer auf")).rows).toMatchObject([{ id: 100 }]);
  expect(searches()).toBe(before);
  failWith(undefined);
  await recovered(search);
  await stop();
}, 30_000);

test("Meilisearch may also be down from the start", async () => {
  const { meili, failWith, stop } = startProxy(corpus.meili);
  failWith(failures.hanging);
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  failWith(undefined);
  await recovered(search);
  await stop();
}, 30_000);

test("a canceled search does not fall back to PostgreSQL", async () => {
  const { meili, failWith, stop } = startProxy(corpus.meili);
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  expect((await ask(search)).engine).toBe("meilisearch");
  failWith(failures.hanging);
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

test("an index with unknown documents is not used", async () => {
  const { sql } = corpus.database;
  await clientOf(corpus.meili)
    .index(indexes.post)
    .addDocuments([{ pid: 999_999, words: ["_dampfer _nebel"] }])
    .waitTask({ timeout: 60_000, interval: 10 });
  const search = createSearch({ sql, meili: corpus.meili, timezone });
  expect(await ask(search)).toMatchObject({ engine: "postgres", count: 1 });
  await fillIndex({ sql, meili: corpus.meili });
  await recovered(search);
}, 60_000);

test("a page by score comes from one engine, even if Meilisearch fails while gaps are filled", async () => {
  const { sql } = corpus.database;
  const { meili, failWith, stop } = startProxy(corpus.meili);
  const search = createSearch({ sql, meili, timezone });
  await recovered(search);
  await sql`update baked.threads set is_gone = true where tid = 103`;
  let searches = 0;
  failWith((answer, path) => (path === "/multi-search" && ++searches > 1 ? failures.hanging() : answer()));
  const response = await ask(search, "Wiederholung ");
  expect(response).toMatchObject({ engine: "postgres", fallback: true, results: [] });
  await sql`update baked.threads set is_gone = false where tid = 103`;
  await stop();
}, 30_000);

test("threads are counted by the engine that found them, even if Meilisearch fails in between", async () => {
  const { sql } = corpus.database;
  const { meili, failWith, stop } = startProxy(corpus.meili);
  const search = createSearch({ sql, meili, timezone });
  await recovered(search);
  let searches = 0;
  failWith((answer, path) => (path === "/multi-search" && ++searches > 1 ? failures.hanging() : answer()));
  const response = await ask(search, "Wiederholung ", { group: "thread" });
  expect(searches).toBeGreaterThan(1);
  expect(response).toMatchObject({ engine: "postgres", fallback: true });
  await stop();
}, 30_000);

test("suggestions without the names that only Meilisearch finds say so", async () => {
  const { meili, failWith, stop } = startProxy(corpus.meili);
  const search = createSearch({ sql: corpus.database.sql, meili, timezone });
  await recovered(search);
  expect((await search.suggest("dampf")).fallback).toBeUndefined();
  failWith((answer, path) => (path === `/indexes/${indexes.user}/search` ? failures.hanging() : answer()));
  expect((await search.suggest("dampf")).fallback).toBe(true);
  await stop();
}, 30_000);

test("an index that is out of date since a moment ago is noticed after a search", async () => {
  const { sql } = corpus.database;
  const search = createSearch({ sql, meili: corpus.meili, timezone });
  await recovered(search);
  await sql`update search.state set analysis_generation = analysis_generation || '?' where engine = 'postgres'`;
  expect((await search.health()).reachable).toBe(false);
  await sql`update search.state set analysis_generation = rtrim(analysis_generation, '?') where engine = 'postgres'`;
  await recovered(search);
}, 30_000);

test("if both fail, the database's error is thrown", async () => {
  const { meili, stop } = startProxy(corpus.meili);
  await stop();
  const gone = connect("postgres://nobody@127.0.0.1:1/nothing", { max: 1 });
  const search = createSearch({ sql: gone, meili, timezone });
  const error = await ask(search).catch((reason: unknown) => reason);
  expect((error as { code?: string }).code).toBe("ECONNREFUSED");
  await gone.end({ timeout: 1 });
});
