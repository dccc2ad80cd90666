/**
 * Folding: normalizes text and queries for both engines. Users type "strasse" for "Straße" and "Koeln" for "Köln",
 * which neither engine handles.
 */

/**
 * Zero-width characters (soft hyphens, zero-width spaces, joiners, byte order marks, direction marks) and skin tones.
 */
const invisible = /[\p{Cf}\p{Emoji_Modifier}]+/gu;
const marks = /\p{M}+/gu;
/** Normalizing sorts the marks after a letter, in quadratic time: too slow for thousands of them. */
const tooManyMarks = /(?<=\p{M}{8})\p{M}+/gu;
/**
 * The e of ae, oe and ue, but not the e of "neue", "Steuer" or "Quelle", where the u is not an ü; the same rule as
 * Lucene's GermanNormalizationFilter. In "säen", the decomposed umlaut's mark separates the vowel from the e.
 */
const digraphs = /(?<=[ao])e|(?<=(?<![aeiouyqäöü]\p{M}*)u)e/gu;
const digraph = new RegExp(digraphs.source, "u");
const mayHaveDigraphs = /[aou]e/;
const beyondAscii = /[^\0-\x7f]/;
/** Beyond what nearly all German texts consist of: these need no Unicode tables, which takes half of the time. */
const beyondGerman = /[^\0-\x7fäöüÄÖÜß–„“€]/;
const beyondUmlauts = /[^\0-\x7fäöüÄÖÜ]/;
const umlauts = /[äöüß]/g;
const plainLetters: Record<string, string> = { ä: "a", ö: "o", ü: "u", ß: "ss" };
const withoutUmlauts = (lower: string) => lower.replace(umlauts, (letter) => plainLetters[letter] ?? letter);
/** Signs that follow words and numbers. NFKD would turn them into letters and digits. */
const separate = /[©®™℠]|(?=[¼-¾⅐-⅞])/gu;

/**
 * Lower case without accents: ä/ae → a, ö/oe → o, ü/ue → u, ß → ss, ﬁ → fi. Characters between words may change as
 * well.
 */
export function fold(text: string): string {
  if (!beyondGerman.test(text)) return withoutUmlauts(withoutDigraphs(text.toLowerCase()));
  const lower = decomposed(text).toLowerCase();
  // While a word is being typed, it is not known whether its sigma is final.
  return withoutDigraphs(lower).replace(marks, "").replaceAll("ß", "ss").replaceAll("ς", "σ");
}

/** Decomposed, without invisible characters. */
const decomposed = (text: string): string =>
  text.replace(tooManyMarks, "").replace(separate, " ").normalize("NFKD").replace(invisible, "");

const withoutDigraphs = (lower: string) => (mayHaveDigraphs.test(lower) ? lower.replace(digraphs, "") : lower);

/**
 * A word of a folded text: letters with a sign that makes them another word (C++, C#; not "a+b"), letters and digits,
 * flags, emoji.
 */
const wordPattern =
  /\p{L}+(?:\+\+(?!\+)|[+#](?![\p{L}\p{N}+#]))|[\p{L}\p{N}]+|\p{Regional_Indicator}{2}|(?![‼⁉])\p{Extended_Pictographic}/gu;
/** The same, of ASCII text, which takes half of the time. */
const asciiWordPattern = /[a-z]+(?:\+\+(?!\+)|[+#](?![a-z0-9+#]))|[a-z0-9]+/g;
const asciiOnly = /^[a-z0-9]+$/;

/** Words are truncated to this many characters: ASCII, others. Meilisearch ignores words of more than 250 bytes. */
const maxLength = { plain: 200, other: 30 };

const shortened = (word: string): string => {
  if (word.length <= maxLength.other) return word;
  return asciiOnly.test(word) ? word.slice(0, maxLength.plain) : [...word].slice(0, maxLength.other).join("");
};

const wordsIn = (folded: string): string[] => {
  const matches = folded.match(beyondAscii.test(folded) ? wordPattern : asciiWordPattern) ?? [];
  return folded.length > maxLength.other ? matches.map(shortened) : matches;
};

/** The folded words of a text, in order. */
export const foldWords = (text: string): string[] => wordsIn(fold(text));

export interface Word {
  folded: string;
  start: number;
  end: number;
}

/** Text between spaces. JavaScript counts a byte order mark as a space, we do not. */
const chunks = /[\S\ufeff]+/g;
const characters = /[^]\p{M}*/gu;

/** The words that `foldWords` finds, with their positions in the original text. */
export function locateWords(text: string): Word[] {
  const located: Word[] = [];
  for (const { 0: chunk, index } of text.matchAll(chunks)) {
    const plain = ofSameLength(chunk);
    if (plain !== undefined) {
      for (const { 0: word, index: at } of plain.matchAll(asciiWordPattern))
        located.push({ folded: shortened(word), start: index + at, end: index + at + word.length });
      continue;
    }
    const { folded, starts, ends } = traced(chunk);
    for (const { 0: word, index: at } of folded.matchAll(wordPattern)) {
      const last = at + word.length - 1;
      located.push({ folded: shortened(word), start: index + (starts[at] ?? 0), end: index + (ends[last] ?? 0) });
    }
  }
  return located;
}

/** The folded chunk, in ASCII, if every character is folded to one, as in nearly all words; undefined otherwise. */
function ofSameLength(chunk: string): string | undefined {
  if (beyondUmlauts.test(chunk)) return undefined;
  const lower = chunk.toLowerCase();
  return digraph.test(lower) ? undefined : withoutUmlauts(lower);
}

/** Like `fold`, with the original position of each folded character. */
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

/** A text under construction, with the original position of each character. */
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
    // A removed character belongs to the one before it.
    if (part === "" && this.ends.length > 0) this.ends[this.ends.length - 1] = end;
  }
}
