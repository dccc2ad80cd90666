/** What a document says, as people are told of it. */

/** Characters shown of a document's words. */
const longest = 200;

/** Text as one line of 200 characters at most, control characters as pictures, so that it can neither fill a terminal nor steer it. */
export function shown(text: string): string {
  // Cut first: a document's words can be megabytes.
  const characters = Array.from(text.slice(0, 2 * longest + 2));
  const isWhole = text.length <= 2 * longest + 2 && characters.length <= longest;
  const kept = isWhole ? characters : [...characters.slice(0, longest - 1), "…"];
  return kept
    .join("")
    .replace(/[\u2028\u2029]/g, "␤")
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code === 0x7f) return "␡";
      return code < 0x20 ? String.fromCodePoint(0x2400 + code) : "�";
    })
    .toWellFormed();
}
