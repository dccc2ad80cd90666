/** Waits until something holds. @throws Error after ten seconds */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end_ms = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end_ms) throw new Error("it did not happen within ten seconds");
    await Bun.sleep(20);
  }
}
