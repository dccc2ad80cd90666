/**
 * The centered mean: each value becomes the mean of itself and of its neighbors.
 * @param values in order; NaN if there is none, which stays so and counts in no mean
 * @param neighbors on each side; fewer at the ends
 */
export function smoothed(values: readonly number[], neighbors: number): number[] {
  return values.map((value, at) => {
    if (Number.isNaN(value)) return NaN;
    const near = values.slice(Math.max(0, at - neighbors), at + neighbors + 1).filter((one) => !Number.isNaN(one));
    return near.reduce((sum, one) => sum + one, 0) / near.length;
  });
}
