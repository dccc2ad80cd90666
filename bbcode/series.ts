/** Series of threads: "Der große Kochthread Teil 27" is a part of "Der große Kochthread". */
import { foldWords } from "./fold.ts";

/** What a thread's title says about its series. */
export interface SeriesTitle {
  /** The folded words without the marker. Threads of a board with the same name are one series. */
  name: string;
  /** Whether the title ends with a part number. A thread without one may only open a series. */
  isMarked: boolean;
}

/** Words beside a part number, folded. */
const markers = new Set(["teil", "part", "nr", "no", "vol", "die"]);

/** Roman numerals from II to CXCIX in their usual spelling. "I" is a word of many titles. */
const romanNumeral = /^(?!i?$)c?(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/;
const arabicNumeral = /^[0-9]+$/;
const isNumeral = (word: string) => arabicNumeral.test(word) || romanNumeral.test(word);

/** Emoji are words for the search, but not here. */
const letterOrDigit = /[\p{L}\p{N}]/u;
const letters = /\p{L}/gu;

/** A shorter name is too common for a series, such as "Area 51". */
const minLetters = 6;

/** @param title repaired @returns undefined if the thread cannot belong to a series */
export function seriesOf(title: string): SeriesTitle | undefined {
  const words = foldWords(title).filter((word) => letterOrDigit.test(word));
  const unmarked = withoutMarker(words);
  const name = (unmarked ?? words).join(" ");
  if ((name.match(letters)?.length ?? 0) < minLetters) return undefined;
  return { name, isMarked: unmarked !== undefined };
}

/** The words before a trailing marker; undefined if there is none. */
function withoutMarker(words: readonly string[]): string[] | undefined {
  const end = endBeforeMarkers(words, words.length);
  if (!isNumeral(words[end - 1] ?? "")) return undefined;
  return words.slice(0, endBeforeMarkers(words, end - 1));
}

/** Where the words end without the last ones that are markers. */
function endBeforeMarkers(words: readonly string[], end: number): number {
  let last = end;
  while (last > 0 && markers.has(words[last - 1] ?? "")) last--;
  return last;
}
