import { expect, test } from "bun:test";
import { keep, returnsIn, wrongIn } from "./load.ts";

const target = "/api/boards";
const before = new Map([[target, "old"]]);
const after = new Map([[target, "new"]]);

/** What is kept of one reader's bodies, each requested this long after the first one was received. */
function received(...bodies: [body: string, after_ms: number][]) {
  const kept = { requests: 0, samples_ms: [], failures: new Map(), bodies: new Map(), returns: [] };
  const seen = new Map();
  const start_ms = performance.now();
  for (const [body, after_ms] of bodies) keep(kept, { target, body }, { before, seen, sent_ms: start_ms + after_ms });
  return kept;
}

test("older data after newer are counted, but not while servers have yet to notice the newer ones", () => {
  const later_ms = 5000;
  expect(returnsIn(received(["old", 0], ["new", 0], ["old", later_ms], ["old", later_ms]), after)).toBe(2);
  expect(returnsIn(received(["old", 0], ["new", 0], ["old", 100], ["new", later_ms]), after)).toBe(0);
  const odd = received(["odd", 0], ["old", later_ms]);
  expect([returnsIn(odd, after), wrongIn(odd, after)]).toEqual([0, [{ target, body: "odd" }]]);
});
