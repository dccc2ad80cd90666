/** Turns a request into a query: parses the text and merges the filters. */
import type { Sql } from "@potstats/db/connect";
import { InvalidSearchError, type Part, type SearchRequest } from "../contract.ts";
import { applyFilter, intersection, narrowToPeriod } from "./filters.ts";
import type { FacetName, Query } from "./query.ts";
import { type Filter, filterNames, parseTokens, type Term } from "./syntax.ts";
import { type FilterMeaning, keyOf, partsOf } from "./understood.ts";

/** Distinct words per query, and distinct filters per name. */
const limits = { words: 32, filters: 8 };

/** What a request means. */
export interface Resolution {
  /** Undefined if nothing can match: the search is empty, or a filter is unknown. */
  query: Query | undefined;
  /** The first filter that is unknown or does not apply to this type. */
  unknownFilter: string | undefined;
  /** The text of the request as it was understood. */
  parts: Part[];
  /** For each facet whose own parameters are set: the query without them. */
  withoutOwn: Partial<Record<FacetName, Query>>;
}

/**
 * @param timezone IANA name, for `year:`, `before:` and `after:`
 * @throws InvalidSearchError
 */
export async function resolveQuery(sql: Sql, request: SearchRequest, timezone: string): Promise<Resolution> {
  const tokens = parseTokens(request.content);
  const terms = withoutRedundant(tokens.flatMap(({ term }) => term ?? []));
  const typed = tokens.flatMap(({ filter }) => filter ?? []);
  const filters = distinctFilters([...typed, ...parameterFilters(request)]);
  const periods = periodFilters(request);
  distinctFilters([...filters, ...periods]);
  periods.push(...rangeFilters(request));
  const base: Query = {
    type: request.type,
    terms,
    has: [],
    tags: [],
    sort: request.sort,
    offset: request.offset,
    limit: request.limit,
    facets: request.facets,
    next: request.next,
    ...(request.group && request.type === "post" ? { byThread: true } : {}),
  };
  const meanings = new Map<string, FilterMeaning>();
  const unknown: Filter[] = [];
  for (const filter of filters) {
    const meaning = await applyFilter(sql, base, filter, timezone);
    if (meaning) meanings.set(keyOf(filter), meaning);
    else unknown.push(filter);
  }
  unknown.push(...periods.filter((period) => !narrowToPeriod({ ...base }, period, timezone)));
  const [first] = unknown;
  const unknownFilter = first && `${first.name}:${first.value}`;
  const parts = partsOf(tokens, terms, meanings);
  const query = withParameters(base, request, periods, timezone);
  const isEmpty =
    terms.length === 0 &&
    filters.length === 0 &&
    periods.length === 0 &&
    request.uid === undefined &&
    request.bid === undefined;
  if (unknownFilter !== undefined || isEmpty) return { query: undefined, unknownFilter, parts, withoutOwn: {} };
  if (query.next !== undefined) checkCursor(query);
  const { bid, uid } = request;
  return {
    query,
    unknownFilter,
    parts,
    withoutOwn: {
      ...(bid === undefined ? {} : { bids: withParameters(base, { uid }, periods, timezone) }),
      ...(periods.length === 0 ? {} : { years: withParameters(base, { bid, uid }, [], timezone) }),
      ...(uid === undefined ? {} : { uids: withParameters(base, { bid }, periods, timezone) }),
    },
  };
}

/** The query narrowed by those parameters that facets set. */
function withParameters(
  base: Query,
  { uid, bid }: Pick<SearchRequest, "uid" | "bid">,
  periods: Filter[],
  timezone: string,
): Query {
  const query = { ...base };
  if (uid !== undefined) query.uids = intersection(query.uids, [uid]);
  if (bid !== undefined) query.bids = intersection(query.bids, [bid]);
  const { from, to } = base;
  if (periods.length > 0)
    query.typedPeriod = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  for (const period of periods) narrowToPeriod(query, period, timezone);
  // Without a word to look for there is nothing to score: newest first.
  if (query.sort === "score" && query.terms.every((term) => term.excluded)) query.sort = "date-desc";
  return query;
}

/** @throws InvalidSearchError if the pages of this search have no cursor */
function checkCursor({ sort, byThread }: Query): void {
  if (sort === "score")
    throw new InvalidSearchError("next requires sort=date-desc or sort=date-asc; pages sorted by score use offset");
  if (byThread) throw new InvalidSearchError("next cannot be combined with group=thread; pages of threads use offset");
}

const parameterFilters = ({ user, board, has }: SearchRequest) => filtersOf({ user, board, has });
const periodFilters = ({ year, before, after }: SearchRequest) => filtersOf({ year: year?.toString(), before, after });

/** A range of years as the filters that it stands for. */
function rangeFilters({ years }: SearchRequest): Filter[] {
  if (!years) return [];
  const startOf = (year: number) => String(year).padStart(4, "0");
  return filtersOf({ after: startOf(years.first), before: years.last < 9999 ? startOf(years.last + 1) : undefined });
}

const filtersOf = (parameters: Partial<Record<Filter["name"], string | undefined>>): Filter[] =>
  Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: name as Filter["name"], value }],
  );

/** @throws InvalidSearchError if there are too many of one name */
function distinctFilters(filters: Filter[]): Filter[] {
  const distinct = uniqueBy(filters, keyOf);
  for (const name of filterNames) {
    const count = distinct.filter((filter) => filter.name === name).length;
    if (count > limits.filters)
      throw new InvalidSearchError(
        `at most ${limits.filters} different ${name}: filters are allowed, this search has ${count}`,
      );
  }
  return distinct;
}

/** Keeps the first of items with equal keys. */
function uniqueBy<T>(items: T[], key: (item: T) => string): T[] {
  const unique = new Map<string, T>();
  for (const item of items) if (!unique.has(key(item))) unique.set(key(item), item);
  return [...unique.values()];
}

/**
 * Removes duplicate terms, and prefixes that also occur as a whole word.
 * @throws InvalidSearchError if there are too many words
 */
export function withoutRedundant(terms: Term[]): Term[] {
  const count = new Set(terms.flatMap((term) => term.words)).size;
  if (count > limits.words)
    throw new InvalidSearchError(`at most ${limits.words} different words are allowed, this search has ${count}`);
  const distinct = uniqueBy(terms, (term) => JSON.stringify([term.words, term.exact, term.excluded, term.prefix]));
  const wholeWords = new Set(
    distinct.flatMap(({ words, prefix, excluded }) => (!prefix && !excluded && words.length === 1 ? words : [])),
  );
  return distinct.filter(({ words, prefix }) => !(prefix && words.length === 1 && wholeWords.has(words[0] ?? "")));
}
