/** Work in pieces that wait for each other. */

export interface Task {
  name: string;
  /** Names of the tasks that must be done before. */
  needs: string[];
  work(): Promise<unknown>;
}

/**
 * Does all tasks, at most so many at once: of those that may begin the first in the list does. When one fails none is begun
 * any more, and those that run are waited for: none goes on behind our back.
 */
export async function perform(tasks: Task[], atOnce: number, onDone: () => void): Promise<void> {
  const waiting = [...tasks];
  const done = new Set<string>();
  const failures: unknown[] = [];
  const running = new Set<Promise<void>>();
  const begin = ({ name, work }: Task) => {
    const ended: Promise<void> = work()
      .then(() => {
        done.add(name);
        onDone();
      })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(ended));
    running.add(ended);
  };
  for (;;) {
    while (failures.length === 0 && running.size < atOnce) {
      const ready = waiting.findIndex(({ needs }) => needs.every((name) => done.has(name)));
      if (ready === -1) break;
      for (const task of waiting.splice(ready, 1)) begin(task);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.length > 0) throw new Error(`${waiting.map(({ name }) => name).join(", ")}: never ready`);
}
