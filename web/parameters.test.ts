import { expect, test } from "bun:test";
import { idOf, single, yearOf } from "./parameters.ts";

test("of a repeated parameter the first value counts; a missing one is empty", () => {
  expect([single("a"), single(["a", "b"]), single([]), single(undefined)]).toEqual(["a", "a", "", ""]);
});

test("only what can be a year or an id gets through", () => {
  for (const year of ["1", "2016", "9999"]) expect(yearOf(year)).toBe(year);
  for (const text of ["0", "02016", "10000", "-1", "2016a", " 2016", "null", ""])
    expect([text, yearOf(text)]).toEqual([text, ""]);
  for (const id of ["1", "14", "999999999"]) expect(idOf(id)).toBe(id);
  for (const text of ["0", "014", "1000000000", "1.5", "x", ""]) expect([text, idOf(text)]).toEqual([text, ""]);
  expect(yearOf(["2016", "2017"])).toBe("2016");
});
