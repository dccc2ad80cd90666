import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { repair } from "./repair.ts";
import { cpuOf } from "./testing/cpu.ts";

describe("repair", () => {
  test.each([
    ["the eight Latin-9 characters", "¤ ¦ ¨ ´ ¸ ¼ ½ ¾", "€ Š š Ž ž Œ œ Ÿ"],
    ["other Latin-1 characters are kept", "£ § © µ · » ¿ ÄÖÜäöüß", "£ § © µ · » ¿ ÄÖÜäöüß"],
    ["a reference to one of the eight is literal", "&#189;l und ½uvre", "½l und œuvre"],
    ["decimal references", "&#8222;Hallo&#8220;", "„Hallo“"],
    ["hexadecimal references, in either case", "&#x20AC; &#X20ac;", "€ €"],
    ["references beyond the BMP", "&#128512; &#x1F600;", "😀 😀"],
    ["leading zeros", "&#0000065;", "A"],
    ["128 to 159 are Windows-1252", "&#128;&#130;&#150;&#x99;&#159;", "€‚–™Ÿ"],
    ["unassigned bytes of Windows-1252 are kept", "&#129;&#141;&#143;&#144;&#157;", "\u0081\u008d\u008f\u0090\u009d"],
    ["127 and 160 are not Windows-1252", "&#127;&#160;", "\u007f\u00a0"],
    ["0 is kept as typed", "&#0; &#x0; &#000;", "&#0; &#x0; &#000;"],
    ["surrogates are kept as typed", "&#55296; &#xD83D;&#xDE00; &#xdfff;", "&#55296; &#xD83D;&#xDE00; &#xdfff;"],
    ["the highest code point", "&#x10FFFF; &#1114111;", "\u{10ffff} \u{10ffff}"],
    [
      "higher numbers are kept as typed",
      "&#x110000; &#1114112; &#99999999999999999999;",
      "&#x110000; &#1114112; &#99999999999999999999;",
    ],
    ["named references are kept", "&amp; &lt; &euro; &nbsp;", "&amp; &lt; &euro; &nbsp;"],
    ["results are not repaired again", "&#38;#189; &#x26;amp;", "&#189; &amp;"],
    ["incomplete references are kept", "&#; &#x; &#12 &#xg; &# 65; AT&T", "&#; &#x; &#12 &#xg; &# 65; AT&T"],
    ["an empty text", "", ""],
  ])("%s", (_name, received, meant) => {
    expect(repair(received)).toBe(meant);
  });

  test("text without anything to repair is unchanged", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const plain = text.replaceAll(/[¤¦¨´¸¼½¾&]/g, "");
        expect(repair(plain)).toBe(plain);
      }),
    );
  });

  test("1 MB of digits, ampersands or Latin-9 characters is repaired in linear time", () => {
    for (const hostile of [
      `&#${"1".repeat(1_000_000)}`,
      "&#1".repeat(330_000),
      "&#".repeat(500_000),
      "½".repeat(1_000_000),
    ]) {
      expect(cpuOf(() => repair(hostile))).toBeLessThan(1000);
    }
  });
});
