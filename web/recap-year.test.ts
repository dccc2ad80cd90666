import { expect, test } from "bun:test";
import { recapYear } from "./recap-year.ts";

const years = [2003, 2009, 2010, 2014, 2016];
const chosen = (selected: string) => recapYear(selected, years, 2016);

test("a selected year is the one, whether it has posts or not", () => {
  expect([chosen("2009"), chosen("2016"), chosen("1999")]).toEqual([2009, 2016, 1999]);
});

test("otherwise it is the last year with posts that is over, within a selected range", () => {
  expect(chosen("")).toBe(2014);
  expect([chosen("2003-2012"), chosen("2010-2016"), chosen("2004-2009")]).toEqual([2010, 2014, 2009]);
});

test("a year that is not over is better than none, and without years there is none", () => {
  expect(chosen("2015-2016")).toBe(2016);
  expect([chosen("2011-2013"), recapYear("", [], 2016)]).toEqual([undefined, undefined]);
});
