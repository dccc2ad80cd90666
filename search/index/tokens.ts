/**
 * Folded words as Meilisearch's tokens. Words as written and their dictionary forms share one index: `_word` and
 * `form_`. No part of a token is itself a token, so Meilisearch finds nothing by splitting ("karte" in "grafik_karte");
 * and the prefix of a word is the prefix of its token, but of no form.
 */

export const wordToken = (word: string): string => `_${asciiOnly(word)}`;
export const formToken = (form: string): string => `${asciiOnly(form)}_`;

/**
 * Meilisearch would split at other characters: each becomes its code point between two ß, which no folded word
 * contains.
 */
const asciiOnly = (word: string): string =>
  word.replaceAll(/[^a-z0-9]/gu, (character) => `ß${character.codePointAt(0)?.toString(16)}ß`);
