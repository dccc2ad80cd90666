import { nice, ticks } from "d3-array";

export interface Scale {
  ticks: number[];
  /** From 0, the bottom, to 1, the top. */
  shareOf: (value: number) => number;
}

/**
 * A linear scale from 0 to a round number not less than the largest value, with about as many ticks as asked for.
 * Counts have no ticks between whole numbers.
 */
export function scaleTo(values: readonly number[], tickCount: number): Scale {
  const [, top] = nice(0, Math.max(1, ...values), tickCount);
  return {
    ticks: ticks(0, top, tickCount).filter(Number.isInteger),
    shareOf: (value: number) => value / top,
  };
}
