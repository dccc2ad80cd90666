/** How well a ranking agrees with graded judgments. A grade is at least 0; what is not judged has 0. */

/** Discount of a rank, from 1. */
type Discount = (rank: number) => number;

/**
 * Cumulated gain over the ranks, discounted: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques,
 * 2002. Theirs divides by the logarithm of the rank from rank 2 on, so that ranks 1 and 2 count the same. By default
 * the discount is that of trec_eval, log2(rank + 1): what must be first loses in second place.
 */
export function discountedGain(grades: readonly number[], discount: Discount = (rank) => Math.log2(rank + 1)): number {
  return grades.reduce((sum, grade, at) => sum + grade / discount(at + 1), 0);
}

/**
 * nDCG at a cutoff: the gain of a ranking divided by the gain of the best possible one, 0 to 1.
 * @param ranked the grades of the results, in their order
 * @param judged all grades of the query, in any order
 */
export function normalizedGain(ranked: readonly number[], judged: readonly number[], cutoff: number): number {
  const best = discountedGain(judged.toSorted((a, b) => b - a).slice(0, cutoff));
  return best === 0 ? 0 : discountedGain(ranked.slice(0, cutoff)) / best;
}

/** 1 / rank of the first result that has at least this grade; 0 if there is none up to the cutoff. */
export function reciprocalRank(ranked: readonly number[], grade: number, cutoff: number): number {
  const at = ranked.slice(0, cutoff).findIndex((one) => one >= grade);
  return at === -1 ? 0 : 1 / (at + 1);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
