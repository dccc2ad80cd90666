/** Converts calendar days between ISO text and UTC midnights. Pure. */

export const day_ms = 86_400_000;

/** The weekday of the first day of 1970. */
const thursday = 3;

/** Monday 0 … Sunday 6. */
export const weekdayOf = (time_ms: number): number => (((Math.floor(time_ms / day_ms) + thursday) % 7) + 7) % 7;

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

/** The same day in another year; undefined if that year has no February 29. */
export function sameDayIn(year: number, iso: string): string | undefined {
  const moved = String(year).padStart(4, "0") + iso.slice(4);
  return isDay(moved) ? moved : undefined;
}

/** The day that is a number of days after another, or before it if the number is negative. */
export const dayAfter = (iso: string, days: number): string => isoDay(Date.parse(`${iso}T00:00:00Z`) + days * day_ms);

/** More years without a day than this are left out: one post with a wrong date can be far away. */
const maxYears = 60;

/** The years from that of the first to that of the last of some days in order, or only those with days if they are far apart. */
export function yearsOfDays(days: readonly string[]): number[] {
  const years = [...new Set(days.map((iso) => Number(iso.slice(0, 4))))];
  const [first = 0, last = -1] = [years[0], years.at(-1)];
  return last - first < maxYears ? Array.from({ length: last - first + 1 }, (_, at) => first + at) : years;
}

/** Sums by month of values by day: { "2016-02-28": 1, "2016-02-29": 2 } → { "2016-02": 3 }. */
export function byMonth(days: ReadonlyMap<string, number>): Map<string, number> {
  const months = new Map<string, number>();
  for (const [iso, value] of days) months.set(iso.slice(0, 7), (months.get(iso.slice(0, 7)) ?? 0) + value);
  return months;
}

/** The names of days in /api/daily-stats: German in every language. */
const weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

/** A week of /api/daily-stats: its number, and the values of its days. */
export interface Week {
  name: number;
  series: { name: string; value: number }[];
}

/** Values by day, in order: in 2012, "Sonntag" of week 3 is "2012-01-22". Week 0 ends before the first Monday. */
export function valuesByDay(year: number, weeks: readonly Week[]): Map<string, number> {
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
