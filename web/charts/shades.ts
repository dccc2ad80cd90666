/**
 * The shade of a value in a heat map: 0 for no value, then 1 to 4 by quartile, so that one extreme does not make the
 * rest pale.
 */
export function shadesOf(values: readonly number[]): (value: number) => number {
  const sorted = values.filter((value) => value > 0).toSorted((a, b) => a - b);
  const quartiles = [0.25, 0.5, 0.75].map((part) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  return (value) => (value <= 0 ? 0 : 1 + quartiles.filter((limit) => value > limit).length);
}
