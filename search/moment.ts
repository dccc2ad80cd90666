/** Years and dates of the query language → moments, in the statistics' time zone. */

/** Milliseconds by which local time is ahead of UTC at a moment. */
function offset_ms(moment_ms: number, format: Intl.DateTimeFormat): number {
  const parts = Object.fromEntries(format.formatToParts(moment_ms).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour % 24, minute, second) - Math.floor(moment_ms / 1000) * 1000;
}

/** Unix seconds of a local midnight. */
function midnight(year: number, month: number, day: number, timezone: string): number {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const local_ms = Date.UTC(year, month - 1, day);
  const guess_ms = local_ms - offset_ms(local_ms, format);
  return (local_ms - offset_ms(guess_ms, format)) / 1000;
}

/** First moment of "2012", "2012-05" or "2012-05-01" and of what follows it, in unix seconds; undefined when it is none of them. */
export function span(typed: string, timezone: string): { from: number; to: number } | undefined {
  const match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(typed);
  if (!match) return undefined;
  const [year, month, day] = [
    Number(match[1]),
    match[2] ? Number(match[2]) : undefined,
    match[3] ? Number(match[3]) : undefined,
  ];
  if (year < 1 || (month !== undefined && (month < 1 || month > 12))) return undefined;
  if (day !== undefined && (day < 1 || day > new Date(Date.UTC(year, month ?? 1, 0)).getUTCDate())) return undefined;
  const from = midnight(year, month ?? 1, day ?? 1, timezone);
  if (month === undefined) return { from, to: midnight(year + 1, 1, 1, timezone) };
  if (day === undefined) return { from, to: midnight(year, month + 1, 1, timezone) };
  return { from, to: midnight(year, month, day + 1, timezone) };
}
