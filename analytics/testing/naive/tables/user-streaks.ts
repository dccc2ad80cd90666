import type { Forum } from "../forum.ts";
import { later, mondayOf } from "../records.ts";

interface Span {
  from: string;
  length: number;
}

/** Runs of neighbors in a sorted list. */
function runs(days: string[], step: number): Span[] {
  const spans: Span[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last && later(last.from, step * last.length) === day) last.length++;
    else spans.push({ from: day, length: 1 });
  }
  return spans;
}

/** The days without posts between neighbors in a sorted list. */
function gaps(days: string[]): Span[] {
  return days.slice(1).flatMap((day, at) => {
    const from = later(days[at] ?? day, 1);
    let length = 0;
    while (later(from, length) < day) length++;
    return length > 0 ? [{ from, length }] : [];
  });
}

const longest = (spans: Span[]) => spans.toSorted((a, b) => b.length - a.length || (a.from < b.from ? -1 : 1))[0];

/** Those longer than all before. */
const broken = (spans: Span[]) =>
  spans.filter((span, at) => spans.slice(0, at).every(({ length }) => length < span.length));

const lengths = (spans: Span[]) => spans.map(({ length }) => length);

export default ({ countedPosts }: Forum) =>
  [...Map.groupBy(countedPosts, ({ uid }) => uid)].map(([uid, posts]) => {
    const days = [...new Set(posts.map(({ day }) => day))].toSorted();
    const streaks = runs(days, 1);
    const pauses = gaps(days);
    const weeks = longest(runs([...new Set(days.map(mondayOf))], 7));
    return {
      uid,
      active_days: days.length,
      first_day: days[0],
      last_day: days.at(-1),
      longest_days: longest(streaks)?.length,
      longest_from: longest(streaks)?.from,
      running_days: streaks.at(-1)?.length,
      pause_days: longest(pauses)?.length ?? null,
      pause_from: longest(pauses)?.from ?? null,
      weeks: weeks?.length,
      weeks_from: weeks?.from,
      streak_days: lengths(broken(streaks)),
      streak_froms: broken(streaks).map(({ from }) => from),
      pauses_days: lengths(broken(pauses)),
      comebacks: broken(pauses).map(({ from, length }) => later(from, length)),
    };
  });
