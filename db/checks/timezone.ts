/** A time zone must have the same offsets in PostgreSQL, which groups posts by day, and in JavaScript, which requests days. */
import { CommandError, exitCodes } from "@potstats/cli/command";
import type { Sql } from "../connect.ts";

/** Seconds. A zone's offset changes at most once a week. */
const week = 7 * 86_400;
const [from, until] = [Date.UTC(1990, 0, 1) / 1000, Date.UTC(2037, 11, 31) / 1000];

/** JavaScript's offset of a zone from UTC in seconds, as a function of Unix time in seconds. */
function offsetsOf(timezone: string): (time: number) => number {
  const clock = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
  return (time) => {
    // "GMT", "GMT+05:30", "GMT-00:44:30"
    const [, sign = "", ...parts] = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(clock.format(time * 1000)) ?? [];
    const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
    return Number(`${sign}1`) * (hours * 3600 + minutes * 60 + seconds);
  };
}

/** The offset in each week, and right before and at each change. */
function samples(timezone: string): { times: number[]; offsets: number[] } {
  const offsetAt = offsetsOf(timezone);
  const offsets = new Map<number, number>([[from, offsetAt(from)]]);
  for (let time = from + week; time < until; time += week) {
    offsets.set(time, offsetAt(time));
    let [before, after] = [time - week, time];
    if (offsets.get(before) === offsets.get(after)) continue;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offsetAt(middle) === offsets.get(time - week)) before = middle;
      else after = middle;
    }
    offsets.set(before, offsetAt(before)).set(after, offsetAt(after));
  }
  return { times: [...offsets.keys()], offsets: [...offsets.values()] };
}

/**
 * Refuses a zone for which PostgreSQL and JavaScript disagree at any time from 1990 to 2037. PostgreSQL treats some names
 * as abbreviations (`CET` has no summer time there), and both have their own time zone data, of different age.
 * @throws CommandError with exit code 2
 */
export async function checkTimezone(sql: Sql, timezone: string): Promise<void> {
  const { times, offsets } = samples(timezone);
  const [differs] = await sql<{ time: number }[]>`
    select time from unnest(${times}::bigint[], ${offsets}::int[]) as sample (time, seconds)
    where extract(epoch from timezone(${timezone}, to_timestamp(time))) <> time + seconds
    order by time limit 1`.catch((error: { code?: string }) => {
    if (error.code !== "22023") throw error;
    throw new CommandError(
      `STATS_TIMEZONE: PostgreSQL does not know "${timezone}": use a name such as Europe/Berlin`,
      exitCodes.usage,
    );
  });
  if (!differs) return;
  throw new CommandError(
    `STATS_TIMEZONE: PostgreSQL and Bun disagree about the time in "${timezone}" on ${new Date(differs.time * 1000).toISOString().slice(0, 10)}: ` +
      "use the name of a city's zone such as Europe/Berlin, or update the older one's time zone data",
    exitCodes.usage,
  );
}
