/**
 * The lexicon as one text in which words are looked up as they are. It needs no files, no time to load, and a fifth of
 * the memory of the maps; a lookup takes microseconds instead of nanoseconds.
 */
import type { Lexicon, loadedLexicon } from "./lexicon.ts";

/** A word per line; in maps with what it maps to, unless that is the word itself. Sorted by code unit. */
const packWords = (words: ReadonlyMap<string, string> | ReadonlySet<string>): string =>
  [...words.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([word, base]) => (word === base ? `${word}\n` : `${word}\t${base}\n`))
    .join("");

/** The whole lexicon: each list of words after its name, and an empty line before the next one. */
export const packLexicon = (lexicon: ReturnType<typeof loadedLexicon>): string =>
  Object.entries(lexicon)
    .map(([name, words]: [string, Map<string, string> | Set<string>]) => `${name}\n${packWords(words)}`)
    .join("\n");

/** A lexicon over the text that {@link packLexicon} has made. */
export function packedLexicon(text: string): Lexicon {
  const lists = new Map<string, { has(word: string): boolean; get(word: string): string | undefined }>();
  for (let start = 0; start < text.length;) {
    const nameEnd = text.indexOf("\n", start);
    const emptyLine = text.indexOf("\n\n", nameEnd - 1);
    const end = emptyLine === -1 ? text.length : emptyLine + 1;
    const get = (word: string) => find(text, nameEnd + 1, end, word);
    lists.set(text.slice(start, nameEnd), { get, has: (word) => get(word) !== undefined });
    start = end + 1;
  }
  const list = (name: keyof Lexicon) => {
    const found = lists.get(name);
    if (!found) throw new Error(`the packed lexicon has no ${name}`);
    return found;
  };
  return {
    nouns: list("nouns"),
    secondNouns: list("secondNouns"),
    verbs: list("verbs"),
    adjectives: list("adjectives"),
    irregularAdjectives: list("irregularAdjectives"),
    parts: list("parts"),
    stems: list("stems"),
  };
}

/** Searches the sorted lines from `start` to `end`. @returns what the word maps to */
function find(text: string, start: number, end: number, word: string): string | undefined {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const lineStart = Math.max(low, text.lastIndexOf("\n", middle - 1) + 1);
    const lineEnd = text.indexOf("\n", lineStart);
    const [candidate = "", base = candidate] = text.slice(lineStart, lineEnd).split("\t");
    if (candidate === word) return base;
    if (candidate < word) low = lineEnd + 1;
    else high = lineStart;
  }
  return undefined;
}
