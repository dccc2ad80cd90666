import type { Scale } from "./scale.ts";

const [minute_s, hour_s, day_s] = [60, 3600, 86_400];
const year_s = 365.25 * day_s;

/** What a clock or a calendar has names for, each about 5 to 10 times the one before. */
const steps_s = [
  1,
  10,
  minute_s,
  10 * minute_s,
  hour_s,
  6 * hour_s,
  day_s,
  7 * day_s,
  year_s / 12,
  year_s / 2,
  2 * year_s,
  10 * year_s,
  50 * year_s,
];

/**
 * A logarithmic scale of durations in seconds: from minutes to years, a linear one would show the longest only. Shorter
 * ones than its lowest tick are at the bottom, longer ones than its highest at the top.
 */
export function durationScale(values: readonly number[], tickCount: number): Scale {
  const [shortest, longest] = [Math.min(...values), Math.max(...values)];
  const below = steps_s.findLastIndex((step) => step <= shortest);
  const above = steps_s.findIndex((step) => step >= longest);
  const first = Math.max(0, Math.min(below, steps_s.length - 2));
  const last = Math.max(first + 1, above === -1 ? steps_s.length - 1 : above);
  const [bottom = 1, top = 10] = [steps_s[first], steps_s[last]];
  const every = Math.ceil((last - first) / (tickCount + 1));
  return {
    ticks: steps_s.filter((_, at) => at >= first && at <= last && (last - at) % every === 0),
    shareOf: (value) => Math.min(1, Math.max(0, Math.log(value / bottom) / Math.log(top / bottom))),
  };
}
