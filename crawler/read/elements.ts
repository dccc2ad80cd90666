/** XML text → elements, read by name and in any order. */
import { XMLParser } from "fast-xml-parser";
import { assertWellFormed } from "./well-formed.ts";

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Text and CDATA sections directly inside, as they stand: references are not resolved. */
  text: string;
}

/** An element as the parser gives it: its name → what is inside, and its attributes; or a text. */
type Node = Record<string, unknown>;

const textKey = "#text";
const attributesKey = ":@";

const parser = new XMLParser({
  // In the order of the document, which spares the parser half its work, as does no path for each element.
  preserveOrder: true,
  jPath: false,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  // Character references inside CDATA are text, and outside of it the forum sends none: nothing is ever expanded.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/**
 * @returns the root
 * @throws the error that `broken(reason)` returns: no XML, HTML, a DOCTYPE (the forum sends none, attacks do), cut off, crossed tags
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

const none = {};

function elementOf(node: Node): Element {
  let name = "";
  for (const key in node) if (key !== attributesKey) name = key;
  const element: Element = {
    name,
    attributes: (node[attributesKey] as Element["attributes"]) ?? none,
    children: [],
    text: "",
  };
  for (const inside of node[name] as Node[]) {
    if (textKey in inside) element.text += String(inside[textKey]);
    else element.children.push(elementOf(inside));
  }
  return element;
}

/** The value of an attribute, as it stands; undefined where there is none of that name. */
export const attribute = ({ attributes }: Element, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;
