/** The words that the dictionary lacks, in all their forms. */
interface Form {
  word: string;
  /** Its dictionary form. */
  base: string;
}

const linesOf = (text: string): string[] => text.match(/^[^#\n].*/gm) ?? [];

interface NounForm extends Form {
  /** Whether compounds consist of it. */
  isPart: boolean;
  /** Whether it is written as a whole: then it is this noun's, even if the dictionary has it as one of its own. */
  isWhole: boolean;
}

/** The forms of nouns. @param nouns more-nouns.txt */
export function* moreNouns(nouns: string, fold: (text: string) => string): Generator<NounForm> {
  for (const line of linesOf(nouns)) {
    const [written = "", ...forms] = line.split(" ");
    const isPart = !written.endsWith("*");
    const lemma = isPart ? written : written.slice(0, -1);
    const base = fold(lemma);
    for (const form of ["", ...forms]) {
      const isWhole = /^\p{Lu}/u.test(form);
      yield { word: fold(isWhole ? form : lemma + form), base, isPart, isWhole };
    }
  }
}

/** The forms of verbs. @param verbs more-verbs.txt */
export function* moreVerbs(verbs: string, fold: (text: string) => string): Generator<Form> {
  for (const line of linesOf(verbs)) {
    const [verb = "", ...irregular] = line.split(" ");
    const base = fold(verb.replace("|", ""));
    for (const form of irregular.length > 0 ? irregular : regularForms(verb)) yield { word: fold(form), base };
  }
}

/** All forms of a regular verb. A bar stands after a part that may separate: "up|daten" → "upgedatet", "geupdatet". */
function regularForms(verb: string): string[] {
  const bar = verb.indexOf("|");
  const prefix = verb.slice(0, Math.max(bar, 0));
  const stem = verb.slice(bar + 1).replace(/(?<=e[lr])n$|en$/, "");
  const vowel = /[dt]$|[bcdfgkpstvwxz][mn]$/.test(stem) ? "e" : "";
  const past = `${stem}${vowel}t`;
  const endings = ["e", "en", "est", "end"].map((ending) => stem + ending);
  const finite = [...endings, `${stem}${vowel}st`, past, ...["e", "en", "est", "et"].map((ending) => past + ending)];
  // "geliked" as well as "gelikt".
  const participles = [past, `${stem}ed`].flatMap((form) => [`${prefix}ge${form}`, `ge${prefix}${form}`]);
  return [verb.replace("|", ""), ...finite.map((form) => prefix + form), ...participles];
}
