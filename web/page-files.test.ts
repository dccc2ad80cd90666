import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { pageFiles } from "./page-files.ts";
import { pagePattern, personalRoots } from "./pages.ts";

test("what servers know of the pages is up to date: `bun run web:build` writes it", () => {
  for (const [path, text] of pageFiles()) {
    expect({ path, text: readFileSync(path, "utf8") }).toEqual({ path, text });
    const plain = text.replaceAll("\\\\", "\\").replaceAll('", "', "|");
    for (const part of [pagePattern(), personalRoots().join("|")]) expect(plain).toContain(part);
  }
});

test("the pattern matches the pages with their parameters, and nothing else", () => {
  const pattern = new RegExp(pagePattern());
  for (const path of ["/", "/users", "/users/", "/users/4711", "/privacy"])
    expect([path, pattern.test(path)]).toEqual([path, true]);
  for (const path of ["", "/users/karl", "/users/1/2", "/usersx", "/user", "/pages.json", "/Users"])
    expect([path, pattern.test(path)]).toEqual([path, false]);
});
