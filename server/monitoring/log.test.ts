import { expect, test } from "bun:test";
import { openLog } from "./log.ts";

test("lines at or above the minimum level are written as JSON, in batches", async () => {
  const written: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const log = openLog("info", (lines) => {
    written.push(lines);
    resolve();
  });
  log.line({ level: "debug", message: "no" });
  log.line({ level: "info", message: "zwei\nZeilen" });
  log.line({ level: "error", message: "b" });
  expect(written).toEqual([]);
  await promise;
  expect(written).toHaveLength(1);
  const lines = written[0]!
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    { time: expect.stringMatching(/^\d{4}-.*Z$/), level: "info", message: "zwei\nZeilen" },
    { time: expect.any(String), level: "error", message: "b" },
  ]);
  log.line({ level: "warn" });
  log.flush();
  log.flush();
  expect(written).toHaveLength(2);
});
