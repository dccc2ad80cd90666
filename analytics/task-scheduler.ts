/** Tasks that wait for each other. */

export interface Task {
  /** Names of what exists when the task is done. */
  makes: readonly string[];
  /** Names of what must exist before it starts. */
  needs: readonly string[];
  work(): Promise<unknown>;
}

/**
 * Performs all tasks, at most `limit` at once; of those that are ready, the first in the list starts. When one fails,
 * no other starts, and the running ones are awaited, so nothing is left running.
 * @throws what the first failed task threw
 */
export async function perform(tasks: readonly Task[], limit: number, onDone: () => void): Promise<void> {
  const waiting = [...tasks];
  const made = new Set<string>();
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const start = ({ makes, work }: Task) => {
    const ended: Promise<void> = work()
      .then(() => {
        for (const name of makes) made.add(name);
        onDone();
      })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  for (;;) {
    while (failures.length === 0 && running.size < limit) {
      const ready = waiting.findIndex(({ needs }) => needs.every((name) => made.has(name)));
      if (ready === -1) break;
      for (const task of waiting.splice(ready, 1)) start(task);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.length > 0) throw new Error(`${waiting.flatMap(({ makes }) => makes).join(", ")}: never ready`);
}
