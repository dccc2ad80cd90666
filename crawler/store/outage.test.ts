import { expect, test } from "bun:test";
import { AlreadyRunning } from "@potstats/db/locks";
import { outlast } from "./outage.ts";

const lost = () => Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" });
const options = { endurance: { base_ms: 1, limit_ms: 60_000 }, signal: new AbortController().signal, note: () => {} };

test("what an outage interrupted is done again, and said once", async () => {
  const notes: string[] = [];
  let tries = 0;
  const work = async () => {
    if (++tries < 4) throw tries === 2 ? new AlreadyRunning("crawl") : lost();
    return "done";
  };
  expect(await outlast(work, { ...options, note: (message) => notes.push(message) })).toBe("done");
  expect(tries).toBe(4);
  expect(notes).toEqual(["the database is away (gone); trying again"]);
});

test.each([
  ["is no outage", { work: async () => Promise.reject(new Error("syntax")), more: {}, says: "syntax" }],
  [
    "lasts too long",
    { work: () => Promise.reject(lost()), more: { endurance: { base_ms: 1, limit_ms: 5 } }, says: "gone" },
  ],
  [
    "the operator will not wait for",
    { work: () => Promise.reject(lost()), more: { signal: AbortSignal.abort() }, says: "gone" },
  ],
  [
    "nobody will mend",
    { work: () => Promise.reject(lost()), more: { trouble: () => new Error("disk full") }, says: "disk full" },
  ],
])("what %s ends it", async (_, { work, more, says }) => {
  await expect(outlast(work, { ...options, ...more })).rejects.toThrow(says);
});
