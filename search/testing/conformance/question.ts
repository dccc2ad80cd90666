/** A search in parts, so that a naive computation can evaluate it without parsing, and a failing one can be shortened. */
import type { SearchRequest } from "../../contract.ts";

type FilterName = "user" | "board" | "thread" | "year" | "before" | "after" | "has" | "tag";

export interface Filter {
  kind: "filter";
  name: FilterName;
  value: string;
}

export type Part =
  | { kind: "word"; text: string }
  /** A whole word or a phrase; `-` excludes it. */
  | { kind: "exact"; sign: "" | "+" | "-"; text: string; isQuoted: boolean }
  /** In this spelling of the operator. */
  | (Filter & { operator: string; isQuoted: boolean })
  /** Signs that mean nothing. */
  | { kind: "noise"; text: string };

/** The filters that the interface takes as parameters. */
export interface Parameters {
  user?: string;
  uid?: number;
  board?: string;
  bid?: number;
  year?: number;
  before?: string;
  after?: string;
  has?: string;
}

export interface Question {
  parts: Part[];
  /** What is between parts; "tight": nothing between a word and a quotation mark. */
  gap: " " | "  " | "tight";
  /** Nothing, so that a last word is still being typed; a space; or "open": the last quotation mark is missing. */
  ending: "" | " " | "open";
  parameters: Parameters;
  type: SearchRequest["type"];
  sort: SearchRequest["sort"];
  offset: number;
  limit: number;
  facets: boolean;
  /** A cursor: only what follows this id. */
  next: number | undefined;
}

function partText(part: Part, isOpen: boolean): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}${isOpen ? "" : '"'}`;
  switch (part.kind) {
    case "exact":
      return part.sign + (part.isQuoted ? quoted(part.text) : part.text);
    case "filter":
      return `${part.operator}:${part.isQuoted ? quoted(part.value) : part.value}`;
    default:
      return part.text;
  }
}

/** Whether a part is recognized without a space before it. */
const mayTouch = (before: Part, part: Part): boolean => {
  const isPhrase = (one: Part) => one.kind === "exact" && one.isQuoted && one.sign === "";
  const isWord = (one: Part) => one.kind === "word" && /^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/su.test(one.text);
  return (isPhrase(before) && isWord(part)) || (isWord(before) && isPhrase(part));
};

/** The query as typed. */
export function typedText({ parts, gap, ending }: Question): string {
  const last = parts.length - 1;
  const space = gap === "tight" ? " " : gap;
  const typed = parts.map((part, at) => {
    const before = parts[at - 1];
    const isTouching = !before || (gap === "tight" && mayTouch(before, part));
    return (isTouching ? "" : space) + partText(part, ending === "open" && at === last);
  });
  return typed.join("") + (ending === " " ? " " : "");
}

export function requestOf(question: Question): SearchRequest {
  const { parameters, type, sort, offset, limit, facets, next } = question;
  return {
    content: typedText(question),
    type,
    sort,
    offset,
    limit,
    facets,
    ...(next === undefined ? {} : { next }),
    ...parameters,
  };
}

/** Whether the last part is a word that is still being typed. */
export function isUnfinished({ parts, ending }: Question): boolean {
  const last = parts.at(-1);
  return last?.kind === "word" && ending !== " " && /[\p{L}\p{N}\p{M}\p{Cf}]$/u.test(last.text);
}

const without = <T>(list: T[], at: number): T[] => [...list.slice(0, at), ...list.slice(at + 1)];

/** The question with one thing less, each in another way. */
export function shorter(question: Question): Question[] {
  const { parts, parameters } = question;
  const names = Object.keys(parameters) as (keyof Parameters)[];
  const fewerWords = parts.flatMap((part, at): Question[] => {
    if (part.kind === "filter" || part.kind === "noise") return [];
    const words = part.text.split(" ");
    if (words.length < 2) return [];
    return words.map((_, word) => ({
      ...question,
      parts: parts.with(at, { ...part, text: without(words, word).join(" ") }),
    }));
  });
  const plainer: Question[] = [
    ...(question.next === undefined ? [] : [{ ...question, next: undefined }]),
    ...(question.offset > 0 ? [{ ...question, offset: 0 }] : []),
    ...(question.sort === "date-asc" || question.next !== undefined
      ? []
      : [{ ...question, sort: "date-asc" as const }]),
    ...(question.limit < 100 ? [{ ...question, limit: 100 }] : []),
    ...(question.facets ? [{ ...question, facets: false }] : []),
    ...(question.ending === " " ? [] : [{ ...question, ending: " " as const }]),
    ...(question.gap === " " ? [] : [{ ...question, gap: " " as const }]),
  ];
  return [
    ...parts.map((_, at) => ({ ...question, parts: without(parts, at) })),
    ...names.map((name) => {
      const { [name]: _, ...rest } = parameters;
      return { ...question, parameters: rest };
    }),
    ...fewerWords,
    ...plainer,
  ];
}
