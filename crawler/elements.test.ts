/** The walk against a library that reads whatever is well-formed, over every kind of document that the simulated forum sends. */
import { expect, test } from "bun:test";
import { createForum } from "@potstats/simulator/forum";
import { array, assert, constantFrom, dictionary, letrec, oneof, property, stringMatching, tuple } from "fast-check";
import { XMLParser } from "fast-xml-parser";
import { attribute, type Element, parseElements } from "./elements.ts";
import { decodeXml } from "./xml.ts";

interface Plain {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Plain[];
}

const library = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

type Ordered = Record<string, unknown>;

function byLibrary(node: Ordered): Plain {
  const name = Object.keys(node).find((key) => key !== ":@") ?? "";
  const inside = node[name] as Ordered[];
  const texts = inside.filter((one) => "#text" in one).map((one) => String(one["#text"]));
  return {
    name,
    attributes: (node[":@"] as Record<string, string> | undefined) ?? {},
    text: texts.join(""),
    children: inside.filter((one) => !("#text" in one)).map(byLibrary),
  };
}

/** @param like asked for the same attributes */
function byUs(element: Element, like: Plain | undefined): Plain {
  const names = Object.keys(like?.attributes ?? {});
  return {
    name: element.name,
    attributes: Object.fromEntries(names.map((name) => [name, attribute(element, name) ?? "none"])),
    text: element.text,
    children: element.children.map((child, index) => byUs(child, like?.children[index])),
  };
}

const expectSame = (xml: string) => {
  const [root] = (library.parse(xml) as Ordered[]).map(byLibrary);
  expect([byUs(parseElements(xml, Error), root)]).toEqual(root ? [root] : []);
};

test("documents of the simulated forum", async () => {
  const forum = createForum({ seed: 8, posts: 1000, years: 1 });
  const paths = [
    "boards.php",
    ...forum.history.boards.map(({ bid }) => `board.php?BID=${bid}`),
    ...forum.history.threads.map(({ tid }) => `thread.php?TID=${tid}`),
  ];
  expect(paths.length).toBeGreaterThan(100);
  for (const path of paths)
    expectSame(decodeXml(await forum.fetch(new Request(`http://forum.example/bb/xml/${path}`)).bytes()));
});

test("anything that is well-formed", () => {
  const name = constantFrom("a", "b-c", "post");
  const value = stringMatching(/^[a-z =>/&;']{0,8}$/);
  const { element } = letrec<{ element: string }>((tie) => ({
    element: tuple(
      name,
      dictionary(constantFrom("id", "is-x", "count"), value, { maxKeys: 3 }),
      array(
        oneof(
          { depthSize: "small" },
          stringMatching(/^[a-z \n&;>]{1,6}$/),
          stringMatching(/^[a-z <>&"']{0,9}$/).map((text) => `<![CDATA[${text}]]>`),
          tie("element"),
        ),
        { maxLength: 4 },
      ),
    ).map(([tag, attributes, inside]) => {
      const written = Object.entries(attributes).map(([key, text]) => ` ${key}="${text}"`);
      return `<${tag}${written.join("")}>${inside.join("")}</${tag}>`;
    }),
  }));
  assert(property(element, expectSame), { numRuns: 500 });
});

test("whatever is cut off is told so", () => {
  const whole = `<a  id="1"><b x='2' /><c><![CDATA[<d>]]></c><!-- e --></a>`;
  for (let end = 0; end < whole.length; end++) expect(() => parseElements(whole.slice(0, end), Error)).toThrow();
});
