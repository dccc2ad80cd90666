import { expect, test } from "bun:test";
import { nextYears } from "./year-steps.ts";

const years = [2004, 2006, 2009];

test("steps through the years with posts, and stops at the first and the last", () => {
  expect(nextYears("2006", 1, years)).toBe("2009");
  expect(nextYears("2006", -1, years)).toBe("2004");
  expect(nextYears("2004", -1, years)).toBeUndefined();
  expect(nextYears("2009", 1, years)).toBeUndefined();
  expect(nextYears("2007", -1, years)).toBe("2006");
});

test("without a selection, back leads to the latest year and forward to the first", () => {
  expect(nextYears("", -1, years)).toBe("2009");
  expect(nextYears("", 1, years)).toBe("2004");
  expect(nextYears("", 1, [])).toBeUndefined();
});

test("a range moves as a whole", () => {
  expect(nextYears("2004-2006", 1, years)).toBe("2005-2007");
  expect(nextYears("2007-2009", 1, years)).toBeUndefined();
  expect(nextYears("2004-2006", -1, years)).toBeUndefined();
});
