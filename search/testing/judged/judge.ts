/** Scores the answers to the judged queries. */
import type { Search, SearchRequest, SearchResponse } from "../../contract.ts";
import { mean, normalizedGain, reciprocalRank } from "./metrics.ts";
import type { Planted } from "./plant.ts";
import { type JudgedQuery, judgedQueries } from "./queries.ts";

/** Results that count. */
const cutoff = 10;
/** Must be first. */
const first = 3;

export interface Judgment {
  query: JudgedQuery;
  /** See {@link keysOf}. */
  found: string[];
  reciprocalRank: number;
  gain: number;
}

/** The keys of the results, best first; ids of those that are not judged posts or threads. */
export function keysOf({ results }: SearchResponse, { pids, tids }: Planted): string[] {
  const [posts, threads] = [byId(pids), byId(tids)];
  return results.map(
    (hit) => ("pid" in hit ? posts.get(hit.pid) : threads.get(hit.tid)) || String("pid" in hit ? hit.pid : hit.tid),
  );
}

const byId = (ids: Map<string, number>) => new Map([...ids].map(([key, id]) => [id, key]));

/** Repeats a search until the engine itself answers: on a busy machine PostgreSQL stands in. */
export async function searchPatiently(search: Search, request: SearchRequest): Promise<SearchResponse> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const answer = await search.search(request);
    if (!answer.fallback) return answer;
    await Bun.sleep(500);
  }
  throw new Error("Meilisearch does not answer");
}

/** Judges all queries. */
export async function judge(search: Search, planted: Planted): Promise<Judgment[]> {
  const judgments: Judgment[] = [];
  for (const query of judgedQueries) {
    const { typed, type } = query;
    const request = { content: typed, type, sort: "score", offset: 0, limit: cutoff, facets: false } as const;
    const found = keysOf(await searchPatiently(search, request), planted);
    const grades = found.map((key) => query.grades[key] ?? 0);
    judgments.push({
      query,
      found,
      reciprocalRank: reciprocalRank(grades, first, cutoff),
      gain: normalizedGain(grades, Object.values(query.grades), cutoff),
    });
  }
  return judgments;
}

/** The means of all queries. */
export const summarize = (judgments: readonly Judgment[]): { mrr: number; ndcg: number } => ({
  mrr: mean(judgments.map((one) => one.reciprocalRank)),
  ndcg: mean(judgments.map(({ gain }) => gain)),
});
