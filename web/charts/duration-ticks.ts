import type { Scale } from "./scale.ts";

const [minute_s, hour_s, day_s] = [60, 3600, 86_400];
const year_s = 365.25 * day_s;
const units_s = [year_s, year_s / 12, day_s, hour_s, minute_s, 1];

/** A linear scale of durations in seconds: from 0 to the longest, with ticks at whole units of time. */
export function durationTicks(values: readonly number[], tickCount: number): Scale {
  const top = Math.max(1, ...values);
  const unit = units_s.find((size) => top >= 2 * size) ?? 1;
  const step = Math.ceil(top / unit / tickCount) * unit;
  const end = Math.ceil(top / step) * step;
  return {
    ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step),
    shareOf: (value) => value / end,
  };
}
