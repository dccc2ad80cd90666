/** One year of the forum, of a board or of a user, in numbers. */
import type { dailyStats } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { findHourlyStats } from "./hourly-stats.ts";
import { findPosterDevelopment } from "./poster-development.ts";
import * as bests from "./recap-bests.ts";
import { findMilestones, findRecords } from "./records.ts";
import { daysOf, type Sql, type Years } from "./selection.ts";
import { findUserDailyStats } from "./user-daily-stats.ts";
import { findYearOverYearStats } from "./year-over-year-stats.ts";

type Scope = bests.RecapScope;
type Day = Row<typeof dailyStats, "day" | "post_count">;

const yearBeforeAnd = (year: number): Years => ({ first: year - 1, last: year });

/** Days with posts in the year and in the one before, ascending. Raw SQL for the range. */
async function findDays(sql: Sql, { year, bid, user }: Scope): Promise<Day[]> {
  const years = yearBeforeAnd(year);
  if (user) return await findUserDailyStats(sql, { uid: user.uid, year: years, bid: 0 });
  const { firstDay, endDay } = daysOf(years);
  const rows = await sql<Day[]>`
    select day, post_count from baked.daily_stats
    where bid = ${bid} and day >= ${firstDay}::date and day < ${endDay}::date order by day`;
  return [...rows];
}

const common = { post_count: 0, edit_count: 0, threads_created: 0, avg_post_length: 0 };
const noPosts = {
  user: { ...common, quoted_count: 0, quotes_count: 0 },
  others: { ...common, active_users: 0 },
};

/** A function from a year to its counts; zeros without posts. */
async function findCounts(sql: Sql, { year, bid, user }: Scope) {
  if (user) {
    const years = await findPosterDevelopment(sql, { uid: user.uid, bid: 0 });
    const byYear = new Map(years.map(({ year: of, ...counts }) => [of, counts]));
    return (of: number) => byYear.get(of) ?? noPosts.user;
  }
  const years = await findYearOverYearStats(sql, { year: yearBeforeAnd(year), bid });
  const byYear = new Map(years.map(({ year: of, ...counts }) => [of, counts]));
  return (of: number) => byYear.get(of) ?? noPosts.others;
}

function findPlace(sql: Sql, { year, bid, user }: Scope) {
  if (user) return bests.findUserPlace(sql, { year, uid: user.uid });
  return bid === 0 ? null : bests.findBoardPlace(sql, { year, bid });
}

/** The first of the items with the largest number of posts. */
const busiest = <Item extends { post_count: number }>(items: Item[]): Item | null =>
  items.reduce<Item | null>((best, item) => (best && best.post_count >= item.post_count ? best : item), null);

/** Posts per hour of the day, or per weekday, in their order. */
function perUnit<Key extends "hour" | "weekday", Hour extends { post_count: number } & Record<Key, number | string>>(
  hours: Hour[],
  key: Key,
) {
  const groups = [...Map.groupBy(hours, (row) => row[key])].toSorted(([a], [b]) => Number(a) - Number(b));
  return groups.map(([unit, own]) => ({
    [key]: unit,
    post_count: own.reduce((sum, { post_count }) => sum + post_count, 0),
  })) as (Pick<Hour, Key> & { post_count: number })[];
}

const day_ms = 86_400_000;

/** The longest run of days in a row, the earliest of equals; null without days. */
function longestRun(days: string[]) {
  let best: { days: number; from: string; to: string } | null = null;
  let run = { days: 0, from: "", to: "" };
  for (const day of days) {
    const continues = Date.parse(day) - Date.parse(run.to) === day_ms;
    run = continues ? { ...run, days: run.days + 1, to: day } : { days: 1, from: day, to: day };
    if (!best || run.days > best.days) best = run;
  }
  return best;
}

/** Entries of all histories and milestones of the year; of a user, the user's. */
async function findHistory(sql: Sql, { year, bid, user }: Scope) {
  const [records, milestones] = await Promise.all([
    findRecords(sql, bid, daysOf({ first: year, last: year })),
    findMilestones(sql, bid),
  ]);
  const isOwn = (holder: { uid: number } | null) => user === null || holder?.uid === user.uid;
  return {
    records: records.flatMap(({ record, history }) =>
      history.filter((entry) => isOwn(entry.user)).map((entry) => ({ record, ...entry })),
    ),
    milestones: milestones
      .filter(({ day, post }) => Number(day.slice(0, 4)) === year && isOwn(post.user))
      .map(({ number, post }) => ({ number, post })),
  };
}

/** All numbers of a year. What does not exist in the scope is null. */
export async function findRecap(sql: Sql, scope: Scope) {
  const { year, bid, user } = scope;
  const isBoard = user === null && bid > 0;
  const [counts, days, hours, place, favourite_board, top_thread, most_quoted, history, streak, top_domain, most] =
    await Promise.all([
      findCounts(sql, scope),
      findDays(sql, scope),
      findHourlyStats(sql, { year: { first: year, last: year }, bid, uid: user?.uid }),
      findPlace(sql, scope),
      isBoard ? null : bests.findFavouriteBoard(sql, scope),
      bests.findTopThread(sql, scope),
      bests.findMostQuoted(sql, scope),
      findHistory(sql, scope),
      user || isBoard ? null : bests.findLongestStreak(sql, year),
      isBoard ? null : bests.findTopDomain(sql, scope),
      user ? findQuotes(sql, year, user.uid) : { quotes_most: null, quoted_most_by: null },
    ]);
  const isOfYear = ({ day }: Day) => Number(day.slice(0, 4)) === year;
  const own = days.filter(isOfYear);
  const run = user && longestRun(own.map(({ day }) => day));
  return {
    totals: { active_days: own.length, ...counts(year) },
    before: { active_days: days.length - own.length, ...counts(year - 1) },
    place,
    days: own,
    favourite_board,
    favourite_hour: busiest(perUnit(hours, "hour")),
    favourite_weekday: busiest(perUnit(hours, "weekday")),
    busiest_day: busiest(own),
    longest_streak: user && run ? { user, ...run } : streak,
    top_thread,
    ...most,
    most_quoted,
    top_domain,
    ...history,
  };
}

async function findQuotes(sql: Sql, year: number, uid: number) {
  const [quotes_most, quoted_most_by] = await Promise.all([
    bests.findQuotedMost(sql, { year, uid, direction: "quoting" }),
    bests.findQuotedMost(sql, { year, uid, direction: "quoted_by" }),
  ]);
  return { quotes_most, quoted_most_by };
}
