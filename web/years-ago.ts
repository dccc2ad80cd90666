import { texts } from "./i18n/index.ts";
import { today, todayIso } from "./today.ts";

const text = texts({
  de: { ago: (years: number) => (years === 1 ? "vor einem Jahr" : `vor ${years} Jahren`), thisYear: "heute" },
  en: { ago: (years) => (years === 1 ? "a year ago" : `${years} years ago`), thisYear: "today" },
});

/** "vor 12 Jahren", if the date is today's: only then the years are full. "" on other dates. */
export function yearsAgo(year: number, date: string): string {
  if (date !== today()) return "";
  const years = Number(todayIso().slice(0, 4)) - year;
  return years === 0 ? text().thisYear : text().ago(years);
}
