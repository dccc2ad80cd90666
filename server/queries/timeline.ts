/** When a thread was written, without gaps. */
import { maxStreamUsers, type threadDetails } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";

export type Period = "day" | "month";

const day_ms = 86_400_000;
/** From this many days on, the periods are months. */
const maxDays = 400;

/**
 * Posts per day or, if the thread was active for long, per month; each period by its first day. `stream` has for each
 * period the posts of the busiest users, in their order.
 */
export function timelineOf(detail: Row<typeof threadDetails>) {
  const { days, day_post_counts, stream_uids, stream_days, stream_post_counts } = detail;
  const uids = detail.uids.slice(0, maxStreamUsers);
  const [first = "", last = first] = [days[0], days.at(-1)];
  const per: Period = Date.parse(last) - Date.parse(first) < maxDays * day_ms ? "day" : "month";
  const start = (day: string) => (per === "day" ? day : `${day.slice(0, 7)}-01`);
  const periods = new Map<string, { post_count: number; users: number[] }>();
  for (let period = start(first); ; period = following(period, per)) {
    periods.set(period, { post_count: 0, users: uids.map(() => 0) });
    if (period === start(last)) break;
  }
  for (const [at, day] of days.entries()) {
    const period = periods.get(start(day));
    if (period) period.post_count += day_post_counts[at] ?? 0;
  }
  for (const [at, day] of stream_days.entries()) {
    const users = periods.get(start(day))?.users;
    const place = uids.indexOf(stream_uids[at] ?? 0);
    if (users) users[place] = (users[place] ?? 0) + (stream_post_counts[at] ?? 0);
  }
  return {
    per,
    timeline: Array.from(periods, ([from, { post_count }]) => ({ from, post_count })),
    stream: Array.from(periods.values(), ({ users }) => users),
  };
}

/** The first day of the next period. */
function following(day: string, per: Period): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (per === "day") date.setUTCDate(date.getUTCDate() + 1);
  else date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}
