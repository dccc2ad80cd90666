/** Failures and defects between a forum and its client, reproducible by seed. */
import { mix, Random } from "./random.ts";

/** Failures that a retry resolves. */
export const transient = [
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

/** Defects that persist and that a client must tolerate. */
export const persistent = ["stray control characters", "joke posts", "a wrong charset"] as const;

/** Documents that cannot be parsed. */
export const unreadable = ["an unknown root", "an entity bomb", "invalid UTF-8", "an absurd size"] as const;

/** Values too large for an index or an integer, and huge documents: everything else must still be read. */
export const extreme = ["an enormous value", "numbers out of range", "an enormous document"] as const;

/** Substitutes that are served at most once in a row per document. */
const onlyOnce: readonly Mischief[] = ["an HTML page with status 200", "an empty body"];

/**
 * Other documents instead of the XML. HTML pages are not substituted: a client could not tell a substitute from the
 * page of a thread without tags.
 */
const substitutes: readonly Mischief[] = [
  "an HTML page with status 200",
  "forum-offline",
  "an empty body",
  ...unreadable,
];

export type Mischief =
  | (typeof transient)[number]
  | (typeof persistent)[number]
  | (typeof unreadable)[number]
  | (typeof extreme)[number];

interface MischiefOptions {
  seed: number;
  /** The share of requests that fail or get a defective response, 0 to 1. */
  share: number;
  kinds: readonly Mischief[];
  /** The size of a document of "an absurd size". */
  absurd_bytes?: number;
}

type Handler = (request: Request) => Response | Promise<Response>;

/**
 * Makes some requests to a forum fail. With the same seed, the n-th request fails in the same way. Only a document that
 * has just been substituted is served correctly on the next attempt.
 */
export function withMischief(
  handler: Handler,
  { seed, share, kinds, absurd_bytes = 200_000_000 }: MischiefOptions,
): Handler {
  let count = 0;
  const substituted = new Set<string>();
  return async (request) => {
    const random = new Random(mix(seed, 2, count++));
    if (kinds.length === 0 || !random.chance(share)) return await handler(request);
    const kind = random.pick(kinds);
    if (onlyOnce.includes(kind)) {
      if (substituted.delete(request.url)) return await handler(request);
      substituted.add(request.url);
    }
    const isXml = new URL(request.url).pathname.startsWith("/bb/xml/");
    if (!isXml && substitutes.includes(kind)) return await handler(request);
    if (kind === "a redirect") return redirect(new URL(request.url));
    return await respondWith(kind, random, () => handler(request), absurd_bytes);
  };
}

const declaration = '<?xml version="1.0" encoding="utf-8" ?>\n';
const xml = (body: string | Uint8Array<ArrayBuffer>) => new Response(body, { headers: { "content-type": "text/xml" } });
const errorStatus = (status: number, retryAfter?: string) =>
  new Response("später", { status, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });

/** Redirects to the same document under a longer address. */
function redirect(url: URL): Response {
  url.searchParams.append("moved", "1");
  return new Response(null, { status: 302, headers: { location: url.pathname + url.search } });
}

async function respondWith(
  kind: Exclude<Mischief, "a redirect">,
  random: Random,
  respond: () => Response | Promise<Response>,
  absurd_bytes: number,
): Promise<Response> {
  switch (kind) {
    case "too many requests, with Retry-After":
      return errorStatus(429, "0");
    case "too many requests":
      return errorStatus(429);
    case "unavailable, with Retry-After":
      return errorStatus(503, new Date(Date.now() + 100).toUTCString());
    case "unavailable":
      return errorStatus(503);
    case "bad gateway":
      return errorStatus(502);
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, random.between(5, 60)));
      return await respond();
    case "stalled":
      return new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([60])) }));
    case "cut off":
      return await truncated(await respond(), random, (text) => text);
    case "cut off in the middle of a character":
      return await truncated(await respond(), random, (text) => `${text}ä`, -1);
    case "an HTML page with status 200":
      return new Response("<html><body><h1>Wartungsarbeiten</h1>Gleich geht's weiter.</body></html>", {
        headers: { "content-type": "text/html" },
      });
    case "forum-offline":
      return xml(`${declaration}<forum-offline />`);
    case "an empty body":
      return xml("");
    case "stray control characters":
      return await changed(await respond(), (text) => text.replace("<![CDATA[", "\u0000<![CDATA[\u0000\u0008\u000b"));
    case "joke posts":
      return await changed(await respond(), withJokes);
    case "a wrong charset": {
      const { body, status } = await respond();
      return new Response(body, { status, headers: { "content-type": "text/xml; charset=iso-8859-1" } });
    }
    case "an unknown root":
      return xml(`${declaration}<wartung dauer="lang" />`);
    case "an entity bomb":
      return xml(bomb());
    case "invalid UTF-8":
      return xml(new Uint8Array([...new TextEncoder().encode(`${declaration}<thread  id="1">`), 0xff, 0xfe, 0xc3]));
    case "an enormous value":
      return await changed(await respond(), (text) => withEnormousText(text, random));
    case "numbers out of range":
      return await changed(await respond(), (text) => withOutOfRange(text, random));
    case "an enormous document": {
      const response = await respond();
      // HTML pages are not UTF-8: handle the document as bytes.
      const document = Buffer.from(await response.arrayBuffer()).toString("latin1");
      return new Response(Buffer.from(enormous(document, random), "latin1"), response);
    }
    case "an absurd size":
      return new Response(endless(absurd_bytes), { headers: { "content-type": "text/xml" } });
  }
}

async function truncated(
  response: Response,
  random: Random,
  more: (text: string) => string,
  less = 0,
): Promise<Response> {
  const text = await response.text();
  const bytes = new TextEncoder().encode(more(text.slice(0, random.between(1, Math.max(1, text.length - 1)))));
  return new Response(bytes.slice(0, bytes.length + less), response);
}

/** Changes an XML document. HTML pages remain unchanged. */
async function changed(response: Response, change: (text: string) => string): Promise<Response> {
  if (!response.headers.get("content-type")?.includes("xml")) return response;
  return new Response(change(await response.text()), response);
}

/** On 1 April 2019, every response of the real forum contained two posts with id 0. */
function withJokes(document: string): string {
  const joke =
    '<post id="0"><user id="1" group-id="1"><![CDATA[Hausmeister]]></user><date timestamp="1554069600">01.04.2019 00:00:00</date><message>\n' +
    '      <edited count="0"></edited>\n      <content><![CDATA[April, April!]]></content>\n      <title></title>\n    </message><avatar></avatar><in-thread id="1"></in-thread><in-board id="14" /></post>';
  return document.replace(/(<posts [^>]*count="[1-9]\d*">)/, `$1${joke}${joke}`);
}

/** Replaces one of the texts with thousands of characters that no database can compress. */
function withEnormousText(document: string, random: Random): string {
  const texts = [...document.matchAll(/(?<=<!\[CDATA\[)[^\]]*(?=\]\]>)/g)];
  if (texts.length === 0) return document;
  const { index, 0: text } = random.pick(texts);
  const beyond = random.pick([0x7f, 0xff, 0xffff, 0x10_ffff]);
  const length = random.pick([250, 600, 3000, 9000, 100_000]);
  const characters = Array.from({ length }, () => {
    const code = random.between(0x21, beyond);
    return code >= 0xd800 && code <= 0xdfff ? "x" : String.fromCodePoint(code);
  });
  const replacement = characters.join("").replaceAll(/[\]<>]/g, "x");
  return document.slice(0, index) + replacement + document.slice(index + text.length);
}

const outOfRange = [
  "2147483647",
  "2147483648",
  "-2147483648",
  "-1",
  "4294967296",
  "1500000000000",
  "253402300800",
  "9".repeat(30),
];

/** Changes counters and times, but not ids: a changed id would mean another post. */
const withOutOfRange = (document: string, random: Random): string =>
  document.replaceAll(/( (?:value|timestamp)=["'])(\d{2,})(?=["'])/g, (all, before: string) =>
    random.chance(0.2) ? before + random.pick(outOfRange) : all,
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

/**
 * Inserts megabytes that a parser might scan repeatedly: in an XML attribute, in the HTML page or in one of its cells.
 */
function enormous(document: string, random: Random): string {
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

/** A document whose title never ends. */
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
