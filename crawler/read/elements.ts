/**
 * Parses XML text into elements, which are read by name and in any order.
 *
 * It walks the text three times: a strict check (well-formed.ts), fast-xml-parser, and this tree. saxes would need one
 * walk and two thirds of the time, but it rejects what the forum may send: `&` outside of CDATA, and `<` in an
 * attribute's value.
 */
import { XMLParser } from "fast-xml-parser";
import { assertWellFormed } from "./well-formed.ts";

export interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Text and CDATA sections directly inside, as received: entity references are not resolved. */
  text: string;
}

/** An element as the parser returns it, with its content under its name and its attributes under `:@`; or a text. */
type Node = Record<string, unknown>;

const textKey = "#text";
const attributesKey = ":@";

const parser = new XMLParser({
  // Keeping document order and no paths halves the parser's work.
  preserveOrder: true,
  jPath: false,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  // Entities are never expanded: inside CDATA they are text, and elsewhere the forum sends none.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/**
 * @returns the root
 * @throws the error that `broken(reason)` returns, for HTML and other non-XML, a DOCTYPE (only attacks send one),
 * truncated text, or crossed tags
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
