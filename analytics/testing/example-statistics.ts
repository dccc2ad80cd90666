/** Examples of statistics, to test how statistics are maintained: the product has few of some kinds. */
import { baked } from "@potstats/db/baked";
import { date, integer, primaryKey, smallint } from "drizzle-orm/pg-core";
import { countedPosts } from "../inputs/counted-posts.ts";
import { quotes } from "../inputs/quotes.ts";
import { same, statistic, sums } from "../statistic.ts";
import { dailyStats } from "../statistics/daily-stats.ts";
import { posterStats } from "../statistics/poster-stats.ts";
import { userDays } from "../statistics/user-days.ts";

const key = () => integer().notNull();
const count = () => integer().notNull();
const day = () => date({ mode: "string" }).notNull();

/** The longest run of consecutive days with posts, per user. */
export const userStreaks = statistic(
  baked.table("example_user_streaks", { uid: key(), day_count: count() }, (t) => [primaryKey({ columns: [t.uid] })]),
  {
    needs: { userDays },
    columns: { uid: "uid", day_count: "max(days)" },
    from: (sources) => `(
      select uid, count(*) as days
      from (
        select uid, day - row_number() over (partition by uid order by day)::int as island
        from (select distinct uid, day from ${sources.userDays}) of_day
      ) of_island
      group by uid, island
    ) streak
    group by uid`,
    maintain: { recompute: "uid" },
  },
);

/** Derived from a statistic that is itself recomputed per group. */
const userBadges = statistic(
  baked.table("example_user_badges", { uid: key() }, (t) => [primaryKey({ columns: [t.uid] })]),
  {
    needs: { userStreaks },
    columns: { uid: "uid" },
    from: (sources) => `${sources.userStreaks} where day_count > 1`,
    maintain: { recompute: "uid" },
  },
);

const threadFacts = statistic(
  baked.table(
    "example_thread_facts",
    { tid: key(), post_count: count(), user_count: count(), first_day: day(), last_day: day() },
    (t) => [primaryKey({ columns: [t.tid] })],
  ),
  {
    needs: { countedPosts },
    columns: {
      tid: "tid",
      post_count: "count(*)",
      user_count: "count(distinct uid)",
      first_day: "min(day)",
      last_day: "max(day)",
    },
    from: (sources) => `${sources.countedPosts} group by tid`,
    maintain: { recompute: "tid" },
  },
);

/** The day with the most posts, per board; the earliest in a tie. */
const records = statistic(
  baked.table("example_records", { bid: key(), day: day(), post_count: count() }, (t) => [
    primaryKey({ columns: [t.bid] }),
  ]),
  {
    needs: { dailyStats },
    columns: same("bid", "day", "post_count"),
    from: (sources) =>
      `(select distinct on (bid) * from ${sources.dailyStats} order by bid, post_count desc, day) record`,
    maintain: { recompute: "bid" },
  },
);

/** How many users who first posted in one year posted in another, per board. */
const cohorts = statistic(
  baked.table(
    "example_cohorts",
    { bid: key(), first_year: smallint().notNull(), year: smallint().notNull(), user_count: count() },
    (t) => [primaryKey({ columns: [t.bid, t.first_year, t.year] })],
  ),
  {
    needs: { posterStats },
    columns: { ...same("bid", "first_year", "year"), user_count: "count(*)" },
    from: (sources) => `(
      select bid, year, min(year) over (partition by bid, uid) as first_year from ${sources.posterStats} where year <> 0
    ) of_user
    group by bid, first_year, year`,
    maintain: { recompute: "bid" },
  },
);

/** How often two users quote each other: a computed number beside two that add up. */
const pairs = statistic(
  baked.table(
    "example_pairs",
    {
      year: smallint().notNull(),
      bid: key(),
      uid: key(),
      other_uid: key(),
      quotes_count: count(),
      quoted_count: count(),
      mutual_count: count(),
    },
    (t) => [primaryKey({ columns: [t.year, t.bid, t.uid, t.other_uid] })],
  ),
  {
    needs: { quotes },
    columns: {
      ...same("year", "bid", "uid", "other_uid"),
      ...sums("quotes_count", "quoted_count"),
      mutual_count: (valueOf) => `least(${valueOf("quotes_count")}, ${valueOf("quoted_count")})`,
    },
    from: (sources) => `(
      select year, bid, quoter_uid as uid, quoted_uid as other_uid, count as quotes_count, 0 as quoted_count
      from ${sources.quotes} where quoter_uid < quoted_uid
      union all
      select year, bid, quoted_uid, quoter_uid, 0, count from ${sources.quotes} where quoter_uid > quoted_uid
    ) of_pair
    group by year, bid, uid, other_uid`,
    maintain: "add",
  },
);

export const examples = [userStreaks, userBadges, threadFacts, records, cohorts, pairs];
