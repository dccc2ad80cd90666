/** Repairs text for display: restores what users wrote from what the forum sends. `public` stores text as received. */

/** The forum decodes ISO-8859-15 as ISO-8859-1: these eight characters arrive as their Latin-1 counterparts. */
const latin9: Record<string, string> = {
  "¤": "€",
  "¦": "Š",
  "¨": "š",
  "´": "Ž",
  "¸": "ž",
  "¼": "Œ",
  "½": "œ",
  "¾": "Ÿ",
};

/** Browsers read the references &#128; to &#159; as Windows-1252; its five unassigned bytes are not changed. */
const windows1252 =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

const twins = /[¤¦¨´¸¼½¾]/g;
const references = /&#(?:(\d+)|[xX]([0-9a-fA-F]+));/g;

/**
 * Replaces the eight Latin-9 characters, then numeric character references: `&#189;` is a real ½, a raw `½` is an œ.
 * References to 0, to surrogates and to numbers above U+10FFFF remain as typed, and so do named references.
 */
export function repair(text: string): string {
  const decoded = text.replace(twins, (twin) => latin9[twin] ?? twin);
  if (!decoded.includes("&#")) return decoded;
  return decoded.replace(references, (typed, decimal: string | undefined, hexadecimal: string) => {
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return typed;
    if (code >= 128 && code <= 159) return windows1252[code - 128] ?? typed;
    return String.fromCodePoint(code);
  });
}
