/** Formats numbers, times and weekdays in a language. Pure: index.ts has the reader's choice of language. */

import { durationsOf } from "./durations.ts";

export type Language = "de" | "en";

/** A calendar day has no time zone. */
const midnight = (iso: string) => new Date(`${iso.slice(0, 10)}T00:00:00Z`);

/** A Monday. */
const monday_ms = Date.UTC(2024, 0, 1);
const day_ms = 86_400_000;

/** Whether a number is shown with one decimal: less than 10 after rounding. */
const isSmall = (value: number) => Math.abs(value) < 9.95;

/** Creates a value when it is first used: constructing an Intl formatter costs more than a hundred uses. */
function onFirstUse<T>(create: () => T): () => T {
  let created: T | undefined;
  return () => (created ??= create());
}

const counts = onFirstUse(() => new Intl.PluralRules("de", { maximumFractionDigits: 0 }));
const smallCounts = onFirstUse(() => new Intl.PluralRules("de", { maximumFractionDigits: 1 }));

const justNow: Record<Language, string> = { de: "gerade eben", en: "just now" };

export type Formats = ReturnType<typeof formatsOf>;

/** Creates the formats of a language. Cache the result: it keeps the formatters that have been used. */
export function formatsOf(locale: Language) {
  const numberFormat = (options: Intl.NumberFormatOptions) => onFirstUse(() => new Intl.NumberFormat(locale, options));
  const dateFormat = (options: Intl.DateTimeFormatOptions) =>
    onFirstUse(() => new Intl.DateTimeFormat(locale, options));
  const numbers = numberFormat({ maximumFractionDigits: 0 });
  const smallNumbers = numberFormat({ maximumFractionDigits: 1 });
  const percents = numberFormat({ style: "percent", maximumFractionDigits: 0 });
  const smallPercents = numberFormat({ style: "percent", maximumFractionDigits: 1 });
  const seconds = numberFormat({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const dateTimes = dateFormat({ dateStyle: "medium", timeStyle: "short" });
  const days = dateFormat({ dateStyle: "full", timeZone: "UTC" });
  const tinyDays = dateFormat({ dateStyle: "short", timeZone: "UTC" });
  const shortDays = dateFormat({ dateStyle: "medium", timeZone: "UTC" });
  const monthsOfYears = dateFormat({ month: "long", year: "numeric", timeZone: "UTC" });
  const months = dateFormat({ month: "short", timeZone: "UTC" });
  const daysOfYear = dateFormat({ day: "numeric", month: "long", timeZone: "UTC" });
  const shortDaysOfYear = dateFormat({ day: "numeric", month: "numeric", timeZone: "UTC" });
  const ages = onFirstUse(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));
  const weekdays = dateFormat({ weekday: "long", timeZone: "UTC" });
  const shortWeekdays = dateFormat({ weekday: "short", timeZone: "UTC" });
  return {
    /** "Montag" for 0. */
    weekday: (at: number) => weekdays().format(monday_ms + at * day_ms),
    /** "Mo", "Mon" for 0. */
    shortWeekday: (at: number) => shortWeekdays().format(monday_ms + at * day_ms),
    /** "1.234", and "3,6" below 10. */
    number: (value: number) => (isSmall(value) ? smallNumbers() : numbers()).format(value),
    /** A part of 1: "41 %", "3,6 %" below 10 %, and "< 0,1 %" if it would be shown as 0. */
    percent: (share: number) => {
      if (share > 0 && share < 0.0005) return `<\u00a0${smallPercents().format(0.001)}`;
      return (isSmall(share * 100) ? smallPercents() : percents()).format(share);
    },
    /** "0,012" */
    seconds: (value_s: number) => seconds().format(value_s),
    /** "24. Nov. 2026, 13:05", in the reader's time zone. */
    dateTime: (time: Date) => dateTimes().format(time),
    /** "Dienstag, 24. November 2026" */
    day: (iso: string) => days().format(midnight(iso)),
    /** "24.11.2026" */
    shortDay: (iso: string) => shortDays().format(midnight(iso)),
    /** "24.11.26" */
    tinyDay: (iso: string) => tinyDays().format(midnight(iso)),
    /** "November 2026" */
    monthOfYear: (iso: string) => monthsOfYears().format(midnight(iso)),
    /** "Nov" */
    month: (time_ms: number) => months().format(time_ms),
    /** "29. Februar" */
    dayOfYear: (iso: string) => daysOfYear().format(midnight(iso)),
    /** "29.2." */
    shortDayOfYear: (iso: string) => shortDaysOfYear().format(midnight(iso)),
    /** "12 Tage" */
    duration: durationsOf(locale),
    /** "vor 3 Stunden" */
    ago: (time: Date, now_ms: number) => {
      const minutes = Math.round((time.getTime() - now_ms) / 60_000);
      // Intl would say "in dieser Minute", "this minute".
      if (minutes === 0) return justNow[locale];
      if (Math.abs(minutes) < 60) return ages().format(minutes, "minute");
      if (Math.abs(minutes) < 48 * 60) return ages().format(Math.round(minutes / 60), "hour");
      return ages().format(Math.round(minutes / 1440), "day");
    },
  };
}

/** The form of a word for a count as `number` shows it: 1.04 is shown as 1. German and English have the same rules. */
export const plural = (count: number, one: string, other: string): string =>
  (isSmall(count) ? smallCounts() : counts()).select(count) === "one" ? one : other;
