/** The query language: what was typed → what is meant. Never fails: what is no operator is a word. */
import { foldWords } from "./fold.ts";

export interface Term {
  /** One folded word, or the words of a phrase in order. */
  words: string[];
  /** Exactly these words: no stemming, no typos. Phrases always are. */
  exact: boolean;
  /** Must not occur. */
  excluded: boolean;
  /** The word being typed: matches as a beginning. */
  prefix: boolean;
}

export const filterNames = ["user", "board", "thread", "year", "before", "after", "has", "tag"] as const;
export type FilterName = (typeof filterNames)[number];

export interface Filter {
  name: FilterName;
  value: string;
}

export interface Query {
  terms: Term[];
  filters: Filter[];
}

/** Operator sign, then filter name, then a quoted or a plain value; an unbalanced quote closes itself. */
const token = /([+-]?)(?:(user|board|thread|year|before|after|has|tag):)?(?:"([^"]*)(?:"|$)|([^\s"]+))/giu;
/** More than anybody types; each costs the engine something. */
const mostTerms = 32;

export function parseQuery(typed: string): Query {
  const query: Query = { terms: [], filters: [] };
  for (const match of typed.matchAll(token)) {
    const [whole, sign = "", filter, quoted, plain] = match;
    const value = quoted ?? plain ?? "";
    if (filter !== undefined && value.trim() !== "" && sign === "") {
      query.filters.push({ name: filter.toLowerCase() as FilterName, value: value.trim() });
      continue;
    }
    const words = foldWords(filter === undefined ? value : `${filter} ${value}`);
    if (words.length === 0 || query.terms.length === mostTerms) continue;
    const isLast = match.index + whole.length === typed.length;
    query.terms.push({
      words,
      exact: quoted !== undefined || sign === "+" || words.length > 1,
      excluded: sign === "-",
      prefix: isLast && quoted === undefined && sign === "" && words.length === 1,
    });
  }
  return query;
}
