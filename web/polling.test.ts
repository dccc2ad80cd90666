import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { delayAfter, poll } from "./polling.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** Lets the answer arrive. */
const settle = async () => {
  for (let step = 0; step < 5; step++) await Promise.resolve();
};

test("waits longer after each failure, but not longer than after a success", () => {
  expect([1, 2, 3, 20].map(delayAfter)).toEqual([5000, 10_000, 20_000, delayAfter(0)]);
});

test("asks again soon after a failure, later after a success, and only while the page is visible", async () => {
  let visible: () => void = () => {};
  const page = {
    visibilityState: "visible" as DocumentVisibilityState,
    addEventListener: (_: string, listener: () => void) => (visible = listener),
    removeEventListener: () => (visible = () => {}),
  };
  let asked = 0;
  const stop = poll(
    async () => {
      if (++asked === 1) throw new Error("busy");
    },
    page as unknown as Document,
  );
  const pass = async (time_ms: number) => {
    jest.advanceTimersByTime(time_ms);
    await settle();
  };
  await settle();
  await pass(4999);
  expect(asked).toBe(1);
  await pass(1);
  expect(asked).toBe(2);
  visible();
  await pass(delayAfter(0) - 1);
  expect(asked).toBe(2);
  page.visibilityState = "hidden";
  visible();
  await pass(delayAfter(0));
  expect(asked).toBe(2);
  page.visibilityState = "visible";
  visible();
  await pass(0);
  stop();
  await pass(10 * delayAfter(0));
  expect(asked).toBe(3);
});
