/**
 * XML text → elements, read by name and in any order. One walk that looks at each character a bounded number of times, so a
 * document of any shape costs time in proportion to its length. Strict: a document that was cut off must not pass for a whole one.
 */

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Text and CDATA sections directly inside, as they stand: references are not resolved. */
  text: string;
}

type Broken = (reason: string) => Error;

/** Elements inside one another. */
const deepest = 50;

const tagName = /[A-Za-z][^\s/>]*/y;
const nextAttribute = /\s+([^\s=<>"'/]+)\s*=\s*(["'])/y;
const tagEnd = /\s*(\/?)>/y;

/** What a sticky pattern finds at a position. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * @returns the root
 * @throws what `broken` makes of the reason: no XML, HTML, a DOCTYPE (the forum sends none, attacks do), cut off, crossed tags
 */
export function parseElements(text: string, broken: Broken): Element {
  const open: Element[] = [];
  let root: Element | null = null;
  let at = 0;
  while (true) {
    const tag = text.indexOf("<", at);
    const between = text.slice(at, tag < 0 ? undefined : tag);
    const parent = open.at(-1);
    if (parent) parent.text += between;
    else if (between.trim() !== "") throw broken(root ? "text behind the end of the document" : "not XML");
    if (tag < 0) break;
    const next = text.charCodeAt(tag + 1);
    if (next === 0x21) at = readMarkup(text, tag, parent, broken);
    else if (next === 0x3f) at = endOf(text, "?>", tag, broken);
    else if (next === 0x2f) {
      at = endOf(text, ">", tag, broken);
      const name = text.slice(tag + 2, at - 1).trim();
      if (name !== parent?.name) throw broken(`</${name}> where </${parent?.name ?? ""}> was due`);
      open.pop();
    } else {
      if (!parent && root) throw broken("more than one root");
      const { element, end, isEmpty } = readTag(text, tag, broken);
      at = end;
      if (parent) parent.children.push(element);
      else root = element;
      if (element === root && element.name.toLowerCase() === "html") throw broken("an HTML page instead of XML");
      if (!isEmpty) open.push(element);
      if (open.length > deepest) throw broken("elements nested too deeply");
    }
  }
  const inside = open.at(-1);
  if (inside) throw broken(`cut off inside <${inside.name}>`);
  if (!root) throw broken("an empty document");
  return root;
}

const none: Element["attributes"] = {};

function readTag(text: string, tag: number, broken: Broken): { element: Element; end: number; isEmpty: boolean } {
  const name = matchAt(tagName, text, tag + 1)?.[0];
  if (name === undefined) throw broken(text.length > tag + 1 ? "not XML" : "cut off inside a tag");
  const element: Element = { name, attributes: none, children: [], text: "" };
  let attributes: Record<string, string> | null = null;
  let at = tag + 1 + name.length;
  while (true) {
    const found = matchAt(nextAttribute, text, at);
    if (!found) break;
    const [all, key = "", quote = ""] = found;
    const start = at + all.length;
    const end = text.indexOf(quote, start);
    if (end < 0) throw broken("cut off inside a tag");
    // Without a prototype: the name may be one that objects know.
    attributes ??= Object.create(null) as Record<string, string>;
    attributes[key] = text.slice(start, end);
    at = end + 1;
  }
  if (attributes) element.attributes = attributes;
  const ends = matchAt(tagEnd, text, at);
  if (!ends)
    throw broken(text.includes(">", at) ? `an attribute without a value in <${name}>` : "cut off inside a tag");
  return { element, end: at + ends[0].length, isEmpty: ends[1] === "/" };
}

/** Passes by a comment, takes in a CDATA section. @returns the position behind it */
function readMarkup(text: string, tag: number, parent: Element | undefined, broken: Broken): number {
  if (text.startsWith("<!--", tag)) return endOf(text, "-->", tag + 4, broken);
  if (parent && text.startsWith("<![CDATA[", tag)) {
    const end = endOf(text, "]]>", tag + 9, broken);
    parent.text += text.slice(tag + 9, end - 3);
    return end;
  }
  if (/^<!DOCTYPE\s+html/i.test(text.slice(tag, tag + 40))) throw broken("an HTML page instead of XML");
  throw broken("a document type declaration, which the forum never sends");
}

function endOf(text: string, mark: string, from: number, broken: Broken): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw broken("cut off");
  return at + mark.length;
}

/** The value of an attribute, as it stands; undefined where there is none of that name. */
export const attribute = ({ attributes }: Element, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;
