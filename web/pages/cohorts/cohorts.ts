/** Cohorts as the page shows them. Pure. */
import type { Cohorts } from "../../api.ts";

/** Users who began in the same year. */
export interface Cohort {
  /** The year of their first posts. */
  year: number;
  /** How many they are. */
  size: number;
  /** How many of them posted in a year, and how much; from their first year to the last one with posts. */
  years: ReadonlyMap<number, { active_users: number; post_count: number }>;
}

/** Cohorts, ascending. */
export function cohortsOf(rows: Cohorts["rows"]): Cohort[] {
  return [...Map.groupBy(rows, ({ cohort }) => cohort)].map(([year, own]) => {
    const years = new Map(own.map(({ year: of, active_users, post_count }) => [of, { active_users, post_count }]));
    return { year, size: years.get(year)?.active_users ?? 0, years };
  });
}

/** All years in which somebody may have posted, ascending. */
export const yearsOf = (cohorts: readonly Cohort[]): number[] =>
  [...new Set(cohorts.flatMap(({ years }) => [...years.keys()]))].toSorted((a, b) => a - b);

/** The share of a cohort that posted in a year; NaN before its first year. */
export const shareOf = ({ size, years }: Cohort, year: number): number =>
  (years.get(year)?.active_users ?? NaN) / Math.max(1, size);

/**
 * How shares are shaded: from 0 for nobody to 4. The limits are the quartiles of all years but the first ones, which are
 * 100 % by definition. Then each forum shows its differences, whether its people stay for years or for months.
 * @returns the shade of a share, and the limit beyond which it is the darkest
 */
export function shadingOf(cohorts: readonly Cohort[]): { shadeOf: (share: number) => number; darkest: number } {
  const later = cohorts
    .flatMap((cohort) =>
      [...cohort.years.keys()].filter((year) => year > cohort.year).map((year) => shareOf(cohort, year)),
    )
    .filter((share) => share > 0)
    .toSorted((a, b) => a - b);
  const quartiles = [0.25, 0.5, 0.75].map((part) => later[Math.floor(part * (later.length - 1))] ?? 0);
  return {
    shadeOf: (share) => (share > 0 ? 1 + quartiles.filter((limit) => share > limit).length : 0),
    darkest: quartiles[2] ?? 0,
  };
}
