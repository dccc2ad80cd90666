/** Words to begin with, which the forum itself offers. */

/** The shortest word worth a line. */
const leastLetters = 5;
/** As many as fit a phone in a few rows. */
const maxExamples = 9;

/** The longest capitalized word of a name or title, in German a noun; undefined if all are short. */
function longestWord(title: string): string | undefined {
  const words = (title.match(/\p{L}+/gu) ?? []).filter((word) => /^\p{Lu}/u.test(word));
  const [longest = ""] = words.toSorted((a, b) => b.length - a.length);
  return longest.length < leastLetters ? undefined : longest;
}

/** Takes from both lists in turn. */
const alternating = (one: string[], other: string[]): string[] =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, at) => [one[at], other[at]])
    .flat()
    .filter((word) => word !== undefined);

/**
 * The longest words of the titles of the largest threads, and of the names of the busiest boards; no word twice.
 * @param titles of threads, the largest first
 */
export function examplesOf(
  titles: readonly string[],
  boards: readonly { name: string; post_count: number }[],
): string[] {
  const busiest = boards.toSorted((a, b) => b.post_count - a.post_count).map(({ name }) => name);
  const distinct = new Map<string, string>();
  const [ofTitles, ofBoards] = [titles, busiest].map((names) => names.flatMap((name) => longestWord(name) ?? []));
  for (const word of alternating(ofTitles ?? [], ofBoards ?? []))
    if (!distinct.has(word.toLowerCase())) distinct.set(word.toLowerCase(), word);
  return [...distinct.values()].slice(0, maxExamples);
}
