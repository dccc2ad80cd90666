/**
 * Parses HTML into a stream of tags and texts, for readers that depend on words rather than layout. It uses only
 * htmlparser2's tokenizer: parsers that build a tree search it at each end tag, which takes hours for 8 MB of unmatched
 * tags.
 */
import { Tokenizer } from "htmlparser2";

export interface HtmlReader {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
  comment(text: string): void;
}

/** Elements whose text is not displayed. */
const invisible = new Set(["script", "style", "title", "template"]);

const ignore = () => {};

/**
 * Reads any text as HTML, in linear time. Element names are in lower case.
 * @param references `keep` resolves no character references; `named` resolves only named ones
 */
export function readHtml(html: string, reader: HtmlReader, references: "keep" | "named"): void {
  let name = "";
  let key = "";
  let value = "";
  let attributes: Record<string, string> = {};
  let hidden = "";
  const emit = (text: string) => void (hidden === "" && reader.text(text));
  const opened = () => {
    if (invisible.has(name)) hidden = name;
    reader.open(name, attributes);
  };
  const tokenizer = new Tokenizer(
    { decodeEntities: references === "named" },
    {
      ontext: (start, end) => emit(html.slice(start, end)),
      ontextentity: (code, end) => {
        const start = html.lastIndexOf("&", end);
        emit(html[start + 1] === "#" ? html.slice(start, end) : String.fromCodePoint(code));
      },
      onopentagname: (start, end) => {
        name = html.slice(start, end).toLowerCase();
        attributes = Object.create(null) as Record<string, string>;
      },
      onattribname: (start, end) => {
        key = html.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata: (start, end) => void (value += html.slice(start, end)),
      onattribentity: (code) => void (value += String.fromCodePoint(code)),
      onattribend: () => void (attributes[key] ??= value),
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => {
        const closed = html.slice(start, end).toLowerCase();
        if (closed === hidden) hidden = "";
        reader.close(closed);
      },
      oncomment: (start, end, offset) => reader.comment(html.slice(start, end - offset)),
      oncdata: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
