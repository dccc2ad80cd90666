import { expect, test } from "bun:test";
import { csv } from "./csv.ts";

test("fields are quoted where needed, lines end in CR LF", () => {
  expect(
    csv(
      ["name", "n"],
      [
        ["a,b", 1],
        ['say "hi"', 2],
        ["two\nlines", 3],
        ["ö", -4],
      ],
    ),
  ).toBe('name,n\r\n"a,b",1\r\n"say ""hi""",2\r\n"two\nlines",3\r\nö,-4\r\n');
});

test("text that a spreadsheet would take for a formula is none", () => {
  for (const text of ["=1+1", "+1", "-1", "@x"]) expect(csv(["name"], [[text]])).toBe(`name\r\n'${text}\r\n`);
});
