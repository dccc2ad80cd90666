import { expect, test } from "bun:test";
import { examplesOf } from "./examples.ts";

test("examples are the longest capitalized words of titles and of the busiest boards, in turn, none twice", () => {
  const titles = [
    "Der große Kochthread Teil 27",
    "Wer hat Lust?",
    "DER GROSSE KOCHTHREAD",
    "Balkon – was pflanzt ihr?",
  ];
  const boards = [
    { name: "Küche & Garten", post_count: 3 },
    { name: "pOT", post_count: 9 },
    { name: "Balkon", post_count: 5 },
  ];
  expect(examplesOf(titles, boards)).toEqual(["Kochthread", "Balkon", "Garten"]);
});

test("a forum without threads and boards offers nothing", () => {
  expect(examplesOf([], [])).toEqual([]);
});
