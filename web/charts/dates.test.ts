import { expect, test } from "bun:test";
import {
  byMonth,
  sameDayIn,
  yearsOfDays,
  dayAfter,
  isDay,
  isoDay,
  midnightsOf,
  valuesByDay,
  weekdayOf,
} from "./dates.ts";

test("only days of the calendar are days", () => {
  for (const text of ["2016-02-29", "0001-01-01", "9999-12-31"]) expect([text, isDay(text)]).toEqual([text, true]);
  for (const text of ["2015-02-29", "2016-02-31", "2016-13-01", "2016-2-9", "2016-02-29T00", "", "x"])
    expect([text, isDay(text)]).toEqual([text, false]);
});

test("a year has its days, even the first and the last that can be written", () => {
  const span = (year: number) => {
    const days = midnightsOf(year).map(isoDay);
    return [days.length, days[0], days.at(-1)];
  };
  expect(span(2016)).toEqual([366, "2016-01-01", "2016-12-31"]);
  expect(span(1900)).toEqual([365, "1900-01-01", "1900-12-31"]);
  expect(span(99)).toEqual([365, "0099-01-01", "0099-12-31"]);
  expect(span(9999)).toEqual([365, "9999-01-01", "9999-12-31"]);
});

test("weeks begin on Monday", () => {
  expect([weekdayOf(Date.parse("2024-01-01")), weekdayOf(Date.parse("2024-01-07"))]).toEqual([0, 6]);
});

test("days are counted over the ends of months and years", () => {
  expect([dayAfter("2016-02-28", 1), dayAfter("2016-03-01", -1), dayAfter("2015-12-31", 1)]).toEqual([
    "2016-02-29",
    "2016-02-29",
    "2016-01-01",
  ]);
});

test("week and weekday of the API become days, in order", () => {
  const weeks = [
    { name: 3, series: [{ name: "Sonntag", value: 3 }] },
    {
      name: 0,
      series: [{ name: "Sonntag", value: 1 }],
    },
    { name: 1, series: [{ name: "Montag", value: 2 }] },
  ];
  expect([...valuesByDay(2012, weeks)]).toEqual([
    ["2012-01-01", 1],
    ["2012-01-02", 2],
    ["2012-01-22", 3],
  ]);
  // A year that begins on a Monday has no week 0.
  expect([...valuesByDay(2018, [{ name: 1, series: [{ name: "Montag", value: 1 }] }])]).toEqual([["2018-01-01", 1]]);
});

test("a day moves along to another year, unless that has no February 29", () => {
  expect([sameDayIn(2011, "2009-07-02"), sameDayIn(2012, "2008-02-29"), sameDayIn(2011, "2008-02-29")]).toEqual([
    "2011-07-02",
    "2012-02-29",
    undefined,
  ]);
});

test("days are summed up by month, and have years without gaps unless they are far apart", () => {
  const days = new Map([
    ["2014-12-31", 1],
    ["2016-02-01", 2],
    ["2016-02-29", 3],
  ]);
  expect([...byMonth(days)]).toEqual([
    ["2014-12", 1],
    ["2016-02", 5],
  ]);
  expect(yearsOfDays([...days.keys()])).toEqual([2014, 2015, 2016]);
  expect(yearsOfDays(["0001-05-05", "2016-02-01"])).toEqual([1, 2016]);
  expect(yearsOfDays([])).toEqual([]);
});
