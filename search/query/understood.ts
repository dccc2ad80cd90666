/** A query as it was understood, written in our query language again. */
import type { Part, PartKind, Understood } from "../contract.ts";
import { type Filter, parseTokens, type Term, type Token, writeFilter } from "./syntax.ts";

/**
 * Part of the query for each token: words as typed, filters with the current names.
 * @param terms those that the query consists of; others are redundant
 * @param meanings the values of filters by `keyOf`, if they differ from what was typed
 */
export function partsOf(tokens: Token[], terms: Term[], meanings: Map<string, FilterMeaning>): Part[] {
  const parts = new Map<string, Part>();
  for (const token of tokens) {
    const part = token.filter ? filterPart(token.filter, meanings.get(keyOf(token.filter))) : termPart(token);
    const isWanted = token.filter !== undefined || terms.includes(token.term);
    if (isWanted && !parts.has(part.content)) parts.set(part.content, part);
  }
  return [...parts.values()];
}

/** How a filter is to be written and shown. */
export interface FilterMeaning {
  value: string;
  text: string;
}

/** Filters with equal keys mean the same. */
export const keyOf = ({ name, value }: Filter): string => `${name}:${value.toLowerCase()}`;

function filterPart(filter: Filter, meaning: FilterMeaning = { value: filter.value, text: filter.value }): Part {
  return { kind: filter.name, text: meaning.text, content: writeFilter({ ...filter, value: meaning.value }) };
}

function termPart(token: Token & { term: Term }): Part {
  const text = token.text.trim();
  const content = token.isBare ? text : `"${text.replaceAll('"', " ")}"`;
  return { kind: kindOf(token), text, content: token.sign + content };
}

function kindOf({ term, sign, isBare }: Token & { term: Term }): PartKind {
  if (term.excluded) return "excluded";
  if (term.prefix) return "prefix";
  if (isBare && sign === "") return "word";
  return term.words.length > 1 ? "phrase" : "exact";
}

/** The parts as one query: a space at the end keeps the last word from matching as a prefix. */
export function writeQuery(parts: Part[]): string {
  const content = parts.map((part) => part.content).join(" ");
  const isPrefix = parseTokens(content).at(-1)?.term?.prefix === true;
  return isPrefix && parts.at(-1)?.kind !== "prefix" ? `${content} ` : content;
}

export const understoodAs = (parts: Part[]): Understood => ({ content: writeQuery(parts), parts });
