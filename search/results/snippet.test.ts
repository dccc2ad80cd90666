import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { escapeHtml, highlight, passages, snippet } from "./snippet.ts";
import { parseQuery, type Term } from "../query/syntax.ts";

const terms = (typed: string): Term[] => parseQuery(typed).terms;
const strong = (html: string) => [...html.matchAll(/<strong>(.*?)<\/strong>/gs)].map((match) => match[1]);

test.each<[typed: string, text: string, marked: string[]]>([
  ["wal ", "Der Wal, WAL, Walfang und Wald.", ["Wal", "WAL", "Walfang"]],
  ["wal", "Der Wal, Walfang und Wald.", ["Wal", "Walfang", "Wald"]],
  ["wal", "Regenwald und Wahl", ["Regenwald"]],
  ["kart", "Grafikkarten, Kartenspiel, Kater", ["Grafikkarten", "Kartenspiel"]],
  ["geh", "Er ging heim.", ["ging"]],
  ["+walfang", "Walfangs Walfang", ["Walfang"]],
  ["strasse ", "Straße STRASSE Straßen", ["Straße", "STRASSE", "Straßen"]],
  ["koeln ", "Köln Koln Ko\u0308ln Koeln", ["Köln", "Koln", "Ko\u0308ln", "Koeln"]],
  ['"alte Wal"', "alte Wal, Wal alte, alte, Wal alte Wale", ["alte", "Wal", "alte", "Wal"]],
  ["schiff ", "Dampfschifffahrt", ["Dampfschifffahrt"]],
  ["wale ", "Wal", ["Wal"]],
  ["haus ", "Haus Häuser Hausboot Maus", ["Haus", "Häuser", "Hausboot"]],
  ["häuser ", "Haus", ["Haus"]],
  ["karte ", "Grafikkarten, Kartenspiel", ["Grafikkarten", "Kartenspiel"]],
  ["dampfer ", "Damper Dampfre Dampfers Hammer", ["Dampfers"]],
  ["dampfer ", "Damper Dampfre Hammer", ["Damper", "Dampfre"]],
  ["E-Mai", "E-Mail, E und Mai", ["E", "Mail"]],
  ["192.168.1.7", "192.168.1.77 und 192.168.7.1", ["192", "168", "1", "77"]],
  ["c++ ", "Vitamin C, C++", ["C++"]],
  ["donaudampfschiff ", "Donau\u00addampf\u00adschiff", ["Donau\u00addampf\u00adschiff"]],
  ["😂", "gut 😂", ["😂"]],
  ["dampre", "Dampferfahrt", ["Dampferfahrt"]],
  ["47110815 ", "47110816", []],
  ["-wal boot ", "Wal Boot", ["Boot"]],
  ["-wal", "Wal", []],
  ["<b> & ", "<b> & b", ["b", "b"]],
])("%s in %s", (typed, text, marked) => {
  expect(strong(highlight(text, terms(typed)))).toEqual(marked);
});

test("escapes HTML", () => {
  expect(highlight(`<img src="x" onerror='y'> & wal`, terms("wal "))).toBe(
    "&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp; <strong>wal</strong>",
  );
  expect(escapeHtml("a")).toBe("a");
});

test("shows the excerpt with the most terms, then terms not shown yet", () => {
  const filler = (n: number) => "bla ".repeat(n);
  const text = `Wal ${filler(200)}Wal und Boot ${filler(200)}Hafen ${filler(200)}`;
  const html = snippet(text, terms("Wal Boot Hafen "));
  expect(strong(html)).toEqual(["Wal", "Boot", "Hafen"]);
  expect(html.startsWith("… ")).toBe(true);
  expect(html.endsWith(" …")).toBe(true);
  expect(html.split(" … ")).toHaveLength(2);
  expect(snippet("Wal", terms("Wal"))).toBe("<strong>Wal</strong>");
});

test("an address is shown if it matches", () => {
  const addresses = ["https://wale.example/lied", "https://fische.example"];
  expect(snippet("guter Song", terms("lied "), addresses)).toBe(
    "guter Song\nhttps://wale.example/<strong>lied</strong>",
  );
  expect(snippet("guter Song", terms("song "), addresses)).toBe("guter <strong>Song</strong>");
  expect(snippet("guter Song", [], addresses)).toBe("guter Song");
});

test("without matches, the snippet is the start of the text", () => {
  expect(snippet("  kurz  ", [])).toBe("kurz");
  expect(snippet("wort ".repeat(200), [])).toMatch(/^(wort )+wort …$/);
  expect(snippet("", terms("x"))).toBe("");
  expect(snippet("  \u0301x ", [])).toBe(" \u0301x");
});

const unescape = (html: string) =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
/** Maximum length of a snippet, before escaping. */
const maxLength = 900;

const pieces = fc.constantFrom(
  "Wal",
  "Boot",
  "dampfer",
  "<b>",
  "&amp;",
  "&",
  "'",
  '"',
  " ",
  "\n",
  "🐳",
  "👩‍👩‍👧",
  "👍🏽",
  "e\u0301",
  "ä",
  "x".repeat(150),
  "</strong>",
  "<strong>",
  "bla bla bla bla ",
  "\u0301\u0302\u0303",
);
const anyText = fc
  .array(fc.oneof(pieces, fc.string({ unit: "grapheme" })), { maxLength: 200 })
  .map((parts) => parts.join("").replaceAll("…", "."));
const anyTerms = fc.constantFrom(
  "Wal ",
  "Wal Boot",
  '"Wal Boot" damp',
  "-Wal bla",
  "x",
  "🐳",
  "+dampfer",
  "strong b amp lt quot 39",
  "",
);

const segments = new Intl.Segmenter("de", { granularity: "grapheme" });

test("for any text, the snippet is safe, faithful and short, and splits no character", () => {
  fc.assert(
    fc.property(anyText, anyTerms, (text, typed) => {
      for (const [html, isWhole] of [
        [highlight(text, terms(typed)), true],
        [snippet(text, terms(typed)), false],
      ] as const) {
        const bare = html.replaceAll(/<strong>([^<>]*)<\/strong>/g, "$1");
        expect(bare).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        if (isWhole) {
          expect(unescape(bare)).toBe(text);
          continue;
        }
        const parts = bare.replace(/^… /, "").replace(/ …$/, "").split(" … ").map(unescape);
        expect(parts.join("").length).toBeLessThanOrEqual(maxLength);
        const starts = new Set([...segments.segment(text)].map(({ index }) => index).concat(text.length));
        let at = 0;
        for (const part of parts) {
          let position = text.indexOf(part, at);
          while (position !== -1 && !(starts.has(position) && starts.has(position + part.length)))
            position = text.indexOf(part, position + 1);
          expect({ part, isFound: position >= 0 }).toEqual({ part, isFound: true });
          at = position;
        }
      }
    }),
    { numRuns: 3000 },
  );
});

test("passages show all matches, in order and each once", () => {
  const filler = "bla ".repeat(60);
  const text = `Wal am Anfang ${filler}zwei Wale, ein Boot und ${filler}am Ende ein Boot`;
  const found = passages(text, terms("Wal Boot "));
  expect(found).toHaveLength(3);
  expect(found[0]).toMatch(/^<strong>Wal<\/strong> am Anfang (bla )+…$/);
  expect(found[1]).toMatch(/^… (bla )+zwei <strong>Wale<\/strong>, ein <strong>Boot<\/strong> und (bla )+…$/);
  expect(found[2]).toMatch(/^… (bla )+am Ende ein <strong>Boot<\/strong>$/);
  expect(passages("kurzer Wal", terms("wal "))).toEqual(["kurzer <strong>Wal</strong>"]);
  expect(passages("kurzer Wal", [])).toEqual([]);
  expect(passages("kurzer Wal", terms("boot -wal "))).toEqual([]);
  expect(passages(filler.repeat(20), terms("bla "))).toHaveLength(10);
  expect(passages("guter Song", terms("youtube "), ["https://www.youtube.example/"])).toEqual([
    "guter Song\nhttps://www.<strong>youtube</strong>.example/",
  ]);
});

test("for any text, passages are safe, short and do not overlap, and contain all matches", () => {
  fc.assert(
    fc.property(anyText, anyTerms, (text, typed) => {
      const found = passages(text, terms(typed));
      let at = 0;
      for (const html of found) {
        const bare = html.replaceAll(/<strong>([^<>]*)<\/strong>/g, "$1");
        expect(bare).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        expect(html).toContain("<strong>");
        const part = unescape(bare.replace(/^… /, "").replace(/ …$/, ""));
        expect(part.length).toBeLessThanOrEqual(maxLength);
        const position = text.indexOf(part, at);
        expect({ part, isFound: position >= 0 }).toEqual({ part, isFound: true });
        at = position + part.length;
      }
      const count = (html: string) => html.split("<strong>").length - 1;
      const all = count(highlight(text, terms(typed)));
      const shown = found.reduce((sum, html) => sum + count(html), 0);
      if (found.length < 10) expect(shown).toBe(all);
      else expect(shown).toBeLessThanOrEqual(all);
    }),
    { numRuns: 2000 },
  );
});

test("an enormous text gives a short snippet in linear time", () => {
  const many = terms(Array.from({ length: 120 }, (_, n) => `wort${n}`).join(" "));
  for (const text of [
    "a".repeat(1_000_000),
    "wort5 ".repeat(170_000),
    Array.from({ length: 120_000 }, (_, n) => `w${n}`).join(" "),
    "🐳".repeat(500_000),
    "e\u0301".repeat(500_000),
    "\u0301".repeat(1_000_000),
    "<".repeat(1_000_000),
    `${"bla ".repeat(250_000)}wort5`,
  ]) {
    for (const searched of [many, terms("a"), terms(`"${"a ".repeat(200)}"`), []]) {
      expect(snippet(text, searched).length).toBeLessThan(maxLength * 6);
      expect(passages(text, searched).join("").length).toBeLessThan(10 * maxLength * 6);
    }
  }
});
