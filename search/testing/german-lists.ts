/** Reads the lists of German words that search has to get right. */
import { readFileSync } from "node:fs";

/** Whether a search for the first word finds the second one. */
interface WordPair {
  searched: string;
  written: string;
  matches: boolean;
}

const linesOf = (file: string): string[] => readFileSync(new URL(file, import.meta.url), "utf8").split("\n");

/** The pairs of a list; a line for both directions gives two. */
export function readPairs(file: string): WordPair[] {
  const pairs: WordPair[] = [];
  for (const line of linesOf(file)) {
    const [, searched, sign = "", written] = /^([^#]\S*) (!?<?>) (\S+)$/.exec(line) ?? [];
    if (searched === undefined || written === undefined) continue;
    const matches = !sign.startsWith("!");
    pairs.push({ searched, written, matches });
    if (sign.endsWith("<>")) pairs.push({ searched: written, written: searched, matches });
  }
  return pairs;
}

interface ListedSplit {
  word: string;
  /** The dictionary forms of the parts; none if the word is no compound. */
  parts: string[];
}

/** The words of a list with their parts. */
export const readSplits = (file: string): ListedSplit[] =>
  linesOf(file).flatMap((line) => {
    const [word = "", parts] = line.split(" = ");
    return /^[^#\s]+$/.test(word) ? [{ word, parts: parts?.split(" + ") ?? [] }] : [];
  });
