/** The list in docs/development.md names every file that a statistic touches; an existing statistic serves as the example. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = Bun.spawnSync(["git", "ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .stdout.toString()
  .split("\n")
  .filter((path) => /\.tsx?$/.test(path));

const section = /<!-- statistic -->\n(.*?)<!-- \/statistic -->/s.exec(read("docs/development.md"))?.[1] ?? "";
const [common = "", card = "", page = ""] = section.split(/\n(?=Then |Or )/);
const listed = (list: string) => [...list.matchAll(/^\d+\. `([^`]+)`/gm)].map((match) => match[1] ?? "");

/** Files of a statistic that has the same name in every stage, and of the page that shows it. */
function filesOf(statistic: string, shownOn: string): string[] {
  const [camel, snake] = [
    statistic.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()),
    statistic.replaceAll("-", "_"),
  ];
  const names = new RegExp(`(?<![\\w-])(${statistic}|${snake}|${camel})(?![\\w-])|pages/${shownOn}/page\\.tsx`);
  const isOwnTest = (path: string) => path.endsWith(`/${statistic}.test.ts`);
  // Other tests and the bench use statistics as examples.
  const isExample = (path: string) => /\.test\.tsx?$|\/testing\/(?!naive\/)|^bench\//.test(path) && !isOwnTest(path);
  // A recap repeats the numbers of other statistics.
  const isRecap = (path: string) => path === "server/queries/recap.ts";
  return files.filter((path) => !isExample(path) && !isRecap(path) && (names.test(path) || names.test(read(path))));
}

test("the list matches the files that an existing statistic and its page touch", () => {
  const documented = [...listed(common), ...listed(page)].map((path) =>
    path.replace("<name>", "hourly-stats").replace("<page>", "weekdays"),
  );
  expect(documented.toSorted()).toEqual(filesOf("hourly-stats", "weekdays").toSorted());
});

test("a statistic with a card touches ten files at most, one with a page thirteen, the changelog included", () => {
  expect(listed(common).length + listed(card).length + 1).toBeLessThanOrEqual(10);
  expect(listed(common).length + listed(page).length + 1).toBeLessThanOrEqual(13);
});
