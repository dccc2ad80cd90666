/** Random posts and random queries with the correct results, found by checking every post. */
import * as fc from "fast-check";
import { foldWords } from "@potstats/bbcode/fold";
import { formsOf, lemmaOf } from "../words/forms.ts";

/** Words in different spellings. */
const vocabulary = `
  Haus Häuser Haeusern Hausboot Krankenhaus Kind Kinder Kindergarten Karte Karten Grafikkarte Grafikkarten Kartenspiel Auto Autos
  Autobahn Autor Straße Strasse STRASSEN Straßenbahn Bahn Bahnhof neun neuen neue Frau Frauen Frauenfußball Fußball Fuss Steuer
  Steuern Quelle Quellen blau blauen blaue Autor E-Mail E-Mails Mail E C++ C# C F# c++17 192.168.1.1 192.168.1.77 192.168.7.1 1 7
  Köln Koeln Koln über ueber Über Michael Michäl Poet Poeten Donau\u00addampf\u00adschiff Donaudampfschiff Schiff Dampf ver\u200bsteckt
  versteckt \ufb01nden finden Ｗｏｒｔ Wort Wörter Woerter 😂 😂😂 👍🏽 👍 super😂 Läufer laufen läuft lief geht gehen ging m² M2 ⅓ 2⅓ 3.5 1.234,56
  snake_case x86_64 Jörg's Ω ω ΩΣ 日本 日本語 Привет приве́т Disney+ Disney der die und ein eine im auf ist nicht https://www.wale.example/watch?v=a-B_9
`
  .trim()
  .split(/\s+/);

export interface RandomPost {
  pid: number;
  uid: number;
  bid: number;
  tid: number;
  time: Date;
  content: string;
  /** Folded; "" separates texts. */
  words: string[];
}

const word = fc.constantFrom(...vocabulary);
const content = fc.record({
  written: fc.array(fc.tuple(word, fc.constantFrom(" ", " ", " ", ", ", ". ", "\n", "-", "/", " [b]", "[/b] ")), {
    minLength: 1,
    maxLength: 12,
  }),
  address: fc.option(
    fc.constantFrom("https://haus.example/karte", "http://neun.example/?frauen=1", '"https://www.example/C++"'),
    { freq: 6 },
  ),
});

/** Deterministic for a seed. */
export function randomPosts(count: number, seed: number): RandomPost[] {
  return fc.sample(content, { numRuns: count, seed }).map(({ written, address }, at) => {
    const text = written.flat().join("");
    const tid = 1 + (at % 7);
    const own = foldWords(text.replaceAll(/\[\/?b\]/g, ""));
    return {
      pid: 1000 + at,
      uid: 10 + (at % 5),
      bid: 1 + (tid % 3),
      tid,
      time: new Date(Date.UTC(2010 + (at % 4), at % 12, 1 + (at % 28), 12)),
      content: address === null ? text : `${text} [url=${address}]hier[/url]`,
      words: address === null ? own : [...own, "hier", "", ...foldWords(address)],
    };
  });
}

/** A query as typed, and its meaning. */
export interface RandomQuery {
  typed: string;
  isHit(post: RandomPost): boolean;
}

type Condition = RandomQuery;

const occurs = (words: string[], searched: string[], lastIsPrefix = false) =>
  words.some((_, at) =>
    searched.every((one, n) => {
      const written = words[at + n] ?? "";
      return written === one || (lastIsPrefix && n === searched.length - 1 && written.startsWith(one));
    }),
  );
const isForm = (words: string[], searched: string) =>
  words.some((written) => written !== "" && formsOf(written).includes(lemmaOf(searched)));

const formStarts = (words: string[], prefix: string) =>
  words.some((written) => written !== "" && formsOf(written).some((form) => form.startsWith(prefix)));

/** A plain word; a phrase if it has several parts. */
const plain = word.map((text): Condition => {
  const parts = foldWords(text);
  const isHit = ({ words }: RandomPost) => (parts.length > 1 ? occurs(words, parts) : isForm(words, parts[0] ?? ""));
  return { typed: text, isHit: parts.length === 0 ? () => true : isHit };
});
const exactly = fc.tuple(word, fc.constantFrom("+", "-")).map(([text, sign]): Condition => {
  const parts = foldWords(text);
  return { typed: sign + text, isHit: ({ words }) => parts.length === 0 || occurs(words, parts) === (sign === "+") };
});
/** Phrases: the vocabulary is small enough for some to occur. */
const phrase = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 2 }), fc.constantFrom("", "-", "+"))
  .map(([written, sign]): Condition => {
    const parts = foldWords(written.join(" "));
    return {
      typed: `${sign}"${written.join(" ")}"`,
      isHit: ({ words }) => parts.length === 0 || occurs(words, parts) === (sign !== "-"),
    };
  });
const filter = fc.oneof(
  fc.constantFrom(1, 2, 3).map((bid): Condition => ({ typed: `board:brett${bid}`, isHit: (post) => post.bid === bid })),
  fc
    .constantFrom(10, 11, 12, 13, 14)
    .map((uid): Condition => ({ typed: `user:"Nutzer ""${uid}"""`, isHit: (post) => post.uid === uid })),
  fc.constantFrom(1, 5).map((tid): Condition => ({ typed: `thread:${tid}`, isHit: (post) => post.tid === tid })),
  fc
    .constantFrom(2010, 2012, 2013)
    .map((year): Condition => ({ typed: `year:${year}`, isHit: ({ time }) => time.getUTCFullYear() === year })),
  fc
    .constantFrom("2011-06-10", "2012-03-04")
    .map((day): Condition => ({ typed: `after:${day}`, isHit: ({ time }) => time >= new Date(day) })),
  fc
    .constantFrom("2011-06-10", "2012-03-04")
    .map((day): Condition => ({ typed: `before:${day}`, isHit: ({ time }) => time < new Date(day) })),
);
/** The last word: a prefix unless it ends in a sign. */
const typing = fc.tuple(word, fc.nat(8)).map(([text, cut]): Condition => {
  const prefix = [...text].slice(0, Math.max(1, cut)).join("");
  const parts = foldWords(prefix);
  const [first = ""] = parts;
  const isUnfinished = /[\p{L}\p{N}\p{M}\p{Cf}]$/u.test(prefix);
  return {
    typed: prefix,
    isHit: ({ words }) =>
      parts.length === 0 ||
      occurs(words, parts, isUnfinished) ||
      (parts.length === 1 && (isForm(words, first) || (isUnfinished && formStarts(words, first)))),
  };
});

export const queries: fc.Arbitrary<RandomQuery> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: plain }, exactly, phrase, filter), { maxLength: 3 }),
    fc.option(typing, { freq: 2 }),
  )
  .map(([complete, last]) => ({
    typed: [...complete.map(({ typed }) => typed), last?.typed ?? ""].join(" "),
    isHit: (post) => [...complete, ...(last ? [last] : [])].every(({ isHit }) => isHit(post)),
  }));
