/**
 * Folding: how text and queries are made alike before either engine sees them. People type "strasse" for "Straße" and
 * "Koeln" for "Köln"; neither engine knows.
 */

/** What a word is before it is folded: marks belong to the letter before them. */
const wordPattern = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
const foldedPattern = /[\p{L}\p{N}]+/gu;
const marks = /\p{M}+/gu;
const digraphs = /[aou]e/g;
const beyondAscii = /[^\0-\x7f]/;

/** A word, or a whole text: lower case, ä/ae → a, ö/oe → o, ü/ue → u, ß → ss, no accents. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  // Whether a sigma ends a word is not known while the word is being typed.
  // Marks that are typed go first: putting thousands of them behind one letter in order takes the square of their number.
  const plain = beyondAscii.test(lower)
    ? lower.replaceAll("ß", "ss").replaceAll("ς", "σ").replace(marks, "").normalize("NFD").replace(marks, "")
    : lower;
  return plain.replace(digraphs, (pair) => pair.charAt(0));
}

/** The folded words of a text in order; everything between them is lost. */
export const foldWords = (text: string): string[] => fold(text).match(foldedPattern) ?? [];

export interface Word {
  folded: string;
  start: number;
  end: number;
}

/** The words of a text with their places in it. */
export function words(text: string): Word[] {
  return [...text.matchAll(wordPattern)].map((match) => ({
    folded: fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}
