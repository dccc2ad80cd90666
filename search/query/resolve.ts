/** Turns a request into a query: parses the text, merges the filters and looks up the names in them. */
import type { boards } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { names } from "@potstats/db/search-index";
import { InvalidSearchError, type SearchRequest } from "../contract.ts";
import { foldWords } from "../words/fold.ts";
import { periodOf } from "./period.ts";
import type { Query } from "./query.ts";
import { type Filter, filterNames, parseQuery, type Term } from "./syntax.ts";

/** Distinct words per query, and distinct filters per name. */
const limits = { words: 32, filters: 8 };

/** The kinds of links that `has:` accepts. */
const linkKinds = new Set(["link", "image", "video"]);

/**
 * @param timezone IANA name, for `year:`, `before:` and `after:`
 * @returns the query, or the filter that is unknown or does not apply to this type ("" if the search is empty)
 * @throws InvalidSearchError
 */
export async function resolveQuery(
  sql: Sql,
  request: SearchRequest,
  timezone: string,
): Promise<Query | { unknownFilter: string }> {
  const parsed = parseQuery(request.content);
  const terms = withoutRedundant(parsed.terms);
  const filters = distinctFilters([...parsed.filters, ...parameterFilters(request)]);
  const query: Query = {
    type: request.type,
    terms,
    ...(request.uid === undefined ? {} : { uids: [request.uid] }),
    ...(request.bid === undefined ? {} : { bids: [request.bid] }),
    has: [],
    tags: [],
    sort: request.sort,
    offset: request.offset,
    limit: request.limit,
    facets: request.facets,
    next: request.next,
  };
  for (const filter of filters)
    if (!(await applyFilter(sql, query, filter, timezone))) return { unknownFilter: `${filter.name}:${filter.value}` };
  const isEmpty = terms.length === 0 && filters.length === 0 && !query.uids && !query.bids;
  if (isEmpty) return { unknownFilter: "" };
  // Without a word to look for there is nothing to score: newest first.
  if (query.sort === "score" && terms.every((term) => term.excluded)) query.sort = "date-desc";
  if (query.next !== undefined && query.sort === "score")
    throw new InvalidSearchError("next requires sort=date-desc or sort=date-asc; pages sorted by score use offset");
  return query;
}

function parameterFilters({ user, board, year, before, after, has }: SearchRequest): Filter[] {
  const parameters = { user, board, year: year?.toString(), before, after, has };
  return Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: name as keyof typeof parameters, value }],
  );
}

/** @throws InvalidSearchError if there are too many of one name */
function distinctFilters(filters: Filter[]): Filter[] {
  const distinct = uniqueBy(filters, ({ name, value }) => `${name}:${value.toLowerCase()}`);
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
function uniqueBy<T>(items: T[], keyOf: (item: T) => string): T[] {
  const unique = new Map<string, T>();
  for (const item of items) if (!unique.has(keyOf(item))) unique.set(keyOf(item), item);
  return [...unique.values()];
}

/**
 * Removes duplicate terms, and prefixes that also occur as a whole word.
 * @throws InvalidSearchError if there are too many words
 */
function withoutRedundant(terms: Term[]): Term[] {
  const count = new Set(terms.flatMap((term) => term.words)).size;
  if (count > limits.words)
    throw new InvalidSearchError(`at most ${limits.words} different words are allowed, this search has ${count}`);
  const distinct = uniqueBy(terms, (term) => JSON.stringify([term.words, term.exact, term.excluded, term.prefix]));
  const wholeWords = new Set(
    distinct.flatMap(({ words, prefix, excluded }) => (!prefix && !excluded && words.length === 1 ? words : [])),
  );
  return distinct.filter(({ words, prefix }) => !(prefix && words.length === 1 && wholeWords.has(words[0] ?? "")));
}

/** Narrows the query. @returns false if the filter is unknown or does not apply to the query's type */
async function applyFilter(sql: Sql, query: Query, { name, value }: Filter, timezone: string): Promise<boolean> {
  switch (name) {
    case "user": {
      const rows = await sql<Row<typeof names, "uid">[]>`
        select distinct uid from search.names where lower = ${value.toLowerCase()} order by uid`;
      const uids = rows.map(({ uid }) => uid);
      query.uids = intersection(query.uids, uids);
      return uids.length > 0;
    }
    case "board": {
      const rows = await sql<Row<typeof boards, "bid" | "name">[]>`select bid, name from baked.boards`;
      const bids = boardsNamed(rows, value).map(({ bid }) => bid);
      query.bids = intersection(query.bids, bids);
      return bids.length > 0;
    }
    case "thread": {
      const tid = idOf(value);
      if (tid === undefined) return false;
      query.tids = intersection(query.tids, [tid]);
      return (await sql`select 1 from baked.threads where tid = ${tid}`).length > 0;
    }
    case "year":
    case "before":
    case "after": {
      const period = periodOf(value, timezone);
      if (!period || (name === "year" && !/^\d{4}$/.test(value))) return false;
      if (name !== "before") query.from = Math.max(query.from ?? -Infinity, period.from);
      if (name !== "after") query.to = Math.min(query.to ?? Infinity, name === "year" ? period.to : period.from);
      return true;
    }
    case "has":
      query.has = union(query.has, [value.toLowerCase()]);
      return query.type === "post" && linkKinds.has(value.toLowerCase());
    case "tag": {
      const tag = foldWords(value);
      query.tags = union(query.tags, tag);
      if (query.type !== "thread" || tag.length === 0) return false;
      return (await sql`select 1 from search.threads where tags @> ${tag} limit 1`).length > 0;
    }
  }
}

const intersection = (ids: number[] | undefined, others: number[]): number[] =>
  ids ? ids.filter((id) => others.includes(id)) : others;

const union = (values: string[], others: string[]): string[] => [...new Set([...values, ...others])];

const maxId = 2 ** 31 - 1;
const idOf = (value: string) => (/^\d{1,10}$/.test(value) && Number(value) <= maxId ? Number(value) : undefined);

/** Boards with exactly this name; failing that, boards whose name starts with it. */
function boardsNamed<Board extends { name: string }>(boards: Board[], typed: string): Board[] {
  const wanted = foldWords(typed).join(" ");
  // A name without letters and digits folds to nothing: "???" is compared as it is.
  const isSame = (name: string) =>
    wanted === "" ? name.toLowerCase() === typed.toLowerCase() : foldWords(name).join(" ") === wanted;
  const same = boards.filter(({ name }) => isSame(name));
  if (same.length > 0 || wanted === "") return same;
  return boards.filter(({ name }) => foldWords(name).join(" ").startsWith(wanted));
}
