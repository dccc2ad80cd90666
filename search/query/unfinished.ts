/** Finds the filter that is being typed at the caret. */
import type { CompletedFilter, SearchType } from "../contract.ts";
import { parseTokens, type Token } from "./syntax.ts";

/** The filters that can be completed. */
const completed: CompletedFilter[] = ["user", "board", "year", "before", "after", "has", "tag"];
const isCompleted = (name: string): name is CompletedFilter => (completed as string[]).includes(name);

const appliesTo = (type: SearchType, name: CompletedFilter): boolean =>
  type === "post" ? name !== "tag" : name !== "has";

/** Letters of an operator before it is completed. */
const minLetters = 2;

/** A filter's value or an operator's name, typed up to the caret. */
export type Unfinished = {
  /** The range that a completion replaces. */
  from: number;
  to: number;
} & ({ filter: CompletedFilter; typed: string } | { operators: CompletedFilter[] });

/** What is being typed at the caret; undefined if it is nothing that can be completed. */
export function unfinishedAt(content: string, caret: number, type: SearchType): Unfinished | undefined {
  const token = parseTokens(content.slice(0, caret)).at(-1);
  if (token?.end !== caret || token.sign !== "") return undefined;
  const raw = content.slice(token.start, caret);
  const name = token.filter?.name ?? /^([a-z]+):(?:"\s*"?)?$/i.exec(raw)?.[1]?.toLowerCase();
  if (name === undefined) return unfinishedOperator(content, token, caret, type);
  if (!isCompleted(name) || !appliesTo(type, name)) return undefined;
  const whole = parseTokens(content).find(({ start }) => start === token.start);
  const isOpenQuote = raw.includes('"') && !content.slice(0, whole?.end).endsWith('"');
  return {
    filter: name,
    typed: token.filter?.value ?? "",
    from: token.start,
    to: whole && !isOpenQuote ? Math.max(whole.end, caret) : caret,
  };
}

/** The caret may be inside of the operator's name: the rest of it is replaced, too. */
function unfinishedOperator(content: string, token: Token, caret: number, type: SearchType): Unfinished | undefined {
  const typed = content.slice(token.start, caret).toLowerCase();
  if (!token.isBare || typed.length < minLetters) return undefined;
  const rest = /^[a-z]*:?/i.exec(content.slice(caret))?.[0] ?? "";
  const isSpaceNext = /^(?:\s|$)/.test(content.slice(caret));
  const operators = completed.filter(
    (name) =>
      appliesTo(type, name) && name.startsWith(typed) && (isSpaceNext || `${name}:` === typed + rest.toLowerCase()),
  );
  return operators.length > 0 ? { from: token.start, to: caret + rest.length, operators } : undefined;
}
