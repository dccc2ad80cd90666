import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { spreadsheet, writeCsv } from "./write.ts";

/** One cell below a header. */
const cell = (value: string | number, style = {}) =>
  writeCsv([["name"], [value]], style).replace(/^\uFEFF?name\r\n/, "");

test("fields are quoted where needed, lines end in CR LF", () => {
  expect(
    writeCsv([
      ["name", "n"],
      ["a,b", 1],
      ['say "hi"', 2],
      ["two\nlines", 3],
      ["ö; ü", -4.5],
    ]),
  ).toBe('name,n\r\n"a,b",1\r\n"say ""hi""",2\r\n"two\nlines",3\r\nö; ü,-4.5\r\n');
});

test("for spreadsheets, there is a byte order mark, and the language's separator and decimal mark", () => {
  const rows = [
    ["a,b", 0.25],
    ["c;d", -1],
    ["Jörg", 12],
  ];
  expect(writeCsv(rows, spreadsheet("en"))).toBe('\uFEFF"a,b",0.25\r\nc;d,-1\r\nJörg,12\r\n');
  expect(writeCsv(rows, spreadsheet(undefined))).toBe('\uFEFFa,b;0.25\r\n"c;d";-1\r\nJörg;12\r\n');
  expect(writeCsv(rows, spreadsheet("de"))).toBe('\uFEFFa,b;0,25\r\n"c;d";-1\r\nJörg;12\r\n');
});

test("text that a spreadsheet would interpret as a formula is escaped", () => {
  for (const sign of ["=", "+", "-", "@", "＝", "＋", "－", "＠"]) {
    for (const before of ["", " ", "\u00A0", "\u200B", "\uFEFF", "\u00AD", "\u3164", "\u0001"]) {
      const formula = `${before}${sign}1+2`;
      expect(cell(formula)).toBe(`'${formula}\r\n`);
      expect(cell(`Max;${formula}`)).toBe(`Max;'${formula}\r\n`);
      expect(cell(`Max,${formula}`)).toBe(`"Max,'${formula}"\r\n`);
      expect(cell(`Max|${formula}`)).toBe(`Max|'${formula}\r\n`);
      expect(cell(`Max\t${formula}`)).toBe(`Max\t'${formula}\r\n`);
      for (const end of ["\n", "\r", "\r\n"]) expect(cell(`Max${end}${formula}`)).toBe(`"Max${end}'${formula}"\r\n`);
      expect(cell(`Max;${formula}`, { separator: ";" })).toBe(`"Max;'${formula}"\r\n`);
    }
  }
  expect(cell("\tx")).toBe("'\tx\r\n");
  expect(cell("\n=1")).toBe(`"'\n'=1"\r\n`);
  expect(cell('Max;"=1+2"')).toBe(`"Max;'""=1+2"""\r\n`);
});

test("numbers and signs inside of words are unchanged", () => {
  for (const n of [-4, -0.5, 0, 1e21]) expect(cell(n)).toBe(`${n}\r\n`);
  for (const text of ["Musik - Spiele", "a=b", "karl@stats.example", "1+1", "x; y", "'=1", "E-Mail", ""])
    expect(cell(text)).toBe(`${text}\r\n`);
});

test("no cell starts a formula, whichever separator the spreadsheet assumes", () => {
  const pieces = fc.constantFrom(..."=+-@＝;,|\t\n\r \"'aö\u200B\u00AD\u2028");
  const hidden = /^["\s\u200B\u00AD]+/;
  const property = fc.property(
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.constantFrom(",", ";"),
    (text, separator) => {
      const line = cell(text, { separator });
      for (const assumed of [";", ",", "\t", "|"]) {
        const cells = line.split(/[\r\n\u2028]/).flatMap((row) => row.split(assumed));
        for (const read of cells)
          expect([text, read.replace(hidden, "")]).toEqual([text, expect.not.stringMatching(/^[=+\-@＝]/)]);
      }
    },
  );
  fc.assert(property, { numRuns: 3000, seed: 42 });
});
