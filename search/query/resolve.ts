/** A search with its names resolved: what an engine is asked. */
import type { Sql } from "@potstats/db/connect";
import { InvalidSearch, type SearchRequest, type SearchSort, type SearchType } from "../contract.ts";
import { foldWords } from "../words/fold.ts";
import { span } from "./period.ts";
import { type FilterName, filterNames, parseQuery, type Term } from "./syntax.ts";

export interface Question {
  type: SearchType;
  terms: Term[];
  /** Any of these users, boards, threads; undefined: all. */
  uids?: number[];
  bids?: number[];
  tids?: number[];
  /** Unix seconds, half-open. */
  from?: number;
  to?: number;
  /** All of these. */
  has: string[];
  /** Threads with all of these words among their tags. */
  tags: string[];
  sort: SearchSort;
  offset: number;
  limit: number;
  facets: boolean;
  /** Only what follows this id, where ids are the order. */
  next?: number | undefined;
  /** For suggestions, where the engine can: threads by their titles alone. */
  titlesOnly?: boolean;
}

export interface Found {
  ids: { id: number; score: number }[];
  count: number;
  count_is_exact: boolean;
  /** No document has the words as typed: these have words that are nearly the same. */
  typos?: boolean;
  /** The id up to which was looked, when that was not everything. */
  until?: number;
  facets?: { bids: [number, number][]; years: [number, number][]; uids: [number, number][] };
}

/** What both engines can. */
export interface Engine {
  readonly name: "meilisearch" | "postgres";
  /** Whether the engine can look for all that is asked. */
  takes(question: Question): boolean;
  find(question: Question, signal?: AbortSignal): Promise<Found>;
}

const kinds = new Set(["link", "image", "video"]);
const int4 = 2 ** 31 - 1;
const id = (value: string) => (/^\d{1,10}$/.test(value) && Number(value) <= int4 ? Number(value) : undefined);

/** Different words that a query may have, and filters of a kind. */
const most = { words: 32, filters: 8 };

/**
 * @returns the question, or the filter that names nothing known or does not fit the type
 * @throws InvalidSearch when it asks for too much, or for what does not go together
 */
export async function ask(sql: Sql, request: SearchRequest, timezone: string): Promise<Question | { unknown: string }> {
  const { terms: typed, filters } = parseQuery(request.content);
  const terms = different(typed);
  const question: Question = {
    type: request.type,
    terms,
    has: [],
    tags: [],
    sort: request.sort,
    offset: request.offset,
    limit: request.limit,
    facets: request.facets,
    next: request.next,
  };
  const given: [FilterName, string | undefined][] = [
    ["user", request.user],
    ["board", request.board],
    ["year", request.year?.toString()],
    ["before", request.before],
    ["after", request.after],
    ["has", request.has],
  ];
  const all = unique(
    [...filters, ...given.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))],
    ({ name, value }) => `${name}:${value.toLowerCase()}`,
  );
  for (const name of filterNames) {
    const count = all.filter((filter) => filter.name === name).length;
    if (count > most.filters)
      throw new InvalidSearch(`a search may have ${most.filters} different filters ${name}: – this one has ${count}`);
  }
  if (request.uid !== undefined) question.uids = [request.uid];
  if (request.bid !== undefined) question.bids = [request.bid];
  for (const { name, value } of all) {
    if (!(await apply(sql, question, name, value, timezone))) return { unknown: `${name}:${value}` };
  }
  const hasNoOperators =
    terms.length === 0 && all.length === 0 && request.uid === undefined && request.bid === undefined;
  if (hasNoOperators) return { unknown: "" };
  // Operators alone: nothing to score by, so the newest first.
  if (!terms.some((term) => !term.excluded) && question.sort === "score") question.sort = "date-desc";
  if (question.next !== undefined && question.sort === "score")
    throw new InvalidSearch(
      "next needs an order of date: sort=date-desc or sort=date-asc; by score pages go on by offset",
    );
  return question;
}

/** The first of those that are the same. */
const unique = <T>(all: T[], keyOf: (one: T) => string): T[] =>
  [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();

/** Terms without those that others say already. */
function different(terms: Term[]): Term[] {
  const words = new Set(terms.flatMap((term) => term.words)).size;
  if (words > most.words)
    throw new InvalidSearch(`a search may have ${most.words} different words, and this one has ${words}`);
  const once = unique(terms, (term) => JSON.stringify([term.words, term.exact, term.excluded, term.prefix]));
  // A whole word is its own beginning.
  const isImplied = (term: Term) =>
    term.prefix &&
    term.words.length === 1 &&
    once.some((one) => !one.prefix && !one.excluded && one.words.length === 1 && one.words[0] === term.words.at(-1));
  return once.filter((term) => !isImplied(term));
}

/** Narrows the question. @returns false when the filter names nothing known, or does not fit the type */
async function apply(
  sql: Sql,
  question: Question,
  name: FilterName,
  value: string,
  timezone: string,
): Promise<boolean> {
  const narrow = (known: number[] | undefined, found: number[]) =>
    known ? known.filter((one) => found.includes(one)) : found;
  switch (name) {
    case "user": {
      const rows = await sql<{ uid: number }[]>`
        select distinct uid from search.names where lower = ${value.toLowerCase()} order by uid`;
      question.uids = narrow(
        question.uids,
        rows.map(({ uid }) => uid),
      );
      return rows.length > 0;
    }
    case "board": {
      const rows = await sql<{ bid: number; name: string }[]>`select bid, name from baked.boards`;
      const found = boardsNamed(rows, value).map(({ bid }) => bid);
      question.bids = narrow(question.bids, found);
      return found.length > 0;
    }
    case "thread": {
      const tid = id(value);
      if (tid === undefined) return false;
      const [known] = await sql`select 1 from baked.threads where tid = ${tid}`;
      question.tids = narrow(question.tids, [tid]);
      return known !== undefined;
    }
    case "year":
    case "before":
    case "after": {
      const found = span(value, timezone);
      if (!found || (name === "year" && !/^\d{4}$/.test(value))) return false;
      if (name !== "before") question.from = Math.max(question.from ?? -Infinity, found.from);
      if (name === "year") question.to = Math.min(question.to ?? Infinity, found.to);
      if (name === "before") question.to = Math.min(question.to ?? Infinity, found.from);
      return true;
    }
    case "has":
      question.has = [...new Set([...question.has, value.toLowerCase()])];
      return question.type === "post" && kinds.has(value.toLowerCase());
    case "tag": {
      const tag = foldWords(value);
      question.tags = [...new Set([...question.tags, ...tag])];
      if (question.type !== "thread" || tag.length === 0) return false;
      const [known] = await sql`select 1 from search.threads where tags @> ${tag} limit 1`;
      return known !== undefined;
    }
  }
}

/** Boards of that name, else those whose name begins like it. */
function boardsNamed<Board extends { name: string }>(boards: Board[], typed: string): Board[] {
  const wanted = foldWords(typed).join(" ");
  // A name may be made of signs only.
  const isSame = (name: string) =>
    wanted === "" ? name.toLowerCase() === typed.toLowerCase() : foldWords(name).join(" ") === wanted;
  const same = boards.filter(({ name }) => isSame(name));
  if (same.length > 0 || wanted === "") return same;
  return boards.filter(({ name }) => foldWords(name).join(" ").startsWith(wanted));
}
