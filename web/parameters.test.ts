import { expect, test } from "bun:test";
import { dateOf, idOf, single, yearOf, yearsOf } from "./parameters.ts";

test("the first value of a repeated parameter counts, and a missing parameter is empty", () => {
  expect([single("a"), single(["a", "b"]), single([]), single(undefined)]).toEqual(["a", "a", "", ""]);
});

test("anything but a year or an id becomes empty", () => {
  for (const year of ["1", "2016", "9999"]) expect(yearOf(year)).toBe(year);
  for (const text of ["0", "02016", "10000", "-1", "2016a", " 2016", "null", ""])
    expect([text, yearOf(text)]).toEqual([text, ""]);
  for (const id of ["1", "14", "999999999"]) expect(idOf(id)).toBe(id);
  for (const text of ["0", "014", "1000000000", "1.5", "x", ""]) expect([text, idOf(text)]).toEqual([text, ""]);
  expect(yearOf(["2016", "2017"])).toBe("2016");
});

test("anything but a year, month or day becomes empty", () => {
  for (const date of ["2012", "2012-05", "2012-05-01"]) expect(dateOf(date)).toBe(date);
  for (const text of ["12", "2012-5", "2012-05-01-01", "2012-05-01T00", "x2012", ""])
    expect([text, dateOf(text)]).toEqual([text, ""]);
});

test("a year or a range of years", () => {
  expect(["2012", "2009-2012", "2012-2012"].map(yearsOf)).toEqual(["2012", "2009-2012", "2012"]);
  for (const value of ["", "0", "2012-2009", "2009-", "-2012", "2009-2012-2014", "09-12x", "20091-20121", undefined]) {
    expect([value, yearsOf(value)]).toEqual([value, ""]);
  }
});
