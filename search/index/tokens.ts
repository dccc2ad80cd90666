/** Folded words as Meilisearch's tokens, which it neither changes nor splits: ASCII letters and digits after a mark. */

/**
 * Begins all tokens: Meilisearch also finds a word by splitting it ("auto bahn"), and the second part of a token is never
 * a token.
 */
export const mark = "_";

/** Each character other than ASCII letters and digits becomes its code point between two ß, which no folded word contains. */
export const tokenOf = (word: string): string =>
  mark + word.replaceAll(/[^a-z0-9]/gu, (character) => `ß${character.codePointAt(0)?.toString(16)}ß`);
