import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { linkedAddresses, ownText, parsePost } from "./parse.ts";
import { naiveParse } from "./testing/naive-parse.ts";
import { cpuOf } from "./testing/cpu.ts";

const forum = "http://forum.example";
const parse = (content: string) => ({ ...parsePost(content, forum), ownText: ownText(content) });
const quotes = (content: string) => Object.fromEntries(parse(content).quotes);
const links = (content: string) => parse(content).links.map(({ type, url, count }) => [type, url, count]);
const text = ownText;

describe("quotes", () => {
  test.each<[string, string, Record<number, number>]>([
    ["one quote", '[quote=1,200,"Anna"][b]Hallo[/b][/quote] Hallo.', { 200: 1 }],
    ["upper-case tags", '[QUOTE=1,200,"Anna"]Hallo[/Quote]', { 200: 1 }],
    ["brackets in the name", '[quote=1,200,"[Höhlenmensch]"]Uga[/quote]', { 200: 1 }],
    ["a bracket and quotation marks in the name", '[quote=1,200,"a]b"c"]Uga[/quote]', { 200: 1 }],
    ["a tag in the name", '[quote=1,200,"[quote]"]Uga[/quote]', { 200: 1 }],
    ["a comma in the name", '[quote=1,200,"Anna, die Erste"]Uga[/quote]', { 200: 1 }],
    ["name in single quotes", "[quote=1,200,'An]na']Uga[/quote]", { 200: 1 }],
    ["name without quotation marks", "[quote=1,200,Anna]Uga[/quote]", { 200: 1 }],
    ["quotation marks around everything are part of tid and name", '[quote="1,200,Anna"]Uga[/quote]', { 200: 1 }],
    ["spaces around the pid", '[quote=1, 200 ,"Anna"]Uga[/quote]', { 200: 1 }],
    ["leading zeros", '[quote=1,000200,"Anna"]Uga[/quote]', { 200: 1 }],
    ["the tid is not checked", '[quote=xyz,200,"Anna"]Uga[/quote]', { 200: 1 }],
    ["the highest pid", '[quote=1,2147483647,"Anna"]Uga[/quote]', { 2147483647: 1 }],
    [
      "several quotes, one of them twice",
      '[quote=1,7,"A"]a[/quote][quote=1,8,"B"]b[/quote][quote=1,7,"A"]c[/quote]',
      { 7: 2, 8: 1 },
    ],
    ["a quote in a quote does not count", '[quote=1,7,"A"][quote=1,8,"B"]b[/quote]a[/quote]', { 7: 1 }],
    ["a quote in an anonymous quote does not count", '[quote][quote=1,8,"B"]b[/quote]a[/quote]', {}],
    [
      "three levels of quotes",
      '[quote=1,7,"A"][quote=1,8,"B"][quote=1,9,"C"]c[/quote]b[/quote]a[/quote][quote=1,6,"D"][/quote]',
      { 6: 1, 7: 1 },
    ],
    ["a quote never closed", '[quote=1,7,"A"]a', { 7: 1 }],
    ["an unclosed quote encloses nothing", '[quote=1,7,"A"]a [quote=1,8,"B"]b[/quote]', { 7: 1, 8: 1 }],
    ["several quotes never closed", '[quote=1,7,"A"][quote=1,8,"B"][quote=1,9,"C"]c[/quote]', { 7: 1, 8: 1, 9: 1 }],
    [
      "an extra closing tag has no effect",
      '[/quote][quote=1,7,"A"]a[/quote][/quote][quote=1,8,"B"]b[/quote]',
      { 7: 1, 8: 1 },
    ],
    ["a closing tag closes the innermost", '[quote=1,7,"A"][quote=1,8,"B"]b[/quote]c[/quote][/quote]', { 7: 1 }],
    ["quotes in code count", '[code][quote=1,7,"A"]a[/quote][/code]', { 7: 1 }],
    ["a post may quote itself", '[quote=1,100,"Ich"]a[/quote]', { 100: 1 }],
    ["an argument with an unbalanced quotation mark ends at the first bracket", '[quote=1,7,"A]b[/quote] c"', { 7: 1 }],
    ["other tags do not open a quote", '[quotefoo=1,7,"A"][quote foo][quotes][/quote][quote =1,8,"B"]', {}],
    ["truncated", '[quote=1,7,"A"', {}],
  ])("%s", (_name, content, expected) => {
    expect(quotes(content)).toEqual(expected);
  });

  test.each([
    ["pid missing", '[quote=1,"Anna"]x[/quote]'],
    ["pid empty", '[quote=1,,"Anna"]x[/quote]'],
    ["pid not a number", '[quote=1,12a,"Anna"]x[/quote]'],
    ["pid negative", '[quote=1,-12,"Anna"]x[/quote]'],
    ["pid with a sign", '[quote=1,+12,"Anna"]x[/quote]'],
    ["pid a fraction", '[quote=1,1.5,"Anna"]x[/quote]'],
    ["pid in quotation marks", '[quote=1,"12","Anna"]x[/quote]'],
    ["pid in other digits", '[quote=1,١٢,"Anna"]x[/quote]'],
    ["pid with a space inside", '[quote=1,1 2,"Anna"]x[/quote]'],
    ["pid with a tab", '[quote=1,\t12,"Anna"]x[/quote]'],
    ["pid zero", '[quote=1,0,"Anna"]x[/quote]'],
    ["pid too high", '[quote=1,2147483648,"Anna"]x[/quote]'],
    ["pid far too high", `[quote=1,${"9".repeat(400)},"Anna"]x[/quote]`],
    ["name missing", "[quote=1,12]x[/quote]"],
    ["name empty", "[quote=1,12,]x[/quote]"],
    ["tid empty", '[quote=,12,"Anna"]x[/quote]'],
    ["a name only", '[quote="Anna"]x[/quote]'],
    ["an empty argument", "[quote=]x[/quote]"],
  ])("malformed, but its text is still quoted: %s", (_name, content) => {
    expect(parse(`${content} y`)).toEqual({
      quotes: new Map(),
      links: [],
      ownText: "y",
      malformedQuotes: 1,
      unparsableLinks: 0,
    });
  });

  test("malformed quotes inside quotes are not counted, nor are anonymous ones", () => {
    expect(parse('[quote][quote=x]a[/quote][/quote][quote=1,7,"A"][quote=1,b]c[/quote][/quote]').malformedQuotes).toBe(
      0,
    );
  });
});

describe("links", () => {
  test.each<[string, string, [string, string, number][]]>([
    ["[url=…]", "[url=http://a.example/x]hier[/url]", [["link", "http://a.example/x", 1]]],
    ["[url=…] needs no closing tag", "[url=http://a.example/x]hier", [["link", "http://a.example/x", 1]]],
    [
      "[url=…] in quotation marks, with a bracket",
      '[url="http://a.example/[x]"]hier[/url]',
      [["link", "http://a.example/[x]", 1]],
    ],
    ["[url=…] in single quotes", "[url='http://a.example/]x']hier[/url]", [["link", "http://a.example/]x", 1]]],
    [
      "an unbalanced quotation mark is an ordinary character",
      '[url="http://a.example/]hier',
      [["link", "http://a.example/", 1]],
    ],
    [
      "[url=…] without quotation marks ends at the first bracket",
      "[url=http://a.example/[x]]hier[/url]",
      [["link", "http://a.example/[x", 1]],
    ],
    ["[url]", "[url]http://a.example/x[/url]", [["link", "http://a.example/x", 1]]],
    ["[img]", "[img]http://a.example/x.png[/img]", [["image", "http://a.example/x.png", 1]]],
    ["[video]", "[video]http://a.example/v[/video]", [["video", "http://a.example/v", 1]]],
    ["[video play]", "[video play]http://a.example/v[/video]", [["video", "http://a.example/v", 1]]],
    ["[video autoplay]", "[video autoplay]http://a.example/v[/video]", [["video", "http://a.example/v", 1]]],
    [
      "upper case",
      "[URL]http://a.example[/Url][IMG]http://b.example[/iMg][Video AutoPlay]http://c.example[/VIDEO]",
      [
        ["link", "http://a.example", 1],
        ["image", "http://b.example", 1],
        ["video", "http://c.example", 1],
      ],
    ],
    ["[img=x] is not a link", "[img=http://a.example/x.png]http://b.example/x.png", []],
    ["[video=x] is not a link", "[video=http://a.example/]", []],
    ["[url=] is not a link", "[url=]http://a.example/[/url]", []],
    ["unclosed tags are not links", "[url]http://a.example/ [img]http://b.example/ [video]http://c.example/", []],
    ["closing tags alone are not links", "http://a.example/[/url] http://b.example/[/img]", []],
    ["addresses without tags are not links", "http://a.example/ www.b.example", []],
    [
      "a link around an image counts as two",
      "[url=http://a.example/][img]http://b.example/x.png[/img][/url]",
      [
        ["link", "http://a.example/", 1],
        ["image", "http://b.example/x.png", 1],
      ],
    ],
    [
      "the same address twice is one link with count 2",
      "[url]http://a.example[/url] [url=http://a.example]x[/url]",
      [["link", "http://a.example", 2]],
    ],
    [
      "the same address as link and image is two links",
      "[url]http://a.example[/url][img]http://a.example[/img]",
      [
        ["link", "http://a.example", 1],
        ["image", "http://a.example", 1],
      ],
    ],
    [
      "a closing tag closes the nearest open one",
      "[url]http://a.example [url]http://b.example[/url]",
      [["link", "http://b.example", 1]],
    ],
    [
      "nested: the outer address is the raw text, tags included",
      "[img]http://a.example/[img]http://b.example[/img][/img]",
      [
        ["image", "http://b.example", 1],
        ["image", "http://a.example/[img]http://b.example[/img]", 1],
      ],
    ],
    [
      "[url=…] is an open tag as well",
      "[url]http://a.example/[url=http://b.example]x[/url]",
      [["link", "http://b.example", 1]],
    ],
    ["tags of other names do not close", "[url]http://a.example/[/img]", []],
    ["raw text, tags included", "[url]http://a.example/[b]x[/b][/url]", [["link", "http://a.example/[b]x[/b]", 1]]],
    [
      "raw text, quotes included",
      '[url]http://a.example/[quote=1,7,"A"]x[/quote][/url]',
      [["link", 'http://a.example/[quote=1,7,"A"]x[/quote]', 1]],
    ],
    [
      "links in quotes are not the poster's",
      '[quote=1,7,"A"][url=http://a.example]x[/url][img]http://b.example[/img][/quote]',
      [],
    ],
    [
      "links after nested quotes, still inside a quote, do not count",
      "[quote][quote]x[/quote][url=http://a.example][/quote]",
      [],
    ],
    [
      "links in an unclosed quote are the poster's",
      '[quote=1,7,"A"][url=http://a.example]x[/url]',
      [["link", "http://a.example", 1]],
    ],
    ["tags do not pair across a quote's end", "[quote][url]http://a.example[/quote]http://b.example[/url]", []],
    [
      "code hides links",
      "[code][url=http://a.example]x[/url][/code][url=http://b.example]",
      [["link", "http://b.example", 1]],
    ],
    ["upper-case code", "[CODE][url=http://a.example][/Code]", []],
    [
      "code ends at the first closing tag",
      "[code][code][url=http://a.example][/code][url=http://b.example][/code]",
      [["link", "http://b.example", 1]],
    ],
    ["unclosed code has no effect", "[code][url=http://a.example]", [["link", "http://a.example", 1]]],
    [
      "a closing [/code] alone has no effect",
      "[/code][url=http://a.example][/code]",
      [["link", "http://a.example", 1]],
    ],
    [
      "tags do not pair across code",
      "[url]http://a.example/[code][/url][/code]x[/url]",
      [["link", "http://a.example/[code][/url][/code]x", 1]],
    ],
    ["data: is not a link", "[img]data:image/png;base64,iVBORw0KGgo=[/img]", []],
    [
      "relative addresses",
      "[url=/bb/thread.php?TID=1]a[/url][url]./board.php?BID=2[/url][img]//img.example/x.png[/img][url]www.b.example[/url]",
      [
        ["link", "http://forum.example/bb/thread.php?TID=1", 1],
        ["link", "http://forum.example/bb/board.php?BID=2", 1],
        ["image", "http://img.example/x.png", 1],
        ["link", "http://www.b.example", 1],
      ],
    ],
    [
      "character references stay",
      "[url]http://a.example/?x=&#228;&amp;y[/url]",
      [["link", "http://a.example/?x=&#228;&amp;y", 1]],
    ],
    ["empty addresses are not links", "[url][/url][url] [/url][img]\n[/img][video]''[/video]", []],
    ["truncated", "[url=http://a.example", []],
  ])("%s", (_name, content, expected) => {
    expect(links(content)).toEqual(expected);
  });

  test("a link has its domain in lower case, without credentials", () => {
    expect(parse("[url=HTTP://u:p@Müller.example:8080/x]").links).toEqual([
      { type: "link", url: "HTTP://u:p@Müller.example:8080/x", domain: "müller.example:8080", count: 1 },
    ]);
  });

  test("addresses that are equal after truncation count as one", () => {
    const long = `http://a.example/${"x".repeat(300)}`;
    expect(links(`[url=${long}1][url=${long}2]`)).toEqual([["link", long.slice(0, 300), 2]]);
  });

  test("every unparsable link is counted", () => {
    expect(parse("[url]http://[/url][img]siehe oben[/img][img]siehe oben[/img][url=data:x]")).toMatchObject({
      links: [],
      unparsableLinks: 3,
    });
  });
});

describe("own text", () => {
  test.each([
    ["no tags", "  Guten Tag.\n ", "Guten Tag."],
    ["an empty post", "", ""],
    ["quotes are removed", '[quote=1,7,"A"]fremd[/quote]eigen', "eigen"],
    ["text around a quote remains separate", 'vor[quote=1,7,"A"]fremd[/quote]nach', "vor nach"],
    ["nested quotes are removed", "a [quote]b [quote]c[/quote] d[/quote] e", "a   e"],
    ["an unclosed quote hides nothing", '[quote=1,7,"A"]eigen', "eigen"],
    ["a closing tag alone is removed", "a[/quote]b", "a b"],
    ["formatting may be inside a word", "[b]Donau[/b][i]dampf[/i]er[s]chen[/s]", "Donaudampferchen"],
    ["link texts are kept", "[url=http://a.example]hier[/url] lang", "hier lang"],
    ["addresses between tags are kept", "[url]http://a.example[/url]", "http://a.example"],
    [
      "addresses of images and videos are kept, too",
      "x[img]http://a.example[/img]y[video play]http://b.example[/video]z",
      "x http://a.example y http://b.example z",
    ],
    ["code is kept", "[code]if (a[i]) { [b]x[/b] }[/code]", "if (a[i]) { [b]x[/b] }"],
    ["quotes within code are removed", '[code]a[quote=1,7,"A"]b[/quote]c[/code]', "a c"],
    ["unclosed code", "[code][b]x[/b]", "x"],
    ["unknown tags are text", "[foo]x[/foo] [size=7]y[/size] [quotefoo]z", "[foo]x[/foo] [size=7]y[/size] [quotefoo]z"],
    ["smilies are text", "Na gut :) [ugly] ;)", "Na gut :) [ugly] ;)"],
    ["brackets that are not tags", "a[0] = [[b] ]c[ ] [/] [] ]", "a[0] = [ ]c[ ] [/] [] ]"],
    ["text is repaired", "½uvre &#8222;x&#8220; &#189; &amp;", "œuvre „x“ ½ &amp;"],
    ["a character reference is not a tag", "&#91;quote&#93;x&#91;/quote&#93;", "[quote]x[/quote]"],
    ["truncated tags are text", "x [url=http://a.example", "x [url=http://a.example"],
    ["line breaks", "a\r\nb\n\n[list]\n[*]eins\n[*]zwei\n[/list]", "a\r\nb\n\n \n eins\n zwei"],
  ])("%s", (_name, content, expected) => {
    expect(text(content)).toBe(expected);
  });
});

const fragments = [
  ..."[]/=\"', \n",
  "a",
  "bÄ",
  "½",
  "&#189;",
  "😀",
  "1,2,",
  "1,2",
  ",",
  "http://a.example/",
  "http://",
  "data:x",
  "/x",
  "./x",
  "//h.example",
  "[quote]",
  "[/quote]",
  '[QUOTE=1,2,"A"]',
  "[quote=1,3,B]",
  '[quote=1,4,"[C]"]',
  "[quote=1,'D]",
  "[quote=",
  "[quote=x]",
  "[quotefoo]",
  "[code]",
  "[/code]",
  "[/CODE]",
  "[url]",
  "[/url]",
  "[url=http://b.example/]",
  '[url="',
  "[url='c.example']",
  "[url=",
  "[img]",
  "[/img]",
  "[IMG=x]",
  "[video]",
  "[video play]",
  "[video AUTOPLAY]",
  "[/video]",
  "[b]",
  "[/b]",
  "[*]",
  "[list=1]",
  "[foo]",
];

/** For more cases: `BBCODE_RUNS=1000000 bun test bbcode/parse.test.ts`. The seed is printed on failure. */
const runs = Number(process.env["BBCODE_RUNS"] ?? 20_000);
const seed = process.env["BBCODE_RUNS"] ? Date.now() % 2 ** 31 : 4;

/** Posts of tags and garbage, with some characters changed, removed or duplicated. */
const brokenPosts = fc
  .tuple(
    fc.array(fc.constantFrom(...fragments), { maxLength: 40 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom("", "[", "]", '"', "'", "/", "="), fc.nat(2)), { maxLength: 4 }),
  )
  .map(([parts, mutations]) => {
    let content = parts.join("");
    for (const [place, put, leaveOut] of mutations) {
      const at = place % (content.length + 1);
      content = content.slice(0, at) + put + content.slice(at + leaveOut);
    }
    return content.toWellFormed();
  });

const sorted = (post: ReturnType<typeof naiveParse>) => ({
  ...post,
  quotes: [...post.quotes].toSorted(([a], [b]) => a - b),
  links: post.links.toSorted((a, b) =>
    `${a.type} ${a.url} ${a.domain}`.localeCompare(`${b.type} ${b.url} ${b.domain}`),
  ),
});

test("equals the naive implementation", () => {
  fc.assert(
    fc.property(brokenPosts, (content) => {
      expect(sorted(parse(content))).toEqual(sorted(naiveParse(content, forum)));
    }),
    { numRuns: runs, seed },
  );
});

test("never throws and never makes text longer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (content) => {
      if (!content.includes("[")) expect(text(content).length).toBeLessThanOrEqual(content.length);
    }),
    { numRuns: 2000, seed: 4 },
  );
});

describe("1 MB of any markup is parsed within two seconds", () => {
  const times = (typed: string) => typed.repeat(Math.floor(1_000_000 / typed.length));
  const half = (typed: string) => typed.repeat(Math.floor(500_000 / typed.length));
  test.each([
    ["[", times("[")],
    ["]", times("]")],
    ["[quote]", times("[quote]")],
    ["[/quote]", times("[/quote]")],
    ["unclosed quotes", times('[quote=1,2,"A"]')],
    ["nested quotes", half("[quote]") + half("[/quote]")],
    ["unfinished arguments", times("[quote=")],
    ["unbalanced quotation marks", times('[quote="')],
    ["unbalanced quotation marks in one argument", `[quote=${times(',"')}`],
    ["both kinds, unbalanced", `${times(`[url="[url='`)}]`],
    ["quotation marks closed at the very end", `${times('[url="')}"]`],
    ["[code]", times("[code]")],
    ["[/code]", times("[/code]")],
    ["code within code", half("[code]") + half("[/code]")],
    ["[url]", times("[url]")],
    ["[url=…]", times("[url=a.example]")],
    ["links within links", half("[url]") + half("[/url]")],
    ["hosts within hosts", half("[url]//") + half("[/url]")],
    ["words within words", half("[img]a.") + half("[/img]")],
    ["users within users", `${half("[img]//a")}@a.example/${half("[/img]")}`],
    ["videos within videos", half("[video play]") + half("[/video]")],
    ["many different addresses", Array.from({ length: 40_000 }, (_, at) => `[url=a.example/${at}]`).join("")],
    ["many different quotes", Array.from({ length: 40_000 }, (_, at) => `[quote=1,${at + 1},"A"]`).join("")],
    ["an address with a gap", `[url]a${times(" ")}b[/url]`],
    ["an address of dots", `[url=${times("a.")}]`],
    ["a pid of spaces", `[quote=1,${times(" ")}x,"A"][/quote]`],
    ["commas", `[quote=${times(",")}][/quote]`],
    ["references", times("[b]&#")],
    ["letters", times("ä")],
  ])("%s", (_name, content) => {
    expect(cpuOf(() => parse(content))).toBeLessThan(2000);
  });
});

test.each<[string, string, string[]]>([
  ["one per [url=…]", "[url=http://a.example/x]hier[/url] [URL=b.example]da", ["http://a.example/x", "b.example"]],
  [
    "in quotation marks",
    "[url=\"http://a.example/[x]\"]x[/url] [url='b.example']y[/url]",
    ["http://a.example/[x]", "b.example"],
  ],
  ["addresses are repaired", "[url=http://a.example/f&#252;r]x[/url]", ["http://a.example/für"]],
  ["in a spoiler", "[spoiler][url=a.example]x[/url][/spoiler]", ["a.example"]],
  [
    "not addresses that the text shows",
    "[url]http://a.example[/url] [img]http://b.example/x.png[/img] http://c.example",
    [],
  ],
  ["not in quotes", '[quote=1,2,"A"][url=a.example]x[/url][/quote] y', []],
  ["not in code", "[code][url=a.example]x[/url][/code] y", []],
  ["no addresses", "nichts", []],
])("addresses behind link texts: %s", (_name, content, addresses) => {
  expect(linkedAddresses(content)).toEqual(addresses);
});
