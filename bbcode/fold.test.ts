import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { fold, foldWords, locateWords } from "./fold.ts";

test("ä, ae and a fold alike, as do ß and ss, accents and case", () => {
  for (const [one, other] of [
    ["Straße", "STRASSE"],
    ["STRAẞE", "strasse"],
    ["Köln", "Koeln"],
    ["Koln", "köln"],
    ["Ko\u0308ln", "Köln"],
    ["Café", "cafe"],
    ["Ülü", "ueLue"],
    ["Mähen", "Maehen"],
    ["Donau\u00addampf\u00adschiff", "Donaudampfschiff"],
    ["ver\u200bsteckt\u200d", "versteckt"],
    ["\ufb01nden", "finden"],
    ["Ｗｏｒｔ", "wort"],
    ["m²", "M2"],
    ["ΟΔΟΣ", "οδος"],
    ["İ", "i"],
  ] as const)
    expect(fold(one)).toBe(fold(other));
  expect(foldWords("Grüße, Jörg's 2½ m² 🐳-Ω!")).toEqual(["grusse", "jorg", "s", "2", "1", "2", "m2", "🐳", "ω"]);
});

test("the e of ue is kept after a vowel, y or q, and so is that of äe, öe and üe", () => {
  const kept = "neuen Frauen Steuer Quelle blauen teuer Abenteuer Bequem Bayuer treue";
  expect(foldWords(kept)).toEqual(kept.toLowerCase().split(" "));
  expect(foldWords("neu en neu-en Aue säen")).toEqual(["neu", "en", "neu", "en", "aue", "saen"]);
  for (const [one, other] of [
    ["Michael", "Michäl"],
    ["Ueber", "über"],
    ["Muenchen", "München"],
    ["Büchelberg", "Buechelberg"],
    ["Israel", "israel"],
    ["Soest", "Söst"],
  ] as const)
    expect(fold(one)).toBe(fold(other));
  expect(fold("neun")).not.toBe(fold("neuen"));
});

test("signs that turn letters into another word, and emoji, are words", () => {
  expect(foldWords("C++, C#/F# und C++17, c+ b")).toEqual(["c++", "c#", "f#", "und", "c++", "17", "c+", "b"]);
  expect(foldWords("a+b 1+1 C+++ #wal Nr.#1 ++ #")).toEqual(["a", "b", "1", "1", "c", "wal", "nr", "1"]);
  expect(foldWords("😂👍🏽 ❤️ 👩\u200d👧 🇩🇪🇦🇹 Wal™ Wal®")).toEqual([
    "😂",
    "👍",
    "❤",
    "👩",
    "👧",
    "🇩🇪",
    "🇦🇹",
    "wal",
    "wal",
  ]);
});

test("letters fold the same, whatever stands beside them", () => {
  const text = fc.string({ unit: fc.constantFrom(..."aeiouyqsäöüßÄÖÜ –„“€BC+#1 ") });
  fc.assert(
    fc.property(text, (german) => {
      expect(fold(`${german} 世`)).toBe(`${fold(german)} 世`);
      expect(foldWords(`${german} 世`)).toEqual([...foldWords(german), "世"]);
    }),
    { numRuns: 3000 },
  );
});

test("located words are the words of the folded text", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom(..."aeuäüßqC+#-½≠Å ", "\u0301", "\u00ad", "\u200b", "\ufeff", "ﬁ", "😂", "👍🏽", "🇩🇪", "™"),
          fc.string({ unit: "binary", maxLength: 1 }),
        ),
      }),
      (text) => {
        expect(locateWords(text).map(({ folded }) => folded)).toEqual(foldWords(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test("a prefix folds to a prefix of the folded word, so a word is found while it is typed", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N}]{1,12}$/u), fc.nat(12), (text, length) => {
      const begun = [...text].slice(0, length).join("");
      expect(fold(text).startsWith(fold(begun))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("folding is idempotent, except for letters that folding brings together", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäöüßé]{1,12}$/u), (text) => {
      const once = fold(text);
      if (!/[aou]e/.test(once)) expect(fold(once)).toBe(once);
      expect(once).toMatch(/^[a-z]+$/);
    }),
  );
});
