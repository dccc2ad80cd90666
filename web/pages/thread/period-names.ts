/** What the periods of a thread's life are called. */
import { day, monthOfYear, shortDay, shortDayOfYear, texts } from "../../i18n/index.ts";
import type { Unit } from "./periods.ts";

const text = texts({
  de: {
    titles: {
      day: "Posts je Tag",
      week: "Posts je Woche",
      month: "Posts je Monat",
      quarter: "Posts je Quartal",
      year: "Posts je Jahr",
    },
    units: { day: "Tag", week: "Woche", month: "Monat", quarter: "Quartal", year: "Jahr" },
    week: (from: string) => `Woche ab ${from}`,
    quarter: (quarter: number, year: string) => `${quarter}. Quartal ${year}`,
  },
  en: {
    titles: {
      day: "Posts per day",
      week: "Posts per week",
      month: "Posts per month",
      quarter: "Posts per quarter",
      year: "Posts per year",
    },
    units: { day: "Day", week: "Week", month: "Month", quarter: "Quarter", year: "Year" },
    week: (from) => `Week of ${from}`,
    quarter: (quarter, year) => `Quarter ${quarter} of ${year}`,
  },
});

/** "Posts je Quartal" */
export const titleOf = (unit: Unit): string => text().titles[unit];

/** "Quartal" */
export const unitName = (unit: Unit): string => text().units[unit];

const quarterOf = (from: string) => Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1;

/** The name of a period on the axis. */
export function shortName(from: string, unit: Unit): string {
  const year = from.slice(0, 4);
  if (unit === "year") return year;
  if (unit === "quarter") return `Q${quarterOf(from)} ${year}`;
  if (unit === "month") return `${Number(from.slice(5, 7))}/${year}`;
  return shortDayOfYear(from);
}

/** The name of a period in the readout and in the table. */
export function fullName(from: string, unit: Unit): string {
  const year = from.slice(0, 4);
  if (unit === "year") return year;
  if (unit === "quarter") return text().quarter(quarterOf(from), year);
  if (unit === "month") return monthOfYear(from);
  return unit === "week" ? text().week(shortDay(from)) : day(from);
}
