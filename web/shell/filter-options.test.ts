import { expect, test } from "bun:test";
import { filterOptions } from "./filter-options.ts";

const choices = {
  years: [2003, 2004, 2012, 2013],
  boards: [
    { bid: 2, name: "Die große Laberecke", post_count: 5 },
    { bid: 14, name: "Labor", post_count: 50 },
    { bid: 20, name: "20 Fragen", post_count: 1 },
  ],
  users: [],
};
const offered = (typed: string, users: { uid: number; name: string; aliases: string[] }[] = []) =>
  filterOptions(typed, { ...choices, users }).map(({ filter, options }) => [filter, options.map(({ value }) => value)]);

test("offers the latest years and the busiest boards first", () => {
  expect(offered("")).toEqual([
    ["year", ["2013", "2012", "2004", "2003"]],
    ["bid", ["14", "2", "20"]],
  ]);
});

test("completes years, and words of boards, in any case", () => {
  expect(offered("201")).toEqual([["year", ["2013", "2012"]]]);
  expect(offered("20")).toEqual([
    ["year", ["2013", "2012", "2004", "2003"]],
    ["bid", ["20"]],
  ]);
  expect(offered(" lab")).toEqual([["bid", ["14", "2"]]]);
  expect(offered("ecke")).toEqual([]);
});

test("reads a range of years, in either order", () => {
  for (const typed of ["2004-2012", "2004 – 2012", "2012 bis 2004", "2004 to 2012"]) {
    expect([typed, offered(typed)]).toEqual([typed, [["year", ["2004-2012"]]]]);
  }
});

test("offers users with their former names", () => {
  const [group] = filterOptions("kar", { ...choices, users: [{ uid: 5, name: "Karl", aliases: ["Kalle", "K."] }] });
  expect(group?.options).toEqual([{ filter: "uid", value: "5", text: "Karl", detail: "Kalle, K." }]);
});
