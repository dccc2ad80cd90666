/** Any document is parsed in linear time: 8 MB, the most that a crawl accepts, in about a second. */
import { test } from "bun:test";
import { cpuOf } from "@potstats/bbcode/testing/cpu";
import { everyFragment, randomShapes, type Shape } from "@potstats/bbcode/testing/shapes";
import { maxBody_bytes } from "../forum/body.ts";
import { decodeHtml, parseProfile, parseTags } from "./profile-page.ts";
import { BrokenDocumentError, parseForumXml } from "./xml.ts";

const bytes = (text: string) => new TextEncoder().encode(text).slice(0, maxBody_bytes);

/** A document may be rejected; any other error is a bug. */
function read(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof BrokenDocumentError)) throw error;
  }
}

/** Lengths, each with its budget in milliseconds; quadratic time fails at the shortest. */
const short = [100_000, 500] as const;
const long = [400_000, 600] as const;
const longest = [maxBody_bytes, 4000] as const;

function expectLinear(shapes: Shape[], budgets: (readonly [number, number])[], parse: (text: string) => unknown): void {
  for (const { name, generate } of shapes)
    for (const [length, budget_ms] of budgets) {
      const text = generate(length);
      const spent_ms = cpuOf(() => read(() => parse(text)));
      if (spent_ms > budget_ms) throw new Error(`${name}, ${length} characters: ${spent_ms} ms`);
    }
}

/** Each fragment alone, and random mixtures, a few of them at full length. */
function expectAnyShape(fragments: string[], seed: number, parse: (text: string) => unknown): void {
  const random = randomShapes(fragments, 12, seed);
  expectLinear([...everyFragment(fragments), ...random], [short, long], parse);
  expectLinear(random.slice(0, 3), [longest], parse);
}

const xmlFragments = [
  ">",
  "<",
  "</",
  "/>",
  "<a>",
  "</a>",
  "<a/>",
  "<post>",
  "</post>",
  '<post id="7"/>',
  '<post id="7"><user id="7"/></post>',
  "<a ",
  "a=",
  "a='1' ",
  'b="1" ',
  "a='",
  '"',
  "'",
  "=",
  "<!--",
  "-->",
  "<!-- -->",
  "<![CDATA[",
  "]]>",
  "<![CDATA[]]>",
  "]",
  "<?",
  "?>",
  "<?x?>",
  "<!",
  "<!DOCTYPE",
  "&",
  "&amp;",
  "&#1;",
  " ",
  "\n",
  "\r",
  "\0",
  "\u0301",
  "😀",
  "x",
  "__proto__=''",
];
const htmlFragments = [
  ">",
  "<",
  "</",
  "<a",
  "<a ",
  "<a>",
  "</a>",
  "<a><a>",
  "<a href='",
  '<a href="',
  "<a a=",
  "<!--",
  "-->",
  "<!-",
  "<!",
  "<!-- UID 5 -->",
  "<!-->",
  "<td>",
  "</td>",
  "<td>a",
  "<tr>",
  "</tr>",
  "<div>",
  "</div>",
  "<table>",
  "<b>",
  "</b>",
  "<p>",
  "<span class=rang>",
  "</span>",
  "<img src=/bb/img/rank/rot.gif>",
  "/bb/img/rank/",
  ".gif",
  "Benutzername:",
  "Benutzername: x",
  "<td>Status:",
  "Accountstatus",
  "<script>",
  "</script",
  "<style>",
  "<title>",
  "<textarea>",
  "<plaintext>",
  "<form>",
  "</form>",
  "</html>",
  "</html> ",
  "<![CDATA[",
  "]]>",
  "<?",
  "&",
  "&amp;",
  "&am",
  "&#",
  "&#1;",
  "&#x",
  " ",
  "\n",
  "'",
  '"',
  "=",
  "nicht gefunden! ",
  "\u00e4",
];

const insideXml: [string, (text: string) => string][] = [
  ["alone", (text) => text],
  ["in an attribute", (text) => `<thread id="7" x='${text.replaceAll("'", "")}'><posts page="1"></posts></thread>`],
  ["among attributes", (text) => `<thread id="7" ${text}><posts page="1"></posts></thread>`],
  ["as elements", (text) => `<thread id="7"><posts page="1">${text}</posts></thread>`],
  [
    "in a CDATA section",
    (text) =>
      `<thread id="7"><posts page="1"><post id="5"><message><content><![CDATA[${text.replaceAll("]]>", "")}]]></content></message></post></posts></thread>`,
  ],
];
const profile = (state: string, rank: string) =>
  `<html><!-- UID 5 --><body><table><tr><td><span class="rang">${rank}</span></td><td class="attrn">Benutzername:</td><td class="attrv"><div class="backlink">my.mods.de/Ilse</div>Ilse</td></tr>` +
  `<tr><td class="attrn">Accountstatus:</td><td class="attrv">${state}</td></tr></table></body></html>`;
const form = (text: string) =>
  `<html><form action='thread.php?TID=5&set_thread_groups=1' method='post'>${text}</form></html>`;

test.each(insideXml)(
  "XML, %s",
  (_, wrapped) => {
    expectAnyShape(xmlFragments, 41, (text) => parseForumXml(bytes(wrapped(text))));
  },
  60_000,
);

test.each<[string, (text: string) => unknown]>([
  ["a profile", (text) => parseProfile(decodeHtml(bytes(text)), 5)],
  ["an account state", (text) => parseProfile(decodeHtml(bytes(profile(text, ""))), 5)],
  ["a rank", (text) => parseProfile(decodeHtml(bytes(profile("", text))), 5)],
  ["a page with tags", (text) => parseTags(decodeHtml(bytes(text)), 5)],
  ["tags", (text) => parseTags(decodeHtml(bytes(form(text))), 5)],
])("HTML, %s", (_, parse) => expectAnyShape(htmlFragments, 42, parse), 60_000);
