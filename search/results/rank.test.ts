/** How much each property of a text counts. The texts of a test differ in nothing else. */
import { expect, test } from "bun:test";
import { parseQuery } from "../query/syntax.ts";
import { foldWords } from "@potstats/bbcode/fold";
import { rankTexts, type RankedText } from "./rank.ts";

interface Text {
  title?: string;
  text: string;
  /** Of the thread. */
  thread?: string;
}

const wordsText = (text: string) => foldWords(text).map((word) => ` ${word}`);

/** As documents are indexed: words between spaces, `|` after the title. */
const rowOf = ({ title = "", text, thread = "" }: Text, at: number): RankedText => ({
  id: at + 1,
  tid: 1,
  words: [...wordsText(title), " |", ...wordsText(text), " "].join(""),
  thread_title: `${wordsText(thread).join("")} `,
});

const rank = (typed: string, texts: Text[]) =>
  rankTexts(
    parseQuery(typed).terms.filter(({ excluded }) => !excluded),
    texts.map(rowOf),
  );
const order = (typed: string, texts: Text[]) => rank(typed, texts).map(({ id }) => id);
const scoreOf = (typed: string, text: Text) => rank(typed, [text])[0]!.score;

/** Words that match nothing. */
const filler = (count: number) => Array.from({ length: count }, (_, n) => `wort${n}`).join(" ");

/** The first text must come first, wherever it stands. */
function expectBetter(typed: string, better: Text, worse: Text): void {
  expect({ typed, order: order(typed, [better, worse]) }).toEqual({ typed, order: [1, 2] });
  expect({ typed, order: order(typed, [worse, better]) }).toEqual({ typed, order: [2, 1] });
}

test("a word in the title counts more than one in the text, and that more than one in the thread's title only", () => {
  const [inTitle, inText] = [
    { title: "Dampfer", text: "im Hafen", thread: "Elbe" },
    { title: "Hafen", text: "im Dampfer", thread: "Elbe" },
  ];
  expectBetter("dampfer ", inTitle, inText);
  expectBetter("dampfer ", inText, { title: "Hafen", text: "im Hafen", thread: "Elbe" });
});

test("a word in the thread's title counts in addition", () => {
  expectBetter("dampfer ", { text: "Der Dampfer", thread: "Alte Dampfer" }, { text: "Der Dampfer", thread: "Elbe" });
});

test("a word in the title counts more than one in the thread's title", () => {
  expectBetter(
    "dampfer ",
    { title: "Dampfer", text: `Dampfer ${filler(20)}` },
    { title: "Hafen", text: `Dampfer ${filler(20)}`, thread: "Dampfer" },
  );
});

test("more occurrences count more, each less than the one before", () => {
  const withOccurrences = (count: number): Text => ({
    text: ["Dampfer ".repeat(count), filler(20 - count)].join(" "),
  });
  const scores = [1, 2, 3, 4, 5].map((count) => scoreOf("dampfer ", withOccurrences(count)));
  const gains = scores.slice(1).map((score, at) => score - scores[at]!);
  expect(gains.every((gain) => gain > 0)).toBe(true);
  expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  expectBetter("dampfer ", withOccurrences(2), withOccurrences(1));
});

test("a word counts more in a short text", () => {
  expectBetter("dampfer ", { text: "Dampfer gesehen" }, { text: `Dampfer gesehen ${filler(200)}` });
  expectBetter("dampfer ", { text: "Dampfer" }, { text: "Dampfer gesehen" });
});

test("every word of the query counts, whichever is frequent", () => {
  expectBetter("dampfer nebel ", { text: "Dampfer Hafen Nebel See" }, { text: "Dampfer Dampfer Dampfer See" });
});

test.each<[typed: string, texts: string[]]>([
  ["Haus ", ["ein Haus", "viele Häuser", "alte Krankenhäuser"]],
  ["Häuser ", ["viele Häuser", "ein Haus", "altes Krankenhaus"]],
  ["gehen ", ["wir gehen", "wir gingen"]],
  ["Kart", ["die Kart", "die Karten", "die Grafikkarten"]],
])("as typed before inflected, inflected before part of a compound: %s", (typed, texts) => {
  for (const [at, text] of texts.slice(1).entries()) expectBetter(typed, { text: texts[at]! }, { text });
});

test("other forms of a word that is typed exactly count nothing", () => {
  expect(scoreOf("+haus ", { text: "viele Häuser und Krankenhäuser" })).toBe(0);
  expect(scoreOf("+haus ", { text: "ein Haus und Krankenhäuser" })).toBeGreaterThan(0);
});

test("words side by side as typed count more, phrases by their occurrences", () => {
  expectBetter("alter Dampfer ", { text: "Ein alter Dampfer liegt" }, { text: "Ein Dampfer liegt alter" });
  expectBetter("alter Dampfer ", { text: "Ein alter Dampfer liegt" }, { text: "Dampfer alter liegt ein" });
  expectBetter(
    '"alter Dampfer"',
    { text: "alter Dampfer und alter Dampfer" },
    { text: "alter Dampfer und Dampfer alter" },
  );
});

test("excluded words and other words count nothing", () => {
  const text = { text: "Der Dampfer im Hafen" };
  expect(scoreOf("dampfer -nebel", text)).toBe(scoreOf("dampfer ", text));
  expect(scoreOf("nebel ", text)).toBe(0);
  expect(scoreOf("-nebel", text)).toBe(0);
});

test("ties come newest first", () => {
  const [same, better] = [{ text: "Der Dampfer" }, { text: "Dampfer" }];
  expect(order("dampfer ", [same, same, better, same])).toEqual([3, 4, 2, 1]);
  expect(new Set(rank("dampfer ", [same, same]).map(({ score }) => score)).size).toBe(1);
  expect(order("nebel ", [same, better])).toEqual([2, 1]);
});
