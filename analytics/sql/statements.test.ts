import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { files } from "./statements.ts";

test.each(Object.entries(files))("%s is up to date (else run `bun run docs`)", (name, sql) => {
  expect(readFileSync(join(import.meta.dirname, name), "utf8")).toBe(sql());
});
