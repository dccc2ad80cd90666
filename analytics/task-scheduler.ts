/** Runs tasks with dependencies, a limited number at a time. */

export interface Task {
  /** Names of what exists once the task is done. */
  provides: readonly string[];
  /** Names of what must exist before it starts. */
  needs: readonly string[];
  work(): Promise<unknown>;
}

/**
 * Runs all tasks, at most `limit` at a time, starting the first in the list that is ready. When one fails, no other
 * starts, and the running ones are awaited, so nothing is left running.
 * @throws the error of the first task that failed, or an Error for a circular or missing dependency
 */
export async function runTasks(tasks: readonly Task[], limit: number, onDone: () => void): Promise<void> {
  const waiting = new Set(tasks);
  const provided = new Set<string>();
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const start = ({ provides, work }: Task) => {
    const ended: Promise<void> = work()
      .then(() => {
        for (const name of provides) provided.add(name);
        onDone();
      })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  for (;;) {
    while (failures.length === 0 && running.size < limit) {
      const ready = [...waiting].find(({ needs }) => needs.every((name) => provided.has(name)));
      if (!ready) break;
      waiting.delete(ready);
      start(ready);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.size > 0)
    throw new Error(`circular or missing dependency: ${[...waiting].flatMap(({ provides }) => provides).join(", ")}`);
}
