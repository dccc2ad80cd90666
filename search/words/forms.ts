/**
 * The forms by which a word is found: its dictionary form and, for a compound, the dictionary forms of its parts. Both
 * engines index the same forms, so both find the same. A change here requires a higher `searchVersion`.
 */
import { asciiLetters, lexicon } from "./lexicon.ts";

/** "größte" has lost the s of its ending. */
const adjectiveEndings = [/e[mnrs]?$/, /ere[mnrs]?$/, /e?ste[mnrs]?$/, /(?<=[sxz])te[mnrs]?$/, /er$/];

/** The adjective without its inflection: "schöne", "schöneren", "schönste" → "schön". */
function withoutEnding(word: string, adjectives: Set<string>): string | undefined {
  for (const ending of adjectiveEndings) {
    const rest = word.replace(ending, "");
    if (rest !== word && rest.length > 2 && adjectives.has(rest)) return rest;
  }
  return undefined;
}

/** Nouns of three letters that may end a compound. Others are endings by coincidence ("Minister", "Elefant"). */
const shortHeads = new Set(
  (
    "tag tor tur uhr rad hof see bad weg zug hut ort amt box bus art eis tee ohr arm tal web bau ruf rat akt gas app " +
    "typ job fan cup abo set mix not ol"
  ).split(" "),
);
const minPart = 3;
/** "Öl" is the only noun of two letters that is common in compounds and not in other words. */
const shortestPart = 2;
/**
 * Nouns that common words start or end with by coincidence: Transport, Programm, Diagramm, Manifest, Quadrat, Abitur,
 * Temperatur, Kapellchen, Lehrerinnen.
 */
const neverParts = new Set(
  "tran pro dia mani quad abi tempera elchen rinne rinnen verb signa geschicht ein red trans ration rationen abt nische nischen ich".split(
    " ",
  ),
);
/** Words that look like compounds and are none. */
const indivisible = new Set(
  (
    "allesamt alzheimer angesicht applaus attentater australien australier backbord barbier barkeeper bulgarien danemark deutschland eichhornchen england englander enterprise finnland " +
    "frankreich gardiner garderobe garland gebruder gebuhr gehalt generator gestalter griechenland holding holland hollander " +
    "irland kakerlake kapelle kaukasus kombination landshut madeleine mailand marshall mastering matthaus moderat operator osterreich osterreicher " +
    "partitur patriarch plantage russland schriftsteller shopping siebente sozietat support talking tausende teenager toxizitat uniform univers " +
    "vorzeichen walking zivilist zugehorigkeit"
  ).split(" "),
);
/** Adverbs and pronouns, which the dictionary lacks: "stattdessen" is not found by "Essen" nor "unterwegs" by "Weg". */
const functionWord =
  /(?:dessen|twegen|dings|wegs|mals|zufolge|massen|weilen|gleichen|[bf]warts|(?:er|ungs)weise)$|^(?:allen|andern|besten|eben|gleich|jeden|keines)falls$|^(?:irgend|uberhaupt|sozusagen)/;
/** Adjectives are derived with these, "politisch" is not a compound of "Tisch", nor "lebhaft" one of "Haft". */
const derivedAdjective = /(?:isch|haft|los|reich|bar|sam|lich|ig|weise)$/;
/** Words before a noun that are neither nouns nor verbs nor adjectives. */
const otherModifiers = new Set("neben innen aussen zwischen selbst mehr links auswarts ruckwarts vorwarts".split(" "));
/** Nouns that lose an e and gain an s. */
const losesE = new Map([
  ["hilfs", "hilfe"],
  ["geschichts", "geschichte"],
  ["gefolgs", "gefolge"],
]);
/** Nouns with these endings stand before another noun with an s: "Ordnungsamt" is not "Ordnung" and "Samt". */
const requiresS = /(?:...ung|[hk]eit|schaft|itat)$/;

/** Verbs that are nouns as well: "Gerichtsverfahren". */
const nominalized = new Set(
  "befinden benehmen ermessen erscheinen gefallen verbrechen verfahren vergehen vergnugen verhalten verlangen vermogen versprechen vertrauen".split(
    " ",
  ),
);

/** Whether a compound may end with this word. */
function isHead(word: string): boolean {
  const { parts, verbs } = lexicon();
  if (!parts.has(word) || neverParts.has(word) || (word.length <= minPart && !shortHeads.has(word))) return false;
  const isNominalizedVerb = verbs.get(word) === word && /^(?:be|ent|er|ge|ver|zer).{4}/.test(word);
  return !isNominalizedVerb || nominalized.has(word);
}

/** The word that this text means before a noun ("arbeits" in "Arbeitszimmer" → "arbeit"). */
function modifierOf(written: string): string | undefined {
  const { parts, stems, adjectives } = lexicon();
  if (neverParts.has(written) || requiresS.test(written)) return undefined;
  if (parts.has(written) || otherModifiers.has(written)) return written;
  if (written.length < minPart) return undefined;
  const withoutS = written.length > minPart + 1 && written.endsWith("s") ? written.slice(0, -1) : "";
  if (withoutS !== "" && !neverParts.has(withoutS) && parts.has(withoutS)) return withoutS;
  return losesE.get(written) ?? stems.get(written) ?? (adjectives.has(written) ? written : undefined);
}

/** Letters of a compound: "Hoftor" is as short as they get, longer ones are not split. */
const minCompound = 6;
const maxCompound = 60;
/** Letters of an unknown first part, and of what follows it. */
const minUnknown = 5;
const minAfterUnknown = 5;

const notAfterName = /(?:isch(?:e[mnrs]?)?|essen)$/;
/** What an unknown first part starts with that is none, but the rest of a verb: "erschrocken" ends with no "Rock". */
const verbal = /^(?:(?:ab|an|auf|aus|ein|um|vor|weg|zu)?(?:be|ge|ver)|ent|er|zer|un).{0,5}$|(?:ange|ent|ver|zer)$/;

interface Part {
  start: number;
  /** Without the s that joins it to the next part. */
  end: number;
  word: string;
}

/**
 * The fewest parts are best. Of as many, whole nouns ("Zuckerguss" is not "zucken" and "Erguss"), at the end one without
 * an ending ("Gastrolle" is not "Gas" and "Trolle"), before an s one without e ("Bundesamt" is not "Samt").
 */
const cost = { part: 100, stem: 1, inflectedHead: 2, eBeforeS: 1 };

/** Splits a compound into its parts; undefined for other words. */
function splitCompound(word: string): Part[] | undefined {
  if (word.length < minCompound || word.length > maxCompound || !asciiLetters.test(word)) return undefined;
  const { nouns, verbs, adjectives, parts } = lexicon();
  // "gestehen", "hochladen" and "laufende" are not compounds.
  if (verbs.has(word) || adjectiveOf(word) !== undefined) return undefined;
  if (functionWord.test(word)) return undefined;
  if (adjectives.has(word) && derivedAdjective.test(word)) return undefined;
  if (!nouns.has(word) && longerVerbOf(word) !== undefined) return undefined;
  /** At each position: the best way to split the rest of the word, and its cost. */
  const ways: (Part[] | undefined)[] = [];
  const costs: number[] = [];
  for (let start = word.length - shortestPart; start >= 0; start--) {
    const rest = word.slice(start);
    if (start > 0 && isHead(rest)) {
      ways[start] = [{ start, end: word.length, word: rest }];
      costs[start] = cost.part + (nouns.get(rest) === rest ? 0 : cost.inflectedHead);
      continue;
    }
    for (let end = start + shortestPart; end <= word.length - shortestPart; end++) {
      const following = ways[end];
      const least = (costs[end] ?? Infinity) + cost.part;
      if (!following || (costs[start] ?? Infinity) <= least) continue;
      const written = word.slice(start, end);
      const modifier = modifierOf(written);
      if (modifier === undefined) continue;
      const linking = written.endsWith("s") && written !== modifier && !parts.has(written) ? 1 : 0;
      const isNoun = modifier === (linking ? written.slice(0, -1) : written) && parts.has(modifier);
      const isEBeforeS = word[end - 1] === "e" && word[end] === "s";
      const total = least + (isNoun ? 0 : cost.stem) + (isEBeforeS ? cost.eBeforeS : 0);
      if ((costs[start] ?? Infinity) <= total) continue;
      ways[start] = [{ start, end: end - linking, word: modifier }, ...following];
      costs[start] = total;
    }
  }
  if (ways[0] || nouns.has(word)) return ways[0];
  // The first part may be unknown: "Donau" is not in the dictionary. But "idiotisch" ends with no "Tisch".
  if (notAfterName.test(word)) return undefined;
  for (let start = minUnknown; start <= word.length - minAfterUnknown; start++) {
    const following = ways[start];
    const name = word.slice(0, start);
    if (following && /[aeiouy]/.test(name) && !verbal.test(name))
      return [{ start: 0, end: start, word: name }, ...following];
  }
  return undefined;
}

const inflection = /e[mnrs]?$/;

/** Nouns that look like forms of an adjective, which is rarer: "meist". */
const nounsFirst = new Set("meister klammer ruderer wilderer prominenter".split(" "));

/** The adjective that this is an inflected form of. */
function adjectiveOf(word: string): string | undefined {
  if (nounsFirst.has(word)) return undefined;
  const { adjectives, irregularAdjectives } = lexicon();
  // "teureres": the comparative "teurer" has endings of its own.
  return (
    irregularAdjectives.get(word) ??
    withoutEnding(word, adjectives) ??
    irregularAdjectives.get(word.replace(inflection, ""))
  );
}

/** What separates from a verb. */
const particles = new Set(
  (
    "ab an auf aus bei da daran davon dazu dran drauf durch ein fest fort frei gegen heim her heran heraus herein herum herunter hervor hin hinaus " +
    "hinein hinunter hoch klar los mit nach nieder raus rein ran rauf ruber rum runter rum statt teil uber um unter " +
    "voll vor voran voraus vorbei weg weiter wieder zu zuruck zurecht zusammen"
  ).split(" "),
);
const longestParticle = Math.max(...Array.from(particles, ({ length }) => length));
/** What belongs to a verb for good. */
const prefixes = ["be", "ent", "er", "ver", "zer", "miss"];
/** "heruntergeladen", "herunterzuladen", "herunterlädt". */
const insertions = ["ge", "zu", ""];
const minVerb = 4;

const participle = /(?:end|ge.+[nt])$/;

/** The verb that this is a form of, if the dictionary has only the verb without what stands before it. */
function longerVerbOf(word: string): string | undefined {
  const verb = prefixedVerbOf(word);
  if (verb !== undefined) return verb;
  const bare = word.replace(inflection, "");
  return bare !== word && participle.test(bare) ? prefixedVerbOf(bare) : undefined;
}

function prefixedVerbOf(word: string): string | undefined {
  const { verbs } = lexicon();
  for (const prefix of prefixes) {
    if (!word.startsWith(prefix)) continue;
    const rest = word.slice(prefix.length);
    // "erstochen" is formed like "gestochen".
    const verb = rest.length < minVerb ? undefined : (verbs.get(rest) ?? verbs.get(`ge${rest}`));
    if (verb !== undefined) return prefix + verb;
  }
  for (let end = Math.min(longestParticle, word.length - minVerb); end >= 2; end--) {
    const particle = word.slice(0, end);
    if (!particles.has(particle)) continue;
    const rest = word.slice(end);
    for (const inserted of insertions) {
      if (!rest.startsWith(inserted)) continue;
      const verb = verbs.get(inserted === "zu" ? rest.slice(2) : rest);
      // "auswärts" is not of "aussein".
      if (verb !== undefined && verb !== "sein" && (inserted !== "zu" || verb === rest.slice(2)))
        return particle + verb;
    }
  }
  return undefined;
}

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
  const head = splitCompound(word)?.at(-1);
  if (head) {
    const base = word.slice(0, head.start) + lemmaOf(head.word);
    return base === word ? undefined : base;
  }
  const { nouns, verbs } = lexicon();
  for (const ending of ["en", "n", "es", "s"]) {
    const rest = word.slice(0, -ending.length);
    if (word.endsWith(ending) && rest.length > minPart && nouns.has(rest)) return rest;
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

/** Dictionary forms of a folded word in all its senses, of its parts, and of consecutive parts together. */
function analyze(word: string): string[] {
  const forms = new Set(compoundForms(word));
  // "macht" is a form of "machen" as well as of "Macht".
  const { nouns, secondNouns, verbs } = lexicon();
  for (const senses of [nouns, secondNouns, verbs]) {
    const base = senses.get(word);
    if (base !== undefined) forms.add(lemmaOf(base));
  }
  return [...forms];
}

const compoundsCache = new Map<string, string[]>();

/** Dictionary forms of a folded word as it is most often meant, of its parts, and of consecutive parts together. */
function compoundForms(word: string): string[] {
  const cached = compoundsCache.get(word);
  if (cached) return cached;
  const lemma = lemmaOf(word);
  const forms = new Set([lemma]);
  const bare = word.replace(signs, "");
  // "Disney+" is found by "Disney", but C++ is not found by C.
  if (bare !== word && bare.length >= minPart) forms.add(lemmaOf(bare));
  // "hellblaue" is taken apart as "hellblau".
  const compound = lexicon().adjectives.has(lemma) ? lemma : word;
  const parts = (indivisible.has(lemma) ? undefined : splitCompound(compound)) ?? [];
  for (const [first, { start, word: part }] of parts.entries()) {
    for (const form of compoundForms(part)) forms.add(form);
    for (const { end } of parts.slice(first + 1))
      if (end - start < compound.length) forms.add(lemmaOf(compound.slice(start, end)));
  }
  const found = [...forms];
  if (compoundsCache.size >= maxCached) compoundsCache.clear();
  compoundsCache.set(word, found);
  return found;
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
