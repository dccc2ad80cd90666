/**
 * A test oracle: a naive implementation of the BBCode rules, simple and slow, because it searches the whole text for
 * every step. Shares no code with parse.ts and address.ts except `repair`.
 */
import type { ParsedPost, PostLink } from "../parse.ts";
import { repair } from "../repair.ts";

interface Piece {
  kind: string;
  closing: boolean;
  argument: string | undefined;
  from: number;
  to: number;
}

const plainTags = ["b", "i", "s", "u", "m", "spoiler", "trigger", "table", "list", "tex", "mod"];
const symbols = ["[*]", "[--]", "[||]"];
const spaced = new Set(["quote", "code", "img", "video", "table", "list", ...symbols]);

/** The tag that starts at `from`, if any. */
function pieceAt(content: string, from: number): Piece | undefined {
  const rest = content.slice(from);
  const lower = rest.toLowerCase();
  const whole = (typed: string, kind: string, closing = false): Piece | undefined =>
    lower.startsWith(typed) ? { kind, closing, argument: undefined, from, to: from + typed.length } : undefined;
  for (const symbol of symbols) {
    const piece = whole(symbol, symbol);
    if (piece) return piece;
  }
  for (const typed of ["[video play]", "[video autoplay]"]) {
    const piece = whole(typed, "video");
    if (piece) return piece;
  }
  for (const kind of ["quote", "code", "url", "img", "video", ...plainTags]) {
    const piece = whole(`[${kind}]`, kind) ?? whole(`[/${kind}]`, kind, true);
    if (piece) return piece;
  }
  for (const kind of ["quote", "url", "img", "list"]) {
    if (!lower.startsWith(`[${kind}=`)) continue;
    const length = argumentLength(rest.slice(kind.length + 2), kind === "quote");
    if (length === undefined) return undefined;
    const begin = from + kind.length + 2;
    return { kind, closing: false, argument: content.slice(begin, begin + length), from, to: begin + length + 1 };
  }
  return undefined;
}

/** The length of the argument at the start of `text`, which the tag's closing bracket ends. */
function argumentLength(text: string, hasParts: boolean): number | undefined {
  const first = text.indexOf("]");
  if (first === -1) return undefined;
  for (let at = 0; at < first; at++) {
    const mark = text.charAt(at);
    const before = text.slice(0, at).replace(/ +$/, "");
    if (mark !== '"' && mark !== "'") continue;
    if (before !== "" && !(hasParts && before.endsWith(","))) continue;
    const end = text.indexOf(`${mark}]`, at + 1);
    if (end !== -1) return end + 1;
  }
  return first;
}

function piecesOf(content: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < content.length) {
    const piece = pieceAt(content, at);
    if (piece) pieces.push(piece);
    at = piece ? piece.to : at + 1;
  }
  return pieces;
}

/** Pairs each closing tag, in order, with the nearest free opening tag before it. */
function pairs(openings: Piece[], closings: Piece[]): { open: Piece; close: Piece }[] {
  const free = [...openings];
  const paired: { open: Piece; close: Piece }[] = [];
  for (const close of closings) {
    const open = free.findLast((piece) => piece.from < close.from);
    if (!open) continue;
    free.splice(free.indexOf(open), 1);
    paired.push({ open, close });
  }
  return paired;
}

export function naiveParse(content: string, forum: string): ParsedPost & { ownText: string } {
  const pieces = piecesOf(content);
  const quotes = pieces.filter((piece) => piece.kind === "quote");
  const quoted = pairs(
    quotes.filter((piece) => !piece.closing),
    quotes.filter((piece) => piece.closing),
  );
  const isQuoted = (piece: Piece) => quoted.some(({ open, close }) => piece.from > open.from && piece.to < close.to);
  const parsed = {
    quotes: new Map<number, number>(),
    links: [] as PostLink[],
    ownText: "",
    malformedQuotes: 0,
    unparsableLinks: 0,
  };
  for (const piece of quotes) {
    if (piece.closing || piece.argument === undefined || isQuoted(piece)) continue;
    const pid = naivePid(piece.argument);
    if (pid === undefined) parsed.malformedQuotes++;
    else parsed.quotes.set(pid, (parsed.quotes.get(pid) ?? 0) + 1);
  }
  const outside = pieces.filter((piece) => !isQuoted(piece) && !quoted.some(({ close }) => close === piece));

  const inCode = new Set<Piece>();
  let codeUntil = -1;
  for (const [at, piece] of outside.entries()) {
    if (at <= codeUntil || piece.kind !== "code" || piece.closing) continue;
    const end = outside.findIndex((other, place) => place > at && other.kind === "code" && other.closing);
    if (end === -1) continue;
    codeUntil = end;
    for (const hidden of outside.slice(at + 1, end)) inCode.add(hidden);
  }

  const typed: { type: "link" | "image" | "video"; address: string; at: number }[] = [];
  for (const [kind, type] of [
    ["url", "link"],
    ["img", "image"],
    ["video", "video"],
  ] as const) {
    const own = outside.filter((piece) => piece.kind === kind && !inCode.has(piece));
    const opens = own.filter((piece) => !piece.closing && !(kind === "img" && piece.argument !== undefined));
    const closes = own.filter((piece) => piece.closing);
    for (const { open, close } of pairs(opens, closes))
      if (open.argument === undefined)
        typed.push({ type, address: content.slice(open.to, close.from), at: close.from });
    for (const open of opens)
      if (open.argument !== undefined) typed.push({ type, address: open.argument, at: open.from });
  }
  for (const { type, address } of typed.toSorted((a, b) => a.at - b.at)) {
    const read = naiveAddress(address, forum);
    if (read === "unparsable") parsed.unparsableLinks++;
    if (typeof read === "string") continue;
    const existing = parsed.links.find((l) => l.type === type && l.url === read.url && l.domain === read.domain);
    if (existing) existing.count++;
    else parsed.links.push({ type, ...read, count: 1 });
  }

  let text = "";
  let at = 0;
  for (const piece of outside) {
    if (inCode.has(piece) && piece.kind !== "quote") continue;
    const pair = quoted.find(({ open }) => open === piece);
    text += content.slice(at, piece.from) + (spaced.has(piece.kind) ? " " : "");
    at = pair ? pair.close.to : piece.to;
  }
  parsed.ownText = repair((text + content.slice(at)).trim());
  return parsed;
}

function naivePid(argument: string): number | undefined {
  const [tid = "", pid = "", ...name] = argument.split(",");
  if (name.join(",").trim() === "" || tid.trim() === "") return undefined;
  const digits = pid.replaceAll(/^ +| +$/g, "");
  if (digits === "" || [...digits].some((digit) => !"0123456789".includes(digit))) return undefined;
  const value = BigInt(digits);
  return value >= 1n && value <= 2_147_483_647n ? Number(value) : undefined;
}

export function naiveAddress(typed: string, forum: string): { url: string; domain: string } | "none" | "unparsable" {
  let address = typed;
  while (/^[\s"']/.test(address)) address = address.slice(1);
  while (/[\s"']$/.test(address)) address = address.slice(0, -1);
  if (address === "") return "none";
  const beforeColon = /^[\p{L}\p{N}_+.-]+(?=:)/u.exec(address)?.[0];
  const isHostAndPort = /^[^:/]*\.[^:/]*:[0-9]+([/?#]|$)/.test(address);
  if (address.startsWith("//")) address = `http:${address}`;
  else if (address.startsWith("/")) address = forum + address;
  else if (address.startsWith("./")) address = `${forum}/bb${address.slice(1)}`;
  else if (beforeColon === undefined || isHostAndPort) address = `http://${address}`;
  const scheme = address.slice(0, address.indexOf(":"));
  if (!["http", "https", "ftp"].includes(scheme.toLowerCase())) return "none";
  const rest = address.slice(scheme.length + 1);
  if (!rest.startsWith("//")) return "unparsable";
  const [authority = ""] = rest.slice(2).split(/[/?#]/);
  const server = authority.split("@").at(-1) ?? "";
  const [, host = "", port = ""] =
    (server.startsWith("[") ? /^(\[[^\]]*\])(?::(.*))?$/s : /^([^:]*)(?::(.*))?$/s).exec(server) ?? [];
  const isIpv6 = /^\[[0-9a-f:.]+\]$/i.test(host);
  // oxlint-disable-next-line no-control-regex -- hosts must not hold control characters
  if (host === "" || (!isIpv6 && /[\s\p{Cc}<>@[\]\\^|%]/u.test(host))) return "unparsable";
  if (port !== "" && (!/^[0-9]+$/.test(port) || BigInt(port) > 65_535n)) return "unparsable";
  return {
    url: [...address].slice(0, 300).join(""),
    domain: host.toLowerCase() + (port === "" ? "" : `:${port}`),
  };
}
