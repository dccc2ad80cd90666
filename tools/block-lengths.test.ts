import { expect, test } from "bun:test";
import { blocksIn } from "./block-lengths.ts";

test.each<[string, string[], string, "test" | "function", number]>([
  ["a function", ["export async function read(a: string) {", "  if (a) {", "  }", "}"], "read", "function", 4],
  ["an arrow function", ["const read = (a: string) => {", "  return a;", "};"], "read", "function", 3],
  ["a test", ['  test("reads", async () => {', "    read();", "  });"], "reads", "test", 3],
  ["a table of tests", ['test.each([1, 2])("reads %i", (n) => {', "  read(n);", "});"], "reads %i", "test", 3],
  ["a table above it", ["test.each([", "  1,", '])("reads %i", (n) => {', "  read(n);", "});"], "reads %i", "test", 3],
])("%s", (_, source, name, kind, lines) => {
  expect(blocksIn("a.ts", source.join("\n"))).toEqual([{ name: `a.ts: ${name}`, kind, lines }]);
});
