import { expect, test } from "bun:test";
import { shadesOf } from "./shades.ts";

test("each quarter of the values has a shade of its own; nothing has none", () => {
  const shade = shadesOf([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(shade)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
});

test("one extreme does not make the rest pale", () => {
  const shade = shadesOf([1, 2, 3, 4, 1_000_000]);
  expect([shade(3), shade(4), shade(1_000_000)]).toEqual([2, 3, 4]);
});

test("where all values are equal, or there are none, nothing breaks", () => {
  expect([shadesOf([5, 5, 5])(5), shadesOf([])(0), shadesOf([0, -1])(-1)]).toEqual([1, 0, 0]);
});
