import { nice, ticks } from "d3-array";

/**
 * A linear scale from 0 to a round number not less than the largest value, with about as many ticks as asked for.
 * Counts have no ticks between whole numbers.
 */
export function scaleTo(values: readonly number[], tickCount: number) {
  const [, top] = nice(0, Math.max(1, ...values), tickCount);
  return {
    ticks: ticks(0, top, tickCount).filter(Number.isInteger),
    /** From 0, nothing, to 1, the top. */
    shareOf: (value: number) => value / top,
  };
}
