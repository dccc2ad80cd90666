import { status } from "./status.ts";

/** Today in the statistics' time zone, or in the reader's until that is known: "2026-11-24". */
export function todayIso(): string {
  const timeZone = status()?.timezone;
  // Swedish dates are ISO 8601.
  return new Intl.DateTimeFormat("sv", { dateStyle: "short", ...(timeZone ? { timeZone } : {}) }).format(new Date());
}

/** Month and day of today: "11-24". */
export const today = (): string => todayIso().slice(5);
