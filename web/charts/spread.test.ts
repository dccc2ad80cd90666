import { expect, test } from "bun:test";
import { spread } from "./spread.ts";

const widths = (starts: number[], width: number) => starts.map((start, at) => (starts[at + 1] ?? width) - start);

test("areas end halfway between points that are far apart", () => {
  expect(spread([10, 50, 100], 120, 8)).toEqual([0, 30, 75]);
  expect(spread([], 120, 8)).toEqual([]);
});

test("areas of close points are wide enough to be hit, at both ends", () => {
  expect(spread([10, 11, 12, 13, 90], 100, 8)).toEqual([0, 10.5, 18.5, 26.5, 51.5]);
  expect(spread([10, 97, 98, 99], 100, 8)).toEqual([0, 53.5, 84, 92]);
});

test("without enough room all areas are alike", () => {
  const starts = spread([1, 2, 3, 4, 5], 20, 8);
  expect(widths(starts, 20).every((width) => Math.abs(width - 4) < 1e-9)).toBe(true);
});
