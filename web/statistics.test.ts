import { expect, test } from "bun:test";
import { hasGaps, yearsOf } from "./statistics.ts";

const row = (year: number, post_count = 1) => ({
  year,
  post_count,
  edit_count: 0,
  avg_post_length: 0,
  threads_created: 0,
  quoted_count: 0,
  quotes_count: 0,
});

test("every year from the first to the last is shown, even without posts", () => {
  const years = yearsOf([row(2004), row(2005, 0), row(2007), row(2003)]);
  expect(years).toEqual([2003, 2004, 2005, 2006, 2007]);
  expect(hasGaps(years)).toBe(false);
  expect(yearsOf([])).toEqual([]);
});

test("empty years are left out when the first and the last are thousands of years apart", () => {
  const filled = Array.from({ length: 7999 }, (_, at) => row(2000 + at, at === 0 || at === 3 || at === 7998 ? 1 : 0));
  const years = yearsOf(filled);
  expect(years).toEqual([2000, 2003, 9998]);
  expect(hasGaps(years)).toBe(true);
});

test("a year without posts counts if the user was quoted in it", () => {
  expect(yearsOf([row(2000), { ...row(2100, 0), quoted_count: 1 }])).toEqual([2000, 2100]);
});
