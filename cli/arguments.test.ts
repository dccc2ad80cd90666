import { expect, test } from "bun:test";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { boards, days, httpAddress, number, parsedBy, share, uid, whole } from "./arguments.ts";

test.each<[string, (text: string) => unknown, [text: string, value: unknown][], invalid: string[], message: string]>([
  [
    "number",
    number(0, 1),
    [
      ["0", 0],
      ["1", 1],
      ["0.5", 0.5],
      ["1e-1", 0.1],
    ],
    ["", " ", "-0.1", "1.1", "half", "NaN", "Infinity"],
    "must be a number from 0 to 1",
  ],
  [
    "whole",
    whole(1, 64),
    [
      ["1", 1],
      ["64", 64],
      ["007", 7],
    ],
    ["", "0", "65", "1.5", "1e1", "-1", "+1", " 1", "0x10"],
    "must be a whole number from 1 to 64",
  ],
  [
    "days",
    days,
    [
      ["7", 7],
      ["0.5", 0.5],
      ["36500", 36_500],
    ],
    ["", "-1", "36501"],
    "must be a number from 0 to 36500",
  ],
  [
    "uid",
    uid,
    [["4711", 4711]],
    ["", "0", "-1", "1e3", "2147483648", "Anna"],
    "must be a whole number from 1 to 2147483647",
  ],
  [
    "share",
    share,
    [
      ["5%", 0.05],
      ["0", 0],
      ["0%", 0],
      ["0.5%", 0.005],
      ["100%", 1],
      [" 5% ", 0.05],
    ],
    ["", "5", "0.05", "-1%", "101%", "5 %", "%", "many", "1e1%", "NaN%"],
    "must be a share of the requests, 0% to 100%, or 0",
  ],
  [
    "address",
    httpAddress,
    [
      ["https://forum.example/bb//", "https://forum.example/bb"],
      ["http://localhost:4000", "http://localhost:4000"],
    ],
    ["", "forum.example", "ftp://forum.example", "javascript:alert(1)"],
    "must be a URL that starts with http:// or https://",
  ],
])("%s", (_, parse, valid, invalid, message) => {
  for (const [text, value] of valid) expect(parse(text)).toBe(value);
  for (const text of invalid) expect(() => parse(text)).toThrow(new InvalidArgumentError(message));
});

test("repeated boards are collected, unless one of them is all", () => {
  expect(boards("14")).toEqual([14]);
  expect(boards("15", boards("14"))).toEqual([14, 15]);
  expect(boards("all", boards("14"))).toBe("all");
  expect(boards("14", boards("all"))).toBe("all");
  for (const text of ["", "0", "-1", "1.5", "2147483648", "ALL"])
    expect(() => boards(text)).toThrow("must be a whole number from 1 to 2147483647, or all");
});

test("a parser's error becomes the option's error", () => {
  const parse = parsedBy((text) => {
    if (text !== "tea") throw new Error("only tea is served");
    return text;
  });
  expect(parse("tea")).toBe("tea");
  expect(() => parse("coffee")).toThrow(new InvalidArgumentError("only tea is served"));
});
