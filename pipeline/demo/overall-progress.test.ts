import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import type { PhaseOptions, Progress } from "@potstats/cli/progress";
import { overallProgress } from "./overall-progress.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());
const pass = (seconds: number) => void jest.advanceTimersByTime(1000 * seconds);

const parts = [
  { phase: "services", label: "starting" },
  { phase: "threads", label: "reading" },
  { phase: "index", label: "indexing" },
];

/** Records what the demo shows. */
function open(expected_s: Record<string, number>) {
  const shown: string[] = [];
  let view: PhaseOptions["view"];
  const progress: Progress = {
    phase: (name, options) => {
      view = options?.view;
      return { add() {}, total() {}, detail() {}, done: () => void shown.push(`✓ ${name}`) };
    },
    note: (message) => void shown.push(message),
  };
  return { shown, overall: overallProgress(progress, parts, expected_s), facts: () => view?.().facts.join(", ") ?? "" };
}

test("a part counts for as long as it is expected to take, and those before it are done when it begins", () => {
  const { overall, facts, shown } = open({ services: 2, threads: 14, index: 4 });
  expect(facts()).toBe("0 %, about 20 s left, starting");
  overall.phase("services");
  pass(1);
  expect(facts()).toBe("5 %, about 19 s left, starting");
  pass(1);
  const threads = overall.phase("threads", { unit: "posts", total: 100 });
  expect(facts()).toBe("10 %, about 18 s left, reading");
  threads.add(50);
  pass(7);
  expect(facts()).toBe("45 %, about 11 s left, reading");
  overall.phase("index");
  expect(facts()).toBe("80 %, about 3 s left, indexing");
  expect(shown).toEqual([]);
});

test("the remaining time follows a machine that is slower than expected", () => {
  const { overall, facts } = open({ services: 0, threads: 20, index: 0 });
  overall.phase("threads", { total: 100 }).add(50);
  pass(300);
  expect(facts()).toBe("50 %, about 3 min left, reading");
});

test("the bar never moves back, and is not full before the end", () => {
  const { overall, facts, shown } = open({ services: 1, threads: 8, index: 1 });
  const threads = overall.phase("threads");
  threads.total(10);
  threads.add(10);
  expect(facts()).toStartWith("90 %");
  threads.total(40);
  expect(facts()).toStartWith("90 %");
  pass(100);
  overall.phase("index");
  pass(100);
  expect(facts()).toStartWith("99 %");
  overall.done();
  expect(shown).toEqual(["✓ demo"]);
});

test("an expected total counts instead of one that grows while the forum is listed", () => {
  const { overall, facts } = open({ services: 0, threads: 10, index: 10 });
  overall.expect("threads", 1000);
  const threads = overall.phase("threads", { unit: "posts" });
  threads.total(20);
  threads.add(20);
  expect(facts()).toStartWith("1 %");
});

test("notes and phases that are no part of the demo are not shown, and take the demo nowhere", () => {
  const { overall, facts, shown } = open({ services: 1, threads: 1, index: 1 });
  overall.phase("index");
  const before = facts();
  overall.note("profile 401 is shadowed by user 398");
  overall.phase("board 95").done("no-access, skipped");
  overall.phase("services");
  expect(facts()).toBe(before);
  expect(shown).toEqual([]);
});

test("measures how long each part took", () => {
  const { overall } = open({});
  overall.phase("services");
  pass(2);
  overall.phase("index");
  pass(3);
  expect(overall.done()).toEqual({ services: 2, index: 3 });
});
