/**
 * Parses the query language: typed text → terms and filters. Never fails, because anything that is not an operator is a
 * word.
 */
import { foldWords } from "@potstats/bbcode/fold";

export interface Term {
  /** One folded word, or the words of a phrase in order. A token of several words ("E-Mail") is a phrase, too. */
  words: string[];
  /** Matches words as written: no inflections, compounds or typos. Always true of phrases and exclusions. */
  exact: boolean;
  /** Must not occur. */
  excluded: boolean;
  /** Still being typed: the last word matches as a prefix. */
  prefix: boolean;
}

export const filterNames = ["user", "board", "thread", "year", "before", "after", "has", "tag"] as const;
type FilterName = (typeof filterNames)[number];

export interface Filter {
  name: FilterName;
  value: string;
}

interface ParsedQuery {
  terms: Term[];
  filters: Filter[];
}

/**
 * An operator sign, then a filter with its value, or a quoted or plain word. An unbalanced quote ends with the text. A
 * quoted name may contain quotes: doubled, or single ones that no space follows: `user:"the ""boss"" himself"`,
 * `user:"the "boss""`. JavaScript counts a byte order mark as a space; to us it is nothing, also inside a word.
 */
const token =
  /(?<sign>[+-]?)(?:(?<filter>user|board|thread|year|before|after|has|tag):(?:"(?<doubled>(?:""|[^"]){1,200})"(?=\s|$)|"(?<inner>[^]{1,200}?)"(?=\s|$)|"(?<value>[^"]*)(?:"|$)|(?<bare>(?:[^\s"]|\ufeff)+))|"(?<quoted>[^"]*)(?:"|$)|(?<plain>(?:[^\s"]|\ufeff)+))/gi;

/** Text whose last word may be unfinished; signs and emoji end a word. */
const unfinished = /[\p{L}\p{N}\p{M}\p{Cf}]$/u;

/** A word, phrase or filter, and where it was typed. */
export type Token = {
  /** Its range in the text, in UTF-16 code units. */
  start: number;
  end: number;
  sign: string;
  /** As typed, without sign and quotes; an operator that filters nothing is part of it. */
  text: string;
  /** Typed without quotes. */
  isBare: boolean;
} & ({ term: Term; filter?: undefined } | { filter: Filter; term?: undefined });

/** Everything in a text that has a meaning, in order. */
export function parseTokens(typed: string): Token[] {
  const tokens: Token[] = [];
  for (const match of typed.matchAll(token)) {
    const { sign = "", filter, doubled, inner, value, bare, quoted, plain } = match.groups ?? {};
    const text = doubled?.replaceAll('""', '"') ?? inner ?? value ?? bare ?? quoted ?? plain ?? "";
    const isBare = plain !== undefined || bare !== undefined;
    const place = { start: match.index, end: match.index + match[0].length, sign, isBare };
    if (filter !== undefined && text.trim() !== "" && sign === "") {
      tokens.push({ ...place, text, filter: { name: filter.toLowerCase() as FilterName, value: text.trim() } });
      continue;
    }
    const all = filter === undefined ? text : `${filter} ${text}`;
    const words = foldWords(all);
    if (words.length === 0) continue;
    const term: Term = {
      words,
      exact: words.length > 1 || !isBare || sign !== "",
      excluded: sign === "-",
      prefix: place.end === typed.length && isBare && sign === "" && unfinished.test(text),
    };
    tokens.push({ ...place, isBare: isBare && filter === undefined, text: all, term });
  }
  return tokens;
}

export function parseQuery(typed: string): ParsedQuery {
  const tokens = parseTokens(typed);
  return {
    terms: tokens.flatMap(({ term }) => term ?? []),
    filters: tokens.flatMap(({ filter }) => filter ?? []),
  };
}

/** A filter in the query language, with quotes where its value needs them. */
export const writeFilter = ({ name, value }: Filter): string =>
  `${name}:${/^[^\s"]+$/.test(value) ? value : `"${value.replaceAll('"', '""')}"`}`;
