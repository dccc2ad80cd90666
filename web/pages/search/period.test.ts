import { expect, test } from "bun:test";
import { isWholeYears, periodOf, yearsOf } from "./period.ts";

const all = { first: 2004, last: 2020 };
const none = { year: "", after: "", before: "" };

test("one year is the filter year, several are after and before", () => {
  expect(periodOf(undefined)).toEqual(none);
  expect(periodOf({ first: 2012, last: 2012 })).toEqual({ ...none, year: "2012" });
  expect(periodOf({ first: 2011, last: 2013 })).toEqual({ ...none, after: "2011", before: "2014" });
});

test("parameters select the years that they were made from", () => {
  for (const range of [undefined, { first: 2012, last: 2012 }, { first: 2004, last: 2020 }])
    expect(yearsOf(periodOf(range), all)).toEqual(range);
});

test("open and partial periods select the years that they touch", () => {
  const cases: [after: string, before: string, first: number, last: number][] = [
    ["2011", "", 2011, 2020],
    ["", "2011", 2004, 2010],
    ["2011-05", "2012-01", 2011, 2011],
    ["2011-05-07", "2012-01-01", 2011, 2011],
    ["2011-05-07", "2012-01-02", 2011, 2012],
  ];
  for (const [after, before, first, last] of cases)
    expect([after, before, yearsOf({ year: "", after, before }, all)]).toEqual([after, before, { first, last }]);
  expect(yearsOf({ year: "", after: "2015", before: "2014" }, all)).toBeUndefined();
  // The other pages' filter.
  expect(yearsOf({ year: "2009-2012", after: "", before: "" }, all)).toEqual({ first: 2009, last: 2012 });
});

test("only a beginning and an end in years make whole years", () => {
  expect([
    isWholeYears({ after: "2011", before: "2013" }),
    isWholeYears({ after: "2011-01", before: "2013" }),
    isWholeYears({ after: "2011", before: "" }),
    isWholeYears({ after: "2013", before: "2011" }),
  ]).toEqual([true, false, false, false]);
});
