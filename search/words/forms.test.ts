import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { foldWords } from "@potstats/bbcode/fold";
import { formsOf, lemmaOf } from "./forms.ts";
import { readLexicon } from "./lexicon.ts";
import { readPairs, readSplits } from "../testing/german-lists.ts";
import { compounds, inflections, unrelated } from "../testing/word-pairs.ts";

const folded = (text: string) => foldWords(text)[0] ?? "";
const finds = (query: string, text: string) => formsOf(folded(text)).includes(lemmaOf(folded(query)));

/** Known misses, listed so that a change becomes visible. */
const missed = ["aß essen", "Kind Kindheitserinnerung", "Wasser Abwasserrohr"];
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

/** Pairs of the lists that come out wrong, and why. */
const exceptions: Record<string, string[]> = {
  "german-pairs.txt": [
    // A searched word has one dictionary form: "Stadium", "Fahrt".
    "Stadien Stadion",
    "fährt fahren",
    // Folds to the same word as "führen".
    "fahren fuhren",
    "fuhren fahren",
    // A prefix is no word.
    "Instinkt Urinstinkt",
  ],
  "german-pairs-held-out.txt": [
    // A searched word has one dictionary form: "Studie", "Schnitt".
    "Studien Studium",
    "Studium Studien",
    "schnitt schneiden",

    // Another verb, "einscannen".
    "scannen eingescannt",
    "eingescannt scannen",
  ],
  "german-pairs-final.txt": [
    // A searched word has one dictionary form: "Gebiss", and "gerinnen" by mistake.
    "gebissen beißen",
    "gerannt rennen",
    "rennen gerannt",
    // "Tat" has three letters, which end words by coincidence: "Automat".
    "Held Heldentat",
  ],
};

test.each(Object.entries(exceptions))("the pairs of %s match or do not, but for the exceptions", (file, known) => {
  const pairs = readPairs(`./${file}`);
  const wrongPairs = pairs.filter(({ searched, written, matches }) => finds(searched, written) !== matches);
  expect(wrongPairs.map(({ searched, written }) => `${searched} ${written}`).toSorted()).toEqual(known.toSorted());
  expect(pairs.length).toBeGreaterThan(20 * known.length);
});

/** Compounds with a part that is not found. */
const missedParts = [
  // "Eck" and "Hack" are words of their own.
  "Eckfahne",
  "Hackfleisch",
  // Neither the dictionary nor its supplement has "Vorsitzender".
  "Parteivorsitzender",
];
/** No compounds, but words with a second sense: past tenses of "bestehen" and "verstehen". */
const secondSenses = ["Bestand", "Verstand"];

test("the parts of compounds are found, and other words have none", () => {
  const splits = readSplits("./german-splits.txt");
  const isWhole = ({ word, parts }: (typeof splits)[number]) =>
    parts.every((part) => formsOf(folded(word)).includes(lemmaOf(folded(part))));
  const compoundWords = splits.filter(({ parts }) => parts.length > 0);
  expect(compoundWords.filter((split) => !isWhole(split)).map(({ word }) => word)).toEqual(missedParts);
  const others = splits.filter(({ parts }) => parts.length === 0);
  expect(others.filter(({ word }) => formsOf(folded(word)).length > 1).map(({ word }) => word)).toEqual(secondSenses);
  expect([compoundWords.length, others.length].map((count) => count >= 100)).toEqual([true, true]);
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
