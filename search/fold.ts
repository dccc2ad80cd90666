/**
 * Folding: how text and queries are made alike before either engine sees them. People type "strasse" for "Straße" and
 * "Koeln" for "Köln"; neither engine knows.
 */

const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;
const marks = /\p{M}+/gu;
const digraphs = /[aou]e/g;

/** One word: lower case, ä/ae → a, ö/oe → o, ü/ue → u, ß → ss, no accents. */
export function fold(word: string): string {
  return (
    word
      .toLowerCase()
      .replaceAll("ß", "ss")
      // Whether a sigma ends a word is not known while the word is being typed.
      .replaceAll("ς", "σ")
      .normalize("NFD")
      .replace(marks, "")
      .replace(digraphs, (pair) => pair.charAt(0))
  );
}

/** The folded words of a text in order; everything between them is lost. */
export const foldWords = (text: string): string[] =>
  (text.match(wordPattern) ?? []).map(fold).filter((word) => word !== "");

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
