import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { foldWords } from "./fold.ts";
import { formsOf, lemmaOf } from "./lexicon.ts";
import { compounds, inflections, strangers } from "../testing/pairs.ts";

const folded = (text: string) => foldWords(text)[0] ?? "";
const finds = (searched: string, said: string) => formsOf(folded(said)).includes(lemmaOf(folded(searched)));

/** What the lexicon does not know, or knows otherwise. */
const missed = [
  "groß größten",
  "größten groß",
  "essen aß",
  "aß essen",
  "Kind Kindheitserinnerung",
  "Wasser Abwasserrohr",
];
const wrong = ["Maus Mause", "Mause Maus"];

test("words find their inflections, both ways, and the compounds that hold them", () => {
  const bothWays = inflections.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  const pairs = [...bothWays, ...compounds];
  expect(pairs.filter(([one, other]) => !finds(one, other)).map((pair) => pair.join(" "))).toEqual(missed);
  expect(pairs.length).toBeGreaterThan(40 * missed.length);
});

test("words that only look alike do not find each other", () => {
  const bothWays = strangers.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  expect(bothWays.filter(([one, other]) => finds(one, other)).map((pair) => pair.join(" "))).toEqual(wrong);
  expect(bothWays.length).toBeGreaterThan(60 * wrong.length);
});

test("the parts of compounds find them, alone and together", () => {
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

test("a form's form is itself, for any word: what is found by a form is found by the word that is written like it", () => {
  const letters = fc.stringMatching(/^[a-z]{1,20}$/);
  const known = fc.constantFrom(...[...inflections, ...compounds, ...strangers].flat().map(folded));
  const glued = fc.array(known, { minLength: 1, maxLength: 3 }).map((words) => words.join(""));
  fc.assert(
    fc.property(fc.oneof(letters, known, glued), (word) => {
      expect(lemmaOf(lemmaOf(word))).toBe(lemmaOf(word));
      for (const form of formsOf(word)) expect(lemmaOf(form)).toBe(form);
      expect(formsOf(word)[0]).toBe(lemmaOf(word));
    }),
    { numRuns: 5000 },
  );
});
