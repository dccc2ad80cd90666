import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { formsOf } from "../words/forms.ts";
import { Vocabulary } from "./vocabulary.ts";

/** Words and their numbers of documents, sorted. */
const sorted = (vocabulary: Vocabulary) => [...vocabulary.counts()].toSorted(([a], [b]) => a.localeCompare(b));

test("a document has its words in order, texts apart, and the forms that are not among them", () => {
  expect(new Vocabulary().add([["haus", "hauser", "haus"], [], ["wetter"]])).toEqual({
    words: ["haus", "hauser", "haus", "|", "|", "wetter"],
    forms: [],
  });
  expect(new Vocabulary().add([["kinder", "kindern"], ["hauser"]])).toEqual({
    words: ["kinder", "kindern", "|", "hauser"],
    forms: ["kind", "haus"],
  });
});

test("counts the documents with each word, written or as a form", () => {
  const vocabulary = new Vocabulary();
  expect(sorted(vocabulary)).toEqual([]);
  for (const texts of [
    [["haus", "kind"]],
    [
      ["haus", "haus"],
      ["baum", "haus"],
    ],
    [["hauser"]],
    [],
    [[]],
  ])
    vocabulary.add(texts);
  expect(sorted(vocabulary)).toEqual([
    ["baum", 1],
    ["haus", 3],
    ["hauser", 1],
    ["kind", 1],
  ]);
});

test("words, forms and counts are those of a naive computation, however few words are kept", () => {
  const words = ["haus", "hauser", "kinder", "kindes", "grafikkarte", "karten", "macht", "machen", "xyz", "2", "😀"];
  const documents = fc.array(fc.array(fc.array(fc.constantFrom(...words), { maxLength: 6 }), { maxLength: 3 }));
  fc.assert(
    fc.property(documents, fc.constantFrom(3, 1000), (all, limit) => {
      const vocabulary = new Vocabulary(limit);
      const counts = new Map<string, number>();
      for (const texts of all) {
        const written = texts.flat();
        const expected = new Set(written.flatMap(formsOf).filter((form) => !written.includes(form)));
        expect(vocabulary.add(texts).forms).toEqual([...expected]);
        for (const word of new Set([...written, ...expected])) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      if (limit === 1000) expect(new Map(vocabulary.counts())).toEqual(counts);
      else for (const [word, count] of vocabulary.counts()) expect(count).toBeLessThanOrEqual(counts.get(word) ?? 0);
    }),
  );
});

test("keeps as many words as the limit allows", () => {
  const vocabulary = new Vocabulary(4);
  vocabulary.add([["xa", "xb", "xc"]]);
  vocabulary.add([["xd"]]);
  expect(sorted(vocabulary).map(([word]) => word)).toEqual(["xa", "xb", "xc", "xd"]);
});

test("drops the rarest words until half of the space is free", () => {
  const vocabulary = new Vocabulary(4);
  for (const text of [["xa", "xb", "xc"], ["xa", "xb"], ["xa"], ["xd", "xe"], ["xa"]]) vocabulary.add([text]);
  expect(sorted(vocabulary)).toEqual([
    ["xa", 4],
    ["xb", 2],
  ]);
});

test("drops all words if none is more frequent", () => {
  const vocabulary = new Vocabulary(4);
  for (const text of [["xa", "xb", "xc"], ["xa", "xb", "xc"], ["xd", "xe"], ["xf"]]) vocabulary.add([text]);
  expect(sorted(vocabulary)).toContainEqual(["xf", 1]);
  expect(sorted(vocabulary).length).toBeLessThanOrEqual(3);
});

test("frequent words among many rare ones are counted exactly, in bounded memory", () => {
  const vocabulary = new Vocabulary(100);
  let most = 0;
  for (let n = 0; n < 10_000; n++) {
    vocabulary.add([["xoft", ...(n % 5 === 0 ? ["xmal"] : []), `xselten${n}`, `xeinmal${n}`]]);
    most = Math.max(most, [...vocabulary.counts()].length);
  }
  expect(most).toBeLessThanOrEqual(110);
  expect(Object.fromEntries(vocabulary.counts())).toMatchObject({ xoft: 10_000, xmal: 2000 });
});

test("enormous documents are truncated", () => {
  const many = Array.from({ length: 40_000 }, (_, n) => `x${n}`);
  expect(new Vocabulary().add([many]).words).toHaveLength(30_000);
  const long = Array.from({ length: 3000 }, (_, n) => `x${n}`.padEnd(200, "y"));
  const { words, forms } = new Vocabulary().add([long]);
  expect(words.join("").length).toBeLessThanOrEqual(300_000);
  expect(words.length).toBeGreaterThan(1400);
  expect(forms.join("").length).toBeLessThanOrEqual(300_000);
});
