/** Classes are global: two parts of the pages that use the same name for different things break each other. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "styles");
/** They change what other files have styled. */
const variants = ["print.css", "forced-colors.css"];

/** The classes that a stylesheet has a rule for outside of media queries, without further conditions. */
function ownClasses(css: string): Set<string> {
  const rules = css.replaceAll(/\/\*.*?\*\//gs, "").matchAll(/^([^@\s{}][^{}@;]*?)\s*\{/gm);
  const selectors = [...rules].flatMap(([, list]) => list?.split(",") ?? []);
  return new Set(selectors.flatMap((selector) => /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1] ?? []));
}

test("each class is styled by one file", () => {
  const owners = new Map<string, string[]>();
  for (const file of readdirSync(folder).filter((name) => !variants.includes(name)))
    for (const name of ownClasses(readFileSync(join(folder, file), "utf8")))
      owners.set(name, [...(owners.get(name) ?? []), file]);
  expect(owners.size).toBeGreaterThan(100);
  expect([...owners].filter(([, files]) => files.length > 1)).toEqual([]);
});
