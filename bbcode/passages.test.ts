import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { quotedIn, withoutPassages } from "./passages.ts";

test.each([
  ['[quote=1,10,"Anna"][b]\nGeheim\n[/b][/quote]\nStimmt.', '[quote=1,10,""][/quote]\nStimmt.'],
  ['[QUOTE=1, 10 ,"Anna"]Geheim[/QUOTE]', '[QUOTE=1, 10 ,""][/QUOTE]'],
  ['[quote=1,10,"[Anna]"]Geheim[/quote]', '[quote=1,10,""][/quote]'],
  ["[quote=1,10,'An]na']Geheim[/quote]", '[quote=1,10,""][/quote]'],
  ["[quote=1,10,Anna]Geheim[/quote]", '[quote=1,10,""][/quote]'],
  ['[quote=1,10,"Anna"]Geheim', '[quote=1,10,""]Geheim'],
  // Within somebody else's quote, and somebody else within the passage.
  [
    '[quote=1,11,"Bo"]a[quote=1,10,"Anna"]Geheim[/quote]b[/quote]c',
    '[quote=1,11,"Bo"]a[quote=1,10,""][/quote]b[/quote]c',
  ],
  ['[quote=1,10,"Anna"]x[quote=1,11,"Bo"]y[/quote]z[/quote]c', '[quote=1,10,""][/quote]c'],
  // Twice, and beside others.
  ['[quote=1,10,"A"]x[/quote] und [quote=1,10,"A"]y[/quote]', '[quote=1,10,""][/quote] und [quote=1,10,""][/quote]'],
  ['[quote=1,11,"Bo"]x[/quote][quote=1,10,"A"]y[/quote]', '[quote=1,11,"Bo"]x[/quote][quote=1,10,""][/quote]'],
])("%s", (content, expected) => {
  expect(withoutPassages(content, (pid) => pid === 10)).toBe(expected);
  // Doing it again changes nothing: the crawler does it on every merge.
  expect(withoutPassages(expected, (pid) => pid === 10)).toBe(expected);
});

test.each([
  "Anna hat recht",
  "[quote]ohne Nummer[/quote]",
  "[quote=Anna]alt[/quote]",
  "[quotefoo=1,10,Anna]x[/quote]",
  '[quote=1,100,"Anna"]x[/quote]',
  '[quote=1,10,"offen',
  "[/quote][/quote]",
])("left as it is: %s", (content) => expect(withoutPassages(content, (pid) => pid === 10)).toBe(content));

test("what is quoted, at any depth", () => {
  expect(
    quotedIn('[quote=1,10,"A"]x[quote=2,11,"B"]y[/quote][/quote][quote]z[/quote][quote=3,10,"A"]w[/quote]'),
  ).toEqual([10, 11]);
});

const piece = fc.constantFrom(
  "[quote=1,10,",
  "[quote=1,11,",
  '"',
  "'",
  "]",
  "[/quote]",
  "[quote]",
  "[",
  "geheim ",
  "Text ",
  ",",
);

test("nothing changes where nobody is forgotten, and doing it twice is doing it once", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const content = pieces.join("");
      expect(withoutPassages(content, () => false)).toBe(content);
      const once = withoutPassages(content, (pid) => pid === 10);
      expect(withoutPassages(once, (pid) => pid === 10)).toBe(once);
    }),
    { numRuns: 3000 },
  );
});
