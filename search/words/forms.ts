/**
 * The forms by which a word is found: its dictionary form and, for a compound, the dictionary forms of its parts. Both
 * engines index the same forms, so both find the same. A change here requires a higher `searchVersion`.
 */
import { indivisible, minPart, splitCompound } from "./compounds.ts";
import { adjectiveOf, inflection, longerVerbOf, participle } from "./inflection.ts";
import { asciiLetters, lexicon } from "./lexicon.ts";

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

/** Endings of unknown words whose kind they tell: "nerdiges", "Userinnen", "Simulationen", "Zockern", "gezockt". */
const tellingEndings: [RegExp, string][] = [
  [/(?<=...(?:ig|lich|isch|bar|los|sam|haft))(?:er|st)?e[mnrs]?$/, ""],
  [/(?<=..in)nen$/, ""],
  [/(?<=..(?:ung|[hk]eit|schaft|itat|ion))en$/, ""],
  [/(?<=..e[lr])n$/, ""],
  [/^ge(?=.{3})([^aeiouy]*[aeiouy]{1,2}[^aeiouy]{1,4}(?:e[lr])?)e?t$/, "$1en"],
];

/** What an unknown word may be an inflection of. */
function guessBase(word: string): string | undefined {
  const verb = longerVerbOf(word);
  if (verb !== undefined) return verb === word ? undefined : verb;
  const { nouns, verbs } = lexicon();
  for (const ending of ["en", "n", "es", "s"]) {
    const rest = word.slice(0, -ending.length);
    if (word.endsWith(ending) && rest.length > minPart && nouns.has(rest)) return rest;
  }
  const head = splitCompound(word)?.at(-1);
  if (head) {
    const base = word.slice(0, head.start) + lemmaOf(head.word);
    return base === word ? undefined : base;
  }
  // "gestreamte" is inflected like an adjective.
  const bare = word.replace(inflection, "");
  if (bare !== word && participle.test(bare) && verbs.has(bare)) return bare;
  for (const [ending, replacement] of tellingEndings) if (ending.test(word)) return word.replace(ending, replacement);
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

/** Dictionary forms of a folded word as it is most often meant, of its parts, and of consecutive parts together. */
function analyze(word: string): string[] {
  const lemma = lemmaOf(word);
  const forms = new Set([lemma]);
  const bare = word.replace(signs, "");
  // "Disney+" is found by "Disney", but C++ is not found by C.
  if (bare !== word && bare.length >= minPart) forms.add(lemmaOf(bare));
  // Known words are taken apart in their dictionary form: "Klöstern" does not end with "Stern".
  const compound = lexicon().nouns.has(lemma) || lexicon().adjectives.has(lemma) ? lemma : word;
  const parts = (indivisible.has(lemma) ? undefined : splitCompound(compound)) ?? [];
  for (const [first, { start, word: part }] of parts.entries()) {
    for (const form of formsOfPart(part)) forms.add(form);
    for (const { end } of parts.slice(first + 1))
      if (end - start < compound.length) forms.add(lemmaOf(compound.slice(start, end)));
  }
  return [...forms];
}

/** The other dictionary forms of a word: "macht" is a form of "machen" as well as of "Macht". */
function otherSenses(word: string): string[] {
  const { nouns, secondNouns, verbs } = lexicon();
  return [nouns, secondNouns, verbs].flatMap((senses) => {
    const base = senses.get(word);
    return base === undefined ? [] : [lemmaOf(base)];
  });
}

/** Maximum number of cached words; most text consists of few distinct words. */
const maxCached = 300_000;

function cached(compute: (word: string) => string[]): (word: string) => string[] {
  const cache = new Map<string, string[]>();
  return (word) => {
    let forms = cache.get(word);
    if (!forms) {
      forms = compute(word);
      if (cache.size >= maxCached) cache.clear();
      cache.set(word, forms);
    }
    return forms;
  };
}

const formsOfPart = cached(analyze);

/**
 * The forms by which a folded word is found: its dictionary form, then the dictionary forms of a compound's parts and of
 * its other senses.
 */
export const formsOf: (word: string) => string[] = cached((word) => [
  ...new Set([...analyze(word), ...otherSenses(word)]),
]);
