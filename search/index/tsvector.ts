/** Folded words as PostgreSQL's lexemes: words as written carry a mark and positions, dictionary forms neither. */
import { gap } from "./documents.ts";

/** Marks a word as written. The unmarked form is kept only if the document has no word written like it. */
export const writtenMark = "=";

/** PostgreSQL keeps no more positions of a lexeme. */
const maxPositions = 255;

/** The lexeme for further occurrences of a frequent word; {@link furtherMark} and a number follow the first one. */
export const furtherMark = "=";

/** A tsvector literal. Folded words contain no quotes. */
export function vectorOf(words: string[], forms: string[]): string {
  let vector = "";
  const counts = new Map<string, number>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? gap;
    if (word === gap) continue;
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    const further = count < maxPositions ? "" : furtherMark + Math.floor(count / maxPositions);
    vector += `'${writtenMark}${word}${further}':${at + 1} `;
  }
  for (const form of forms) if (!counts.has(form)) vector += `'${form}' `;
  return vector;
}
