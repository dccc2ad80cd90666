/** The query language: what was typed → what is meant. Never fails: what is no operator is a word. */
import { foldWords } from "../words/fold.ts";

export interface Term {
  /** One folded word, or the words of a phrase in order: several words of one token ("E-Mail") are one, too. */
  words: string[];
  /** The words as written: no inflections, no compounds, no typos. Phrases and exclusions always are. */
  exact: boolean;
  /** Must not occur. */
  excluded: boolean;
  /** It is being typed: its last word matches as a beginning. */
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

/**
 * Operator sign, then a filter with its value, or a quoted or a plain word; an unbalanced quote closes itself. A name may hold
 * quotes itself: doubled, or as they are where no space follows: `user:"the ""boss"" himself"`, `user:"the "boss""`.
 */
const token =
  /(?<sign>[+-]?)(?:(?<filter>user|board|thread|year|before|after|has|tag):(?:"(?<doubled>(?:""|[^"]){1,200})"(?=\s|$)|"(?<inner>[^]{1,200}?)"(?=\s|$)|"(?<value>[^"]*)(?:"|$)|(?<bare>[^\s"]+))|"(?<quoted>[^"]*)(?:"|$)|(?<plain>[^\s"]+))/gi;

export function parseQuery(typed: string): Query {
  const query: Query = { terms: [], filters: [] };
  for (const match of typed.matchAll(token)) {
    const { sign = "", filter, doubled, inner, value, bare, quoted, plain } = match.groups ?? {};
    const text = doubled?.replaceAll('""', '"') ?? inner ?? value ?? bare ?? quoted ?? plain ?? "";
    if (filter !== undefined && text.trim() !== "" && sign === "") {
      query.filters.push({ name: filter.toLowerCase() as FilterName, value: text.trim() });
      continue;
    }
    const words = foldWords(filter === undefined ? text : `${filter} ${text}`);
    if (words.length === 0) continue;
    const isBare = plain !== undefined || bare !== undefined;
    const isTyped = match.index + match[0].length === typed.length && isBare && sign === "" && unfinished.test(text);
    query.terms.push({
      words,
      exact: words.length > 1 || !isBare || sign !== "",
      excluded: sign === "-",
      prefix: isTyped,
    });
  }
  return query;
}

/** What may go on; signs and pictures end a word. */
const unfinished = /[\p{L}\p{N}\p{M}\p{Cf}]$/u;
