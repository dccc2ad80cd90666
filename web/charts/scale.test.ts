import { expect, test } from "bun:test";
import { scaleTo } from "./scale.ts";

test("a scale reaches a round number that no value exceeds, with a few ticks from 0", () => {
  for (const [values, ticks] of [
    [
      [3, 1590, 12],
      [0, 500, 1000, 1500, 2000],
    ],
    [[7], [0, 2, 4, 6, 8]],
    // Counts have no halves.
    [
      [1, 0],
      [0, 1],
    ],
    [[], [0, 1]],
  ] as const) {
    const scale = scaleTo(values, 4);
    expect(scale.ticks).toEqual([...ticks]);
    expect([0, ticks.at(-1) ?? 0].map(scale.shareOf)).toEqual([0, 1]);
    for (const value of values) expect(scale.shareOf(value)).toBeLessThanOrEqual(1);
  }
});
