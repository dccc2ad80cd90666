/** Takes German compounds apart. */
import { adjectiveOf, longerVerbOf, wordSet } from "./inflection.ts";
import { asciiLetters, lexicon } from "./lexicon.ts";

/** Nouns of three letters that may end a compound. Others are endings by coincidence ("Minister", "Elefant"). */
const shortHeads = wordSet(`
  abo akt amt app arm art bad bau box bus cup eis fan gas hof hut job mix not ohr ol ort rad rat ruf see set tag tal tee tor
  tur typ uhr web weg zug
`);
export const minPart = 3;
/** "Öl" is the only noun of two letters that is common in compounds and not in other words. */
const shortestPart = 2;
/**
 * Nouns and stems that words start or end with by coincidence: Transport, Programm, Diagramm, Manifest, Quadrat, Abitur,
 * Temperatur, Kapellchen, Lehrerinnen, Verbrauch, Signatur, Einrichtung, Redaktion, Illustration, Abteilung, Italienische.
 */
const neverParts = wordSet(`
  abi abt dia ein elchen geschicht ich mani nische nischen pro quad ration rationen red rinne rinnen signa tempera tran
  trans verb
`);
/** Dictionary forms of words that look like compounds and are none. */
export const indivisible = wordSet(`
  allesamt alzheimer angesicht applaus attentater auditor australien australier backbord barbier barkeeper bulgarien danemark
  deutschland eichhornchen england englander enterprise finnland frankreich gardiner garderobe garland gebruder gebuhr
  gehalt generator gestalter griechenland holding holland hollander irland kakerlake kapelle kaukasus kombination landshut
  madeleine mailand marshall mastering matthaus moderat operator osterreich osterreicher partitur patriarch plantage
  russland schriftsteller shopping siebente sozietat support talking tausende teenager toxizitat uniform univers
  vorzeichen waldorf walking zivilist zugehorigkeit
`);
/** Adverbs and pronouns, which the dictionary lacks: "stattdessen" is not found by "Essen" nor "unterwegs" by "Weg". */
const functionWord = new RegExp(
  "(?:dessen|twegen|dings|wegs|mals|zufolge|massen|weilen|gleichen|(?:er|ungs)weise)$|" +
    "(?:ab|auf|aus|ein|heim|nord|ost|ruck|seit|sud|tal|vor|west)warts$|" +
    "^(?:allen|andern|besten|eben|gleich|jeden|keines)falls$|^(?:irgend|uberhaupt|sozusagen)",
);
/** Adjectives are derived with these, "politisch" is not a compound of "Tisch", nor "lebhaft" one of "Haft". */
const derivedAdjective = /(?:isch|haft|los|reich|bar|sam|lich|ig|weise)$/;
/** Words before a noun that are neither nouns nor verbs nor adjectives. */
const otherModifiers = wordSet("aussen auswarts innen links mehr neben ruckwarts selbst vorwarts zwischen");
/** Nouns that lose an e and gain an s. */
const losesE = new Map([
  ["hilfs", "hilfe"],
  ["geschichts", "geschichte"],
  ["gefolgs", "gefolge"],
]);
/** Nouns with these endings stand before another noun with an s: "Ordnungsamt" is not "Ordnung" and "Samt". */
const requiresS = /(?:...ung|[hk]eit|schaft|itat)$/;

/** Verbs that are nouns as well: "Gerichtsverfahren". */
const nominalized = wordSet(`
  befinden benehmen ermessen erscheinen gefallen verbrechen verfahren vergehen vergnugen verhalten verlangen vermogen
  versprechen vertrauen
`);

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

/** "idiotisch" ends with no "Tisch", "Interessen" with no "Essen". */
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

/** Whether this is certainly no compound: "gestehen", "laufende", "politisch", "hochladen", "unterwegs". */
function isSimple(word: string): boolean {
  const { nouns, verbs, adjectives } = lexicon();
  return (
    verbs.has(word) ||
    adjectiveOf(word) !== undefined ||
    (adjectives.has(word) && derivedAdjective.test(word)) ||
    functionWord.test(word) ||
    (!nouns.has(word) && longerVerbOf(word) !== undefined)
  );
}

/** Splits a compound into its parts; undefined for other words. */
export function splitCompound(word: string): Part[] | undefined {
  if (word.length < minCompound || word.length > maxCompound || !asciiLetters.test(word) || isSimple(word))
    return undefined;
  const ways = waysToSplit(word);
  if (ways[0] || lexicon().nouns.has(word)) return ways[0];
  // The first part may be unknown: "Donau" is not in the dictionary.
  if (notAfterName.test(word)) return undefined;
  for (let start = minUnknown; start <= word.length - minAfterUnknown; start++) {
    const following = ways[start];
    const name = word.slice(0, start);
    if (following && /[aeiouy]/.test(name) && !verbal.test(name))
      return [{ start: 0, end: start, word: name }, ...following];
  }
  return undefined;
}

/** At each position: the best way to split the rest of the word. */
function waysToSplit(word: string): (Part[] | undefined)[] {
  const { nouns, parts } = lexicon();
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
  return ways;
}
