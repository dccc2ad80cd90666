/** Counts in how many documents each word occurs, in bounded memory. */

/** Words to keep in memory: when there are more, the rarest are dropped. */
const defaultLimit = 1_000_000;

export class WordCounts {
  private counts = new Map<string, { count: number }>();

  /** @param limit words to keep in memory, between documents */
  constructor(private readonly limit = defaultLimit) {}

  /** @param words distinct words of one document */
  add(...words: Iterable<string>[]): void {
    for (const some of words) for (const word of some) this.count(word);
    if (this.counts.size > this.limit) this.dropRare();
  }

  /** Words with the number of documents, those that were dropped excepted. */
  *entries(): Generator<[word: string, count: number]> {
    for (const [word, { count }] of this.counts) yield [word, count];
  }

  private count(word: string): void {
    const existing = this.counts.get(word);
    if (existing) existing.count++;
    else this.counts.set(word, { count: 1 });
  }

  /** Drops the rarest words, until half of the space is free. */
  private dropRare(): void {
    for (let rare = 1; this.counts.size > this.limit / 2; rare++)
      for (const [word, { count }] of this.counts) if (count <= rare) this.counts.delete(word);
  }
}
