/**
 * `Promise.all` that fails only when all have ended: no query of an answer outlives it, and a client's slot is not free while
 * they run.
 */
export async function together<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
