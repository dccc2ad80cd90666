import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { fold, foldWords, words as wordsIn } from "../words/fold.ts";
import { parseQuery, type Term } from "./syntax.ts";

const plain: Term = { words: [], exact: false, excluded: false, prefix: false };
const word = (text: string): Term => ({ ...plain, words: [text] });
const phrase = (text: string): Term => ({ ...plain, words: text.split(" "), exact: true });
const not = (term: Term): Term => ({ ...term, excluded: true });
const typed = (term: Term): Term => ({ ...term, prefix: true });

test.each<[string, Term[]]>([
  ["", []],
  ["Wal", [typed(word("wal"))]],
  ["Wal ", [word("wal")]],
  ["blauer Wal", [word("blauer"), typed(word("wal"))]],
  ['"blauer Wal"', [phrase("blauer wal")]],
  ['"blauer Wal', [phrase("blauer wal")]],
  ['"Wal"', [phrase("wal")]],
  ['a"b c"d', [word("a"), phrase("b c"), typed(word("d"))]],
  ["-Wal", [not(phrase("wal"))]],
  ['-"blauer Wal" x ', [not(phrase("blauer wal")), word("x")]],
  ["+Wal", [phrase("wal")]],
  ['+"blauer Wal"', [phrase("blauer wal")]],
  ['- + -- "" !', []],
  ["E-Mail ", [phrase("e mail")]],
  ["E-Mai", [typed(phrase("e mai"))]],
  ["E-Mail-Adr", [typed(phrase("e mail adr"))]],
  ["192.168.1.1", [typed(phrase("192 168 1 1"))]],
  ["192.168.1.1 ", [phrase("192 168 1 1")]],
  ["+E-Mai", [phrase("e mai")]],
  ["-E-Mail", [not(phrase("e mail"))]],
  ["http://example.org ", [phrase("http example org")]],
  ["user:", [word("user")]],
  ["-user:karl ", [not(phrase("user karl"))]],
  ["users:karl ", [phrase("users karl")]],
  ["C++", [word("c++")]],
  ["C#", [word("c#")]],
  ["+F# g++ ", [phrase("f#"), word("g++")]],
  ["Wal!", [word("wal")]],
  ["Wal.", [word("wal")]],
  ["😂", [word("😂")]],
  ["super😂", [phrase("super 😂")]],
])("%j", (text, terms) => {
  expect(parseQuery(text)).toEqual({ terms, filters: [] });
});

test.each<[string, [string, string][]]>([
  ["user:Karl", [["user", "Karl"]]],
  ['USER:"zwei Wörter"', [["user", "zwei Wörter"]]],
  ['user:"nicht zu Ende', [["user", "nicht zu Ende"]]],
  ["user:a:b", [["user", "a:b"]]],
  ['user:"Der "Boss""', [["user", 'Der "Boss"']]],
  ['user:"Der ""Boss"""', [["user", 'Der "Boss"']]],
  [
    'user:"""Boss"" Meier" has:link',
    [
      ["user", '"Boss" Meier'],
      ["has", "link"],
    ],
  ],
  [
    'user:"Der "Boss"" has:link',
    [
      ["user", 'Der "Boss"'],
      ["has", "link"],
    ],
  ],
  [
    'user:"a"year:2012',
    [
      ["user", "a"],
      ["year", "2012"],
    ],
  ],
  [
    "year:2012 before:2012-05-01 after:2011 has:link tag:x thread:5 board:Z",
    [
      ["year", "2012"],
      ["before", "2012-05-01"],
      ["after", "2011"],
      ["has", "link"],
      ["tag", "x"],
      ["thread", "5"],
      ["board", "Z"],
    ],
  ],
])("%j", (text, filters) => {
  expect(parseQuery(text)).toEqual({ terms: [], filters: filters.map(([name, value]) => ({ name, value })) as never });
});

const piece = fc.oneof(
  fc.constantFrom(
    '"',
    "-",
    "+",
    " ",
    ":",
    "user:",
    "USER:",
    "has:",
    "year:2012",
    "uſer:",
    "\0",
    "ß",
    "ä",
    "🐳",
    "\u0301",
    "\ud800",
  ),
  fc.string({ unit: "binary" }),
);
const anything = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));

test("never fails, and what is no operator is a word", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { terms, filters } = parseQuery(text);
      // No letter or digit is lost but those of filters' names, and no signs are left but those of C++ and C#.
      const kept = [
        ...terms.flatMap(({ words }) => words),
        ...filters.flatMap(({ name, value }) => foldWords(`${name} ${value.replaceAll('"', " ")}`)),
      ];
      const bare = (words: string[]) => words.join("").replaceAll(/[+#]/g, "");
      expect(bare(kept).length).toBe(bare(foldWords(text.replaceAll(/["+:-]/g, " "))).length);
      for (const term of terms) {
        expect(term.words.length).toBeGreaterThan(0);
        for (const one of term.words)
          expect(one).toMatch(
            /^(?:[\p{L}\p{N}]+|\p{L}+(?:\+\+?|#)|\p{Regional_Indicator}{2}|\p{Extended_Pictographic})$/u,
          );
        expect(term.prefix && term.excluded).toBe(false);
        if (term.words.length > 1 || term.excluded) expect(term.exact).toBe(true);
      }
      expect(terms.slice(0, -1).every(({ prefix }) => !prefix)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("long nonsense is read in one go", () => {
  for (const nonsense of ['"', "-", "+", "user:", 'user:"', 'a"', "- ", "a:", "x ", "ä"]) {
    const text = nonsense.repeat(200_000);
    expect(parseQuery(text).terms.length).toBeLessThanOrEqual(text.length);
  }
});

test("folding: ä, ae and a are one, ß and ss, accents and case", () => {
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

test("the e of ue stays after a vowel, y and q, and so does that of äe, öe and üe", () => {
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

test("signs that make another word of letters, and pictures, are words", () => {
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

test("the words of a folded text are the folded words of the text", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom(..."aeuäüßqC+#-½≠Å ", "\u0301", "\u00ad", "\u200b", "\ufeff", "ﬁ", "😂", "👍🏽", "🇩🇪", "™"),
          fc.string({ unit: "binary", maxLength: 1 }),
        ),
      }),
      (text) => {
        expect(wordsIn(text).map(({ folded }) => folded)).toEqual(foldWords(text));
      },
    ),
    { numRuns: 3000 },
  );
});

test("a word's beginning folds to the beginning of the folded word, so it is found while it is typed", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\p{L}\p{N}]{1,12}$/u), fc.nat(12), (text, length) => {
      const begun = [...text].slice(0, length).join("");
      expect(fold(text).startsWith(fold(begun))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("folding twice is folding once, but for letters that folding brings together", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäöüßé]{1,12}$/u), (text) => {
      const once = fold(text);
      if (!/[aou]e/.test(once)) expect(fold(once)).toBe(once);
      expect(once).toMatch(/^[a-z]+$/);
    }),
  );
});
