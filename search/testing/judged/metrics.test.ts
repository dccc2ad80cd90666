import { expect, test } from "bun:test";
import { discountedGain, mean, normalizedGain, reciprocalRank } from "./metrics.ts";

test("gain is cumulated as in the example of Järvelin and Kekäläinen", () => {
  const grades = [3, 2, 3, 0, 0, 1, 2, 2, 3, 0];
  const published = [3, 5, 6.89, 6.89, 6.89, 7.28, 7.99, 8.66, 9.61, 9.61];
  const theirs = (rank: number) => (rank < 2 ? 1 : Math.log2(rank));
  for (const [at, gain] of published.entries())
    expect(discountedGain(grades.slice(0, at + 1), theirs)).toBeCloseTo(gain, 2);
});

test("gain is discounted by log2(rank + 1)", () => {
  // 3 / 1 + 2 / 1.58496 + 3 / 2 + 0 + 1 / 2.58496
  expect(discountedGain([3, 2, 3, 0, 1])).toBeCloseTo(6.14871, 5);
  expect(discountedGain([])).toBe(0);
});

test("gain is divided by that of the best ranking", () => {
  expect(normalizedGain([3, 2, 1], [1, 2, 3], 10)).toBe(1);
  // (2 + 3 / 1.58496) / (3 + 2 / 1.58496)
  expect(normalizedGain([2, 3], [3, 2], 10)).toBeCloseTo(0.9134, 4);
  // (0 + 3 / 1.58496) / (3 + 1 / 1.58496)
  expect(normalizedGain([0, 3], [3, 1], 10)).toBeCloseTo(0.5213, 4);
  expect(normalizedGain([], [3], 10)).toBe(0);
});

test("what is below the cutoff counts neither in the ranking nor in the best one", () => {
  expect(normalizedGain([0, 0, 3], [3], 2)).toBe(0);
  expect(normalizedGain([3, 3], [3, 3, 3], 2)).toBe(1);
});

test("the reciprocal rank is that of the first result with the grade", () => {
  expect(reciprocalRank([3, 0, 3], 3, 10)).toBe(1);
  expect(reciprocalRank([2, 0, 3, 3], 3, 10)).toBeCloseTo(1 / 3);
  expect(reciprocalRank([2, 2, 3], 3, 2)).toBe(0);
  expect(reciprocalRank([], 3, 10)).toBe(0);
});

test("the mean of the examples", () => expect(mean([1, 0.5, 0])).toBe(0.5));
