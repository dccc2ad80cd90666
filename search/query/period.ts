/** Periods that date filters name. workerd and older versions of Node have no Temporal of their own. */
import { Temporal } from "temporal-polyfill";

/** Unix seconds, half-open. */
interface Period {
  from: number;
  to: number;
}

/**
 * The year, month or day that a date filter names ("2012", "2012-05", "2012-05-01"), in the statistics' time zone.
 * @returns undefined if it is not a date
 */
export function periodOf(typed: string, timezone: string): Period | undefined {
  const match = /^(?!0000)(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(typed);
  if (!match) return undefined;
  const [year, month = 1, day = 1] = match.slice(1, 4).map((part) => (part === undefined ? undefined : Number(part)));
  try {
    const first = Temporal.PlainDate.from({ year: year ?? 0, month, day }, { overflow: "reject" });
    const next = first.add(match[3] ? { days: 1 } : match[2] ? { months: 1 } : { years: 1 });
    // Not every day starts at midnight: daylight saving can begin there, and Samoa skipped a whole day (2011-12-30).
    const start = (date: Temporal.PlainDate) => Math.ceil(date.toZonedDateTime(timezone).epochMilliseconds / 1000);
    return { from: start(first), to: start(next) };
  } catch {
    return undefined;
  }
}

/** Months since January of the year 0. */
export const monthNumber = (month: string): number => 12 * Number(month.slice(0, 4)) + Number(month.slice(5, 7)) - 1;

/** The month with this number, such as 2012-05. */
export const monthOf = (number: number): string =>
  `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
