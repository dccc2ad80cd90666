import { expect, test } from "bun:test";
import { durationScale } from "./duration-scale.ts";

const day_s = 86_400;

test("the scale of durations is logarithmic, and its ticks have names", () => {
  const month_s = (365.25 / 12) * day_s;
  const { ticks, shareOf } = durationScale([300, 20 * day_s], 3);
  expect(ticks).toEqual([60, 3600, day_s, month_s]);
  expect([shareOf(60), shareOf(month_s)]).toEqual([0, 1]);
  expect(shareOf(600) - shareOf(60)).toBeCloseTo(shareOf(6000) - shareOf(600), 10);
});

test("values are within the scale, even if there is one, none, or one of no length", () => {
  for (const values of [[0], [1], [0, 1], [59, 61], [40 * 365 * day_s], [90 * 365 * day_s], [3600, 3600]]) {
    const { ticks, shareOf } = durationScale(values, 4);
    expect([values, ticks.length >= 2]).toEqual([values, true]);
    for (const value of values) {
      expect([values, shareOf(value) >= 0, shareOf(value) <= 1]).toEqual([values, true, true]);
    }
  }
  expect(durationScale([], 4).ticks.length).toBeGreaterThan(0);
});
