/** Durations in a language. Pure. */
import type { Language } from "./formats.ts";

/** From the longest: each with its seconds, and from how many of them on it is used. */
const units = [
  { unit: "year", size_s: 365.25 * 86_400, least: 2 },
  { unit: "month", size_s: (365.25 / 12) * 86_400, least: 2 },
  { unit: "day", size_s: 86_400, least: 2 },
  { unit: "hour", size_s: 3600, least: 1 },
  { unit: "minute", size_s: 60, least: 1 },
  { unit: "second", size_s: 1, least: 0 },
] as const;
type Unit = (typeof units)[number]["unit"];

/** Abbreviations of days, months and years are unusual in German. */
const isAbbreviated = (unit: Unit) => ["hour", "minute", "second"].includes(unit);

/** Creates the format of durations in a language. */
export function durationsOf(locale: Language) {
  const formats = new Map<string, Intl.NumberFormat>();
  const formatOf = (unit: Unit, maximumFractionDigits: 0 | 1) => {
    const key = unit + maximumFractionDigits;
    const unitDisplay = isAbbreviated(unit) ? "short" : "long";
    const format =
      formats.get(key) ?? new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits });
    formats.set(key, format);
    return format;
  };
  /**
   * "45 Sek.", "12 Min.", "3,5 Std.", "12 Tage", "9 Monate", "10 Jahre": in the largest unit that there are two of.
   * @param isWhole whether one of a unit suffices: "1 Tag" instead of "24 Std."
   */
  return (value_s: number, isWhole = false): string => {
    const { unit, size_s } =
      units.find(({ size_s: size, least }) => value_s >= (isWhole ? Math.min(1, least) : least) * size) ?? units[5];
    const value = value_s / size_s;
    const isSmall = unit !== "second" && value < 9.95;
    return formatOf(unit, isSmall ? 1 : 0).format(value);
  };
}
