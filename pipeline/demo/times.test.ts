import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectedTimes, inWords, keepTimes, parts } from "./times.ts";

const folder = mkdtempSync(join(tmpdir(), "demo-times-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("without an earlier start, the usual times are expected: half a minute for the first, seconds for later ones", async () => {
  const first = await expectedTimes(folder, "first");
  expect(first.isMeasured).toBe(false);
  expect(Object.keys(first.seconds)).toEqual(parts.map(({ phase }) => phase));
  expect(inWords(first)).toBe("about 30 seconds");
  expect(inWords(await expectedTimes(folder, "later"))).toBe("a few seconds");
});

test("then, what an earlier start of the same kind took", async () => {
  const dataDir = join(folder, "new");
  await keepTimes(dataDir, "first", { services: 10, threads: 140 });
  await keepTimes(dataDir, "later", { services: 12 });
  const first = await expectedTimes(dataDir, "first");
  expect(first).toEqual({ seconds: { services: 10, threads: 140 }, isMeasured: true });
  expect(inWords(first)).toBe("about 3 minutes");
  expect(inWords(await expectedTimes(dataDir, "later"))).toBe("about 10 seconds");
});

test.each(["", "null", "7", "{", `{"first":{}}`, `{"first":{"services":"long"}}`, `{"first":{"services":-1}}`])(
  "a damaged file counts as none: %p",
  async (text) => {
    writeFileSync(join(folder, "demo-times.json"), text);
    expect((await expectedTimes(folder, "first")).isMeasured).toBe(false);
  },
);

test.each([
  [1, "a few seconds"],
  [7.4, "a few seconds"],
  [7.6, "about 10 seconds"],
  [24, "about 25 seconds"],
  [52.4, "about 50 seconds"],
  [52.6, "about a minute"],
  [58, "about a minute"],
  [100, "about 2 minutes"],
])("%d s is %s", (whole_s, words) => {
  expect(inWords({ seconds: { services: whole_s }, isMeasured: true })).toBe(words);
});
