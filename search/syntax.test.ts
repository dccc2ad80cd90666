import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { fold, foldWords, words as wordsIn } from "./fold.ts";
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
  ["blauer Wal", [word("blaur"), typed(word("wal"))]],
  ['"blauer Wal"', [phrase("blaur wal")]],
  ['"blauer Wal', [phrase("blaur wal")]],
  ['"Wal"', [phrase("wal")]],
  ['a"b c"d', [word("a"), phrase("b c"), typed(word("d"))]],
  ["-Wal", [not(word("wal"))]],
  ['-"blauer Wal" x ', [not(phrase("blaur wal")), word("x")]],
  ["+Wal", [phrase("wal")]],
  ['+"blauer Wal"', [phrase("blaur wal")]],
  ['- + -- "" !', []],
  ["E-Mail ", [phrase("e mail")]],
  ["E-Mai", [phrase("e"), typed(word("mai"))]],
  ["E-Mail-Adr", [phrase("e mail"), typed(word("adr"))]],
  ["-E-Mail", [not(phrase("e mail"))]],
  ["http://example.org ", [phrase("http example org")]],
  ["user:", [typed(word("user"))]],
  ["-user:karl ", [not(phrase("user karl"))]],
  ["users:karl ", [phrase("users karl")]],
  ["c++ ", [word("c")]],
])("%j", (text, terms) => {
  expect(parseQuery(text)).toEqual({ terms, filters: [] });
});

test.each<[string, [string, string][]]>([
  ["user:Karl", [["user", "Karl"]]],
  ['USER:"zwei Wörter"', [["user", "zwei Wörter"]]],
  ['user:"nicht zu Ende', [["user", "nicht zu Ende"]]],
  ["user:a:b", [["user", "a:b"]]],
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
      // No letter or digit is lost but those of filters' names, and no signs are left.
      const kept = [
        ...terms.flatMap(({ words }) => words),
        ...filters.flatMap(({ name, value }) => foldWords(`${name} ${value}`)),
      ];
      expect(kept.join("").length).toBe(foldWords(text.replaceAll(/["+:-]/g, " ")).join("").length);
      for (const term of terms) {
        expect(term.words.length).toBeGreaterThan(0);
        for (const one of term.words) expect(one).toMatch(/^[\p{L}\p{N}]+$/u);
        expect(term.prefix && (term.exact || term.excluded)).toBe(false);
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
    ["neue", "neü"],
    ["ΟΔΟΣ", "οδος"],
    ["İ", "i"],
  ] as const)
    expect(fold(one)).toBe(fold(other));
  expect(foldWords("Grüße, Jörg's 2½ m² 🐳-Ω!")).toEqual(["grusse", "jorg", "s", "2½", "m²", "ω"]);
});

test("the words of a folded text are the folded words of the text", () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom("a", "e", "ä", "ß", "\u0301", " ", "-", "½", "≠", "Å"),
          fc.string({ unit: "binary", maxLength: 1 }),
        ),
      }),
      (text) => {
        const one = wordsIn(text).flatMap(({ folded }) => folded || []);
        expect(foldWords(text)).toEqual(one);
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
