/** The life of a thread in as many periods as a chart has room for. Pure. */

/** Posts of a thread in a period: all, and those of the users of the stream. */
export interface Period {
  /** The first day. */
  from: string;
  post_count: number;
  users: number[];
}

export const units = ["day", "week", "month", "quarter", "year"] as const;
export type Unit = (typeof units)[number];

/** A phone has room for as many columns. */
const maxPeriods = 72;

const day_ms = 86_400_000;

/** The first day of the period that a day belongs to. */
function startOf(day: string, unit: Unit): string {
  const [year = "", month = "01"] = day.split("-");
  if (unit === "year") return `${year}-01-01`;
  if (unit === "month") return `${year}-${month}-01`;
  if (unit === "quarter") return `${year}-${String(3 * Math.floor((Number(month) - 1) / 3) + 1).padStart(2, "0")}-01`;
  if (unit === "day") return day;
  const time_ms = Date.parse(`${day}T00:00:00Z`);
  const weekday = (new Date(time_ms).getUTCDay() + 6) % 7;
  return new Date(time_ms - weekday * day_ms).toISOString().slice(0, 10);
}

/** Sums up neighboring periods. The timeline has no gaps, so neither has the result. */
function groupedBy(unit: Unit, periods: readonly Period[]): Period[] {
  const groups = new Map<string, Period[]>();
  for (const period of periods) {
    const start = startOf(period.from, unit);
    groups.set(start, [...(groups.get(start) ?? []), period]);
  }
  return [...groups].map(([from, members]) => ({
    from,
    post_count: members.reduce((sum, { post_count }) => sum + post_count, 0),
    users: (members[0]?.users ?? []).map((_, at) => members.reduce((sum, { users }) => sum + (users[at] ?? 0), 0)),
  }));
}

/**
 * @param per what the periods are: days or months
 * @returns the periods, in the shortest unit in which there are not too many
 */
export function lifeOf(per: "day" | "month", periods: readonly Period[]): { unit: Unit; periods: Period[] } {
  const coarser = units.slice(units.indexOf(per));
  for (const unit of coarser) {
    const grouped = groupedBy(unit, periods);
    if (grouped.length <= maxPeriods) return { unit, periods: grouped };
  }
  return { unit: "year", periods: groupedBy("year", periods) };
}

/** Where a moment is among periods, as a fraction of their indexes: 1.5 is halfway from the second to the third. */
export function indexOf(day: string, periods: readonly Period[]): number {
  const at = periods.findLastIndex(({ from }) => from <= day);
  const [from, next] = [periods[at]?.from, periods[at + 1]?.from];
  if (from === undefined) return 0;
  if (next === undefined) return at;
  return at + (Date.parse(day) - Date.parse(from)) / (Date.parse(next) - Date.parse(from));
}
