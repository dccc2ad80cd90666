/** For end-to-end tests: a slow and obvious parser of quotes and links, independent of bbcode/. */

interface Token {
  at: number;
  end: number;
  /** Number of the quoted post; null for a quote without one. */
  pid: number | null;
  isOpening: boolean;
}

const quoteTag = /\[quote(?:=(?:\d+,(\d+),(?:"[\s\S]*?"(?=\])|[^\]]*)|[^\]]*))?\]|\[\/quote\]/gi;

/** Pairs of quote tags and the unpaired opening ones. */
function quotesOf(content: string): { open: Token; end: number | null }[] {
  const tokens = [...content.matchAll(quoteTag)].map((match): Token => {
    const [text, pid] = match;
    return {
      at: match.index,
      end: match.index + text.length,
      pid: pid === undefined ? null : Number(pid),
      isOpening: !text.startsWith("[/"),
    };
  });
  const quotes: { open: Token; end: number | null }[] = [];
  const stack: Token[] = [];
  for (const token of tokens) {
    if (token.isOpening) stack.push(token);
    else {
      const open = stack.pop();
      if (open) quotes.push({ open, end: token.end });
    }
  }
  return [...quotes, ...stack.map((open) => ({ open, end: null }))];
}

/** Posts quoted at the outermost level, with repetitions. */
export function quotedPids(content: string): number[] {
  const quotes = quotesOf(content);
  return quotes
    .filter(({ open }) => !quotes.some(({ open: other, end }) => end !== null && other.at < open.at && open.at < end))
    .flatMap(({ open }) => (open.pid === null ? [] : [open.pid]));
}

/** The poster's own text, tags included. */
export function ownText(content: string): string {
  let text = content;
  for (const { open, end } of quotesOf(content).toSorted((a, b) => b.open.at - a.open.at)) {
    if (end === null) text = text.slice(0, open.at) + " ".repeat(open.end - open.at) + text.slice(open.end);
    else text = text.slice(0, open.at) + " ".repeat(end - open.at) + text.slice(end);
  }
  return text;
}

/** Hosts that a post links to, with repetitions. */
export function linkedHosts(content: string): string[] {
  const text = ownText(content).replaceAll(/\[code\][\s\S]*?\[\/code\]/gi, "");
  const addresses = [
    ...text.matchAll(/\[url=("[^"]*"(?=\])|[^\]]*)\]/gi),
    ...text.matchAll(/\[(?:url|img|video|video play|video autoplay)\]([\s\S]*?)\[\/(?:url|img|video)\]/gi),
  ].map(([, address = ""]) => address.replaceAll('"', "").trim());
  return addresses.flatMap((address) => {
    if (address.startsWith("./") || /^\/[^/]/.test(address)) return ["forum.example"];
    if (address.startsWith("data:")) return [];
    const host = /^(?:https?:\/\/)?([\p{L}\p{N}.-]+(?::\d+)?)(?:[/?#]|$)/u.exec(address)?.[1];
    return host === undefined ? [] : [host.toLowerCase()];
  });
}
