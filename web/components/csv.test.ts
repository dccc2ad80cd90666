import { expect, test } from "bun:test";
import { csv } from "./csv.ts";

/** The only cell of a file as it stands there. */
const cell = (text: string) => /^\uFEFF([^]*)\r\n$/.exec(csv([[text]], "en"))?.[1];

test("a German Excel reads umlauts, columns and decimals", () => {
  const rows = [
    ["Name", "Länge"],
    ["Jörg", 1234.5],
    ["Maß; Zahl", -3],
  ];
  expect(csv(rows, "de")).toBe('\uFEFFName;Länge\r\nJörg;1234,5\r\n"Maß; Zahl";-3\r\n');
});

test("in English commas separate and a point is a point", () => {
  const rows = [["Jörg, der Ältere", 1234.5, 'the "boss"']];
  expect(csv(rows, "en")).toBe('\uFEFF"Jörg, der Ältere",1234.5,"the ""boss"""\r\n');
});

test("no cell begins like a formula", () => {
  for (const sign of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
    expect({ sign, cell: cell(`${sign}1+2`)?.replace(/^"/, "") }).toMatchObject({
      sign,
      cell: expect.stringMatching(/^'/),
    });
});

test("nor does what a spreadsheet makes a cell of that splits elsewhere", () => {
  for (const separator of [";", ",", "\t", "\n", "\r", "\r\n"]) {
    for (const sign of ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
      expect(cell(`Max${separator}${sign}1+2`)).toBe(`"Max${separator}'${sign}1+2"`);
  }
  expect(cell("Max; \u200B=1+2")).toBe(`"Max;' \u200B=1+2"`);
  expect(cell('Max";=1+2')).toBe(`"Max"";'=1+2"`);
  expect(cell("a;=1;=2")).toBe(`"a;'=1;'=2"`);
});

test("numbers and ordinary names stay what they are", () => {
  expect(csv([[-5, -1.5, "Karl-Heinz", "Musik - Spiele", "a=b", "x@y.example"]], "en")).toBe(
    "\uFEFF-5,-1.5,Karl-Heinz,Musik - Spiele,a=b,x@y.example\r\n",
  );
});
