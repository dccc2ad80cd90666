/**
 * Waits until a promise is settled, so that `expect(await settle(promise)).toThrow(…)` can check why it was rejected.
 * Bun's `expect(promise).rejects` blocks the thread meanwhile, and then waits for another event, often for a second.
 * @returns a function that returns the promise's value or throws its error
 */
export const settle = <T>(promise: PromiseLike<T>): Promise<() => T> =>
  Promise.resolve(promise).then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
