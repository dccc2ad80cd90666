/** Words of raw markup and shingles, hashed sequences of words, to find passages that two texts share. */

export interface Word {
  word: string;
  start: number;
  end: number;
}

/** Sequences of letters and digits, in lower case, including words of tags and addresses: a copy has them as well. */
export const wordsOf = (text: string): Word[] =>
  Array.from(text.matchAll(/[\p{L}\p{M}\p{N}]+/gu), ({ 0: word, index }) => ({
    word: word.toLowerCase(),
    start: index,
    end: index + word.length,
  }));

/** A 53-bit hash of every `length` consecutive words. Millions of them take eight bytes each. */
export function shingleHashes(words: Word[], length: number): number[] {
  const hashes = words.map(({ word }) => hash(word));
  return Array.from({ length: Math.max(0, words.length - length + 1) }, (_, at) => {
    let [high, low] = [length, 0];
    for (let next = at; next < at + length; next++) {
      high = Math.imul(high ^ (hashes[next] as number), 0x85ebca6b) ^ (high >>> 13);
      low = Math.imul(low + (hashes[next] as number), 0xc2b2ae35) ^ (low >>> 16);
    }
    return (high >>> 0) * 2 ** 21 + (low >>> 11);
  });
}

/** FNV-1a. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) value = Math.imul(value ^ word.charCodeAt(at), 0x01000193);
  return value;
}
