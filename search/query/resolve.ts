/** Turns a request into a query: parses the text, merges the filters and looks up the names in them. */
import type { boards, threads } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { names } from "@potstats/db/search-index";
import { InvalidSearchError, type Part, type SearchRequest } from "../contract.ts";
import { foldWords } from "../words/fold.ts";
import { periodOf } from "./period.ts";
import type { FacetName, Query } from "./query.ts";
import { type Filter, filterNames, parseTokens, type Term } from "./syntax.ts";
import { type FilterMeaning, keyOf, partsOf } from "./understood.ts";

/** Distinct words per query, and distinct filters per name. */
const limits = { words: 32, filters: 8 };

/** The kinds of links that `has:` accepts. */
export const linkKinds = ["link", "image", "video"];
const isLinkKind = (kind: string) => linkKinds.includes(kind);

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
  let unknownFilter: string | undefined;
  for (const filter of filters) {
    const meaning = await applyFilter(sql, base, filter, timezone);
    if (meaning) meanings.set(keyOf(filter), meaning);
    else unknownFilter ??= `${filter.name}:${filter.value}`;
  }
  const invalid = periods.find((period) => !narrowToPeriod({ ...base }, period, timezone));
  if (invalid) unknownFilter ??= `${invalid.name}:${invalid.value}`;
  const parts = partsOf(tokens, terms, meanings);
  const query = withParameters(base, request, periods, timezone);
  const isEmpty =
    terms.length === 0 && filters.length === 0 && periods.length === 0 && request.uid === undefined && !request.bid;
  if (unknownFilter !== undefined || isEmpty) return { query: undefined, unknownFilter, parts, withoutOwn: {} };
  if (query.next !== undefined) checkCursor(query);
  return {
    query,
    unknownFilter,
    parts,
    withoutOwn: {
      ...(request.bid === undefined
        ? {}
        : { bids: withParameters(base, { ...request, bid: undefined }, periods, timezone) }),
      ...(periods.length === 0 ? {} : { years: withParameters(base, request, [], timezone) }),
      ...(request.uid === undefined
        ? {}
        : { uids: withParameters(base, { ...request, uid: undefined }, periods, timezone) }),
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

/** Narrows the query. @returns undefined if the filter is unknown or does not apply to the query's type */
async function applyFilter(
  sql: Sql,
  query: Query,
  filter: Filter,
  timezone: string,
): Promise<FilterMeaning | undefined> {
  const { name, value } = filter;
  switch (name) {
    case "user": {
      const users = await findUsersNamed(sql, value);
      query.uids = intersection(query.uids, users.uids);
      return users.uids.length > 0 ? same(users.value) : undefined;
    }
    case "board": {
      const rows = await sql<Row<typeof boards, "bid" | "name">[]>`select bid, name from baked.boards order by bid`;
      const named = boardsNamed(rows, value);
      query.bids = intersection(
        query.bids,
        named.map(({ bid }) => bid),
      );
      return named.length > 0 ? same(boardName(rows, named) ?? value) : undefined;
    }
    case "thread": {
      const tid = idOf(value);
      if (tid === undefined) return undefined;
      query.tids = intersection(query.tids, [tid]);
      const [thread] = await sql<Row<typeof threads, "title">[]>`select title from baked.threads where tid = ${tid}`;
      return thread && { value: String(tid), text: thread.title };
    }
    case "year":
    case "before":
    case "after":
      return narrowToPeriod(query, filter, timezone) ? same(value) : undefined;
    case "has": {
      const kind = value.toLowerCase();
      query.has = union(query.has, [kind]);
      return query.type === "post" && isLinkKind(kind) ? same(kind) : undefined;
    }
    case "tag": {
      const tag = foldWords(value);
      query.tags = union(query.tags, tag);
      if (query.type !== "thread" || tag.length === 0) return undefined;
      const isUsed = (await sql`select 1 from search.threads where tags @> ${tag} limit 1`).length > 0;
      return isUsed ? same(value) : undefined;
    }
  }
}

const same = (value: string): FilterMeaning => ({ value, text: value });

/** @returns false if it is not a period */
function narrowToPeriod(query: Query, { name, value }: Filter, timezone: string): boolean {
  const period = periodOf(value, timezone);
  if (!period || (name === "year" && !/^\d{4}$/.test(value))) return false;
  if (name !== "before") query.from = Math.max(query.from ?? -Infinity, period.from);
  if (name !== "after") query.to = Math.min(query.to ?? Infinity, name === "year" ? period.to : period.from);
  return true;
}

/**
 * Users with this current or former name, and how to write the name: as the most active of these users is now called,
 * unless that finds others.
 */
async function findUsersNamed(sql: Sql, typed: string): Promise<{ uids: number[]; value: string }> {
  type Named = Row<typeof names, "uid" | "name" | "is_alias">;
  const rows = await sql<Named[]>`
    select uid, name, is_alias from search.names where lower = ${typed.toLowerCase()}
    order by is_alias, post_count desc, uid, name`;
  const uids = [...new Set(rows.map(({ uid }) => uid))].toSorted((a, b) => a - b);
  const [first] = rows;
  if (!first?.is_alias) return { uids, value: first?.name ?? typed };
  const current = await sql<(Pick<Named, "name"> & { uids: number[] })[]>`
    select c.name, array(select distinct n.uid from search.names n where n.lower = c.lower order by 1) as uids
    from search.names c where c.uid = any(${uids}) and not c.is_alias order by c.post_count desc, c.uid`;
  const isSame = ({ uids: others }: { uids: number[] }) => others.join() === uids.join();
  return { uids, value: current.find(isSame)?.name ?? first.name };
}

const intersection = (ids: number[] | undefined, others: number[]): number[] =>
  ids ? ids.filter((id) => others.includes(id)) : others;

const union = (values: string[], others: string[]): string[] => [...new Set([...values, ...others])];

const maxId = 2 ** 31 - 1;
const idOf = (value: string) => (/^\d{1,10}$/.test(value) && Number(value) <= maxId ? Number(value) : undefined);

/** A name that finds exactly these boards. */
const boardName = (rows: Board[], boards: Board[]): string | undefined =>
  boards.find(({ name }) => boardsNamed(rows, name).length === boards.length)?.name;

type Board = Row<typeof boards, "bid" | "name">;

/** Boards with exactly this name; failing that, boards whose name starts with it. */
function boardsNamed(rows: Board[], typed: string): Board[] {
  const wanted = foldWords(typed).join(" ");
  // A name without letters and digits folds to nothing: "???" is compared as it is.
  const isSame = (name: string) =>
    wanted === "" ? name.toLowerCase() === typed.toLowerCase() : foldWords(name).join(" ") === wanted;
  const exact = rows.filter(({ name }) => isSame(name));
  if (exact.length > 0 || wanted === "") return exact;
  return rows.filter(({ name }) => foldWords(name).join(" ").startsWith(wanted));
}
