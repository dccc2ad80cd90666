/** Polls a condition, whose errors count as "not yet". @throws Error if it does not hold in time */
export async function until(condition: () => Promise<boolean> | boolean, timeout_s = 30): Promise<void> {
  const deadline = performance.now() + timeout_s * 1000;
  const holds = async () => {
    try {
      return await condition();
    } catch {
      return false;
    }
  };
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`the condition did not hold within ${timeout_s} s`);
    await Bun.sleep(20);
  }
}
