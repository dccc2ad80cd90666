/**
 * Filters as words among a row's forms, so that one index answers words and filters alike: `@u5` marks the posts of user
 * 5. Folded words do not contain the sign.
 */
const sign = "@";
const letters = { user: "u", board: "b", thread: "t", link: "h", tag: "g" } as const;

export type FilterKind = keyof typeof letters;

/** @param value an id, a kind of link, or a folded word of a tag */
export const filterWord = (kind: FilterKind, value: number | string): string => `${sign}${letters[kind]}${value}`;

export const isFilterWord = (word: string): boolean => word.startsWith(sign);

/** The value of a filter of this kind; undefined for other words. */
export function filterValue(kind: FilterKind, word: string): string | undefined {
  const start = filterWord(kind, "");
  return word.startsWith(start) ? word.slice(start.length) : undefined;
}
