/** Folded words as PostgreSQL's lexemes: words as written carry a mark and positions, dictionary forms neither. */
import { gap } from "./documents.ts";

/** Marks a word as written. The unmarked form is kept only if the document has no word written like it. */
export const writtenMark = "=";

/** A tsvector literal. Folded words contain no quotes. */
export function vectorOf(words: string[], forms: string[]): string {
  let vector = "";
  for (let at = 0; at < words.length; at++) if (words[at] !== gap) vector += `'${writtenMark}${words[at]}':${at + 1} `;
  const written = new Set(words);
  for (const form of forms) if (!written.has(form)) vector += `'${form}' `;
  return vector;
}
