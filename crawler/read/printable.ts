/** Makes text from documents safe to print on a terminal. */

const maxCharacters = 200;

/**
 * One line of at most 200 characters, with visible symbols for control characters: it can neither flood nor control a
 * terminal.
 */
export function printable(text: string): string {
  // Truncate first: the text can be megabytes long.
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
