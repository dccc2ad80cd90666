/** Everything that goes wrong between a forum and its reader, in a seeded order. */
import { mix, Random } from "./random.ts";

/** Ways to misbehave that another try mends. */
export const passing = [
  "too many requests, with Retry-After",
  "too many requests",
  "unavailable, with Retry-After",
  "unavailable",
  "bad gateway",
  "slow",
  "stalled",
  "cut off",
  "cut off in the middle of a character",
  "an HTML page with status 200",
  "forum-offline",
  "an empty body",
  "a redirect",
] as const;

/** Ways that stay, and that a reader has to read through. */
export const lasting = ["stray control characters", "joke posts", "a wrong charset"] as const;

/** Documents that nobody can read, for as long as they are dealt. */
export const unreadable = ["an unknown root", "an entity bomb", "invalid UTF-8", "an absurd size"] as const;

/** Values that no index can hold or no number can be, and documents that slow readers down: what the others say must come through. */
export const odd = ["a monstrous value", "numbers at the edge", "a monstrous document"] as const;

/** Another document in place of the XML. In place of an HTML page nobody could tell: a thread without tags has no mark. */
const substitutes: readonly Mischief[] = [
  "an HTML page with status 200",
  "forum-offline",
  "an empty body",
  ...unreadable,
];

export type Mischief =
  | (typeof passing)[number]
  | (typeof lasting)[number]
  | (typeof unreadable)[number]
  | (typeof odd)[number];

export interface MischiefOptions {
  seed: number;
  /** Share of the requests that something happens to, 0 to 1. */
  share: number;
  kinds: readonly Mischief[];
  /** Bytes of the document of absurd size. */
  absurd_bytes?: number;
}

type Answer = (request: Request) => Response | Promise<Response>;

/** Puts mischief between a forum and its readers. The n-th request meets the same fate with the same seed. */
export function withMischief(
  answer: Answer,
  { seed, share, kinds, absurd_bytes = 200_000_000 }: MischiefOptions,
): Answer {
  let count = 0;
  return async (request) => {
    const random = new Random(mix(seed, 2, count++));
    if (kinds.length === 0 || !random.chance(share)) return await answer(request);
    const kind = random.pick(kinds);
    const isXml = new URL(request.url).pathname.startsWith("/bb/xml/");
    if (!isXml && substitutes.includes(kind)) return await answer(request);
    if (kind === "a redirect") return redirect(new URL(request.url));
    return await play(kind, random, () => answer(request), absurd_bytes);
  };
}

const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';
const xml = (body: string | Uint8Array<ArrayBuffer>) => new Response(body, { headers: { "content-type": "text/xml" } });
const refused = (status: number, retryAfter?: string) =>
  new Response("später", { status, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });

/** To the same document under a longer address. */
function redirect(url: URL): Response {
  url.searchParams.append("moved", "1");
  return new Response(null, { status: 302, headers: { location: url.pathname + url.search } });
}

async function play(
  kind: Exclude<Mischief, "a redirect">,
  random: Random,
  answer: () => Response | Promise<Response>,
  absurd_bytes: number,
): Promise<Response> {
  switch (kind) {
    case "too many requests, with Retry-After":
      return refused(429, "0");
    case "too many requests":
      return refused(429);
    case "unavailable, with Retry-After":
      return refused(503, new Date(Date.now() + 100).toUTCString());
    case "unavailable":
      return refused(503);
    case "bad gateway":
      return refused(502);
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, random.between(5, 60)));
      return await answer();
    case "stalled":
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([60])) }));
    case "cut off":
      return await cut(await answer(), random, (text) => text);
    case "cut off in the middle of a character":
      return await cut(await answer(), random, (text) => `${text}ä`, -1);
    case "an HTML page with status 200":
      return new Response("<html><body><h1>Wartungsarbeiten</h1>Gleich geht's weiter.</body></html>", {
        headers: { "content-type": "text/html" },
      });
    case "forum-offline":
      return xml(`${declaration}<forum-offline />`);
    case "an empty body":
      return xml("");
    case "stray control characters":
      return await changed(await answer(), (text) => text.replace("<![CDATA[", "\u0000<![CDATA[\u0000\u0008\u000b"));
    case "joke posts":
      return await changed(await answer(), withJokes);
    case "a wrong charset": {
      const { body, status } = await answer();
      return new Response(body, { status, headers: { "content-type": "text/xml; charset=iso-8859-1" } });
    }
    case "an unknown root":
      return xml(`${declaration}<wartung dauer="lang" />`);
    case "an entity bomb":
      return xml(bomb());
    case "invalid UTF-8":
      return xml(new Uint8Array([...new TextEncoder().encode(`${declaration}<thread  id="1">`), 0xff, 0xfe, 0xc3]));
    case "a monstrous value":
      return await changed(await answer(), (text) => withMonster(text, random));
    case "numbers at the edge":
      return await changed(await answer(), (text) => withEdges(text, random));
    case "a monstrous document": {
      const response = await answer();
      // HTML pages are no UTF-8: as bytes, whatever they mean.
      const document = Buffer.from(await response.arrayBuffer()).toString("latin1");
      return new Response(Buffer.from(monster(document, random), "latin1"), response);
    }
    case "an absurd size":
      return new Response(endless(absurd_bytes), { headers: { "content-type": "text/xml" } });
  }
}

async function cut(response: Response, random: Random, more: (text: string) => string, less = 0): Promise<Response> {
  const text = await response.text();
  const bytes = new TextEncoder().encode(more(text.slice(0, random.between(1, Math.max(1, text.length - 1)))));
  return new Response(bytes.slice(0, bytes.length + less), response);
}

/** Only for XML: HTML pages are no place for it. */
async function changed(response: Response, change: (text: string) => string): Promise<Response> {
  if (!response.headers.get("content-type")?.includes("xml")) return response;
  return new Response(change(await response.text()), response);
}

/** As on 1 April 2019: two posts with id 0 in every answer. */
function withJokes(document: string): string {
  const joke =
    '<post id="0"><user id="1" group-id="1"><![CDATA[Hausmeister]]></user><date timestamp="1554069600">01.04.2019 00:00:00</date><message>\n' +
    '      <edited count="0"></edited>\n      <content><![CDATA[April, April!]]></content>\n      <title></title>\n    </message><avatar></avatar><in-thread id="1"></in-thread><in-board id="14" /></post>';
  return document.replace(/(<posts [^>]*count="[1-9]\d*">)/, `$1${joke}${joke}`);
}

/** One of the texts becomes thousands of characters, which no database can compress. */
function withMonster(document: string, random: Random): string {
  const texts = [...document.matchAll(/(?<=<!\[CDATA\[)[^\]]*(?=\]\]>)/g)];
  if (texts.length === 0) return document;
  const { index, 0: text } = random.pick(texts);
  const beyond = random.pick([0x7f, 0xff, 0xffff, 0x10_ffff]);
  const length = random.pick([250, 600, 3000, 9000, 100_000]);
  const characters = Array.from({ length }, () => {
    const code = random.between(0x21, beyond);
    return code >= 0xd800 && code <= 0xdfff ? "x" : String.fromCodePoint(code);
  });
  const monstrous = characters.join("").replaceAll(/[\]<>]/g, "x");
  return document.slice(0, index) + monstrous + document.slice(index + text.length);
}

const edges = [
  "2147483647",
  "2147483648",
  "-2147483648",
  "-1",
  "4294967296",
  "1500000000000",
  "253402300800",
  "9".repeat(30),
];

/** Counters and times, but no ids: they are other posts'. */
const withEdges = (document: string, random: Random): string =>
  document.replaceAll(/( (?:value|timestamp)=["'])(\d{2,})(?=["'])/g, (all, before: string) =>
    random.chance(0.2) ? before + random.pick(edges) : all,
  );

const fragments = [
  "<",
  "<a",
  "<a ",
  "<a>",
  "</a>",
  "<!--",
  "<![CDATA[",
  "<td>",
  "a='",
  '"',
  ">",
  "&",
  "&#1;",
  "<post id='1'>",
  "<p>Status:",
];

/** Megabytes of what a reader could run through again and again: in an attribute of the XML, within the HTML page or in one of its cells. */
function monster(document: string, random: Random): string {
  const [part, other] = [random.pick(fragments) + random.pick(fragments), random.pick(fragments)];
  const filled = part.repeat(random.between(10_000, 300_000)) + other.repeat(random.between(1, 300_000));
  if (document.startsWith("<?xml"))
    return random.chance(0.5)
      ? declaration + filled
      : `${declaration}<thread id="1" x="${filled.replaceAll('"', "")}"><posts page="1"></posts></thread>`;
  const places = [...document.matchAll(/(?<=<body>)|(?<=<td class="attrv">)/g)].map((match) => match.index);
  const index = random.pick([0, ...places]);
  return document.slice(0, index) + filled + document.slice(index);
}

function bomb(): string {
  const entities = Array.from({ length: 9 }, (_, index) => `<!ENTITY b${index + 1} "${`&b${index};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE thread [<!ENTITY b0 "bumm">${entities.join("")}<!ENTITY x SYSTEM "file:///etc/passwd">]><thread id="1">&b9;&x;</thread>`;
}

/** One post that goes on and on. */
function endless(total_bytes: number): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode("lang ".repeat(20_000));
  let sent = 0;
  return new ReadableStream({
    start: (controller) =>
      controller.enqueue(new TextEncoder().encode(`${declaration}<thread  id="1"><title><![CDATA[`)),
    pull: (controller) => {
      if (sent >= total_bytes) return controller.close();
      sent += chunk.length;
      controller.enqueue(chunk);
    },
  });
}
