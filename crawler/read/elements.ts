/**
 * XML text → elements, read by name and in any order.
 *
 * Three walks: a strict check (well-formed.ts), fast-xml-parser, and this tree. saxes would do it in one, in two thirds of the
 * time, but it rejects what the forum may send and this reads: `&` outside of CDATA, and `<` in the value of an attribute.
 */
import { XMLParser } from "fast-xml-parser";
import { assertWellFormed } from "./well-formed.ts";

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Text and CDATA sections directly inside, as received: references are not resolved. */
  text: string;
}

/** An element as the parser returns it: its name → its content, and `:@` → its attributes; or a text. */
type Node = Record<string, unknown>;

const textKey = "#text";
const attributesKey = ":@";

const parser = new XMLParser({
  // Document order, and no path for each element: this halves the parser's work.
  preserveOrder: true,
  jPath: false,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  // References inside CDATA are text, and the forum sends none outside of it: nothing is ever expanded.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/**
 * @returns the root
 * @throws the error that `broken(reason)` returns: not XML, HTML, a DOCTYPE (the forum sends none, attacks do), cut off, crossed tags
 */
export function parseElements(text: string, broken: (reason: string) => Error): Element {
  assertWellFormed(text, broken);
  let nodes: Node[];
  try {
    nodes = parser.parse(text) as Node[];
  } catch (error) {
    throw broken(`not readable as XML: ${String(error)}`);
  }
  const root = nodes.find((node) => !(textKey in node));
  if (!root) throw broken("an empty document");
  return elementOf(root);
}

const noAttributes = {};

function elementOf(node: Node): Element {
  let name = "";
  for (const key in node) if (key !== attributesKey) name = key;
  const element: Element = {
    name,
    attributes: (node[attributesKey] as Element["attributes"]) ?? noAttributes,
    children: [],
    text: "",
  };
  for (const child of node[name] as Node[]) {
    if (textKey in child) element.text += String(child[textKey]);
    else element.children.push(elementOf(child));
  }
  return element;
}

/** The value of an attribute, as received; undefined if the element has none of that name. */
export const attribute = ({ attributes }: Element, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;
