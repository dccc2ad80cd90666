import { expect, test } from "bun:test";
import { smoothed } from "./smoothing.ts";

test("without neighbors values stay as they are", () => {
  expect(smoothed([3, 0, 6], 0)).toEqual([3, 0, 6]);
});

test("a mean is centered, and of fewer values at the ends", () => {
  expect(smoothed([3, 0, 6, 9], 1)).toEqual([1.5, 3, 5, 7.5]);
  expect(smoothed([1, 2, 3], 6)).toEqual([2, 2, 2]);
});

test("what has no value keeps none, and counts in no mean", () => {
  expect(smoothed([4, NaN, 8], 1)).toEqual([4, NaN, 8]);
  expect(smoothed([4, NaN, 8, 2], 2)).toEqual([6, NaN, 14 / 3, 5]);
});
