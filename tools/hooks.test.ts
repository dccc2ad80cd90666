/** The git hook that checks the form of commit messages. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "hooks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, string, number]>([
  ["72 characters", "x".repeat(72), 0],
  ["72 characters of two bytes each", "ß".repeat(72), 0],
  ["73 characters", "x".repeat(73), 1],
  ["a body", "Count posts by day\n\nBecause months have different lengths.\n", 0],
  ["a body right after the subject", "Count posts by day\nBecause months have different lengths.\n", 1],
  ["git's own comments", "Count posts by day\n# Please enter the commit message\n", 0],
])("%s", (_, message, exitCode) => {
  const file = join(folder, "message");
  writeFileSync(file, message);
  const hook = join(import.meta.dirname, "../.hooks/commit-msg");
  expect(Bun.spawnSync([hook, file], { env: { PATH: process.env["PATH"] ?? "" } }).exitCode).toBe(exitCode);
});
