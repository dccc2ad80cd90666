/**
 * Folding: how text and queries are made alike before either engine sees them. People type "strasse" for "Straße" and
 * "Koeln" for "Köln"; neither engine knows.
 */

/** Characters of no width: soft hyphens, zero-width spaces, joiners, byte order marks, marks of direction; and skin tones. */
const invisible = /[\p{Cf}\p{Emoji_Modifier}]+/gu;
const marks = /\p{M}+/gu;
/** Putting thousands of marks behind one letter in order, as normalising does, takes the square of their number. */
const tooManyMarks = /(?<=\p{M}{8})\p{M}+/gu;
/**
 * The e of ae, oe and ue, but of "neue", "Steuer", "Quelle" not: there the u is no ü. Lucene's GermanNormalizationFilter draws
 * the line there, too. What is an umlaut already has its mark between the vowel and the e ("säen").
 */
const digraphs = /(?<=[ao])e|(?<=(?<![aeiouyq]\p{M}*)u)e/gu;
const mayHaveDigraphs = /[aou]e/;
const beyondAscii = /[^\0-\x7f]/;
/** Stand behind words and numbers and are no part of them; NFKD makes letters and numbers of them. */
const apart = /[©®™℠]|(?=[¼-¾⅐-⅞])/gu;

/**
 * A text in small letters without accents: ä/ae → a, ö/oe → o, ü/ue → u, ß → ss, ﬁ → fi. What stands between words may
 * change too.
 */
export function fold(text: string): string {
  if (!beyondAscii.test(text)) return withoutDigraphs(text.toLowerCase());
  const lower = decomposed(text).toLowerCase();
  // Whether a sigma ends a word is not known while the word is being typed.
  return withoutDigraphs(lower).replace(marks, "").replaceAll("ß", "ss").replaceAll("ς", "σ");
}

/** Without what is not seen. */
const decomposed = (text: string): string =>
  text.replace(tooManyMarks, "").replace(apart, " ").normalize("NFKD").replace(invisible, "");

const withoutDigraphs = (lower: string) => (mayHaveDigraphs.test(lower) ? lower.replace(digraphs, "") : lower);

/**
 * Words of a folded text: letters with the signs that make another word of them (C++, C#; not the plus of "a+b"), letters and
 * digits, flags, and pictures.
 */
const wordPattern =
  /\p{L}+(?:\+\+(?!\+)|[+#](?![\p{L}\p{N}+#]))|[\p{L}\p{N}]+|\p{Regional_Indicator}{2}|(?![‼⁉])\p{Extended_Pictographic}/gu;
const letters = /^[a-z0-9]+$/;

/** Characters of a word that count: of plain letters, of others. Meilisearch takes no words of more than 250 bytes. */
const longest = { plain: 200, other: 30 };

const shortened = (word: string): string => {
  if (word.length <= longest.other) return word;
  return letters.test(word) ? word.slice(0, longest.plain) : [...word].slice(0, longest.other).join("");
};

const wordsIn = (folded: string): string[] => {
  const found = folded.match(wordPattern) ?? [];
  return folded.length > longest.other ? found.map(shortened) : found;
};

/** The folded words of a text in order; everything between them is lost. */
export const foldWords = (text: string): string[] => wordsIn(fold(text));

export interface Word {
  folded: string;
  start: number;
  end: number;
}

/** What stands between spaces; a byte order mark is none. */
const chunks = /[\S\ufeff]+/g;
const characters = /[^]\p{M}*/gu;

/** The words of a text with their places in it: those that `foldWords` finds. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  for (const { 0: chunk, index } of text.matchAll(chunks)) {
    const lower = beyondAscii.test(chunk) ? undefined : chunk.toLowerCase();
    if (lower !== undefined && !mayHaveDigraphs.test(lower)) {
      // Most words fold to as many letters as they have.
      for (const { 0: word, index: at } of lower.matchAll(wordPattern))
        found.push({ folded: shortened(word), start: index + at, end: index + at + word.length });
      continue;
    }
    const { folded, starts, ends } = traced(chunk);
    for (const { 0: word, index: at } of folded.matchAll(wordPattern)) {
      const last = at + word.length - 1;
      found.push({ folded: shortened(word), start: index + (starts[at] ?? 0), end: index + (ends[last] ?? 0) });
    }
  }
  return found;
}

/** `fold`, and where each folded character comes from. */
function traced(text: string): { folded: string; starts: number[]; ends: number[] } {
  const lower = new Trace();
  for (const { 0: character, index } of text.matchAll(characters)) {
    const plain = beyondAscii.test(character) ? decomposed(character) : character;
    lower.add(plain.toLowerCase(), index, index + character.length);
  }
  const dropped = new Set(Array.from(lower.text.matchAll(digraphs), ({ index }) => index));
  const folded = new Trace();
  for (const { 0: character, index } of lower.text.matchAll(/[^]/gu)) {
    const isDropped = dropped.has(index) || /\p{M}/u.test(character);
    const plain = isDropped ? "" : character === "ß" ? "ss" : character === "ς" ? "σ" : character;
    folded.add(plain, lower.starts[index] ?? 0, lower.ends[index] ?? 0);
  }
  return { folded: folded.text, starts: folded.starts, ends: folded.ends };
}

/** A text that is put together, and where each part of it comes from. */
class Trace {
  text = "";
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  add(part: string, start: number, end: number): void {
    this.text += part;
    for (let n = 0; n < part.length; n++) {
      this.starts.push(start);
      this.ends.push(end);
    }
    // What vanishes is part of what stands before it.
    if (part === "" && this.ends.length > 0) this.ends[this.ends.length - 1] = end;
  }
}
