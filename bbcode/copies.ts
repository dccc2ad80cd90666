/** Passages that somebody copied from a user, in quotes so broken that no tag says whose they are. */
import { pairs, quoteTags } from "./passages.ts";
import { type Word, windows, wordsOf } from "./words.ts";

/** Words in a row that people do not write by chance. */
const manyWords = 8;

/** What a user wrote: finds it again in other texts. */
export class Copies {
  readonly #runs = new Set<number>();
  /** Texts of fewer words: these count only where a quote holds nothing else. */
  readonly #short = new Set<number>();

  /** @param content a post of the user's; what it quotes of others is not theirs */
  add(content: string): void {
    for (const text of ownMarkup(content)) {
      const words = wordsOf(text);
      if (words.length >= manyWords) for (const run of windows(words, manyWords)) this.#runs.add(run);
      else if (words.length > 0) for (const run of windows(words, words.length)) this.#short.add(run);
    }
  }

  /** A text that holds quote tags, without what is copied; without such tags it stays as it is. */
  removeFrom(content: string): string {
    const tags = quoteTags(content);
    if (tags.length === 0) return content;
    let text = "";
    let from = 0;
    for (const [at, tag] of tags.entries()) {
      text += this.#without(content.slice(from, tag.start), tags[at - 1]?.closing === false);
      text += content.slice(tag.start, tag.end);
      from = tag.end;
    }
    return text + this.#without(content.slice(from), tags.at(-1)?.closing === false);
  }

  /** Whether a text of any kind holds something copied. */
  isIn(text: string): boolean {
    const words = wordsOf(text);
    return this.#copied(words).length > 0 || this.#holdsShort(words);
  }

  /** @param isQuoted whether a quote begins before the text */
  #without(text: string, isQuoted: boolean): string {
    if (text.length === 0) return text;
    const words = wordsOf(text);
    if (isQuoted && words.length < manyWords && windows(words, words.length).some((run) => this.#short.has(run)))
      return "";
    let kept = "";
    let from = 0;
    for (const [first, last] of this.#copied(words)) {
      // A tag goes with its first or last word.
      kept += text.slice(from, first.start).replace(/\[\/?$/, "");
      from = text[last.end] === "]" ? last.end + 1 : last.end;
    }
    return kept + text.slice(from);
  }

  /** First and last words of the copied runs, which do not overlap. */
  #copied(words: Word[]): [Word, Word][] {
    const found: [Word, Word][] = [];
    let until = -1;
    for (const [at, run] of windows(words, manyWords).entries()) {
      if (!this.#runs.has(run)) continue;
      const last = words[at + manyWords - 1] as Word;
      if (at <= until) (found.at(-1) as [Word, Word])[1] = last;
      else found.push([words[at] as Word, last]);
      until = at + manyWords - 1;
    }
    return found;
  }

  /** Whether a text of three to seven words is among the words. */
  #holdsShort(words: Word[]): boolean {
    for (let length = 3; length < manyWords; length++)
      if (windows(words, length).some((run) => this.#short.has(run))) return true;
    return false;
  }
}

/** What stands outside of quotes; behind one that is never closed nobody knows whose words are whose. */
function ownMarkup(content: string): string[] {
  const tags = quoteTags(content);
  const ends = pairs(tags);
  const texts: string[] = [];
  let from = 0;
  for (const tag of tags) {
    if (tag.start < from) continue;
    texts.push(content.slice(from, tag.start));
    const closing = ends.get(tag);
    from = closing?.end ?? tag.end;
    if (!closing && !tag.closing) return texts;
  }
  return [...texts, content.slice(from)];
}
