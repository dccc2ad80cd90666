/** docs/api.md matches the API. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { apiDocs, file } from "./api-docs.ts";
import { shortened } from "./truncated-json.ts";

test("docs/api.md is up to date (`bun run docs` regenerates it)", async () => {
  expect(readFileSync(file, "utf8")).toBe(await apiDocs());
});

test("long lists and records are truncated with a comment, short ones fit on one line", () => {
  expect(shortened({ rows: [{ a: 1, b: [null, "x"] }] })).toBe('{"rows": [{"a": 1, "b": [null, "x"]}]}');
  expect(shortened([1, 2, 3])).toBe("[\n  1,\n  2,\n  // … and 1 more\n]");
  expect(shortened({ a: { b: { c: 1 } }, d: [] }, 0)).toBe('{\n  "a": {\n    // … 1\n  },\n  "d": []\n}');
  const wide = shortened(Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`number_${n}`, n])));
  expect(wide.split("\n").at(-2)).toBe("  // … and 1 more");
  expect(JSON.parse(wide.replace(/,\s*\/\/.*/, ""))).toHaveProperty("number_11", 11);
});
