/** For tests: waiting for a condition. */

/** Polls a condition, whose errors count as "not yet". @throws Error if it does not hold in time */
export async function until(condition: () => Promise<boolean> | boolean, timeout_s = 30): Promise<void> {
  const deadline_ms = performance.now() + timeout_s * 1000;
  let cause: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline_ms) throw new Error(`the condition did not hold within ${timeout_s} s`, { cause });
    await Bun.sleep(20);
  }
}
