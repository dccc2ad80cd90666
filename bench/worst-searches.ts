/** Expensive searches: words that occur in many posts, in none or only in old ones, with every filter and order. */
import type { SearchRequest } from "@potstats/search/contract";
import { Random } from "@potstats/simulator/random";

const common = "und ich die das ist der nicht es ja in zu du mal so auch aber mit".split(" ");
const rare = "Wetter Fußball Straßen Kuchen Grafikkarten Bahnhof Fahrrad unauffindbar nirgendwo".split(" ");
const letters = [..."abcdefghijklmnopqrstuvwxyz0"];

/** Kinds of query words. */
const words: Record<string, (random: Random) => string> = {
  none: () => "",
  "one letter": (random) => random.pick(letters),
  "two letters": (random) => random.pick(letters) + random.pick(letters),
  "common word": (random) => `${random.pick(common)} `,
  "common words": (random) => `${sample(random, common, random.between(2, 32)).join(" ")} `,
  "rare word": (random) => `${random.pick(rare)} `,
  "rare words that never co-occur": (random) => `${sample(random, rare, 3).join(" ")} `,
  "rare and common": (random) => `${random.pick(rare)} ${sample(random, common, 3).join(" ")} ${random.pick(letters)}`,
  "phrase of common words": (random) => `"${sample(random, common, random.between(2, 5)).join(" ")}"`,
  "phrase that never occurs": () => '"und die der das ist nicht es ja in zu"',
  "excluded letter": (random) => `-${random.pick(letters)}`,
  "excluded common word": (random) => `-${random.pick(common)}`,
  "excluded common words": (random) =>
    sample(random, common, 12)
      .map((word) => `-${word}`)
      .join(" "),
  "excluded rare word": (random) => `-${random.pick(rare)}`,
  "excluded phrase": (random) => `-"${sample(random, common, 3).join(" ")}"`,
  "common without common": (random) =>
    `${random.pick(common)} -${random.pick(common)} -"${sample(random, common, 2).join(" ")}"`,
  "exact words": (random) =>
    `${sample(random, common, 4)
      .map((word) => `+${word}`)
      .join(" ")} `,
};

const filters: Record<string, (random: Random) => string> = {
  none: () => "",
  link: () => "has:link",
  "no such kind": () => "has:video",
  "all kinds": () => "has:link has:image has:video",
  "busy user": (random) => `user:"nutzer ${random.between(1, 20)}"`,
  "any user": (random) => `user:"nutzer ${random.between(1, 5000)}"`,
  "big board": () => "board:brett",
  "small board": () => 'board:"brett 20"',
  "user and board": (random) => `user:"nutzer ${random.between(1, 20)}" board:"brett ${random.between(1, 20)}"`,
  "first year": () => "year:2003",
  "almost all years": () => "after:2003-02 before:2023-12",
  "one day": () => "after:2012-05-01 before:2012-05-02",
  "old links of a board": () => 'has:link board:"brett 2" before:2008',
};

const sorts = ["score", "date-asc", "date-desc"] as const;

/** @returns each combination of words and filters, `times` times, with random type, order and page */
export function worstSearches(times: number): { kind: string; request: SearchRequest }[] {
  const random = new Random(1);
  return Object.entries(words).flatMap(([kind, text]) =>
    Object.entries(filters).flatMap(([filtered, filter]) =>
      Array.from({ length: times }, () => ({
        kind: `${kind}, ${filtered}`,
        request: {
          content: `${filter(random)} ${text(random)}`,
          type: random.chance(0.9) ? ("post" as const) : ("thread" as const),
          sort: random.pick(sorts),
          offset: random.pick([0, 0, 30, 1000, 9900]),
          limit: random.pick([1, 30, 100]),
          facets: random.chance(0.5),
        },
      })),
    ),
  );
}

/** A random sample without repetition. */
function sample<T>(random: Random, all: T[], count: number): T[] {
  const left = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () =>
    left.splice(random.between(0, left.length - 1), 1),
  ).flat();
}
