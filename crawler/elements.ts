/**
 * XML text → elements, in one walk that takes nothing but complete, well-formed documents. The libraries we know read cut and
 * crossed tags without a word, expand entities unless told otherwise, and take four times as long (fast-xml-parser 5).
 */

export interface Element {
  name: string;
  /** What stands in its tag behind the name: {@link attribute} reads it. */
  attributes: string;
  children: Element[];
  /** Text and CDATA sections directly inside, as they stand: references are not resolved. */
  text: string;
}

/**
 * @returns the root
 * @throws what `broken` makes of the reason: no XML, HTML, a DOCTYPE (the forum sends none, attacks do), cut off, crossed tags
 */
export function parseElements(text: string, broken: (reason: string) => Error): Element {
  const open: Element[] = [];
  let inside: Element | undefined;
  let root: Element | undefined;
  let at = 0;
  while (true) {
    const tag = text.indexOf("<", at);
    if (inside) inside.text += text.slice(at, tag < 0 ? text.length : tag);
    else if (text.slice(at, tag < 0 ? text.length : tag).trim() !== "")
      throw broken(root ? "text behind the end of the document" : "not XML");
    if (tag < 0) break;
    const next = text.charCodeAt(tag + 1);
    if (next === 0x21 /* ! */) {
      at = endOfMarkup(text, tag, inside, broken);
    } else if (next === 0x3f /* ? */) {
      at = endOf(text, "?>", tag, broken);
    } else if (next === 0x2f /* / */) {
      at = endOf(text, ">", tag, broken);
      const name = text.slice(tag + 2, at - 1).trimEnd();
      if (name !== inside?.name) throw broken(`</${name.slice(0, 40)}> where </${inside?.name ?? ""}> was due`);
      open.pop();
      inside = open.at(-1);
    } else {
      at = endOfTag(text, tag, broken);
      const isEmpty = text.charCodeAt(at - 2) === 0x2f;
      const element = begin(text.slice(tag + 1, isEmpty ? at - 2 : at - 1));
      if (inside) inside.children.push(element);
      else if (root) throw broken("more than one root");
      else if (element.name.toLowerCase() === "html") throw broken("an HTML page instead of XML");
      else root = element;
      if (isEmpty) continue;
      open.push(element);
      inside = element;
      if (open.length > 50) throw broken("elements nested too deeply");
    }
  }
  if (inside) throw broken(`cut off inside <${inside.name}>`);
  if (!root) throw broken("an empty document");
  return root;
}

/** @param tag what stands between `<` and `>` */
function begin(tag: string): Element {
  let end = 0;
  while (end < tag.length && !isSpace(tag.charCodeAt(end))) end++;
  return { name: tag.slice(0, end), attributes: tag.slice(end), children: [], text: "" };
}

/** The value of an attribute, as it stands; undefined where there is none of that name. */
export function attribute({ attributes }: Element, name: string): string | undefined {
  for (let at = 0, equals = attributes.indexOf("="); equals >= 0; equals = attributes.indexOf("=", at)) {
    let open = equals + 1;
    while (isSpace(attributes.charCodeAt(open))) open++;
    const quote = attributes[open];
    if (quote !== '"' && quote !== "'") return undefined;
    const close = attributes.indexOf(quote, open + 1);
    if (close < 0) return undefined;
    if (attributes.slice(at, equals).trim() === name) return attributes.slice(open + 1, close);
    at = close + 1;
  }
  return undefined;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x09;

/** A comment, a CDATA section, whose text goes to the element that it is in, or what has no place here. @returns where it ends */
function endOfMarkup(
  text: string,
  tag: number,
  inside: Element | undefined,
  broken: (reason: string) => Error,
): number {
  if (text.startsWith("<!--", tag)) return endOf(text, "-->", tag + 4, broken);
  if (inside && text.startsWith("<![CDATA[", tag)) {
    const end = endOf(text, "]]>", tag, broken);
    inside.text += text.slice(tag + 9, end - 3);
    return end;
  }
  if (/^<!DOCTYPE\s+html/i.test(text.slice(tag, tag + 40))) throw broken("an HTML page instead of XML");
  throw broken("a document type declaration, which the forum never sends");
}

/** Position behind the `>` of a tag; one inside an attribute's quotes does not count. */
function endOfTag(text: string, tag: number, broken: (reason: string) => Error): number {
  let end = text.indexOf(">", tag);
  while (end >= 0 && hasOpenQuote(text, tag, end)) end = text.indexOf(">", end + 1);
  if (end < 0) throw broken("cut off inside a tag");
  return end + 1;
}

function hasOpenQuote(text: string, from: number, to: number): boolean {
  let quote = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (quote) {
      if (code === quote) quote = 0;
    } else if (code === 0x22 || code === 0x27) quote = code;
  }
  return quote !== 0;
}

function endOf(text: string, mark: string, from: number, broken: (reason: string) => Error): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw broken("cut off");
  return at + mark.length;
}
