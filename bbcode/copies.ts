/** Passages that somebody copied from a user, in quotes so broken that no tag says whose they are. */
import { pairs, type QuoteTag, quoteTags } from "./passages.ts";
import { type Word, windows, wordsOf } from "./words.ts";

/** Words in a row that people do not write by chance. */
const manyWords = 8;

/** Letters of a word or two that somebody else would hardly choose. */
const fewLetters = 10;

/** What a user wrote: finds it again in other texts. */
export class Copies {
  /** Runs of words → the first post that has them. */
  readonly #runs = new Map<number, number>();
  /** Texts of fewer words, likewise: these count only where a quote holds nothing else. */
  readonly #short = new Map<number, number>();

  /** Takes in a post of the user's, in any order; what it quotes of others is not theirs. */
  add(pid: number, content: string): void {
    const keep = (runs: Map<number, number>, run: number) => runs.set(run, Math.min(runs.get(run) ?? pid, pid));
    for (const text of ownMarkup(content)) {
      const words = wordsOf(text);
      if (words.length >= manyWords) for (const run of windows(words, manyWords)) keep(this.#runs, run);
      else if (words.length > 0) for (const run of windows(words, words.length)) keep(this.#short, run);
    }
  }

  /** A post that holds quote tags, without what is copied of an earlier one; without such tags it stays as it is. */
  removeFrom(pid: number, content: string): string {
    const tags = quoteTags(content);
    if (tags.length === 0) return content;
    let text = "";
    let from = 0;
    for (const [at, tag] of tags.entries()) {
      text += this.#without(pid, content.slice(from, tag.start), isOfNobody(tags[at - 1]));
      text += content.slice(tag.start, tag.end);
      from = tag.end;
    }
    return text + this.#without(pid, content.slice(from), isOfNobody(tags.at(-1)));
  }

  /** Whether a text of any kind holds something copied. */
  isIn(text: string): boolean {
    const words = wordsOf(text);
    return this.#copied(Infinity, words).length > 0 || this.#holdsShort(words);
  }

  /** @param isQuoted whether a quote begins before the text that does not say whose it is */
  #without(pid: number, text: string, isQuoted: boolean): string {
    if (text.length === 0) return text;
    const words = wordsOf(text);
    if (
      isQuoted &&
      words.length < manyWords &&
      windows(words, words.length).some((run) => (this.#short.get(run) ?? pid) < pid)
    )
      return "";
    let kept = "";
    let from = 0;
    for (const [first, last] of this.#copied(pid, words)) {
      // A tag goes with its first or last word.
      kept += text.slice(from, first.start).replace(/\[\/?$/, "");
      from = text[last.end] === "]" ? last.end + 1 : last.end;
    }
    return kept + text.slice(from);
  }

  /** First and last words of the runs that are copied of posts before this one; they do not overlap. */
  #copied(pid: number, words: Word[]): [Word, Word][] {
    const found: [Word, Word][] = [];
    let until = -1;
    for (const [at, run] of windows(words, manyWords).entries()) {
      if ((this.#runs.get(run) ?? pid) >= pid) continue;
      const last = words[at + manyWords - 1] as Word;
      if (at <= until) (found.at(-1) as [Word, Word])[1] = last;
      else found.push([words[at] as Word, last]);
      until = at + manyWords - 1;
    }
    return found;
  }

  /** Whether a short text is among the words; a word or two tell something only when they are long. */
  #holdsShort(words: Word[]): boolean {
    const tells = (from: number, length: number) =>
      length > 2 || words.slice(from, from + length).reduce((sum, { word }) => sum + word.length, 0) >= fewLetters;
    for (let length = 1; length < manyWords; length++)
      if (windows(words, length).some((run, at) => this.#short.has(run) && tells(at, length))) return true;
    return false;
  }
}

const isOfNobody = (tag: QuoteTag | undefined) => tag !== undefined && !tag.closing && tag.pid === null;

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
