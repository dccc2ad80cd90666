import { expect, test } from "bun:test";
import { cohortsOf, shadingOf, shareOf, yearsOf } from "./cohorts.ts";

const row = (cohort: number, year: number, active_users: number, post_count = active_users) => ({
  cohort,
  year,
  active_users,
  post_count,
});
const rows = [row(2010, 2010, 8), row(2010, 2011, 2), row(2010, 2012, 0), row(2012, 2012, 5)];

test("the share of a cohort is of all who began in its year; before it there is none", () => {
  const [first, second] = cohortsOf(rows);
  expect([first!.year, first!.size, second!.size]).toEqual([2010, 8, 5]);
  expect([2010, 2011, 2012].map((year) => shareOf(first!, year))).toEqual([1, 0.25, 0]);
  expect([2010, 2011, 2012].map((year) => shareOf(second!, year))).toEqual([NaN, NaN, 1]);
  expect(yearsOf(cohortsOf(rows))).toEqual([2010, 2011, 2012]);
});

test("a larger share is never paler, and the first years do not make the others pale", () => {
  const { shadeOf, darkest } = shadingOf(
    cohortsOf([row(2010, 2010, 10), ...[1, 2, 3, 4, 5].map((n) => row(2010, 2010 + n, n))]),
  );
  expect([0, 0.1, 0.2, 0.3, 0.4, 0.5, 1].map(shadeOf)).toEqual([0, 1, 1, 2, 3, 4, 4]);
  expect(darkest).toBe(0.4);
});

test("a single year has the darkest shade only", () => {
  expect(shadingOf(cohortsOf([row(2010, 2010, 8)])).shadeOf(1)).toBe(4);
});
