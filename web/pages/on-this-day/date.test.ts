import { expect, test } from "bun:test";
import { dateAfter, dateOf } from "./date.ts";

test("steps lead over February 29 and over New Year, and back", () => {
  const steps = ["02-28", "02-29", "03-01"];
  expect(steps.slice(0, 2).map((date) => dateAfter(date, 1))).toEqual(steps.slice(1));
  expect(steps.slice(1).map((date) => dateAfter(date, -1))).toEqual(steps.slice(0, 2));
  expect([dateAfter("12-31", 1), dateAfter("01-01", -1)]).toEqual(["01-01", "12-31"]);
});

test("only dates that some year has are dates", () => {
  expect(["02-29", "12-31", "02-30", "13-01", "2-9", "", "02-29x"].map(dateOf)).toEqual([
    "02-29",
    "12-31",
    "",
    "",
    "",
    "",
    "",
  ]);
});
