/** Words that come and go: what people talk about for some years, for ever more, or every winter. */
import type { Post } from "./model.ts";
import { mix, Random } from "./random.ts";

interface Fad {
  /** It contains the word that comes and goes. */
  sentences: string[];
  /** The share of posts that mention it. @param year with the share of the year that has passed */
  share: (year: number) => number;
}

const around = (year: number, center: number, width: number) => Math.exp(-(((year - center) / width) ** 2));

export const fads = {
  /** Rises and falls again. */
  Klingelton: {
    sentences: ["Mein Klingelton nervt schon das ganze Büro.", "Wer hat noch einen guten Klingelton?"],
    share: (year) => 0.05 * around(year, 2007.5, 1.6),
  },
  /** Rises to the end. */
  Lastenrad: {
    sentences: ["Bald kaufe ich mir ein Lastenrad.", "Mit dem Lastenrad wäre das kein Problem."],
    share: (year) => 0.06 / (1 + Math.exp(2016 - year)),
  },
  /** Returns every December. */
  Glühwein: {
    sentences: ["Erst mal einen Glühwein.", "Der Glühwein war schon besser."],
    share: (year) => 0.12 * around((year % 1) - 0.5, 0.45, 0.05),
  },
} as const satisfies Record<string, Fad>;

const year_s = 365.25 * 86_400;

/** The sentence about a fad that a post ends with; mostly none. It depends on the id only, so all else stays as it is. */
export function fadIn(seed: number, { pid, time }: Post): string {
  const random = new Random(mix(seed, pid, 2));
  const year = 1970 + time / year_s;
  for (const { sentences, share } of Object.values(fads) as Fad[])
    if (random.chance(share(year))) return ` ${random.pick(sentences)}`;
  return "";
}
