/** Which recaps pages link to. */
import { below } from "./base.ts";
import { todayIso } from "./today.ts";

/** The address of a year's recap: of the forum, a board or a user. */
export function recapPath(year: number, { bid, uid }: { bid?: string | number; uid?: string | number } = {}): string {
  const scope = uid ? `/users/${uid}` : bid ? `/boards/${bid}` : "";
  return below(`/recap/${year}${scope}`);
}

/** The last year with posts that is over; the last one if none is. Undefined without years. */
export function lastFullYear(years: readonly number[]): number | undefined {
  const thisYear = Number(todayIso().slice(0, 4));
  return years.findLast((year) => year < thisYear) ?? years.at(-1);
}
