import { expect, test } from "bun:test";
import { type Lexicon, loadedLexicon } from "./lexicon.ts";
import { packedLexicon, packLexicon } from "./packed-lexicon.ts";

test("a packed lexicon finds its words, and no others", () => {
  const original = loadedLexicon();
  const packed = packedLexicon(packLexicon(original));
  let count = 0;
  for (const [name, words] of Object.entries(original) as [keyof Lexicon, Map<string, string> | Set<string>][]) {
    const list = packed[name];
    const sample = [...words.entries()].filter((_, at) => at % 20 === 0 || at === words.size - 1);
    const wrong = sample.filter(([word, base]) => !list.has(word) || ("get" in list && list.get(word) !== base));
    expect([name, wrong]).toEqual([name, []]);
    count += sample.length;
    for (const word of ["", "a", "zzz", "haus\t", "Haus", "\n", "nouns", "z".repeat(1000)]) {
      expect([name, word, list.has(word)]).toEqual([name, word, words.has(word)]);
    }
  }
  expect(packed.nouns.get("hauser")).toBe("haus");
  expect(count).toBeGreaterThan(20_000);
});

test("lists may be empty", () => {
  const packed = packedLexicon(
    packLexicon({
      nouns: new Map([["hauser", "haus"]]),
      secondNouns: new Map(),
      verbs: new Map(),
      adjectives: new Set(["a", "b", "c"]),
      irregularAdjectives: new Map(),
      parts: new Set(["haus"]),
      stems: new Map(),
    }),
  );
  expect(packed.nouns.get("hauser")).toBe("haus");
  expect(packed.secondNouns.has("hauser")).toBe(false);
  expect(["a", "b", "c", "d"].map((word) => packed.adjectives.has(word))).toEqual([true, true, true, false]);
  expect([packed.parts.has("haus"), packed.stems.has("haus"), packed.stems.has("")]).toEqual([true, false, false]);
});
