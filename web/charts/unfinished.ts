import { status } from "../status.ts";
import { isoDayIn } from "../today.ts";

/**
 * The day until which the forum has been read, in the statistics' time zone: "2026-11-24". Undefined until the status
 * has been loaded.
 */
function lastDay(): string | undefined {
  const { last_crawl_at, timezone } = status() ?? {};
  if (!last_crawl_at || !timezone) return undefined;
  return isoDayIn(timezone, new Date(last_crawl_at));
}

/** The year in which the data ends, so that its numbers will still grow, and its last day. */
export function unfinishedYear(): { year: number; until: string } | undefined {
  const until = lastDay();
  return until === undefined ? undefined : { year: Number(until.slice(0, 4)), until };
}
