import { expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { AlreadyRunning } from "@potstats/db/locks";
import { outlast } from "./outage.ts";

const lost = () => Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
const options = { base_ms: 1, limit_ms: 60_000, signal: new AbortController().signal, note: () => {} };

test("work that an outage interrupted is repeated, and the outage is reported once", async () => {
  const notes: string[] = [];
  let attempts = 0;
  const work = async () => {
    if (++attempts < 4) throw attempts === 2 ? new AlreadyRunning("crawl") : lost();
    return "done";
  };
  expect(await outlast(work, { ...options, note: (message) => notes.push(message) })).toBe("done");
  expect(attempts).toBe(4);
  expect(notes).toEqual(["the database is away (gone); trying again"]);
});

test.each([
  ["any other error", { work: async () => Promise.reject(new Error("syntax")), more: {}, message: "syntax" }],
  ["an outage over the limit", { work: () => Promise.reject(lost()), more: { limit_ms: 5 }, message: "gone" }],
  ["an abort", { work: () => Promise.reject(lost()), more: { signal: AbortSignal.abort() }, message: "gone" }],
  [
    "a server that will not return",
    { work: () => Promise.reject(lost()), more: { trouble: () => new Error("disk full") }, message: "disk full" },
  ],
])("%s ends the retries", async (_, { work, more, message }) => {
  expect(await settle(outlast(work, { ...options, ...more }))).toThrow(message);
});
