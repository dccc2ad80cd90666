import { expect, test } from "bun:test";
import { WordCounts } from "./word-counts.ts";

const sorted = (counts: WordCounts) => [...counts.entries()].toSorted(([a], [b]) => a.localeCompare(b));

test("counts the documents with each word", () => {
  const counts = new WordCounts();
  expect(sorted(counts)).toEqual([]);
  counts.add(["haus", "kind"]);
  counts.add(new Set(["haus", "haus", "baum"]));
  counts.add([]);
  expect(sorted(counts)).toEqual([
    ["baum", 1],
    ["haus", 2],
    ["kind", 1],
  ]);
});

test("keeps as many words as the limit allows", () => {
  const counts = new WordCounts(4);
  counts.add(["a", "b", "c"]);
  counts.add(["d"]);
  expect(sorted(counts).map(([word]) => word)).toEqual(["a", "b", "c", "d"]);
});

test("drops the rarest words until half of the space is free", () => {
  const counts = new WordCounts(4);
  for (const words of [["a", "b", "c"], ["a", "b"], ["a"]]) counts.add(words);
  counts.add(["d", "e"]);
  expect(sorted(counts)).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
});

test("drops all words if none is more frequent", () => {
  const counts = new WordCounts(4);
  for (let time = 0; time < 2; time++) counts.add(["a", "b", "c"]);
  counts.add(["d", "e"]);
  expect(sorted(counts).length).toBeLessThanOrEqual(3);
  counts.add(["f"]);
  expect([...counts.entries()].some(([word]) => word === "f")).toBe(true);
});

test("frequent words among many rare ones are counted exactly, in bounded memory", () => {
  const counts = new WordCounts(100);
  let most = 0;
  for (let n = 0; n < 10_000; n++) {
    counts.add(["oft", ...(n % 5 === 0 ? ["manchmal"] : []), `selten${n}`, `einmal${n}`]);
    most = Math.max(most, [...counts.entries()].length);
  }
  expect(most).toBeLessThanOrEqual(100);
  expect(Object.fromEntries(counts.entries())).toMatchObject({ oft: 10_000, manchmal: 2000 });
});
