import { describe, expect, test } from "bun:test";
import { seriesOf } from "./series.ts";

const part = (name: string) => ({ name, isMarked: true });
const unmarked = (name: string) => ({ name, isMarked: false });
const none = undefined;

describe("the name of a series", () => {
  test.each([
    ["Der große Kochthread Teil 27", part("der grosse kochthread")],
    ["DER GROSSE KOCHTHREAD (#28)", part("der grosse kochthread")],
    ["Der große Kochthread, 29. Teil", part("der grosse kochthread")],
    [`Der große Kochthread – die Nr. ${"X".repeat(3)}`, part("der grosse kochthread")],
    ["Der grosse Kochthread 30", part("der grosse kochthread")],
    ["Der große Kochthread", unmarked("der grosse kochthread")],
    ["Bundesliga 2011", part("bundesliga")],
    ["Bundesliga 2011/12", part("bundesliga 2011")],
    ["Kapitel I", unmarked("kapitel i")],
    ["Kleidung XXL", unmarked("kleidung xxl")],
    ["Kochthread Teil", unmarked("kochthread teil")],
    ["Kochthread27", unmarked("kochthread27")],
    ["Kochthread 27 mit Fleisch", unmarked("kochthread 27 mit fleisch")],
    ["Area 51", none],
    ["Witze Teil 2", none],
    ["Teil 2", none],
    ["Krieg der Töpfe CIII", part("krieg der topfe")],
  ])("%j", (title, expected) => {
    expect(seriesOf(title)).toEqual(expected);
  });

  test.each([
    ["Spelling does not matter", "KRIEG der TOEPFE 2", part("krieg der topfe")],
    ["Words between marker and number", "Kochthread Vol. 3", part("kochthread")],
    ["several before and after", "Kochthread, die Nr. 5, Teil", part("kochthread")],
    ["only the last number is the marker", "Kochthread Teil 5 Teil 6", part("kochthread teil 5")],
    ["a number without spaces beside it", "Kochthread#27", part("kochthread")],
    ["a dash without spaces", "Kochthread-27", part("kochthread")],
    ["leading zeros, and zero", "Kochthread 0007", part("kochthread")],
    ["zero", "Kochthread 0", part("kochthread")],
    ["a long number", `Kochthread ${"9".repeat(300)}`, part("kochthread")],
    ["full-width digits are folded", "Kochthread ２７", part("kochthread")],
    ["other digits are none", "Kochthread ٢٧", unmarked("kochthread ٢٧")],
    ["a Roman numeral as one character", "Kochthread Ⅻ", part("kochthread")],
    ["a numero sign", "Kochthread № 5", part("kochthread")],
    ["emoji are no words", "🍲 Kochthread 27 🍲🔥", part("kochthread")],
    ["C++ is a word", "Hilfethread C++ 2", part("hilfethread c++")],
    ["ordinal letters are not", "Kochthread 27a", unmarked("kochthread 27a")],
    ["zero-width characters", "Koch\u200bthread 2\u00ad7", part("kochthread")],
    ["the markers' articles", "Kochthread der 27", part("kochthread der")],
    ["a title of markers", "Teil Nr. die", unmarked("teil nr die")],
    ["a number alone", "2011", none],
    ["nothing", "", none],
    ["signs alone", "#-()", none],
    ["six letters", "Kochen 2", part("kochen")],
    ["five letters", "Koche 2", none],
    ["digits are no letters", "Koche 123 2", none],
    ["letters of all words count", "ab cd ef 2", part("ab cd ef")],
    ["an unmarked title that is too short", "Area", none],
    ["an umlaut is one letter", "Töpfer 2", part("topfer")],
    ["other scripts have letters", "Поговорим 2", part("поговорим")],
    ["a marker as a whole name", "teil part 2", none],
  ])("%s: %j", (_why, title, expected) => {
    expect(seriesOf(title)).toEqual(expected);
  });
});

describe("Roman numerals", () => {
  const spellings = ["", "a", "aa", "aaa", "ab", "b", "ba", "baa", "baaa", "ac"];
  const digit = (value: number, [one, five, ten]: string) =>
    spellings[value]!.replaceAll("a", one!).replaceAll("b", five!).replaceAll("c", ten!);
  const roman = (number: number) =>
    "C".repeat(Math.floor(number / 100)) + digit(Math.floor(number / 10) % 10, "XLC") + digit(number % 10, "IVX");
  const isMarked = (numeral: string) => seriesOf(`Kochthread ${numeral}`)?.isMarked;

  test("from II to CXCIX, in either case", () => {
    expect([roman(4), roman(49), roman(103), roman(199)]).toEqual(["IV", "XLIX", "CIII", "CXCIX"]);
    for (let number = 2; number < 200; number++) {
      expect([number, isMarked(roman(number))]).toEqual([number, true]);
      expect([number, isMarked(roman(number).toLowerCase())]).toEqual([number, true]);
    }
  });

  test("no other word of these letters", () => {
    const usual = new Set(Array.from({ length: 198 }, (_, index) => roman(index + 2)));
    let words = [""];
    for (let length = 1; length <= 7; length++) {
      words = words.flatMap((word) => ["I", "V", "X", "L", "C"].map((letter) => word + letter));
      const wrong = words.filter((word) => isMarked(word) !== usual.has(word));
      expect(wrong).toEqual([]);
    }
  });

  test.each(["CC", "CCI", "D", "M", "MMXI", "XXL", "X".repeat(4), "IIII", "VX", "IC", "XCX", "I"])("not %s", (word) => {
    expect(isMarked(word)).toBe(false);
  });
});
