/** Words with the frequencies of a natural language: a few make up half of a text, and most are rare. */
import { cumulativeSums, Random } from "@potstats/simulator/random";

/** The most frequent words, in descending order. */
const frequent =
  `und ich die das ist der nicht es ja in zu du mal so auch aber mit wenn was man ein auf hat wie noch nur da den für doch schon
   oder habe eine war von sind dann bei wird hier mir kann als haben sich an immer alle mehr einen sein`.split(/\s+/);
/** Words to search for, with realistic frequencies: every 200th rank after the frequent ones. */
const subjects =
  `Beitrag Wetter Fußball Straßen Kuchen Grafikkarten Auto Spiel Rechner Musik Bahnhof Wörter Fahrrad Kamera Schiff`.split(
    " ",
  );
const size = 60_000;
const onsets = "b d f g h k l m n p r s t v w z sch st br gr kr tr bl fl an be ge ver ein aus".split(" ");
const vowels = "a e i o u ä ö ü ei au ie".split(" ");
const codas = ["", "", "", "n", "r", "l", "t", "s", "ng", "ch"];

function inventWord(random: Random): string {
  const syllable = () => random.pick(onsets) + random.pick(vowels) + random.pick(codas);
  return Array.from({ length: random.between(1, 3) }, syllable).join("");
}

/** A random text. @param count the number of words */
export function babble(count: number): string {
  const random = new Random(1);
  const words = Array.from({ length: size }, (_, rank) => {
    const offset = rank - frequent.length;
    return frequent[rank] ?? (offset % 200 === 0 ? subjects[offset / 200] : undefined) ?? inventWord(random);
  });
  // The Zipf–Mandelbrot law.
  const weights = cumulativeSums(words.map((_, rank) => 1 / (rank + 2.7)));
  return Array.from({ length: count }, () => words[random.weighted(weights)]).join(" ");
}
