import { expect, test } from "bun:test";
import { perform, type Task } from "./task-scheduler.ts";

/** Tasks that note when they begin and end. */
function noting(needs: Record<string, string[]>, failing = ""): { tasks: Task[]; notes: string[] } {
  const notes: string[] = [];
  const tasks = Object.entries(needs).map(([name, before]) => ({
    makes: [name],
    needs: before,
    work: async () => {
      notes.push(`${name} begins`);
      await Bun.sleep(5);
      if (name === failing) throw new Error(`${name} fails`);
      notes.push(`${name} ends`);
    },
  }));
  return { tasks, notes };
}

test("each starts when what it needs exists, in the order of the list, within the limit", async () => {
  const { tasks, notes } = noting({ last: ["c", "b"], a: [], b: ["a"], c: ["a"], d: ["a"] });
  let done = 0;
  await perform(tasks, 2, () => done++);
  expect(notes.join(", ")).toBe(
    "a begins, a ends, b begins, c begins, b ends, d begins, c ends, last begins, d ends, last ends",
  );
  expect(done).toBe(5);
});

test("one after the other with a limit of 1", async () => {
  const { tasks, notes } = noting({ a: [], b: [], c: ["b"] });
  await perform(tasks, 1, () => {});
  expect(notes).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("when one fails, those that run end and no other starts", async () => {
  const { tasks, notes } = noting({ a: [], b: [], c: [], d: ["a"] }, "a");
  await expect(perform(tasks, 2, () => {})).rejects.toThrow("a fails");
  expect(notes).toEqual(["a begins", "b begins", "b ends"]);
});

test("tasks that wait for each other are an error", async () => {
  const { tasks } = noting({ a: ["b"], b: ["a"] });
  await expect(perform(tasks, 2, () => {})).rejects.toThrow("a, b: never ready");
});
