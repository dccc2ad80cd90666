/** Searches while the database is busy, and while readers leave: that is no reason to stop using Meilisearch. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { type Corpus, makeCorpus, timezone } from "@potstats/search/testing/corpus";
import { startProxy } from "@potstats/search/testing/proxy";
import { openGuardedPool } from "@potstats/server/testing/guarded-pool";

let corpus: Corpus;
beforeAll(async () => {
  corpus = await makeCorpus();
  await fillIndex({ sql: corpus.database.sql, meili: corpus.meili });
});
afterAll(() => corpus.stop());

const request = { content: "Dampfer ", type: "post", sort: "score", offset: 0, limit: 30, facets: true } as const;

/** A search as the server opens it, with a single connection for searches, and a Meilisearch that takes 40 ms. */
function openBusy() {
  const proxy = startProxy(corpus.meili);
  proxy.failWith(async (answer) => {
    await Bun.sleep(40);
    return answer();
  });
  const concurrency = { requests: 2, searches: 1, shared: 1 };
  const { searches, shared, during, close } = openGuardedPool(corpus.database.url, "busy", { concurrency });
  const search = createSearch({ sql: searches, shared, meili: proxy.meili, timezone });
  const run = <T>(work: () => Promise<T>, { signal } = new AbortController()) => during(signal, work).result;
  const ask = async () => (await run(() => search.search(request))).engine;
  return {
    search,
    run,
    ask,
    /** Keeps all searches waiting for the database. */
    occupy: (seconds: number) => run(async () => void (await searches`select pg_sleep(${seconds})::text`)),
    answersWith: async (engine: string) => {
      while ((await ask()) !== engine) await Bun.sleep(50);
    },
    stop: async () => {
      await close();
      await proxy.stop();
    },
  };
}

test("a search that waited for the database is answered by Meilisearch", async () => {
  const { ask, occupy, answersWith, stop } = openBusy();
  await answersWith("meilisearch");
  const occupied = occupy(0.4);
  expect(await Promise.all([ask(), ask()])).toEqual(["meilisearch", "meilisearch"]);
  await occupied;
  expect(await ask()).toBe("meilisearch");
  await stop();
}, 30_000);

test("neither busy connections nor a reader who leaves make Meilisearch unreachable for others", async () => {
  const { search, run, ask, occupy, answersWith, stop } = openBusy();
  await answersWith("meilisearch");
  const occupied = occupy(0.4);
  const gone = new AbortController();
  const first = run(() => search.health(), gone).catch(() => {});
  const second = run(() => search.health());
  gone.abort(new DOMException("gone", "AbortError"));
  expect(await second).toEqual({ engine: "meilisearch", reachable: true });
  await Promise.all([first, occupied]);
  expect(await ask()).toBe("meilisearch");
  await stop();
}, 30_000);
