import { afterAll, beforeAll, describe } from "bun:test";
import type { EngineName, Search, SearchResponse, SearchRequest } from "../contract.ts";
import { fillIndex } from "../fill.ts";
import { createSearch } from "../search.ts";
import { type Corpus, makeCorpus, timezone } from "./corpus.ts";

const engineNames: EngineName[] = ["postgres", "meilisearch"];

interface EngineSearch {
  search: Search;
  /** Searches posts, sorted by date, ascending, unless `more` overrides it. */
  ask(content: string, more?: Partial<SearchRequest>): Promise<SearchResponse>;
  /** Ids of the results: pids, or tids for threads. */
  ids(content: string, more?: Partial<SearchRequest>): Promise<number[]>;
}

export const idsOf = (response: SearchResponse): number[] =>
  response.type === "post" ? response.results.map(({ pid }) => pid) : response.results.map(({ tid }) => tid);

/**
 * Fills both engines' indexes with the corpus before the tests of this file.
 * @returns `corpus`; `asking`, one engine's search; `eachEngine`, a block of tests for each engine
 */
export function withBothEngines() {
  let corpus: Corpus;
  const searches: Partial<Record<EngineName, Search>> = {};
  beforeAll(async () => {
    corpus = await makeCorpus();
    const { sql } = corpus.database;
    await fillIndex({ sql, meili: corpus.meili });
    searches.postgres = createSearch({ sql, timezone });
    searches.meilisearch = createSearch({ sql, meili: corpus.meili, timezone });
  });
  afterAll(() => corpus.stop());

  function asking(engine: EngineName): EngineSearch {
    const search: Search = {
      search: (...request) => searches[engine]!.search(...request),
      suggest: (...prefix) => searches[engine]!.suggest(...prefix),
      passages: (...request) => searches[engine]!.passages(...request),
      trends: (...request) => searches[engine]!.trends(...request),
      complete: (...request) => searches[engine]!.complete(...request),
      health: () => searches[engine]!.health(),
    };
    const ask = (content: string, more: Partial<SearchRequest> = {}) =>
      search.search({ content, type: "post", sort: "date-asc", offset: 0, limit: 100, facets: false, ...more });
    return { search, ask, ids: async (content, more) => idsOf(await ask(content, more)) };
  }

  const eachEngine = (name: string, tests: (search: EngineSearch, engine: EngineName) => void) =>
    describe.each(engineNames)(`%s: ${name}`, (engine) => tests(asking(engine), engine));

  return { corpus: () => corpus, asking, eachEngine };
}
