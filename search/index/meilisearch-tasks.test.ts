/** How many requests Meilisearch gets before it has completed the first of them. */
import { beforeEach, expect, test } from "bun:test";
import type { EnqueuedTaskPromise, Task } from "meilisearch";
import { maxUnfinished, type TaskQueue, taskQueue } from "./meilisearch-tasks.ts";

/** Tasks in the order of their requests, to be completed by the test. */
let tasks: { complete: (status: "succeeded" | "failed") => void }[];
let done: number[];
let queue: TaskQueue;
beforeEach(() => {
  tasks = [];
  done = [];
  queue = taskQueue();
});

function request(): EnqueuedTaskPromise {
  const { promise, resolve } = Promise.withResolvers<Task>();
  const type = "documentAdditionOrUpdate";
  tasks.push({ complete: (status) => resolve({ status, type, error: { message: "no space" } } as Task) });
  return Object.assign(Promise.resolve({} as Awaited<EnqueuedTaskPromise>), { waitTask: () => promise });
}

const add = (number: number) => queue.add(request, async () => done.push(number));
/** Lets everything happen that waits for nothing else. */
const settle = () => Bun.sleep(0);

test("several requests are sent before the first task is completed, but not any number", async () => {
  for (let number = 0; number < maxUnfinished; number++) await add(number);
  const next = add(maxUnfinished);
  await settle();
  expect(tasks.length).toBe(maxUnfinished);
  tasks[0]?.complete("succeeded");
  await next;
  expect(tasks.length).toBe(maxUnfinished + 1);
});

test("progress is reported in the order of the requests, whichever is seen to be completed first", async () => {
  for (let number = 0; number < 3; number++) await add(number);
  tasks[1]?.complete("succeeded");
  await settle();
  expect(done).toEqual([]);
  tasks[0]?.complete("succeeded");
  await settle();
  expect(done).toEqual([0, 1]);
  tasks[2]?.complete("succeeded");
  await queue.finish();
  expect(done).toEqual([0, 1, 2]);
});

test("after a failed task no progress is reported, the next request to wait and the end fail", async () => {
  for (let number = 0; number < maxUnfinished; number++) await add(number);
  tasks[0]?.complete("failed");
  for (const { complete } of tasks.slice(1)) complete("succeeded");
  await settle();
  expect(done).toEqual([]);
  expect(queue.finish()).rejects.toThrow("Meilisearch refused documentAdditionOrUpdate: no space");
  expect(add(maxUnfinished)).rejects.toThrow("no space");
});

test("a request that fails does so at once", () => {
  const refused = () => Promise.reject(new Error("413")) as unknown as EnqueuedTaskPromise;
  expect(queue.add(refused)).rejects.toThrow("413");
});
