import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { foldWords } from "@potstats/bbcode/fold";
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
  ["+W\ufeffal Wal\ufefffang\ufeff", [phrase("wal"), typed(word("walfang"))]],
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

test("never fails; anything that is not an operator is a word", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const { terms, filters } = parseQuery(text);
      // Only filter names lose letters and digits, and only C++ and C# keep signs.
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

test("long nonsense is parsed in linear time", () => {
  for (const nonsense of ['"', "-", "+", "user:", 'user:"', 'a"', "- ", "a:", "x ", "ä"]) {
    const text = nonsense.repeat(200_000);
    expect(parseQuery(text).terms.length).toBeLessThanOrEqual(text.length);
  }
});
