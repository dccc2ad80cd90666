/** Periods of whole years, and the parameters year, after and before that select them. */
import { yearSpan } from "../../parameters.ts";

export interface YearRange {
  first: number;
  /** Inclusive. */
  last: number;
}

/** Values of the parameters, "" if they are not set. */
export interface Period {
  year: string;
  /** A year, month or day, inclusive. */
  after: string;
  /** A year, month or day, exclusive. */
  before: string;
}

/** The parameters that select some years; all of them empty selects all years. */
export function periodOf(range: YearRange | undefined): Period {
  if (!range) return { year: "", after: "", before: "" };
  if (range.first === range.last) return { year: String(range.first), after: "", before: "" };
  return { year: "", after: String(range.first), before: String(range.last + 1) };
}

/** The last year with a moment before a year, month or day. */
function lastYearBefore(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return month === 1 && day === 1 ? year - 1 : year;
}

/**
 * The years that a period touches, or undefined if it selects none.
 * @param all the years there are, where the period has no beginning or no end
 */
export function yearsOf({ year, after, before }: Period, all: YearRange): YearRange | undefined {
  if (year === "" && after === "" && before === "") return undefined;
  if (year !== "") return yearSpan(year);
  const first = after === "" ? all.first : Number(after.slice(0, 4));
  const last = before === "" ? all.last : lastYearBefore(before);
  return first <= last ? { first, last } : undefined;
}

/** Whether `after` and `before` are whole years. */
export const isWholeYears = ({ after, before }: Pick<Period, "after" | "before">): boolean =>
  /^\d{4}$/.test(after) && /^\d{4}$/.test(before) && after < before;
