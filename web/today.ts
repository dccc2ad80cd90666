import { statisticsTimeZone } from "./status.ts";

/** By time zone; "" is the reader's. Each use would otherwise construct a formatter, in every row of a table. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of a time in a time zone: "2026-11-24". */
export function isoDayIn(timeZone: string, time: Date): string {
  // Swedish dates are ISO 8601.
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat("sv", { dateStyle: "short", ...(timeZone ? { timeZone } : {}) });
  formats.set(timeZone, format);
  return format.format(time);
}

/** The day of a moment, in Unix seconds, in the statistics' time zone, or in the reader's until that is known. */
export const localDay = (time_s: number): string => isoDayIn(statisticsTimeZone() ?? "", new Date(time_s * 1000));

/** Today in the statistics' time zone, or in the reader's until that is known: "2026-11-24". */
export const todayIso = (): string => isoDayIn(statisticsTimeZone() ?? "", new Date());

/** Month and day of today: "11-24". */
export const today = (): string => todayIso().slice(5);

/** The current year. */
export const thisYear = (): number => Number(todayIso().slice(0, 4));
