/** Encodes text as the forum does: in ISO-8859-15, although its XML treats these bytes as ISO-8859-1. */

/** The characters in which ISO-8859-15 differs from ISO-8859-1. */
const latin9 = new Map([
  ["€", 0xa4],
  ["Š", 0xa6],
  ["š", 0xa8],
  ["Ž", 0xb4],
  ["ž", 0xb8],
  ["Œ", 0xbc],
  ["œ", 0xbd],
  ["Ÿ", 0xbe],
]);
const displaced = new Set(latin9.values());

/** The byte of a character; null if it is not in ISO-8859-15. */
function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code < 256) return displaced.has(code) ? null : code;
  return latin9.get(character) ?? null;
}

// oxlint-disable-next-line no-control-regex -- everything outside ASCII
const beyondAscii = /[^\u0000-\u007f]/gu;
const reference = (character: string) => `&#${character.codePointAt(0)};`;

/** Text as it appears in the XML: ISO-8859-15 bytes read as ISO-8859-1, other characters as numeric references. */
export function xmlText(text: string): string {
  return text.replace(beyondAscii, (character) => {
    const byte = byteOf(character);
    return byte === null ? reference(character) : String.fromCharCode(byte);
  });
}

/** The bytes of an HTML page. */
export function latin9Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOf(character);
    if (byte !== null) bytes.push(byte);
    else for (const digit of reference(character)) bytes.push(digit.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}
