/** When a thread was written, without gaps. */
import type { threadDetails } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";

export type Period = "day" | "month";

const day_ms = 86_400_000;
/** From this many days on, the periods are months. */
const maxDays = 400;

/** Posts per day or, if the thread was active for long, per month. */
export function timelineOf(
  thread: Row<typeof threadDetails, "first_day" | "last_day" | "periods" | "period_post_counts">,
) {
  const [first_ms, last_ms] = [Date.parse(thread.first_day), Date.parse(thread.last_day)];
  const per: Period = last_ms - first_ms < maxDays * day_ms ? "day" : "month";
  const counts = new Map(thread.periods.map((period, at) => [period, thread.period_post_counts[at] ?? 0]));
  const first = new Date(first_ms);
  const start = (period: number) =>
    per === "day"
      ? new Date(first_ms + period * day_ms)
      : new Date(new Date(first_ms).setUTCMonth(first.getUTCMonth() + period, 1));
  const timeline = Array.from({ length: (thread.periods.at(-1) ?? -1) + 1 }, (_, period) => ({
    from: start(period).toISOString().slice(0, 10),
    post_count: counts.get(period) ?? 0,
  }));
  return { per, timeline };
}
