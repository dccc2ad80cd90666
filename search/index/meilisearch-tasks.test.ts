/** How many requests Meilisearch gets before it has completed the first of them. */
import { beforeEach, expect, test } from "bun:test";
import type { EnqueuedTask, EnqueuedTaskPromise, Task } from "meilisearch";
import { maxUnfinished, type TaskQueue, taskQueue } from "./meilisearch-tasks.ts";

/** Complete the tasks, in the order of their requests. */
let complete: ((status: "succeeded" | "failed") => void)[];
let done: number[];
let queue: TaskQueue;
beforeEach(() => {
  complete = [];
  done = [];
  queue = taskQueue();
});

function request(): EnqueuedTaskPromise {
  const { promise, resolve } = Promise.withResolvers<Task>();
  const type = "documentAdditionOrUpdate";
  complete.push((status) => resolve({ status, type, error: { message: "no space" } } as Task));
  return Object.assign(Promise.resolve({} as EnqueuedTask), { waitTask: () => promise });
}

const add = (number: number) => queue.add(request, async () => done.push(number));
/** Lets everything happen that waits for nothing else. */
const settle = () => Bun.sleep(0);

test("several requests are sent before the first task is completed, but not any number", async () => {
  for (let number = 0; number < maxUnfinished; number++) await add(number);
  const next = add(maxUnfinished);
  await settle();
  expect(complete.length).toBe(maxUnfinished);
  complete[0]?.("succeeded");
  await next;
  expect(complete.length).toBe(maxUnfinished + 1);
});

test("progress is reported in the order of the requests, whichever is seen to be completed first", async () => {
  for (let number = 0; number < 3; number++) await add(number);
  complete[1]?.("succeeded");
  await settle();
  expect(done).toEqual([]);
  complete[0]?.("succeeded");
  await settle();
  expect(done).toEqual([0, 1]);
  complete[2]?.("succeeded");
  await queue.finish();
  expect(done).toEqual([0, 1, 2]);
});

test("after a failed task no progress is reported, the next request to wait and the end fail", async () => {
  for (let number = 0; number < maxUnfinished; number++) await add(number);
  complete[0]?.("failed");
  for (const succeed of complete.slice(1)) succeed("succeeded");
  await settle();
  expect(done).toEqual([]);
  expect(queue.finish()).rejects.toThrow("Meilisearch refused documentAdditionOrUpdate: no space");
  expect(add(maxUnfinished)).rejects.toThrow("no space");
});

test("what has been sent is not kept until its task is finished", async () => {
  const kept: WeakRef<object>[] = [];
  const send = (number: number) => {
    const documents = { number };
    kept.push(new WeakRef(documents));
    return queue.add(() => {
      documents.number = -1;
      return request();
    });
  };
  for (let number = 0; number < maxUnfinished; number++) await send(number);
  await settle();
  Bun.gc(true);
  // The collector may take some for alive that are only on the stack.
  expect(kept.filter((documents) => documents.deref()).length).toBeLessThan(maxUnfinished / 4);
});

test("a request that fails does so at once", () => {
  const refused = () => Promise.reject(new Error("413")) as unknown as EnqueuedTaskPromise;
  expect(queue.add(refused)).rejects.toThrow("413");
});
