/** Polls a condition for half a minute. @throws Error if it never holds */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries === 1500) throw new Error("the condition never held");
    await Bun.sleep(20);
  }
}
