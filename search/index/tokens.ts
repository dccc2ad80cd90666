/** Folded words as Meilisearch's tokens: ASCII letters and digits, which it neither changes nor splits. */

/** Each other character becomes its code point between two ß, which no folded word contains. */
export const tokenOf = (word: string): string =>
  word.replaceAll(/[^a-z0-9]/gu, (character) => `ß${character.codePointAt(0)?.toString(16)}ß`);
