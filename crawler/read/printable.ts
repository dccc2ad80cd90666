/** Text from documents, made safe for a terminal. */

const maxCharacters = 200;

/** Text as one line of 200 characters at most. Control characters become pictures, so that it can neither flood a terminal nor steer it. */
export function printable(text: string): string {
  // Cut first: the text can be megabytes long.
  const characters = Array.from(text.slice(0, 2 * maxCharacters + 2));
  const isWhole = text.length <= 2 * maxCharacters + 2 && characters.length <= maxCharacters;
  const kept = isWhole ? characters : [...characters.slice(0, maxCharacters - 1), "…"];
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
