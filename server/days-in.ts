/** Returns a function that finds the day of a moment, in Unix milliseconds, in a time zone: "2012-02-29". */
export function daysIn(timeZone: string): (time_ms: number) => string {
  // Canadian dates are ISO 8601.
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return (time_ms) => format.format(time_ms);
}
