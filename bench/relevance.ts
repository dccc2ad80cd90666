/** Scores what each engine puts first, with the queries that were judged on threads among a simulated forum's posts. */
import type { EngineName } from "@potstats/search/contract";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { runAnalysis, startMeilisearch, timezone } from "@potstats/search/testing/corpus";
import { judge, type Judgment, summarize } from "@potstats/search/testing/judged/judge";
import { plant } from "@potstats/search/testing/judged/plant";
import { emptyDatabase, heading, line } from "./measure.ts";

const names: Record<EngineName, string> = { postgres: "PostgreSQL", meilisearch: "Meilisearch" };

export async function benchRelevance(posts: number): Promise<void> {
  const database = await emptyDatabase("relevance");
  const { sql } = database;
  // Separate from the Meilisearch whose index `bench web` uses.
  const meili = await startMeilisearch();
  try {
    const planted = await plant(sql, posts);
    await runAnalysis({ sql }, true);
    await fillIndex({ sql, meili });
    for (const engine of ["postgres", "meilisearch"] as const) {
      const search = createSearch({ sql, timezone, ...(engine === "meilisearch" ? { meili } : {}) });
      report(names[engine], await judge(search, planted));
    }
  } finally {
    await meili.close();
    await database.close();
  }
}

function report(engine: string, judgments: Judgment[]): void {
  heading(`${engine}: the first ten results of ${judgments.length} judged queries`);
  const { mrr, ndcg } = summarize(judgments);
  line("MRR: 1 / rank of the first that must be first", 100 * mrr, "%");
  line("nDCG at 10", 100 * ndcg, "%");
  for (const [kind, some] of Map.groupBy(judgments, ({ query }) => `${query.type}s, ${query.kind}`))
    line(`nDCG of ${kind} (${some.length})`, 100 * summarize(some).ndcg, "%");
  const worst = judgments.toSorted((a, b) => a.gain - b.gain).slice(0, 5);
  for (const { query, gain, found } of worst)
    line(`among the worst: ${query.typed}`, 100 * gain, "%", `finds ${found.slice(0, 4).join(", ") || "nothing"}`);
}
