/** Converts calendar days between ISO text and UTC midnights. Pure. */
import { formatsOf } from "../i18n/formats.ts";

export const day_ms = 86_400_000;

/** Monday 0 … Sunday 6. */
export const weekdayOf = (time_ms: number): number => (new Date(time_ms).getUTCDay() + 6) % 7;

/** "2016-02-29" */
export const isoDay = (time_ms: number): string => new Date(time_ms).toISOString().slice(0, 10);

/** Midnight of a day in the years 1 to 9999. Date.UTC would read 99 as 1999. */
export const midnight_ms = (year: number, month = 1): number =>
  Date.parse(`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`);

/** The midnights of a year, in order. */
export function midnightsOf(year: number): number[] {
  const first_ms = midnight_ms(year);
  const last_ms = Date.parse(`${isoDay(first_ms).slice(0, 4)}-12-31`);
  return Array.from({ length: Math.round((last_ms - first_ms) / day_ms) + 1 }, (_, at) => first_ms + at * day_ms);
}

/** Whether a day exists in the calendar, unlike February 31. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** The day that is a number of days after another, or before it if the number is negative. */
export const dayAfter = (iso: string, days: number): string => isoDay(Date.parse(`${iso}T00:00:00Z`) + days * day_ms);

/** A week of /api/daily-stats: its number, and the values of its days. Their names are German in every language. */
export interface Week {
  name: number;
  series: { name: string; value: number }[];
}

/** Values by day, in order: in 2012, "Sonntag" of week 3 is "2012-01-22". Week 0 ends before the first Monday. */
export function valuesByDay(year: number, weeks: readonly Week[]): Map<string, number> {
  const { weekdays } = formatsOf("de");
  const newYear_ms = midnight_ms(year);
  const firstMonday_ms = newYear_ms + ((7 - weekdayOf(newYear_ms)) % 7) * day_ms;
  const days = weeks.flatMap((week) =>
    week.series.map(({ name, value }): [string, number] => [
      isoDay(firstMonday_ms + ((week.name - 1) * 7 + weekdays.indexOf(name)) * day_ms),
      value,
    ]),
  );
  return new Map(days.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
