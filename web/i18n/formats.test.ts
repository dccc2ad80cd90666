import { expect, test } from "bun:test";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { formatsOf } from "./formats.ts";

const german = formatsOf("de");
const english = formatsOf("en");

test("numbers and days are formatted as in the reader's language", () => {
  expect([german.number(1234.5), english.number(1234.5)]).toEqual(["1.235", "1,235"]);
  expect([3.64, 9.94, 9.95, 10.4, 0, 3].map(german.number)).toEqual(["3,6", "9,9", "10", "10", "0", "3"]);
  const parts = [0.412, 0.0364, 0.0004, 0].map(german.percent);
  expect(parts.map((part) => part.replaceAll("\u00a0", " "))).toEqual(["41 %", "3,6 %", "< 0,1 %", "0 %"]);
  expect(english.percent(0.0364)).toBe("3.6%");
  expect([german.seconds(0.0123), english.seconds(2)]).toEqual(["0,012", "2.000"]);
  expect([german.day("2016-02-29"), english.day("2016-02-29")]).toEqual([
    "Montag, 29. Februar 2016",
    "Monday, February 29, 2016",
  ]);
  expect([german.monthOfYear("2016-02-29"), english.monthOfYear("2016-02-01")]).toEqual([
    "Februar 2016",
    "February 2016",
  ]);
  expect([german.tinyDay("2016-02-29"), english.tinyDay("2016-02-29")]).toEqual(["29.02.16", "2/29/16"]);
  expect([german.shortDay("2016-02-29T23:59:00"), german.month(Date.UTC(2016, 10, 1))]).toEqual(["29.02.2016", "Nov"]);
});

test("shares below 10 % have one decimal", () => {
  expect([0.412, 0.0996, 0.0994, 0.04, 0].map(english.percent)).toEqual(["41%", "10%", "9.9%", "4%", "0%"]);
  expect(english.percent(0.0004)).toBe("<\u00a00.1%");
  expect(german.percent(0.041)).toBe("4,1\u00a0%");
});

test("weekdays begin with Monday", () => {
  expect([german.weekday(0), german.weekday(6), english.weekday(6)]).toEqual(["Montag", "Sonntag", "Sunday"]);
  expect([german.shortWeekday(0), english.shortWeekday(2)]).toEqual(["Mo", "Wed"]);
});

test("ages are given in minutes, then hours, then days", () => {
  const now_ms = Date.UTC(2026, 0, 10, 12);
  const cases: [minutes: number, text: string][] = [
    [0, "gerade eben"],
    [59, "vor 59 Minuten"],
    [60, "vor 1 Stunde"],
    [47 * 60, "vor 47 Stunden"],
    [48 * 60, "vorgestern"],
    [10 * 1440, "vor 10 Tagen"],
  ];
  for (const [minutes, text] of cases)
    expect([minutes, german.ago(new Date(now_ms - minutes * 60_000), now_ms)]).toEqual([minutes, text]);
});

test("durations are given in the largest unit of which there are two, or one hour or minute", () => {
  const day = 86_400;
  const cases: [value_s: number, de: string, en: string][] = [
    [0, "0 Sek.", "0 sec"],
    [59, "59 Sek.", "59 sec"],
    [60, "1 Min.", "1 min"],
    [3599, "60 Min.", "60 min"],
    [5400, "1,5 Std.", "1.5 hr"],
    [47.9 * 3600, "48 Std.", "48 hr"],
    [2 * day, "2 Tage", "2 days"],
    [60 * day, "60 Tage", "60 days"],
    [61 * day, "2 Monate", "2 months"],
    [731 * day, "2 Jahre", "2 years"],
    [3653 * day, "10 Jahre", "10 years"],
  ];
  for (const [value_s, de_, en_] of cases)
    expect([value_s, german.duration(value_s), english.duration(value_s)]).toEqual([value_s, de_, en_]);
  expect([86_400, 7 * day, 365.25 * day].map((value_s) => german.duration(value_s, true))).toEqual([
    "1 Tag",
    "7 Tage",
    "1 Jahr",
  ]);
  expect([german.dayOfYear("2000-02-29"), english.dayOfYear("2000-02-29")]).toEqual(["29. Februar", "February 29"]);
  expect([german.shortDayOfYear("2000-02-29"), english.shortDayOfYear("2000-02-29")]).toEqual(["29.2.", "2/29"]);
});

test("the form of a word depends on the count", () => {
  expect([0, 1, 2].map(de.units.newThreads)).toEqual(["neue Threads", "neuer Thread", "neue Threads"]);
  expect([1.04, 1.06, 1.5].map(de.units.postsPerDay)).toEqual(["Post am Tag", "Posts am Tag", "Posts am Tag"]);
  expect([0, 1, 2].map(en.units.postsPerDay)).toEqual(["posts a day", "post a day", "posts a day"]);
});
