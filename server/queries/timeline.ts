/** When a thread was written, without gaps. */
import type { threadDetails } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";

export type Period = "day" | "month";

const day_ms = 86_400_000;
/** From this many days on, the periods are months. */
const maxDays = 400;

/** Posts per day or, if the thread was active for long, per month; each period by its first day. */
export function timelineOf({ days, day_post_counts }: Row<typeof threadDetails, "days" | "day_post_counts">) {
  const [first = "", last = first] = [days[0], days.at(-1)];
  const per: Period = Date.parse(last) - Date.parse(first) < maxDays * day_ms ? "day" : "month";
  const start = (day: string) => (per === "day" ? day : `${day.slice(0, 7)}-01`);
  const counts = new Map<string, number>();
  for (let period = start(first); counts.set(period, 0) && period !== start(last);) period = following(period, per);
  for (const [at, day] of days.entries())
    counts.set(start(day), (counts.get(start(day)) ?? 0) + (day_post_counts[at] ?? 0));
  return { per, timeline: Array.from(counts, ([from, post_count]) => ({ from, post_count })) };
}

/** The first day of the next period. */
function following(day: string, per: Period): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (per === "day") date.setUTCDate(date.getUTCDate() + 1);
  else date.setUTCMonth(date.getUTCMonth() + 1);
  return date.toISOString().slice(0, 10);
}
