/** Turns folded texts into what the index holds, and counts in how many documents each word occurs, in bounded memory. */
import { formsOf } from "../words/forms.ts";

/** Separates texts within a document's words: no phrase matches across it. Folded words do not contain it. */
export const gap = "|";

/** PostgreSQL allows 1 MB per tsvector, Meilisearch 65,535 words. */
const limits = { words: 30_000, forms: 60_000, bytes: 300_000 };
const maxBytesPerWord = 200;

/** Words to keep in memory: when there are more, the rarest are dropped. */
const defaultLimit = 500_000;

export interface IndexedTexts {
  /** Folded words in order, {@link gap} between two texts. */
  words: string[];
  /** Dictionary forms of the words and of the parts of compounds that are not among the words, each once. */
  forms: string[];
}

/** A word or form. One lookup finds all that is known about it: most time would otherwise be spent in hash tables. */
interface Entry {
  word: string;
  /** Documents with the word, among their words or forms. */
  count: number;
  /** The number of the latest document with the word. */
  seenIn: number;
  /** Computed when the word occurs for the first time. */
  forms: Entry[] | undefined;
}

export class Vocabulary {
  private readonly entries = new Map<string, Entry>();
  private documents = 0;

  /** @param limit words to keep in memory, between documents */
  constructor(private readonly limit = defaultLimit) {}

  /** Adds a document. @param texts the folded words of each of its texts */
  add(texts: string[][]): IndexedTexts {
    if (this.entries.size > this.limit) this.dropRare();
    this.documents++;
    const words = withinLimits(texts.flatMap((text, at) => (at === 0 ? text : [gap, ...text])));
    const distinct: Entry[] = [];
    for (const word of words) {
      const entry = word === gap ? undefined : this.entryOf(word);
      if (entry && this.isFirst(entry)) distinct.push(entry);
    }
    return { words, forms: this.unwrittenForms(distinct) };
  }

  /** Words with the number of documents, those that were dropped excepted. */
  *counts(): Generator<[word: string, count: number]> {
    for (const { word, count } of this.entries.values()) yield [word, count];
  }

  private unwrittenForms(words: Entry[]): string[] {
    const forms: string[] = [];
    let length = 0;
    for (const entry of words)
      for (const form of (entry.forms ??= formsOf(entry.word).map((word) => this.entryOf(word)))) {
        if (!this.isFirst(form)) continue;
        // Forms are ASCII letters, or words as they are written.
        length += form.word.length;
        if (length > limits.bytes || forms.length === limits.forms) return forms;
        forms.push(form.word);
      }
    return forms;
  }

  private entryOf(word: string): Entry {
    let entry = this.entries.get(word);
    if (!entry) this.entries.set(word, (entry = { word, count: 0, seenIn: 0, forms: undefined }));
    return entry;
  }

  /** Counts the current document. @returns whether it was not counted yet */
  private isFirst(entry: Entry): boolean {
    if (entry.seenIn === this.documents) return false;
    entry.seenIn = this.documents;
    entry.count++;
    return true;
  }

  /** Drops the rarest words, until half of the space is free. */
  private dropRare(): void {
    for (let rare = 1; this.entries.size > this.limit / 2; rare++)
      for (const [word, { count }] of this.entries) if (count <= rare) this.entries.delete(word);
    // They may refer to dropped ones.
    for (const entry of this.entries.values()) entry.forms = undefined;
  }
}

/** Truncates the words of enormous posts. */
function withinLimits(folded: string[]): string[] {
  const words = folded.length > limits.words ? folded.slice(0, limits.words) : folded;
  if (words.length * maxBytesPerWord <= limits.bytes) return words;
  let bytes = 0;
  const end = words.findIndex((word) => (bytes += Buffer.byteLength(word)) > limits.bytes);
  return end === -1 ? words : words.slice(0, end);
}
