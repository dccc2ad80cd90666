/**
 * A small seeded generator: the same seed gives the same forum on every machine. The algorithm is mulberry32 (by Tommy
 * Ettinger, public domain), whose single 32-bit state is cheap to create for every post.
 */

/** Mixes integers into a 32-bit seed (MurmurHash3's finalizer, by Austin Appleby, public domain). */
export function mix(...numbers: number[]): number {
  let hash = 0x9e3779b9;
  for (const number of numbers) {
    hash = Math.imul(hash ^ (number | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** A random index, weighted. @param cumulative see {@link cumulativeSums} */
  weighted(cumulative: ArrayLike<number>): number {
    const share = this.next() * (cumulative[cumulative.length - 1] ?? 0);
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > share) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Running totals of weights, for {@link Random.weighted}. */
export function cumulativeSums(weights: Iterable<number>): number[] {
  let sum = 0;
  return Array.from(weights, (weight) => (sum += weight));
}
