/** Finds passages copied from a user whose quote tags are too broken to name the user. */
import { pairTags, type QuoteTag, quoteTags } from "./passages.ts";
import { type Word, shingleHashes, wordsOf } from "./shingles.ts";

/** The number of consecutive words that nobody else writes by coincidence. */
const minWords = 8;

/** The number of letters that makes even one or two words distinctive. */
const minLetters = 10;

/** A user's texts, to be recognized in other texts. */
export class UnattributedQuotes {
  /** Shingles → the first post that contains them. */
  readonly #shingles = new Map<number, number>();
  /** The same for shorter texts, which are recognized only if a quote contains nothing else. */
  readonly #short = new Map<number, number>();

  /** Adds one of the user's posts, in any order. Passages that the post quotes are ignored. */
  add(pid: number, content: string): void {
    const remember = (pids: Map<number, number>, hash: number) => pids.set(hash, Math.min(pids.get(hash) ?? pid, pid));
    for (const text of ownMarkup(content)) {
      const words = wordsOf(text);
      if (words.length >= minWords) for (const hash of shingleHashes(words, minWords)) remember(this.#shingles, hash);
      else if (words.length > 0) for (const hash of shingleHashes(words, words.length)) remember(this.#short, hash);
    }
  }

  /** Removes passages copied from an earlier post. A post without quote tags is returned unchanged. */
  removeFrom(pid: number, content: string): string {
    const tags = quoteTags(content);
    if (tags.length === 0) return content;
    let text = "";
    let from = 0;
    for (const [at, tag] of tags.entries()) {
      text += this.#removeCopies(pid, content.slice(from, tag.start), isAnonymous(tags[at - 1]));
      text += content.slice(tag.start, tag.end);
      from = tag.end;
    }
    return text + this.#removeCopies(pid, content.slice(from), isAnonymous(tags.at(-1)));
  }

  /** Whether any text contains a copied passage. */
  isIn(text: string): boolean {
    const words = wordsOf(text);
    return this.#copied(Infinity, words).length > 0 || this.#containsShort(words);
  }

  /** @param isQuoted whether an anonymous quote starts right before the text */
  #removeCopies(pid: number, text: string, isQuoted: boolean): string {
    if (text.length === 0) return text;
    const words = wordsOf(text);
    if (
      isQuoted &&
      words.length < minWords &&
      shingleHashes(words, words.length).some((hash) => (this.#short.get(hash) ?? pid) < pid)
    )
      return "";
    let rest = "";
    let from = 0;
    for (const [first, last] of this.#copied(pid, words)) {
      // A tag is removed with its first or last word.
      rest += text.slice(from, first.start).replace(/\[\/?$/, "");
      from = text[last.end] === "]" ? last.end + 1 : last.end;
    }
    return rest + text.slice(from);
  }

  /** First and last words of the passages copied from posts before this one, without overlaps. */
  #copied(pid: number, words: Word[]): [Word, Word][] {
    const passages: [Word, Word][] = [];
    let coveredTo = -1;
    for (const [at, hash] of shingleHashes(words, minWords).entries()) {
      if ((this.#shingles.get(hash) ?? pid) >= pid) continue;
      const last = words[at + minWords - 1] as Word;
      if (at <= coveredTo) (passages.at(-1) as [Word, Word])[1] = last;
      else passages.push([words[at] as Word, last]);
      coveredTo = at + minWords - 1;
    }
    return passages;
  }

  /** Whether one of the short texts occurs. One or two words must be long to be distinctive. */
  #containsShort(words: Word[]): boolean {
    const isDistinctive = (from: number, length: number) =>
      length > 2 || words.slice(from, from + length).reduce((sum, { word }) => sum + word.length, 0) >= minLetters;
    for (let length = 1; length < minWords; length++)
      if (shingleHashes(words, length).some((hash, at) => this.#short.has(hash) && isDistinctive(at, length)))
        return true;
    return false;
  }
}

const isAnonymous = (tag: QuoteTag | undefined) => tag !== undefined && !tag.closing && tag.pid === null;

/** The text outside quotes. Ends at a quote that is never closed: after it, it is unknown who wrote what. */
function ownMarkup(content: string): string[] {
  const tags = quoteTags(content);
  const ends = pairTags(tags);
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
