/** Random posts as the forum stores them, each with the text that must be found in it, known by construction. */
import type { Random } from "@potstats/simulator/random";
import { commonWord, hosts, someWords } from "./vocabulary.ts";

export type LinkKind = "link" | "image" | "video";

/** A text as the forum sends it, and as people read it. */
export interface Text {
  raw: string;
  own: string;
}

/** A post's content. */
export interface Content extends Text {
  /** Of `[url=…]`: found by their words, but not part of the text. */
  addresses: string[];
  kinds: LinkKind[];
}

const plain = (text: string): Content => ({ raw: text, own: text, addresses: [], kinds: [] });
/** Markup without links. */
const shown = (raw: string, own: string): Content => ({ ...plain(raw), own });

function joined(parts: Content[]): Content {
  return {
    raw: parts.map(({ raw }) => raw).join(""),
    own: parts.map(({ own }) => own).join(""),
    addresses: parts.flatMap(({ addresses }) => addresses),
    kinds: parts.flatMap(({ kinds }) => kinds),
  };
}

const separators = [" ", " ", " ", " ", " ", ", ", ". ", "\r\n", "-", "/", "... ", " – "];

function words(random: Random, count: number): string {
  const parts: string[] = [];
  for (let n = 0; n < count; n++) parts.push(someWords(random), random.pick(separators));
  return parts.join("");
}

/** Characters that the forum sends as others, or as references; named references remain as they are. */
const encoded: [raw: string, own: string][] = [
  ["k&#228;se", "käse"],
  ["&#8222;Zitat&#8220;", "„Zitat“"],
  ["2&#189;", "2½"],
  ["½uvre", "œuvre"],
  ["&#x1F602;", "😂"],
  ["100 ¤", "100 €"],
  ["¦&#225;rka", "Šárka"],
  ["&#150;", "–"],
  ["&#0;", "&#0;"],
  ["a &lt; b &amp; c", "a &lt; b &amp; c"],
  ["Stra&#223;e", "Straße"],
  ["Haus&#173;boot", "Haus\u00adboot"],
];

function address(random: Random): string {
  const path = random.pick(["", "/", "/haus/karte.html", `/watch?v=a-B_${random.below(90)}`, `/${random.below(9000)}`]);
  return `${random.pick(["http", "https"])}://${random.pick(hosts)}${path}`;
}

function link(random: Random): Content {
  const url = address(random);
  const text = random.chance(0.1) ? "" : words(random, random.between(1, 3)).trim();
  const named = (raw: string, to: string, isLink = true): Content => ({
    raw,
    own: text,
    addresses: [to],
    kinds: isLink ? ["link"] : [],
  });
  const inForum = `./thread.php?TID=${random.below(150)}`;
  const mail = "mailto:karl@post.example";
  switch (random.below(8)) {
    case 0:
      return named(`[URL="${url}"]${text}[/URL]`, url);
    case 1:
      return named(`[url=${inForum}]${text}[/url]`, inForum);
    case 2:
      return named(`[url=${mail}]${text}[/url]`, mail, false);
    case 3:
      return { ...shown(`[url]${url}[/url]`, url), kinds: ["link"] };
    case 4:
      // Needs no closing tag.
      return named(`[url=${url}]${text}`, url);
    default:
      return named(`[url=${url}]${text}[/url]`, url);
  }
}

function media(random: Random): Content {
  const url = `${address(random).replace(/\/?$/, "/bild")}.jpg`;
  switch (random.below(5)) {
    case 0:
      return { ...shown(`[video]${url}[/video]`, ` ${url} `), kinds: ["video"] };
    case 1:
      return { ...shown(`[video play]${url}[/video]`, ` ${url} `), kinds: ["video"] };
    case 2:
      return { ...shown("[IMG]/bb/img/ugly.gif[/IMG]", " /bb/img/ugly.gif "), kinds: ["image"] };
    case 3:
      return shown("[img]data:image/gif;base64,R0lGODlh[/img]", " data:image/gif;base64,R0lGODlh ");
    default:
      return { ...shown(`[img]${url}[/img]`, ` ${url} `), kinds: ["image"] };
  }
}

/** Quoted passages, even nested and with links, are not the poster's. */
function quote(random: Random): Content {
  const inner = `${words(random, random.between(1, 8))}[url=${address(random)}]dort[/url] [img]${address(random)}[/img]`;
  const nested = random.chance(0.3) ? `[quote=1,2,"[Klammer]affe"]${words(random, 3)}[/quote]` : "";
  const start = random.pick(['[quote=100,1,"Karl"]', "[quote]", "[QUOTE=3,4,'Sir \"Zitat\"']"]);
  return shown(`${start}[b]\r\n${nested}${inner}\r\n[/b][/quote]`, " ");
}

function code(random: Random): Content {
  const written = `if (x < 10) { ${someWords(random)}[b]fett[/b] [url=${address(random)}]kein Verweis[/url] }`;
  const quoted = random.chance(0.3) ? `"${quote(random).raw}"` : "";
  return shown(`[code]${written}${quoted}[/code]`, ` ${written}${quoted && '" "'} `);
}

/** Tags that enclose text, also inside a word. */
function styled(random: Random): Content {
  const text = words(random, random.between(1, 4)).trim();
  const half = text.length >> 1;
  const at = /\p{M}|\p{Lo}|\p{Cs}/u.test(text.slice(half - 1, half + 2)) ? 0 : half;
  switch (random.below(6)) {
    case 0:
      return shown(`${text.slice(0, at)}[b]${text.slice(at)}[/b]`, text);
    case 1:
      return shown(`[b][u][i]${text}[/i][/u][/b]`, text);
    case 2:
      return shown(`[spoiler]${text}[/spoiler]`, text);
    case 3:
      return shown(`[list=1][*]${text}[*]${text}[/list]`, `  ${text} ${text} `);
    case 4:
      return shown(`[table]${text}[||]Note[--]${text}[/table]`, ` ${text} Note ${text} `);
    default:
      return shown(`[s]${text}[b]`, text);
  }
}

function oddity(random: Random): Content {
  switch (random.below(4)) {
    case 0:
      return plain(`[unbekannt]${someWords(random)}[/unbekannt] ]] [`);
    case 1:
      return shown("[/quote]", " ");
    default:
      return shown(...random.pick(encoded));
  }
}

function segment(random: Random): Content {
  const kind = random.next();
  if (kind < 0.66) return plain(words(random, random.between(1, 9)));
  if (kind < 0.74) return quote(random);
  if (kind < 0.81) return link(random);
  if (kind < 0.86) return media(random);
  if (kind < 0.93) return styled(random);
  if (kind < 0.95) return code(random);
  return oddity(random);
}

const space = plain(" ");

/** A post of any kind: short, empty, with quotes and links, or very long. */
export function randomContent(random: Random): Content {
  const kind = random.next();
  if (kind < 0.04) return plain(commonWord(random));
  if (kind < 0.05) return plain(random.pick(["", " ", "\r\n"]));
  if (kind < 0.06) return quote(random);
  if (kind < 0.07) return plain(random.pick([":)", "^^", "...", "0"]));
  if (kind < 0.071) return plain(words(random, 4000));
  const segments: Content[] = [];
  for (let count = 1 + Math.floor(random.next() ** 3 * 14); count > 0; count--) segments.push(segment(random), space);
  // A quote that is never closed hides nothing.
  if (random.chance(0.02)) {
    const text = words(random, 4);
    segments.push(shown(`[quote=1,2,"Niemand"]${text}`, ` ${text}`));
  }
  return joined(segments);
}

/** A title, subtitle, tag or title of a post. */
export function randomTitle(random: Random, count: number): Text {
  const parts = [plain(words(random, count).trim())];
  if (random.chance(0.1)) parts.push(space, shown(...random.pick(encoded)));
  const { raw, own } = joined(parts);
  return { raw, own };
}

/** A post of so many words. */
export const longContent = (random: Random, count: number): Content => plain(words(random, count));

/** A post without markup. */
export const shortContent = plain;
