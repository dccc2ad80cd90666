import type { Cell } from "@potstats/csv/write";
import type { Cohort } from "./cohorts.ts";

/** The numbers of all cohorts as a file. */
export const fileOf = (cohorts: readonly Cohort[]): Cell[][] => [
  ["cohort", "year", "active_users", "post_count"],
  ...cohorts.flatMap((cohort) =>
    [...cohort.years].map(([year, { active_users, post_count }]) => [cohort.year, year, active_users, post_count]),
  ),
];
