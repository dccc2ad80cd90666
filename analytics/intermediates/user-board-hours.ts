import { countedPosts } from "../inputs/counted-posts.ts";
import { sorted } from "../inputs/sql.ts";
import { createUnlogged, type Intermediate } from "./intermediate.ts";

const name = "user_board_hours";

/** A bit string of all units that occur, as an aggregate. */
const bitsOf = (unitCount: number, unit: string) => `bit_or(set_bit(B'${"0".repeat(unitCount)}', ${unit}, 1))`;
/** Which hours of the week and which days of the week there are. Only a full run needs them. */
const bits = `, ${bitsOf(168, "hour")} as hour_bits, ${bitsOf(7, "hour / 24")} as weekday_bits`;

/** In an incremental run, subtracted and added posts may cancel out. */
const hoursOf = (posts: string, others = "") => `
  select uid, year, bid, array_agg(hour) as hours, array_agg(post_count) as post_counts${others}
  from ${sorted(
    `select uid, year, bid, hour, sum(sign)::int as post_count
    from ${posts} group by uid, year, bid, hour having sum(sign) <> 0`,
    "uid, year, bid, hour",
  )} of_hour
  group by uid, year, bid`;

/**
 * In which hours of the week each user posted, and how often, per year and board: two arrays of the same length. With a
 * row for each of the 168 hours, this would be the largest table of all. In an incremental run: what changed.
 */
export const userBoardHours: Intermediate = {
  name,
  needs: [countedPosts],
  full: createUnlogged(name, "uid, year, bid", hoursOf("baked_next.counted_posts", bits)),
  incremental: [`create table baked_next.${name} as ${hoursOf(countedPosts.changes)}`, `analyze baked_next.${name}`],
  changes: `baked_next.${name}`,
  lookUp: (by) => {
    throw new Error(`no index finds the ${name} of a ${by.join(" and ")}`);
  },
};

/** A row per user, year, board and hour of the week. */
export const rowsPerHour = (source: string): string =>
  `(select uid, year, bid, unnest(hours) as hour, unnest(post_counts) as post_count from ${source})`;
