import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { foldWords } from "./fold.ts";
import { formsOf, lemmaOf } from "./forms.ts";
import { readLexicon } from "./lexicon.ts";
import { compounds, inflections, unrelated } from "../testing/word-pairs.ts";

const folded = (text: string) => foldWords(text)[0] ?? "";
const finds = (query: string, text: string) => formsOf(folded(text)).includes(lemmaOf(folded(query)));

/** Known misses, listed so that a change becomes visible. */
const missed = [
  "groß größten",
  "größten groß",
  "essen aß",
  "aß essen",
  "Kind Kindheitserinnerung",
  "Wasser Abwasserrohr",
];
const wrong = ["Maus Mause", "Mause Maus"];

test("words find their inflections, both ways, and compounds that contain them", () => {
  const bothWays = inflections.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  const pairs = [...bothWays, ...compounds];
  expect(pairs.filter(([one, other]) => !finds(one, other)).map((pair) => pair.join(" "))).toEqual(missed);
  expect(pairs.length).toBeGreaterThan(40 * missed.length);
});

test("words that only look alike do not match", () => {
  const bothWays = unrelated.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  expect(bothWays.filter(([one, other]) => finds(one, other)).map((pair) => pair.join(" "))).toEqual(wrong);
  expect(bothWays.length).toBeGreaterThan(60 * wrong.length);
});

test("compounds are found by their parts, alone and together", () => {
  expect(formsOf("donaudampfschifffahrt").toSorted()).toEqual(
    [
      "dampf",
      "dampfschifffahrt",
      "donau",
      "donaudampf",
      "donaudampfschifffahrt",
      "fahrt",
      "schiff",
      "schifffahrt",
    ].toSorted(),
  );
  expect(formsOf("grafikkarten")).toEqual(["grafikkarte", "grafik", "karte"]);
  expect(formsOf("c++")).toEqual(["c++"]);
  expect(formsOf("disney+")).toEqual(["disney+", "disney"]);
});

test("lemmatization is idempotent", () => {
  const letters = fc.stringMatching(/^[a-z]{1,20}$/);
  const listed = fc.constantFrom(...[...inflections, ...compounds, ...unrelated].flat().map(folded));
  const joined = fc.array(listed, { minLength: 1, maxLength: 3 }).map((words) => words.join(""));
  fc.assert(
    fc.property(fc.oneof(letters, listed, joined), (word) => {
      expect(lemmaOf(lemmaOf(word))).toBe(lemmaOf(word));
      for (const form of formsOf(word)) expect(lemmaOf(form)).toBe(form);
      expect(formsOf(word)[0]).toBe(lemmaOf(word));
    }),
    { numRuns: 5000 },
  );
});

test("the lexicon is loaded once, however often a search is created", () => {
  expect(readLexicon()).toBe(readLexicon());
});
