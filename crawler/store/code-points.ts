/** Unicode code points of a well-formed text, without an array of them: a text can be megabytes long. */
export function codePointCount(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) count--;
  return count;
}
