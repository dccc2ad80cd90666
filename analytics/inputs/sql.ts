/** SQL expressions shared by several queries. */

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Wall-clock time of a moment in UTC. UTC is an interval here: PostgreSQL would look up a name for every row. */
export const wallClock = (timezone: string, moment: string) =>
  `timezone(${literal(timezone)}, timezone(interval '0', ${moment}))`;

/** The moment, in UTC, at which a day begins in the time zone of the last run, which an incremental run keeps. */
export const beginning = (day: string) =>
  `timezone('UTC', timezone((select timezone from baked.analysis), (${day})::timestamp))`;

/** Hours since Monday midnight. Counting from the first Monday of the year 1 is faster than extracting the weekday. */
export const hourOfWeek = (clock: string) => `(floor(date_part('epoch', ${clock}) / 3600)::bigint + 17259888) % 168`;

export const yearOf = (day: string) => `date_part('year', ${day})::smallint`;

/** From 1, Monday, to 7, Sunday. */
export const weekdayOf = (day: string) => `date_part('isodow', ${day})::smallint`;

/**
 * Groups by the four selections: one year or all, one board or all. Their columns are {@link selected}.
 * @param others further columns of the key
 */
export const selections = (...others: string[]) => {
  const sets = [["year", "bid"], ["year"], ["bid"], []].map((set) => `(${[...set, ...others].join(", ")})`);
  return `grouping sets (${sets.join(", ")})`;
};

/** Year and board of a selection; 0 means all. */
const selected = { year: "coalesce(year, 0)", bid: "coalesce(bid, 0)" };
export const selectedColumns = `${selected.year} as year, ${selected.bid} as bid`;

/** Numbers of posts that add up over days, boards and users. */
export const totals = ["post_count", "edit_count", "posts_length", "threads_created"] as const;
export const totalColumns = totals.join(", ");
export const summedTotals = totals.map((column) => `sum(${column})::bigint as ${column}`).join(", ");

/** An optimization fence: ends a subquery that the planner must not merge into the query around it. */
export const fence = (reason: string) => `offset 0 /* fence: ${reason} */`;

/**
 * A subquery whose rows are in order, for `array_agg` without `order by`: several of these would each sort on their own
 * before PostgreSQL 16. Grouping keeps the order within each group, whether it sorts by leading columns or hashes.
 */
export const sorted = (query: string, order: string) => `(${query} order by ${order} ${fence("in order")})`;
