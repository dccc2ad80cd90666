/** The conditions of a query on a row `d` of `search.posts` or `search.threads`: some the index answers, some not. */
import type { Sql } from "@potstats/db/connect";
import type { Query } from "../query/query.ts";
import { type FilterKind, filterWord } from "../index/filter-words.ts";
import type { Term } from "../query/syntax.ts";
import { lemmaOf } from "../words/forms.ts";

/** Part of a statement. */
export type Fragment = ReturnType<Sql>;

/** Stands for the character that begins all lexemes of a block. Folded words do not contain it. */
export const blockPlaceholder = "~";

export interface Conditions {
  /** Parts of a tsquery, all of which must match; each lexeme begins with {@link blockPlaceholder}. */
  indexed: string[];
  /** SQL conditions that are checked on each row. */
  checked: Fragment[];
}

const lexeme = (text: string) => `'${blockPlaceholder}${text}'`;
const anyOf = (lexemes: string[]) => (lexemes.length === 1 ? (lexemes[0] ?? "") : `(${lexemes.join(" | ")})`);

/** How many posts of a block have the words of a query, approximately. */
export interface Density {
  /** The rarest of the finished words; Infinity without one. */
  rarest: number;
  /** Words that begin like the unfinished one. */
  prefix: number;
}

export function conditionsOf(sql: Sql, query: Query, density: Density): Conditions {
  const { terms } = query;
  const isChecked = (term: Term) => isUnfinishedWord(term) && isCheaperToCheck(query, density);
  const indexedTerms = terms.filter((term) => !term.excluded && !isChecked(term));
  return {
    indexed: [...indexedTerms.flatMap(termLexemes), ...filterLexemes(query)],
    checked: [
      ...terms.flatMap((term) => writtenAs(sql, term)),
      ...terms.filter(isChecked).map((term) => startsLike(sql, term)),
      ...periodOf(sql, query),
      ...manyValues(sql, query),
    ],
  };
}

const isUnfinishedWord = ({ words, prefix }: Term) => prefix && words.length === 1;

/** Checking a row takes as long as collecting this many occurrences of words with a prefix. */
const checkCost = 10;

/**
 * Whether to check an unfinished word on each row that satisfies the other conditions, rather than to collect all words
 * that begin like it. Posts of users and threads are always few; those of boards and with links are not.
 */
function isCheaperToCheck({ uids, tids }: Query, { rarest, prefix }: Density): boolean {
  const isFewPlaces = [uids, tids].some((ids) => ids !== undefined && ids.length <= maxIndexedValues);
  return isFewPlaces || rarest * checkCost < prefix;
}

/** A plain word matches by its form; one that is being typed also as a prefix; others as written. */
function termLexemes({ words, exact, prefix }: Term): string[] {
  if (exact) return words.map((word, at) => lexeme(word) + (prefix && at === words.length - 1 ? ":*" : ""));
  const [word = ""] = words;
  const form = lemmaOf(word);
  if (!prefix) return [lexeme(form)];
  return [anyOf([`${lexeme(word)}:*`, ...(form.startsWith(word) ? [] : [lexeme(form)])])];
}

/** The index knows neither the order of words nor whether a form is also written: exact terms are checked. */
function writtenAs(sql: Sql, { words, exact, excluded, prefix }: Term): Fragment[] {
  if (!exact) return [];
  const pattern = `% ${words.join(" ")}${prefix ? "%" : " %"}`;
  return [excluded ? sql`d.words not like ${pattern}` : sql`d.words like ${pattern}`];
}

/** Checks what {@link termLexemes} looks up. */
function startsLike(sql: Sql, { words: [word = ""] }: Term): Fragment {
  const form = lemmaOf(word);
  const isPrefix: Fragment = sql`(d.words || d.forms) like ${`% ${word}%`}`;
  return form.startsWith(word) ? isPrefix : sql`(${isPrefix} or (d.words || d.forms || ' ') like ${`% ${form} %`})`;
}

function periodOf(sql: Sql, { from, to }: Query): Fragment[] {
  const conditions: Fragment[] = [];
  if (from !== undefined) conditions.push(sql`d.timestamp >= ${timestampOf(sql, from)}`);
  if (to !== undefined) conditions.push(sql`d.timestamp < ${timestampOf(sql, to)}`);
  return conditions;
}

/** Lists with more values are checked on each row. */
const maxIndexedValues = 32;

const idFilters = ({ uids, bids, tids }: Query): { kind: FilterKind; column: string; ids: number[] | undefined }[] => [
  { kind: "user", column: "uid", ids: uids },
  { kind: "board", column: "bid", ids: bids },
  { kind: "thread", column: "tid", ids: tids },
];

function filterLexemes(query: Query): string[] {
  const values = idFilters(query).flatMap(({ kind, ids }) =>
    ids && ids.length <= maxIndexedValues ? [anyOf(ids.map((id) => lexeme(filterWord(kind, id))))] : [],
  );
  const kinds = query.has.map((kind) => lexeme(filterWord("link", kind)));
  return [...values, ...kinds, ...tagLexemes(query.tags)];
}

/** Parts of a tsquery that threads with all of these words among their tags match. */
export const tagLexemes = (tags: string[]): string[] => tags.map((tag) => lexeme(filterWord("tag", tag)));

const manyValues = (sql: Sql, query: Query): Fragment[] =>
  idFilters(query).flatMap(({ column, ids }) =>
    ids && ids.length > maxIndexedValues ? [sql`d.${sql(column)} = any(${ids})`] : [],
  );

/**
 * Computed by PostgreSQL: the year 9999 ends at the start of 10000, whose ISO form ("+010000-01-01…") PostgreSQL cannot
 * parse.
 */
export const timestampOf = (sql: Sql, unix_s: number): Fragment =>
  sql`timestamp 'epoch' + ${unix_s}::float8 * interval '1 second'`;
