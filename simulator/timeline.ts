/** The times of posts, distributed by year, season, weekday and hour in Berlin. */
import { day_s, fromWallClock } from "./clock.ts";
import { cumulativeSums, type Random } from "./random.ts";

const weekdays = [0.85, 1.1, 1.08, 1.05, 1.02, 0.95, 0.75] as const; // Sunday first
const months = [1.2, 1.1, 1.05, 1, 0.92, 0.85, 0.8, 0.82, 0.95, 1.02, 1.1, 1.15] as const;
const hours = cumulativeSums([
  22, 12, 7, 4, 2.5, 2.5, 5, 12, 24, 34, 40, 43, 42, 44, 46, 47, 48, 50, 52, 56, 60, 60, 52, 36,
]);

/**
 * @param from local midnight, in seconds of Berlin's wall clock
 * @param until local midnight after the last day
 * @returns `count` moments, ascending, including the seconds before and after every New Year's midnight
 */
export function moments(random: Random, count: number, from: number, until: number): Float64Array {
  const days = Math.round((until - from) / day_s);
  const weights = cumulativeSums(
    Array.from({ length: days }, (_, day) => {
      const date = new Date((from + day * day_s) * 1000);
      const share = day / days;
      const popularity = 0.35 + 1.6 * Math.exp(-(((share - 0.45) / 0.3) ** 2));
      const season = (weekdays[date.getUTCDay()] ?? 1) * (months[date.getUTCMonth()] ?? 1);
      const isNewYear = date.getUTCMonth() === 0 && date.getUTCDate() === 1;
      return popularity * season * (0.5 + random.next()) * (isNewYear ? 1.8 : 1);
    }),
  );
  const total = weights.at(-1) ?? 1;
  const times = new Float64Array(count);
  let done = 0;
  for (const [day, weight] of weights.entries()) {
    const end = Math.round((weight / total) * count);
    const midnight = from + day * day_s;
    const date = new Date(midnight * 1000);
    const local: number[] = [];
    for (let index = done; index < end; index++) {
      local.push(midnight + random.weighted(hours) * 3600 + random.below(3600));
    }
    local.sort((a, b) => a - b);
    if (local.length > 0 && date.getUTCDate() === 1 && date.getUTCMonth() === 0) local[0] = midnight;
    if (local.length > 0 && date.getUTCDate() === 31 && date.getUTCMonth() === 11) {
      local[local.length - 1] = midnight + day_s - 1;
    }
    for (const time of local) times[done++] = fromWallClock(time);
  }
  return times.toSorted();
}
