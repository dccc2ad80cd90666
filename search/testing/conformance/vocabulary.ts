/** The words that the random posts consist of: common and rare, German as people type it, and a forum's noise. */
import { babble } from "@potstats/bench/vocabulary";
import type { Random } from "@potstats/simulator/random";
import { fillers, openings, reactions, short, smilies, topics } from "@potstats/simulator/words";

const split = (text: string) => text.trim().split(/\s+/);

/** What folds, stems or splits in an unusual way. */
const odd = split(`
  Haus Häuser Haeusern Hausboot Krankenhaus Kind Kinder Kindergarten Karte Karten Grafikkarten Kartenspiel Auto Autos Autobahn Autor
  Straße Strasse STRASSEN Straßenbahn Bahn Bahnhof neun neuen neue Frau Frauen Frauenfußball Fußball Fuss Steuer Steuern Quelle
  Quellen blau blauen E-Mail E-Mails Mail E C++ C# C F# c++17 g++ C+ 192.168.1.1 192.168.1.77 192.168.7.1 1 7 42 007 Köln Koeln Koln
  über ueber Michael Michäl säen Poet Poeten Donau\u00addampf\u00adschiff Donaudampfschiff Schiff Dampf ver\u200bsteckt versteckt
  \ufb01nden finden Ｗｏｒｔ Wort Wörter Woerter 😂 😂😂 👍🏽 👍 super😂 👩\u200d👧 🇩🇪🇦🇹 ❤️ Läufer laufen läuft lief geht gehen ging m² M2
  ⅓ 2⅓ 3.5 1.234,56 snake_case x86_64 Jörg's Ω ω ΟΔΟΣ 日本 日本語 Привет приве́т Disney+ Disney Café cafe Wal™ der die und ein im ist
  https://www.wale.example/watch?v=a-B_9 www.bahn.example/fahrplan karl@post.example AT&T #wal @Karl (Klammer) „Anführung“ 'einfach'
  1+1 a+b -minus +plus 50% 100€ z.B. d.h. u.a. Nr.#1 ... ?! <b> &lt; &amp; Schifffahrt Donaudampfschifffahrtsgesellschaft und/oder
`);

const modifiers = split(
  "Grafik Haus Auto Straßen Fußball Kinder Arbeits Wetter Schul Regen Bücher Zeitungs Sonnen Wasser Computer Foto",
);
const heads = split(
  "karte boot bahn spiel zimmer bericht hof wagen laden schrank tür vertrag uhr platz rechner verein kiste lampe",
);
const endings = ["", "", "", "n", "en", "s", "es", "e", "er", "chen"];
const stems = split("klein schnell laut billig Freund Lehrer kauf spiel schreib Dampfer Kuchen Rad Katze Hund Garten");

/** Frequencies as in a language: the words of a text, in order. */
const common = babble(60_000).split(" ");
const sentences = [
  ...Object.values(topics).flatMap(({ things, does, collective, tags }) => [
    ...things.flat(),
    ...does,
    ...collective,
    ...tags,
  ]),
  ...openings,
  ...reactions,
  ...short,
  ...fillers,
];

/** The hosts that posts link to. */
export const hosts = Object.values(topics).flatMap((topic) => topic.hosts);

const invented = (random: Random) => {
  const word = random.chance(0.6)
    ? random.pick(modifiers) + (random.chance(0.2) ? random.pick(heads) : "") + random.pick(heads)
    : random.pick(stems);
  return word + random.pick(endings);
};

/** One word or a few, as they stand in a post. */
export function someWords(random: Random): string {
  const kind = random.next();
  if (kind < 0.55) return respelled(random, random.pick(common));
  if (kind < 0.72) return random.pick(sentences);
  if (kind < 0.86) return respelled(random, random.pick(odd));
  if (kind < 0.97) return respelled(random, invented(random));
  return random.pick(smilies);
}

/** One very common word. */
export const commonWord = (random: Random): string => random.pick(["ja", "und", "nicht", "das", "Der", "ICH", "ja."]);

const umlauts: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", Ä: "Ae", Ö: "Oe", Ü: "Ue" };

const inserted = (random: Random, word: string, sign: string) => {
  const letters = [...word];
  letters.splice(random.between(0, letters.length), 0, sign);
  return letters.join("");
};

/** The word, sometimes as others type it. */
export function respelled(random: Random, word: string): string {
  if (random.chance(0.85)) return word;
  switch (random.below(8)) {
    case 0:
    case 1:
      return word.replaceAll(/[äöüßÄÖÜ]/g, (letter) => umlauts[letter] ?? letter);
    case 2:
      return word.normalize("NFD");
    case 3:
      return word.toUpperCase();
    case 4:
      return word.toLowerCase();
    case 5:
      return inserted(random, word, random.pick(["\u00ad", "\u200b", "\u200d", "\ufeff"]));
    case 6:
      return word.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
    default:
      return word.replace(/[aeou]/, (letter) => `${letter}\u0301`);
  }
}
