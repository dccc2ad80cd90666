import { expect, test } from "bun:test";
import { runTasks, type Task } from "./task-scheduler.ts";

/** Tasks that log when they begin and end. */
function loggingTasks(needs: Record<string, string[]>, failing = ""): { tasks: Task[]; log: string[] } {
  const log: string[] = [];
  const tasks = Object.entries(needs).map(([name, before]) => ({
    provides: [name],
    needs: before,
    work: async () => {
      log.push(`${name} begins`);
      await Bun.sleep(5);
      if (name === failing) throw new Error(`${name} fails`);
      log.push(`${name} ends`);
    },
  }));
  return { tasks, log };
}

test("each task starts once its needs are provided, in list order, within the limit", async () => {
  const { tasks, log } = loggingTasks({ last: ["c", "b"], a: [], b: ["a"], c: ["a"], d: ["a"] });
  let done = 0;
  await runTasks(tasks, 2, () => done++);
  expect(log.join(", ")).toBe(
    "a begins, a ends, b begins, c begins, b ends, d begins, c ends, last begins, d ends, last ends",
  );
  expect(done).toBe(5);
});

test("with a limit of 1, tasks run one after the other", async () => {
  const { tasks, log } = loggingTasks({ a: [], b: [], c: ["b"] });
  await runTasks(tasks, 1, () => {});
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("when a task fails, running tasks end and no other starts", async () => {
  const { tasks, log } = loggingTasks({ a: [], b: [], c: [], d: ["a"] }, "a");
  await expect(runTasks(tasks, 2, () => {})).rejects.toThrow("a fails");
  expect(log).toEqual(["a begins", "b begins", "b ends"]);
});

test("circular and missing dependencies are an error", async () => {
  const { tasks } = loggingTasks({ a: ["b"], b: ["a"] });
  await expect(runTasks(tasks, 2, () => {})).rejects.toThrow("circular or missing dependency: a, b");
  const missing = loggingTasks({ a: ["x"] });
  await expect(runTasks(missing.tasks, 2, () => {})).rejects.toThrow("circular or missing dependency: a");
});
