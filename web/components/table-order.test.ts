import { expect, test } from "bun:test";
import { orderOf, orderText, sorted } from "./table-order.ts";

const rows = [
  { name: "Öl", count: 3 },
  { name: "Zug", count: 20 },
  { name: "arm", count: 3 },
];

test("sorts numbers by value and names as a reader expects; equal rows keep their order", () => {
  const names = (
    ...order: Parameters<typeof sorted<(typeof rows)[number]>> extends [unknown, ...infer Rest] ? Rest : never
  ) => sorted(rows, ...order).map(({ name }) => name);
  expect(names(({ count }) => count, "desc")).toEqual(["Zug", "Öl", "arm"]);
  expect(names(({ count }) => count, "asc")).toEqual(["Öl", "arm", "Zug"]);
  expect(names(({ name }) => name, "asc")).toEqual(["arm", "Öl", "Zug"]);
  expect(names(undefined, "asc")).toEqual(["Öl", "Zug", "arm"]);
  expect(names(({ count }) => count, undefined)).toEqual(["Öl", "Zug", "arm"]);
});

test("an order survives the URL; anything else is ignored", () => {
  for (const text of ["0-asc", "12-desc"]) expect(orderText(orderOf(text)!)).toBe(text);
  for (const text of ["", "1", "desc", "-1-asc", "1-up", "100-asc"])
    expect([text, orderOf(text)]).toEqual([text, undefined]);
});
