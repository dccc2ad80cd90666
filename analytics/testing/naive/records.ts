/** Items that broke a record, found by going through them in order. */
import type { Row } from "../tables.ts";
import type { CountedPost } from "./forum.ts";

interface Item extends Row {
  record: string;
  bid: number;
  value: number;
}

/** Posts in order: by time, then pid. */
export const inOrder = (posts: CountedPost[]) => posts.toSorted((a, b) => a.unix_s - b.unix_s || a.pid - b.pid);

/** A post as the tables of records show it. */
export const momentOf = ({ day, pid, unix_s, tid, uid }: CountedPost) => ({ day, pid, unix_s, tid, uid });

/** The boards whose records the post may break: its own, and 0 for all boards. */
export const selectionsOf = ({ bid }: { bid: number }) => [bid, 0];

/**
 * The histories of all records.
 * @param isBefore whether the moment of one item is before that of another
 * @param holder the column that breaks ties at a moment
 */
export function histories(items: Item[], isBefore: (one: Item, other: Item) => boolean, holder: string): Item[] {
  const groups = Map.groupBy(items, ({ record, bid }) => `${record} ${bid}`);
  return [...groups.values()].flatMap((group) =>
    group.filter(
      (item) =>
        item.value > 0 &&
        group.every(
          (other) =>
            other === item ||
            (isBefore(other, item)
              ? other.value < item.value
              : isBefore(item, other) ||
                other.value < item.value ||
                (other.value === item.value && Number(other[holder]) > Number(item[holder]))),
        ),
    ),
  );
}

/** Moments that are days. */
export const byDay = (one: Item, other: Item) => String(one["day"]) < String(other["day"]);

/** Moments that are posts. */
export const byPost = (one: Item, other: Item) =>
  Number(one["unix_s"]) < Number(other["unix_s"]) ||
  (one["unix_s"] === other["unix_s"] && Number(one["pid"]) < Number(other["pid"]));

const date = (day: string) => new Date(`${day}T00:00:00Z`);
const text = (time: Date) => time.toISOString().slice(0, 10);

/** The day that is some days later. */
export function later(day: string, days: number): string {
  const time = date(day);
  time.setUTCDate(time.getUTCDate() + days);
  return text(time);
}

/** Monday of the day's week. */
export const mondayOf = (day: string) => later(day, -((date(day).getUTCDay() + 6) % 7));

/** The first days of the day's day, week, month and year. */
export const periodsOf = (day: string) => ({
  day,
  week: mondayOf(day),
  month: `${day.slice(0, 8)}01`,
  year: `${day.slice(0, 5)}01-01`,
});
