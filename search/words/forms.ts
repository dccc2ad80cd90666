/**
 * The forms by which a word is found: its dictionary form and, for a compound, the dictionary forms of its parts. Both
 * engines index the same forms, so both find the same. A change here requires a higher `searchVersion`.
 */
import { asciiLetters, lexicon } from "./lexicon.ts";

/** The adjective without its inflection: "schöne", "schöneren", "schönste" → "schön". */
function withoutEnding(word: string, adjectives: Set<string>): string | undefined {
  for (const ending of [/e[mnrs]?$/, /ere[mnrs]?$/, /e?ste[mnrs]?$/, /er$/]) {
    const rest = word.replace(ending, "");
    if (rest !== word && rest.length > 2 && adjectives.has(rest)) return rest;
  }
  return undefined;
}

/** Nouns of three letters that may end a compound. Others are endings by coincidence ("Minister", "Elefant"). */
const shortHeads = new Set(
  "tag tor tur uhr rad hof see bad weg zug hut ort amt box bus art eis tee ohr arm tal web bau ruf rat akt gas app".split(
    " ",
  ),
);
const minPart = 3;
/**
 * Nouns that common words start or end with by coincidence: Transport, Programm, Diagramm, Manifest, Quadrat, Abitur,
 * Temperatur, Kapellchen, Lehrerinnen.
 */
const neverParts = new Set(["tran", "pro", "dia", "mani", "quad", "abi", "tempera", "elchen", "rinne", "rinnen"]);

/** Whether a compound may end with this word. */
function isHead(word: string): boolean {
  const { parts, verbs } = lexicon();
  if (!parts.has(word) || neverParts.has(word) || (word.length <= minPart && !shortHeads.has(word))) return false;
  const isNominalizedVerb = verbs.get(word) === word && /^(?:be|ent|er|ge|ver|zer)/.test(word);
  return !isNominalizedVerb;
}

/** The word that this text means before a noun ("arbeits" in "Arbeitszimmer" → "arbeit"). */
function modifierOf(written: string): string | undefined {
  const { parts, stems, adjectives } = lexicon();
  if (neverParts.has(written)) return undefined;
  if (parts.has(written)) return written;
  const withoutS = written.endsWith("s") ? written.slice(0, -1) : "";
  if (withoutS.length > minPart && parts.has(withoutS)) return withoutS;
  return stems.get(written) ?? (adjectives.has(written) ? written : undefined);
}

/** Letters of a compound: "Hoftor" is as short as they get, longer ones are not split. */
const minCompound = 6;
const maxCompound = 60;
/** Letters of an unknown first part, and of what follows it. */
const minUnknown = 4;
const minAfterUnknown = 5;

interface Part {
  start: number;
  /** Without the s that joins it to the next part. */
  end: number;
  word: string;
}

/** Splits a compound into the fewest parts; undefined for other words. */
function splitCompound(word: string): Part[] | undefined {
  if (word.length < minCompound || word.length > maxCompound || !asciiLetters.test(word)) return undefined;
  const { nouns, verbs } = lexicon();
  // "gestehen" and "laufende" are not compounds.
  if (verbs.has(word) || adjectiveOf(word) !== undefined) return undefined;
  /** At each position: the best way to split the rest of the word. */
  const ways: (Part[] | undefined)[] = [];
  for (let start = word.length - minPart; start >= 0; start--) {
    const rest = word.slice(start);
    if (start > 0 && isHead(rest)) {
      ways[start] = [{ start, end: word.length, word: rest }];
      continue;
    }
    for (let end = start + minPart; end <= word.length - minPart; end++) {
      const following = ways[end];
      if (!following || (ways[start]?.length ?? Infinity) <= following.length + 1) continue;
      const written = word.slice(start, end);
      const modifier = modifierOf(written);
      if (modifier === undefined) continue;
      const linking = written === `${modifier}s` ? 1 : 0;
      ways[start] = [{ start, end: end - linking, word: modifier }, ...following];
    }
  }
  if (ways[0] || nouns.has(word)) return ways[0];
  // The first part may be unknown: "Donau" is not in the dictionary.
  for (let start = minUnknown; start <= word.length - minAfterUnknown; start++) {
    const following = ways[start];
    const name = word.slice(0, start);
    if (following && /[aeiouy]/.test(name)) return [{ start: 0, end: start, word: name }, ...following];
  }
  return undefined;
}

/** The adjective that this is an inflected form of. */
const adjectiveOf = (word: string): string | undefined =>
  lexicon().irregularAdjectives.get(word) ?? withoutEnding(word, lexicon().adjectives);

/** One step toward the dictionary form; undefined if this is it. */
function baseOf(word: string): string | undefined {
  const { nouns, adjectives, verbs } = lexicon();
  const adjective = adjectiveOf(word);
  if (adjective !== undefined) return adjective;
  const noun = nouns.get(word);
  if (noun !== undefined) return noun === word ? undefined : noun;
  const verb = verbs.get(word) ?? word;
  if (verb !== word) return verb;
  return adjectives.has(word) || verbs.has(word) || !asciiLetters.test(word) ? undefined : guessBase(word);
}

/** What an unknown word may be an inflection of. */
function guessBase(word: string): string | undefined {
  const head = splitCompound(word)?.at(-1);
  if (head) {
    const base = word.slice(0, head.start) + lemmaOf(head.word);
    return base === word ? undefined : base;
  }
  const { nouns } = lexicon();
  for (const ending of ["en", "n", "s"]) {
    const rest = word.slice(0, -ending.length);
    if (word.endsWith(ending) && rest.length > minPart && nouns.has(rest)) return rest;
  }
  // "Threads", but not "Jonas" and "Paris".
  return /^.{2,}[bcdfghklmnprtvwy]s$/.test(word) ? word.slice(0, -1) : undefined;
}

/** The dictionary form of a folded word, folded; the word itself if it is unknown. Idempotent. */
export function lemmaOf(word: string): string {
  const path = [word];
  for (let step = baseOf(word); step !== undefined; step = baseOf(step)) {
    const cycle = path.indexOf(step);
    // The lexicon derives "Reise" from "reisen" and vice versa.
    if (cycle !== -1) return path.slice(cycle).toSorted()[0] ?? step;
    path.push(step);
  }
  return path.at(-1) ?? word;
}

const signs = /[+#]+$/;

/** Dictionary forms of a folded word, of its parts, and of consecutive parts together. */
function analyze(word: string): string[] {
  const forms = new Set([lemmaOf(word)]);
  const bare = word.replace(signs, "");
  // "Disney+" is found by "Disney", but C++ is not found by C.
  if (bare !== word && bare.length >= minPart) forms.add(lemmaOf(bare));
  const parts = splitCompound(word) ?? [];
  for (const [first, { start, word: part }] of parts.entries()) {
    for (const form of formsOf(part)) forms.add(form);
    for (const { end } of parts.slice(first + 1))
      if (end - start < word.length) forms.add(lemmaOf(word.slice(start, end)));
  }
  return [...forms];
}

/** Maximum number of cached words; most text consists of few distinct words. */
const maxCached = 300_000;
const cache = new Map<string, string[]>();

/** The forms by which a folded word is found: its dictionary form, then the dictionary forms of a compound's parts. */
export function formsOf(word: string): string[] {
  let forms = cache.get(word);
  if (!forms) {
    forms = analyze(word);
    if (cache.size >= maxCached) cache.clear();
    cache.set(word, forms);
  }
  return forms;
}
