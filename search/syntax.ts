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
const token = /([+-]?)(?:(user|board|thread|year|before|after|has|tag):)?(?:"([^"]*)(?:"|$)|([^\s"]+))/gi;

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
    if (words.length === 0) continue;
    const isTyped = match.index + whole.length === typed.length && quoted === undefined && sign === "";
    query.terms.push(...(isTyped ? typing(words) : [term(words, quoted !== undefined || sign === "+", sign === "-")]));
  }
  return query;
}

/** The words of one token: several of them ("E-Mail") stand together like a phrase. */
const term = (words: string[], exact: boolean, excluded = false): Term => ({
  words,
  exact: exact || words.length > 1,
  excluded,
  prefix: false,
});

/** The token that stands last, perhaps unfinished: its last word matches as a beginning. */
function typing(words: string[]): Term[] {
  const [before, last] = [words.slice(0, -1), words.slice(-1)];
  return [...(before.length > 0 ? [term(before, true)] : []), { ...term(last, false), prefix: true }];
}
