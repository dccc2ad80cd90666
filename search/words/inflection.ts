/** Inflected adjectives, and verbs with something before them: what is told by endings and beginnings. */
import { type Lexicon, lexicon } from "./lexicon.ts";

/** The words of a text. */
export const wordSet = (text: string): Set<string> => new Set(text.trim().split(/\s+/));

/** "größte" has lost the s of its ending. */
const adjectiveEndings = [/e[mnrs]?$/, /ere[mnrs]?$/, /e?ste[mnrs]?$/, /(?<=[sxz])te[mnrs]?$/, /er$/];

/** The adjective without its inflection: "schöne", "schöneren", "schönste" → "schön". */
function withoutEnding(word: string, adjectives: Lexicon["adjectives"]): string | undefined {
  for (const ending of adjectiveEndings) {
    const rest = word.replace(ending, "");
    if (rest !== word && rest.length > 2 && adjectives.has(rest)) return rest;
  }
  return undefined;
}

/** The endings of adjectives, which participles have as well. */
export const inflection = /e[mnrs]?$/;

/** Nouns that look like forms of an adjective, which is rarer: "meist". */
const nounsFirst = wordSet("klammer meister prominenter ruderer wilderer");

/** The adjective that this is an inflected form of. */
export function adjectiveOf(word: string): string | undefined {
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
const particles = wordSet(`
  ab an auf aus bei da daran davon dazu dran drauf durch ein fest fort frei gegen heim her heran heraus herein herum
  herunter hervor hin hinaus hinein hinunter hoch klar los mit nach nieder ran rauf raus rein ruber rum runter statt teil
  uber um unter voll vor voran voraus vorbei weg weiter wieder zu zurecht zuruck zusammen
`);
const longestParticle = Math.max(...Array.from(particles, ({ length }) => length));
/** What belongs to a verb for good. */
const prefixes = ["be", "ent", "er", "ver", "zer", "miss"];
/** "heruntergeladen", "herunterzuladen", "herunterlädt". */
const insertions = ["ge", "zu", ""];
const minVerb = 4;

export const participle = /(?:end|ge.+[nt])$/;

/** The verb that this is a form of, if the dictionary has only the verb without what stands before it. */
export function longerVerbOf(word: string): string | undefined {
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
