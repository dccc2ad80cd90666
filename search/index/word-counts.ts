/** Counts in how many documents each word occurs, in bounded memory. */

/** Words to keep in memory: when there are more, the rarest are dropped. */
const defaultLimit = 1_000_000;

export class WordCounts {
  private counts = new Map<string, number>();

  /** @param limit words to keep in memory, between documents */
  constructor(private readonly limit = defaultLimit) {}

  /** @param words distinct words of one document */
  add(words: Iterable<string>): void {
    for (const word of words) this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    if (this.counts.size > this.limit) this.dropRare();
  }

  /** Words with the number of documents, those that were dropped excepted. */
  entries(): IterableIterator<[word: string, count: number]> {
    return this.counts.entries();
  }

  /** Drops the rarest words, until half of the space is free. */
  private dropRare(): void {
    for (let rare = 1; this.counts.size > this.limit / 2; rare++)
      for (const [word, count] of this.counts) if (count <= rare) this.counts.delete(word);
  }
}
