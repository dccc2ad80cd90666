import { expect, test } from "bun:test";
import { daysOf } from "./selection.ts";

test("the days of years are half-open; year 0 covers all years", () => {
  const days = (first: number, last = first) => daysOf({ first, last });
  expect(days(2012)).toEqual({ firstDay: "2012-01-01", endDay: "2013-01-01" });
  expect(days(2009, 2012)).toEqual({ firstDay: "2009-01-01", endDay: "2013-01-01" });
  expect(days(1)).toEqual({ firstDay: "0001-01-01", endDay: "0002-01-01" });
  expect(days(9999)).toEqual({ firstDay: "9999-01-01", endDay: "10000-01-01" });
  expect(days(0)).toEqual({ firstDay: "0001-01-01", endDay: "10000-01-01" });
});
