/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { searchVersion, type state } from "@potstats/db/search-index";
import type { Meilisearch, MultiSearchQuery, MultiSearchQueryWithFederation } from "meilisearch";
import { clientOf, indexId, type MeilisearchServer } from "../index/meilisearch-client.ts";
import { indexes, queryLocales } from "../index/meilisearch-settings.ts";
import type { Query } from "../query/query.ts";
import type { Engine, FacetCounts, Match, Matches } from "./engine.ts";
import { filtersOf, forgivingTexts, searchTexts } from "./meilisearch-query.ts";

const requestTimeout_ms = 2000;
/** Meilisearch ignores further words and phrases of a query. Exclusions don't count if they come first. */
const maxTerms = 10;
/** How long a successful check of the index remains valid. */
const checkInterval_ms = 1000;

interface MeilisearchEngine extends Engine {
  /** Users whose name or alias starts like these folded words, typos included. */
  findUsers(folded: string, limit: number, signal?: AbortSignal): Promise<number[]>;
  /** @throws Error if Meilisearch does not respond, or its index was not filled from our database */
  ensureOurs(): Promise<void>;
  /** Checks the index even if it was checked recently, and runs a small search. @throws Error as `ensureOurs` does */
  probe(signal: AbortSignal): Promise<void>;
}

/** @param sql the database that the index must have been filled from */
export function meilisearchEngine(server: MeilisearchServer, sql: Sql): MeilisearchEngine {
  const client = clientOf(server, requestTimeout_ms);
  const { check, ensureOurs, whileOurs } = ownershipCheck(client, sql);
  return {
    name: "meilisearch",
    // Phrases need positions, which only PostgreSQL's index has.
    supports: ({ terms }) =>
      terms.filter(({ excluded }) => !excluded).length <= maxTerms && terms.every(({ words }) => words.length === 1),
    ensureOurs,
    async probe(signal) {
      const search = client
        .index(indexes.post)
        .search("", { limit: 1, locales: queryLocales, showRankingScore: true }, { signal });
      const [{ hits }] = await Promise.all([search, check()]);
      if (!Array.isArray(hits)) throw unexpectedResponse();
    },
    async findUsers(folded, limit, signal) {
      const search = client
        .index<Record<string, unknown>>(indexes.user)
        .search(
          folded,
          { matchingStrategy: "all", attributesToRetrieve: ["uid"], limit, locales: queryLocales },
          signal ? { signal } : {},
        );
      const { hits } = await whileOurs(search);
      return hits.map((hit) => numberIn(hit, "uid"));
    },
    async find(query, signal): Promise<Matches> {
      const strict = searchTexts(query.terms, query.titlesOnly);
      const result = await whileOurs(searchFor(client, query, strict, signal));
      // The page after the last one is empty as well, which is no reason to look for typos.
      const matchesNothing =
        result.count === 0 &&
        (query.next === undefined ||
          (await searchFor(client, { ...query, next: undefined }, strict, signal)).count === 0);
      const forgiving = matchesNothing ? forgivingTexts(query.terms) : [];
      if (forgiving.length === 0) return result;
      const similar = await searchFor(client, { ...query, titlesOnly: false }, forgiving, signal);
      return similar.count > 0 ? { ...similar, typos: true } : similar;
    },
  };
}

const unexpectedResponse = () => new Error("Meilisearch sent an unexpected response");

/** A number that the response must contain; another version may call it differently. */
function numberIn(response: Record<string, unknown>, name: string): number {
  const value = response[name];
  if (typeof value !== "number") throw unexpectedResponse();
  return value;
}

/**
 * Checks that Meilisearch holds exactly what we filled it with, and that it is as new as PostgreSQL's own index: at most
 * once a second, and once for all concurrent requests.
 */
function ownershipCheck(client: Meilisearch, sql: Sql) {
  let checkedAt_ms = -Infinity;
  let pending: Promise<void> | undefined;

  async function check(): Promise<void> {
    const started_ms = performance.now();
    const [[filled], id] = await Promise.all([
      sql<Row<typeof state, "index_id">[]>`
        select m.index_id from search.state m
        left join search.state p on p.engine = 'postgres' and p.version = m.version
        where m.engine = 'meilisearch' and m.version = ${searchVersion}
          and m.analysis_generation = coalesce(p.analysis_generation, m.analysis_generation)`,
      indexId(client),
    ]);
    if (filled?.index_id !== id) throw new Error("Meilisearch's index is not the one we filled, or is out of date");
    checkedAt_ms = started_ms;
  }

  async function ensureOurs(): Promise<void> {
    if (performance.now() - checkedAt_ms < checkInterval_ms) return;
    await (pending ??= check().finally(() => (pending = undefined)));
  }

  /** The result of a request that was sent while the index was checked. */
  async function whileOurs<T>(request: Promise<T>): Promise<T> {
    const [result] = await Promise.all([request, ensureOurs()]);
    return result;
  }

  return { check, ensureOurs, whileOurs };
}

const facetAttributes = ["bid", "year", "uid"] as const;

/** One page of the documents that satisfy one of the texts. */
async function searchFor(
  client: Meilisearch,
  query: Query,
  texts: string[],
  signal: AbortSignal | undefined,
): Promise<Matches> {
  const { type, offset, limit, sort } = query;
  const index = indexes[type];
  const key = type === "post" ? "pid" : "tid";
  const options = signal ? { signal } : {};
  const isUnion = texts.length > 1;
  const queries = texts.map((q) => ({
    indexUid: index,
    q,
    filter: filtersOf(query),
    matchingStrategy: "all" as const,
    locales: queryLocales,
    ...(query.titlesOnly ? { attributesToSearchOn: ["title"] } : {}),
  }));
  const page = client.multiSearch<{ queries: MultiSearchQuery[] }, Record<string, number>>(
    {
      queries: queries.map((one) => ({
        ...one,
        attributesToRetrieve: [key],
        ...(isUnion ? { offset: 0, limit: offset + limit } : { offset, limit }),
        // With a sort, computing scores takes three times as long as the search itself.
        ...(sort === "score"
          ? { showRankingScore: true }
          : { sort: [`${key}:${sort === "date-asc" ? "asc" : "desc"}`] }),
        ...(query.facets && !isUnion ? { facets: [...facetAttributes] } : {}),
      })),
    },
    options,
  );
  // A federated query counts a document once even if several texts match it. If it also returned documents, it would be
  // slow.
  const total = isUnion
    ? client.multiSearch<{ federation: object; queries: MultiSearchQueryWithFederation[] }>(
        {
          federation: { limit: 0, ...(query.facets ? { facetsByIndex: { [index]: [...facetAttributes] } } : {}) },
          queries,
        },
        options,
      )
    : undefined;
  const [{ results }, union] = await Promise.all([page, total]);
  const count = union ? union.estimatedTotalHits : results[0]?.estimatedTotalHits;
  if (count === undefined || !Number.isInteger(count)) throw unexpectedResponse();
  const distribution = union ? union.facetsByIndex?.[index]?.distribution : results[0]?.facetDistribution;
  if (query.facets && !distribution) throw unexpectedResponse();
  const hits = results.flatMap((result) =>
    result.hits.map((hit): Match => ({
      id: numberIn(hit, key),
      score: sort === "score" ? numberIn(hit, "_rankingScore") : 0,
    })),
  );
  return {
    page: isUnion ? merge(hits, sort).slice(offset, offset + limit) : hits,
    count,
    count_is_exact: true,
    ...(query.facets ? { facets: facetsOf(distribution ?? {}) } : {}),
  };
}

/** The hits of several texts in one order, each once, with the better of its scores. */
function merge(hits: Match[], sort: Query["sort"]): Match[] {
  const direction = sort === "date-asc" ? 1 : -1;
  const sorted = hits.toSorted((a, b) => (sort === "score" ? b.score - a.score : 0) || direction * (a.id - b.id));
  const seen = new Set<number>();
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function facetsOf(distribution: Record<string, Record<string, number>>): NonNullable<Matches["facets"]> {
  const counts = (attribute: (typeof facetAttributes)[number], limit: number): FacetCounts =>
    Object.entries(distribution[attribute] ?? {})
      .map(([value, count]): [number, number] => [Number(value), count])
      .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, limit);
  return { bids: counts("bid", 100), years: counts("year", 100), uids: counts("uid", 10) };
}
