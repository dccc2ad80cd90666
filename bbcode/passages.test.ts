import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { quotedIn, withoutPassages } from "./passages.ts";

test.each([
  ['[quote=1,10,"Anna"][b]\nGeheim\n[/b][/quote]\nStimmt.', '[quote=1,10,""][/quote]\nStimmt.'],
  ['[QUOTE=1, 10 ,"Anna"]Geheim[/QUOTE]', '[QUOTE=1, 10 ,""][/QUOTE]'],
  ['[quote=1,10,"[Anna]"]Geheim[/quote]', '[quote=1,10,""][/quote]'],
  ["[quote=1,10,'An]na']Geheim[/quote]", '[quote=1,10,""][/quote]'],
  ["[quote=1,10,Anna]Geheim[/quote]", '[quote=1,10,""][/quote]'],
  // Never closed: the quoted post, which is unavailable here, would be needed to find the end of the passage.
  ['[quote=1,10,"Anna"]Geheim', '[quote=1,10,""]'],
  ['Vorher [quote=1,10,"Anna"]Geheim\n\n[b]noch geheim[/b]', 'Vorher [quote=1,10,""]'],
  ['[quote=1,10,"Anna"]Geheim[quote=1,11,"Bo"]x[/quote]noch', '[quote=1,10,""][quote=1,11,"Bo"]x[/quote]'],
  ['[quote=1,10,"Anna"]a[quote]b[quote=1,10,"Anna"]c', '[quote=1,10,""][quote][quote=1,10,""]'],
  ['[quote=1,11,"Bo"]a[quote=1,10,"Anna"]Geheim[/quote]', '[quote=1,11,"Bo"]a[quote=1,10,""][/quote]'],
  ['[quote=1,10,"Anna', "[quote=1,10,"],
  ['[quote=1,0010,"Anna"]x[/quote]', '[quote=1,0010,""][/quote]'],
  // A tag without a name is malformed for the statistics and must remain so.
  ["[quote=1,10,]x[/quote]", "[quote=1,10,][/quote]"],
  // Inside another user's quote, and another user's quote inside the passage.
  [
    '[quote=1,11,"Bo"]a[quote=1,10,"Anna"]Geheim[/quote]b[/quote]c',
    '[quote=1,11,"Bo"]a[quote=1,10,""][/quote]b[/quote]c',
  ],
  ['[quote=1,10,"Anna"]x[quote=1,11,"Bo"]y[/quote]z[/quote]c', '[quote=1,10,""][/quote]c'],
  // Twice, and next to others.
  ['[quote=1,10,"A"]x[/quote] und [quote=1,10,"A"]y[/quote]', '[quote=1,10,""][/quote] und [quote=1,10,""][/quote]'],
  ['[quote=1,11,"Bo"]x[/quote][quote=1,10,"A"]y[/quote]', '[quote=1,11,"Bo"]x[/quote][quote=1,10,""][/quote]'],
])("by pid: %s", (content, expected) => {
  expect(withoutPassages(content, (pid) => pid === 10)).toBe(expected);
  // Idempotent: the crawler does this whenever it merges a post.
  expect(withoutPassages(expected, (pid) => pid === 10)).toBe(expected);
});

test.each([
  "Anna hat recht",
  "[quote]ohne Nummer[/quote]",
  "[quote=Anna]alt[/quote]",
  "[quotefoo=1,10,Anna]x[/quote]",
  '[quote=1,100,"Anna"]x[/quote]',
  '[quote=1,11,"offen',
  "[/quote][/quote]",
])("unchanged: %s", (content) => expect(withoutPassages(content, (pid) => pid === 10)).toBe(content));

test.each([
  ["[quote]ohne Namen[/quote]", "[quote]ohne Namen[/quote]"],
  ["[quote=Anna]Geheim[/quote]", '[quote=""][/quote]'],
  ['[quote="Anna"]Geheim[/quote] so', '[quote=""][/quote] so'],
  ["[quote='anna ']Geheim[/quote]", '[quote=""][/quote]'],
  ['[quote="Anna, geb. Berg"]Geheim[/quote]', '[quote=""][/quote]'],
  ['[quote=1,,"Anna, geb. Berg"]Geheim[/quote]', '[quote=""][/quote]'],
  ["[quote=Anna, 3.4.2009]Geheim[/quote]", '[quote=""][/quote]'],
  ['[quote=1,99999999999,"Anna"]Geheim[/quote]', '[quote=1,99999999999,""][/quote]'],
  ['[quote=1,77,"Anna"]Geheim[/quote]', '[quote=1,77,""][/quote]'],
  ['[quote="Anna"]Geheim', '[quote=""]'],
  ['[quote="Bo"]x[quote=Anna]Geheim[/quote]y[/quote]', '[quote="Bo"]x[quote=""][/quote]y[/quote]'],
  ["[quote=Annabell]x[/quote]", "[quote=Annabell]x[/quote]"],
  // A post by another Anna.
  ['[quote=1,88,"Anna"]x[/quote]', '[quote=1,88,"Anna"]x[/quote]'],
])("by name: %s", (content, expected) => {
  const isName = (name: string, pid: number | null) =>
    ["anna", "anna, geb. berg"].includes(name.toLowerCase()) && pid !== 88;
  expect(withoutPassages(content, () => false, { isName })).toBe(expected);
  expect(withoutPassages(expected, () => false, { isName })).toBe(expected);
});

test.each([
  ["Geheim ist der Ort am alten See.\n\nDas finde ich auch.", "\n\nDas finde ich auch."],
  ["[b]Geheim ist der Ort am alten See[/b]! Finde ich auch.", " Finde ich auch."],
  ["der Ort am alten See. Wirklich?", " Wirklich?"],
  ["Geheim ist der Ort. So, so. Ort am alten See! Aha.", " Aha."],
  // Edited after it was quoted: passage and reply cannot be distinguished.
  ["Ganz anders klang es damals. Wirklich?", ""],
])("an unclosed passage of an available post: %s", (passage, kept) => {
  const textOf = () => "Geheim ist der Ort am alten [i]See[/i].";
  const content = `Sie schrieb: [quote=1,10,"Anna"]${passage}`;
  const expected = `Sie schrieb: [quote=1,10,""]${kept}`;
  expect(withoutPassages(content, (pid) => pid === 10, { textOf })).toBe(expected);
  // The second time, the quoted post is forgotten.
  expect(withoutPassages(expected, (pid) => pid === 10)).toBe(expected);
});

test("finds quoted pids at any depth", () => {
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

test("random markup: unchanged if nobody is forgotten, and idempotent", () => {
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

test.each([
  '[quote=1,10,"Anna"]x',
  "[quote=Anna]",
  "[quote=a,b,Anna,c]y[/quote]",
  '[quote=1,10,"',
  "[quote=",
  "[quote][/quote][quote=1,10,Anna]",
  "[/quote][quote=1,10,'",
])("the time is linear in the length: %s", (shape) => {
  const context = { isName: (name: string) => name === "Anna", textOf: () => "Geheim ist der Ort am alten See" };
  const seconds = (times: number) => {
    const content = shape.repeat(times);
    const before = process.cpuUsage();
    withoutPassages(content, (pid) => pid === 10, context);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  seconds(2000);
  // Eight times the length: quadratic time would be 64 times as long.
  expect(seconds(80_000)).toBeLessThan(30 * Math.max(seconds(10_000), 0.02));
});
