/** Polls a condition until it is true; errors count as false. @throws Error on timeout */
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
