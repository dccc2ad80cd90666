import { expect, test } from "bun:test";
import { cellAfter, cellAt, type Layout } from "./cells.ts";

/** Two rows of three cells: a b c, d e f. */
const grid: Layout = {
  width: 90,
  height: 60,
  labels: [],
  cells: ["a", "b", "c", "d", "e", "f"].map((key, at) => cellAt(key, (at % 3) * 30, Math.floor(at / 3) * 30, 30, 30)),
};
const after = (layout: Layout, key: string, pressed: string) => cellAfter(layout, key, pressed)?.key;

test("arrow keys lead to the neighbor, and nowhere at the edge", () => {
  expect(["ArrowRight", "ArrowDown"].map((pressed) => after(grid, "a", pressed))).toEqual(["b", "d"]);
  expect(["ArrowLeft", "ArrowUp"].map((pressed) => after(grid, "f", pressed))).toEqual(["e", "c"]);
  expect(["ArrowLeft", "ArrowUp"].map((pressed) => after(grid, "a", pressed))).toEqual([undefined, undefined]);
  expect(["ArrowRight", "ArrowDown"].map((pressed) => after(grid, "f", pressed))).toEqual([undefined, undefined]);
});

test("Home and End lead to the ends of the row, other keys nowhere", () => {
  expect(["Home", "End", "Enter", "x"].map((pressed) => after(grid, "e", pressed))).toEqual([
    "d",
    "f",
    undefined,
    undefined,
  ]);
  expect(after(grid, "nowhere", "End")).toBe(undefined);
});

test("in a grid that is read like a text, the end of a row leads to the next one", () => {
  const text = { ...grid, isText: true };
  expect([after(text, "c", "ArrowRight"), after(text, "d", "ArrowLeft")]).toEqual(["d", "c"]);
  expect([after(text, "f", "ArrowRight"), after(text, "a", "ArrowLeft")]).toEqual([undefined, undefined]);
});

test("a gap in a row or column is skipped", () => {
  const gaps = { ...grid, cells: grid.cells.filter(({ key }) => key !== "b" && key !== "d") };
  expect([after(gaps, "a", "ArrowRight"), after(gaps, "a", "ArrowDown")]).toEqual(["c", undefined]);
});
