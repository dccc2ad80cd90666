/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import { isLocked } from "@potstats/db/locks";
import { searchVersion } from "@potstats/db/search-index";
import type { Meilisearch, MultiSearchQuery, MultiSearchQueryWithFederation } from "meilisearch";
import { clientOf, type FilledIndex, isStillOurs, type MeilisearchServer } from "../index/meilisearch-client.ts";
import { indexes, maxFacetValues, queryLocales } from "../index/meilisearch-settings.ts";
import type { Query } from "../query/query.ts";
import type { Engine, FacetCounts, Match, Matches } from "./engine.ts";
import { filtersOf, forgivingTexts, searchTexts } from "./meilisearch-query.ts";

const requestTimeout_ms = 2000;
/** Meilisearch ignores further words and phrases of a query. Exclusions don't count if they come first. */
const maxTerms = 10;
/**
 * Letters of a word being typed. Meilisearch 1.21 finds only the first 1,000 words that start with a prefix
 * (`MAX_PREFIX_COUNT`): it has no index of prefixes for attributes without typos (its issue 6403).
 */
const minPrefix = 4;
/** How long a successful check of the index remains valid. */
const checkInterval_ms = 5000;

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
  const { check, ensureOurs } = ownershipCheck(client, sql);
  return {
    name: "meilisearch",
    // Phrases need positions, which only PostgreSQL's index has.
    supports: ({ terms }) =>
      terms.filter(({ excluded }) => !excluded).length <= maxTerms &&
      terms.every(
        ({ words: [word = "", ...more], prefix }) => more.length === 0 && (!prefix || word.length >= minPrefix),
      ),
    ensureOurs,
    async probe(signal) {
      await check();
      const { hits } = await client
        .index(indexes.post)
        .search("", { limit: 1, locales: queryLocales, showRankingScore: true }, { signal });
      if (!Array.isArray(hits)) throw unexpectedResponse();
    },
    async findUsers(folded, limit, signal) {
      await ensureOurs();
      const { hits } = await client
        .index<{ uid: number }>(indexes.user)
        .search(
          folded,
          { matchingStrategy: "all", attributesToRetrieve: ["uid"], limit, locales: queryLocales },
          signal ? { signal } : {},
        );
      return hits.map(({ uid }) => uid);
    },
    async find(query, signal): Promise<Matches> {
      await ensureOurs();
      const strict = searchTexts(query.terms, query.titlesOnly);
      const result = await searchFor(client, query, strict, signal);
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

/**
 * Checks that Meilisearch holds the index we filled: at most every few seconds, and once for all concurrent requests.
 */
function ownershipCheck(client: Meilisearch, sql: Sql) {
  let checkedAt_ms = -Infinity;
  let pending: Promise<void> | undefined;

  async function check(): Promise<void> {
    const [state] = await sql<(FilledIndex & { is_updating: boolean })[]>`
      select index_id, post_count, thread_count, ${isLocked(sql, "index")} as is_updating
      from search.state where engine = 'meilisearch' and version = ${searchVersion}`;
    if (!state || !(await isStillOurs(client, state, state.is_updating)))
      throw new Error("Meilisearch's index is not the one we filled");
    checkedAt_ms = performance.now();
  }

  async function ensureOurs(): Promise<void> {
    if (performance.now() - checkedAt_ms < checkInterval_ms) return;
    await (pending ??= check().finally(() => (pending = undefined)));
  }

  return { check, ensureOurs };
}

const facetAttributes = ["bid", "year", "uid"] as const;
/** Users who are returned as a facet. */
const topUsers = 10;
/** Maximum number of documents read to find out which of many equally active users have the lowest ids. */
const maxRead = 10_000;

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
  const hits = results.flatMap((result) =>
    result.hits.map((hit): Match => ({ id: hit[key] ?? 0, score: hit._rankingScore ?? 0 })),
  );
  const facets = query.facets ? facetsOf(distribution ?? {}) : undefined;
  if (facets && count <= maxRead && areTied(distribution?.["uid"] ?? {}))
    facets.uids = await countUsers(client, queries, key, options);
  return {
    page: isUnion ? merge(hits, sort).slice(offset, offset + limit) : hits,
    count,
    count_is_exact: true,
    ...(facets ? { facets } : {}),
  };
}

/** Whether there may be users who were not returned, but are as active as the last one of the facet. */
function areTied(distribution: Record<string, number>): boolean {
  const counts = Object.values(distribution).toSorted((a, b) => b - a);
  return counts.length >= maxFacetValues && counts[topUsers - 1] === counts.at(-1);
}

/** The most active users, counted from the documents. */
async function countUsers(
  client: Meilisearch,
  queries: MultiSearchQuery[],
  key: string,
  options: { signal?: AbortSignal },
): Promise<FacetCounts> {
  const all = queries.map((one) => ({ ...one, attributesToRetrieve: [key, "uid"], limit: maxRead }));
  const { results } = await client.multiSearch<{ queries: MultiSearchQuery[] }, Record<string, number>>(
    { queries: all },
    options,
  );
  const userOf = new Map(results.flatMap(({ hits }) => hits.map((hit) => [hit[key], hit["uid"]])));
  const counts: Record<string, number> = {};
  for (const uid of userOf.values()) if (typeof uid === "number") counts[uid] = (counts[uid] ?? 0) + 1;
  return facetsOf({ uid: counts }).uids;
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
  return { bids: counts("bid", 100), years: counts("year", 100), uids: counts("uid", topUsers) };
}
