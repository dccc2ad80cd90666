import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pageFiles } from "./page-files.ts";
import { pagePattern, pages, personalRoots } from "./pages.ts";

test("the page list of the servers is up to date (`bun run web:build` writes it)", () => {
  for (const [path, text] of pageFiles()) {
    expect({ path, text: readFileSync(path, "utf8") }).toEqual({ path, text });
    const plain = text.replaceAll("\\\\", "\\").replaceAll(/",\s+"/g, "|");
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

test("every page has a folder of its name, and every folder belongs to a page", () => {
  const folders = readdirSync(join(import.meta.dirname, "pages"));
  expect(folders.toSorted()).toEqual([...pages.map(({ name }) => name), "not-found"].toSorted());
  for (const { name, load } of pages) expect(String(load)).toContain(`/pages/${name}/page.tsx`);
});
