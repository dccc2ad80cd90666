/** Crawls keep documents that they could not parse: deletes those that mention a forgotten user. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { UnattributedQuotes } from "@potstats/bbcode/unattributed-quotes";
import { plainName } from "./names.ts";

/** What identifies a user. */
export interface Traces {
  uid: number;
  /** The name, then the aliases. */
  names: string[];
  /** Texts of their posts, by pid. */
  texts: Map<number, string>;
  copies: UnattributedQuotes;
}

/** Deletes documents that contain the user's id, the id of one of their posts, a name, or text of their posts. @returns how many */
export async function forgetBroken(folder: string, traces: Traces): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  let deleted = 0;
  for (const name of names) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    // The forum's pages are ISO-8859-15 and its XML is UTF-8; a broken document may be either.
    const texts = [name, ...["utf-8", "iso-8859-15"].map((charset) => new TextDecoder(charset).decode(bytes))];
    if (![...texts, ...texts.map(unescaped)].some((text) => mentions(text, traces))) continue;
    await rm(path, { force: true });
    deleted++;
  }
  return deleted;
}

function mentions(text: string, { uid, names, texts, copies }: Traces): boolean {
  for (const [number] of text.matchAll(/\d+/g)) if (Number(number) === uid || texts.has(Number(number))) return true;
  const plain = plainName(text);
  return names.some((name) => containsWord(plain, plainName(name))) || copies.isIn(text);
}

/** Whether a text contains a name that is not part of a longer word. */
function containsWord(text: string, name: string): boolean {
  if (name === "") return false;
  const letter = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!letter.test(text[at - 1] ?? "") && !letter.test(text[at + name.length] ?? "")) return true;
  return false;
}

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Resolves the character references that occur in names and texts. */
const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (reference, decimal, hex, name) => {
    if (name) return entities[(name as string).toLowerCase()] ?? reference;
    const code = decimal ? Number(decimal) : Number.parseInt(hex as string, 16);
    return code > 0 && code < 0x11_0000 ? String.fromCodePoint(code) : reference;
  });
