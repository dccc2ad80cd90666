/**
 * Checks in one walk that a text is one complete XML element: fast-xml-parser silently accepts truncated and crossed
 * tags, and its own validator is slow.
 */

const nameEnd = /[\s/>]/g;

/**
 * @returns the root's name
 * @throws the error that `broken(reason)` returns, for HTML and other non-XML, a DOCTYPE (only attacks send one),
 * truncated text, or crossed tags
 */
export function assertWellFormed(text: string, broken: (reason: string) => Error): string {
  const open: string[] = [];
  let root = "";
  let at = 0;
  while (true) {
    const tag = text.indexOf("<", at);
    if (open.length === 0 && text.slice(at, tag < 0 ? undefined : tag).trim() !== "")
      throw broken(root ? "text after the end of the document" : "not XML");
    if (tag < 0) break;
    const next = text.charCodeAt(tag + 1);
    if (next === 0x21) at = endOfMarkup(text, tag, open.length > 0, broken);
    else if (next === 0x3f) at = endOf(text, "?>", tag, broken);
    else if (next === 0x2f) {
      const end = endOf(text, ">", tag, broken);
      const name = text.slice(tag + 2, end - 1).trim();
      const expected = open.pop();
      if (name !== expected) throw broken(`</${name.slice(0, 40)}> instead of </${expected ?? ""}>`);
      at = end;
    } else {
      if (open.length === 0 && root) throw broken("more than one root");
      const end = endOfTag(text, tag, broken);
      nameEnd.lastIndex = tag + 1;
      const name = text.slice(tag + 1, nameEnd.exec(text)?.index ?? end);
      if (!root) {
        root = name;
        if (root.toLowerCase() === "html") throw broken("an HTML page instead of XML");
      }
      if (text.charCodeAt(end - 2) !== 0x2f) open.push(name);
      if (open.length > 50) throw broken("elements nested too deeply");
      at = end;
    }
  }
  if (open.length > 0) throw broken(`cut off inside <${open.at(-1)}>`);
  if (!root) throw broken("an empty document");
  return root;
}

function endOfMarkup(text: string, tag: number, isInside: boolean, broken: (reason: string) => Error): number {
  if (text.startsWith("<!--", tag)) return endOf(text, "-->", tag + 2, broken);
  if (isInside && text.startsWith("<![CDATA[", tag)) return endOf(text, "]]>", tag, broken);
  if (/^<!DOCTYPE\s+html/i.test(text.slice(tag, tag + 40))) throw broken("an HTML page instead of XML");
  throw broken("a document type declaration, which the forum never sends");
}

/** The end of a tag, or a quotation mark around the value of an attribute. */
const tagMark = /[>"']/g;

/** The position after the `>` of a tag, ignoring any inside an attribute's quotes. */
function endOfTag(text: string, tag: number, broken: (reason: string) => Error): number {
  tagMark.lastIndex = tag;
  for (let mark = tagMark.exec(text); mark; mark = tagMark.exec(text)) {
    if (mark[0] === ">") return tagMark.lastIndex;
    const end = text.indexOf(mark[0], tagMark.lastIndex);
    if (end < 0) break;
    tagMark.lastIndex = end + 1;
  }
  throw broken("cut off inside a tag");
}

function endOf(text: string, mark: string, from: number, broken: (reason: string) => Error): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw broken("cut off");
  return at + mark.length;
}
