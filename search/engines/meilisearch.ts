/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import { likePrefix } from "@potstats/db/like";
import type { Row } from "@potstats/db/row";
import { searchVersion, type state } from "@potstats/db/search-index";
import type { Meilisearch, MultiSearchQuery, MultiSearchQueryWithFederation } from "meilisearch";
import { clientOf, indexId, type MeilisearchServer } from "../index/meilisearch-client.ts";
import { indexes, queryLocales } from "../index/meilisearch-settings.ts";
import { monthOf } from "../query/period.ts";
import { allFacets, type FacetName, type Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";
import type { Engine, FacetCounts, Match, Matches, MonthCounts } from "./engine.ts";
import { filtersOf, searchTexts } from "./meilisearch-query.ts";
import { oncePerQuery } from "./once-per-query.ts";

const requestTimeout_ms = 2000;
/** Meilisearch ignores further words of a query. */
const maxTerms = 10;
/** How long after a successful check the index is not checked again, and how long no search waits for that. */
const checkInterval_ms = 1000;
const checkValidity_ms = 3000;

interface MeilisearchEngine extends Engine {
  /** Users whose name or alias starts like these folded words, typos included. */
  findUsers(folded: string, limit: number, signal?: AbortSignal): Promise<number[]>;
  /**
   * Checks that the index is still the one that was filled from our database.
   * @throws Error if it is not, or if Meilisearch does not respond
   */
  confirm(): Promise<void>;
  /** Checks the index and runs a small search. @throws Error as `confirm` does, or if the search takes longer */
  probe(limit_ms: number): Promise<void>;
}

export interface Database {
  sql: Sql;
  /** For queries that several requests wait for. */
  shared: Sql;
  /** IANA name, in which days were computed. */
  timezone: string;
}

/** @param database the one that the index must have been filled from */
export function meilisearchEngine(server: MeilisearchServer, { sql, shared, timezone }: Database): MeilisearchEngine {
  const client = clientOf(server, requestTimeout_ms);
  const { check, confirm, whileOurs } = ownershipCheck(client, shared);
  return {
    name: "meilisearch",
    // Its index holds neither positions nor words as they were written: that is PostgreSQL's part.
    supports: oncePerQuery(
      async ({ terms }) =>
        terms.length <= maxTerms && terms.every(({ exact }) => !exact) && !(await hasManyEndings(sql, terms)),
    ),
    confirm,
    async probe(limit_ms) {
      const limit = AbortSignal.timeout(limit_ms);
      const search = client.index(indexes.post).search("", { limit: 1, locales: queryLocales }, { signal: limit });
      // The database's time is not Meilisearch's.
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
    find: (query, signal) => whileOurs(searchFor(client, query, timezone, signal)),
    countMonths: (query, signal) => whileOurs(countMonths(client, query, timezone, signal)),
  };
}

/**
 * Meilisearch finds only the first 1,000 words that start with a prefix (`MAX_PREFIX_COUNT`), except for prefixes
 * of up to four characters, our mark among them, which have an index of their own. Our list of words lacks rare ones.
 */
const prefixLimits = { letters: 3, words: 500 };

/** Whether so many words start with the one being typed that Meilisearch might not find them all. */
async function hasManyEndings(sql: Sql, terms: Term[]): Promise<boolean> {
  const [prefix = ""] = terms.find((term) => term.prefix)?.words ?? [];
  if (prefix.length <= prefixLimits.letters) return false;
  const rows = await sql`
    select from search.words where word like ${likePrefix(prefix)} limit ${prefixLimits.words}`;
  return rows.length === prefixLimits.words;
}

const unexpectedResponse = () => new Error("Meilisearch sent an unexpected response");

/** A number that the response must contain; another version may call it differently. */
function numberIn(response: Record<string, unknown>, name: string): number {
  const value = response[name];
  if (typeof value !== "number") throw unexpectedResponse();
  return value;
}

/**
 * Checks that Meilisearch holds exactly what we filled it with, and that it is as new as PostgreSQL's own index: once for
 * all concurrent requests, and for searches at most once a second.
 */
function ownershipCheck(client: Meilisearch, sql: Sql) {
  let checkedAt_ms = -Infinity;
  let pending: Promise<void> | undefined;

  async function readBoth(): Promise<void> {
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

  /** A failure ends the validity of earlier checks. */
  const check = () =>
    (pending ??= readBoth()
      .catch((error: unknown) => {
        checkedAt_ms = -Infinity;
        throw error;
      })
      .finally(() => (pending = undefined)));

  /** Waits for a check that begins now or later: one that is pending may have read what is out of date. */
  async function confirm(): Promise<void> {
    await pending?.catch(() => {});
    await check();
  }

  /** The result of a request that was sent while the index was checked, or shortly after. */
  async function whileOurs<T>(request: Promise<T>): Promise<T> {
    const age_ms = performance.now() - checkedAt_ms;
    const checked = age_ms < checkInterval_ms ? undefined : check();
    // The result tells; an earlier one is good enough if the database is busy.
    checked?.catch(() => {});
    const [result] = await Promise.all([request, age_ms < checkValidity_ms ? undefined : checked]);
    return result;
  }

  return { check, confirm, whileOurs };
}

const attributes = { bids: "bid", years: "year", uids: "uid" } as const satisfies Record<FacetName, string>;

const facetAttributes = ({ facetNames = allFacets }: Query) => facetNames.map((name) => attributes[name]);

/** A query for each text, one of which a document must satisfy. */
const textQueries = (query: Query, timezone: string) =>
  searchTexts(query.terms).map((q) => ({
    indexUid: indexes[query.type],
    q,
    filter: filtersOf(query, timezone),
    matchingStrategy: "all" as const,
    locales: queryLocales,
  }));

/** One page of the documents that match. */
async function searchFor(
  client: Meilisearch,
  query: Query,
  timezone: string,
  signal: AbortSignal | undefined,
): Promise<Matches> {
  const { type, offset, limit } = query;
  const index = indexes[type];
  const key = type === "post" ? "pid" : "tid";
  const options = signal ? { signal } : {};
  const queries = textQueries(query, timezone);
  const isUnion = queries.length > 1;
  const hasSeparateTotal = isUnion || query.byThread === true;
  const pageEnd = offset + limit + (query.byThread ? 1 : 0);
  const page = client.multiSearch<{ queries: MultiSearchQuery[] }, Record<string, number>>(
    {
      queries: queries.map((one) => ({
        ...one,
        attributesToRetrieve: query.byThread ? [key, "tid"] : [key],
        ...(query.byThread ? { distinct: "tid" } : {}),
        ...(isUnion ? { offset: 0, limit: pageEnd } : { offset, limit: pageEnd - offset }),
        sort: [`${key}:${query.sort === "date-asc" ? "asc" : "desc"}`],
        ...(query.facets && !hasSeparateTotal ? { facets: facetAttributes(query) } : {}),
      })),
    },
    options,
  );
  // A federated query counts a document once even if both texts match it. If it also returned documents, it would be
  // slow. A search by thread counts threads, and not all of them.
  const total = hasSeparateTotal
    ? client.multiSearch<{ federation: object; queries: MultiSearchQueryWithFederation[] }>(
        {
          federation: { limit: 0, ...(query.facets ? { facetsByIndex: { [index]: facetAttributes(query) } } : {}) },
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
      score: 0,
      ...(query.byThread ? { thread: { tid: numberIn(hit, "tid"), count: 0 } } : {}),
    })),
  );
  const found = isUnion ? merge(hits, query.sort).slice(offset) : hits;
  const counted = query.byThread ? await countThreads(client, queries, found.slice(0, limit), options) : found;
  return {
    page: counted,
    ...(query.byThread ? { hasMore: found.length > limit } : {}),
    count,
    count_is_exact: true,
    ...(query.facets ? { facets: facetsOf(distribution ?? {}) } : {}),
  };
}

/** The posts that match, per month. */
async function countMonths(
  client: Meilisearch,
  query: Query,
  timezone: string,
  signal: AbortSignal | undefined,
): Promise<MonthCounts> {
  const { facetsByIndex } = await client.multiSearch<{ federation: object; queries: MultiSearchQueryWithFederation[] }>(
    {
      // A federated query counts a document once even if both texts match it.
      federation: { limit: 0, facetsByIndex: { [indexes.post]: ["month"] } },
      queries: textQueries(query, timezone),
    },
    signal ? { signal } : {},
  );
  const distribution = facetsByIndex?.[indexes.post]?.distribution["month"];
  if (!distribution) throw unexpectedResponse();
  const perMonth = new Map(Object.entries(distribution).map(([month, count]) => [monthOf(Number(month)), count]));
  return { perMonth, isExact: true };
}

/** Counts the matches in the thread of each match. */
async function countThreads(
  client: Meilisearch,
  queries: (MultiSearchQueryWithFederation & { filter: string[] })[],
  page: Match[],
  options: { signal?: AbortSignal },
): Promise<Match[]> {
  if (page.length === 0) return page;
  const tids = page.map(({ thread }) => thread?.tid ?? 0);
  const { facetsByIndex } = await client.multiSearch<{ federation: object; queries: MultiSearchQueryWithFederation[] }>(
    {
      federation: { limit: 0, facetsByIndex: { [indexes.post]: ["tid"] } },
      queries: queries.map((query) => ({ ...query, filter: [...query.filter, `tid IN [${tids.join(", ")}]`] })),
    },
    options,
  );
  const counts = facetsByIndex?.[indexes.post]?.distribution["tid"] ?? {};
  return page.map((match, at) => {
    const tid = tids[at] ?? 0;
    return { ...match, thread: { tid, count: counts[tid] ?? 0 } };
  });
}

/** The hits of several texts in one order, each document or thread once. */
function merge(hits: Match[], sort: Query["sort"]): Match[] {
  const direction = sort === "date-asc" ? 1 : -1;
  const sorted = hits.toSorted((a, b) => direction * (a.id - b.id));
  const seen = new Set<number>();
  const keyOf = ({ id, thread }: Match) => thread?.tid ?? id;
  return sorted.filter((match) => !seen.has(keyOf(match)) && seen.add(keyOf(match)));
}

function facetsOf(distribution: Record<string, Record<string, number>>): NonNullable<Matches["facets"]> {
  const counts = (attribute: (typeof attributes)[FacetName], limit: number): FacetCounts =>
    Object.entries(distribution[attribute] ?? {})
      .map(([value, count]): [number, number] => [Number(value), count])
      .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, limit);
  return { bids: counts("bid", 100), years: counts("year", 100), uids: counts("uid", 10) };
}
