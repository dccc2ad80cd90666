/** Years and dates of the query language → moments, in the statistics' time zone. */

/** First moment of "2012", "2012-05" or "2012-05-01" and of what follows it, in unix seconds; undefined when it is none of them. */
export function span(typed: string, timezone: string): { from: number; to: number } | undefined {
  const match = /^(?!0000)(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(typed);
  if (!match) return undefined;
  const [year, month = 1, day = 1] = match.slice(1, 4).map((part) => (part === undefined ? undefined : Number(part)));
  try {
    const first = Temporal.PlainDate.from({ year: year ?? 0, month, day }, { overflow: "reject" });
    const next = first.add(match[3] ? { days: 1 } : match[2] ? { months: 1 } : { years: 1 });
    // Not every day begins at midnight: clocks are put on at midnight too, and Samoa left a whole day out.
    const start = (date: Temporal.PlainDate) => Math.ceil(date.toZonedDateTime(timezone).epochMilliseconds / 1000);
    return { from: start(first), to: start(next) };
  } catch {
    return undefined;
  }
}
