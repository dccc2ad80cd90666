/** Derived tables of what people remember (see baked.ts): streaks, records, milestones, pairs, cohorts, recaps. */
import { type PgColumn, bigint, date, index, integer, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { baked, bid, count, day, uid, year } from "./baked-columns.ts";

/** When each user was active: streaks are days in a row with posts, pauses the days without between two of them. */
export const userStreaks = baked.table(
  "user_streaks",
  {
    uid: uid(),
    active_days: count(),
    first_day: day(),
    last_day: day(),
    /** The longest streak; of equals, here and below, the earliest. */
    longest_days: count(),
    longest_from: day(),
    /** The streak that ends on the last day. */
    running_days: count(),
    /** The longest pause; NULL if there is none. */
    pause_days: integer(),
    pause_from: date({ mode: "string" }),
    /** The longest series of weeks in a row with a post in each, and its first Monday. */
    weeks: count(),
    weeks_from: day(),
    /** Streaks longer than all that the user had before, in order. */
    streak_days: integer().array().notNull(),
    streak_froms: date({ mode: "string" }).array().notNull(),
    /** Pauses longer than all that the user had before, in order, and the day on which each ended. */
    pauses_days: integer().array().notNull(),
    comebacks: date({ mode: "string" }).array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.uid] }),
    index("user_streaks_last_day").on(t.last_day),
    ...[t.active_days, t.longest_days, t.pause_days, t.weeks].flatMap((column) => [
      index(`user_streaks_${column.name}_desc`).on(column.desc(), t.uid),
      index(`user_streaks_${column.name}_asc`).on(column, t.uid),
    ]),
  ],
);

/**
 * Records: everything that was larger than all before it, so the history of each record. The key holds `value`, because
 * no value breaks the same record twice.
 */
const recordColumns = {
  /** The name that the API uses. */
  record: text().notNull(),
  bid: bid(),
  value: bigint({ mode: "number" }).notNull(),
  /** The moment, or its day. */
  day: day(),
};
const recordKey = <T extends { record: PgColumn; bid: PgColumn; value: PgColumn }>(t: T) => [
  primaryKey({ columns: [t.bid, t.record, t.value] }),
];
/** The post that is the moment of a record. */
const postColumns = {
  pid: integer().notNull(),
  unix_s: bigint({ mode: "number" }).notNull(),
  tid: integer().notNull(),
  uid: uid(),
};

/** Of days, weeks, months and years. */
export const dayRecords = baked.table("day_records", recordColumns, recordKey);

/** Of users in a day, week, month or year. */
export const userRecords = baked.table("user_records", { ...recordColumns, uid: uid() }, recordKey);

/** Of users' streaks and pauses; `bid` is always 0. */
export const streakRecords = baked.table("streak_records", { ...recordColumns, uid: uid() }, recordKey);

/** Of posts. */
export const postRecords = baked.table("post_records", { ...recordColumns, ...postColumns }, recordKey);

/** Of threads. */
export const threadRecords = baked.table("thread_records", { ...recordColumns, ...postColumns }, recordKey);

/** The 1st, 10th, 100th, … post in order. */
export const milestones = baked.table(
  "milestones",
  { bid: bid(), number: count(), day: day(), ...postColumns },
  (t) => [primaryKey({ columns: [t.bid, t.number] })],
);

/** Of the posts written on a day, the one that most posts quote. */
export const dailyQuoted = baked.table(
  "daily_quoted",
  { bid: bid(), day: day(), pid: integer().notNull(), quoted_count: count() },
  (t) => [primaryKey({ columns: [t.bid, t.day] })],
);

/** Who posted in the two weeks before the last day with posts. */
export const weekUsers = baked.table(
  "week_users",
  {
    uid: uid(),
    /** In the seven days before that day. */
    post_count: count(),
    /** In the seven days before these. */
    before_count: count(),
  },
  (t) => [primaryKey({ columns: [t.uid] })],
);

/** The first and the last time that one user quotes another, by the quoting post; of several quoted, the lowest pid. */
export const quotePairs = baked.table(
  "quote_pairs",
  {
    quoter_uid: uid(),
    quoted_uid: uid(),
    first_pid: integer().notNull(),
    first_quoted_pid: integer().notNull(),
    last_pid: integer().notNull(),
    last_quoted_pid: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.quoter_uid, t.quoted_uid] })],
);

/** Users by the year of their first post in a board, and what they wrote there in each year. Here years are never 0. */
export const cohorts = baked.table(
  "cohorts",
  {
    bid: bid(),
    /** The year of the first post. */
    cohort: smallint().notNull(),
    year: year(),
    /** Users of the cohort who posted in the year; the row exists only if there are any. */
    active_users: count(),
    post_count: count(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.cohort, t.year] })],
);

/** The longest streak of a user within each year: of equals the earliest, then the lowest uid. */
export const yearStreaks = baked.table(
  "year_streaks",
  { year: year(), days: count(), from_day: day(), uid: uid() },
  (t) => [primaryKey({ columns: [t.year] })],
);

/** The thread with the most posts of a year, per board and over all boards. Here the year is never 0. */
export const yearThreads = baked.table(
  "year_threads",
  { year: year(), bid: bid(), tid: integer().notNull(), post_count: count() },
  (t) => [primaryKey({ columns: [t.bid, t.year] })],
);

/** The thread in which a user wrote most in a year. */
export const userYearThreads = baked.table(
  "user_year_threads",
  { uid: uid(), year: year(), tid: integer().notNull(), post_count: count() },
  (t) => [primaryKey({ columns: [t.uid, t.year] })],
);

/** Of the posts that a user wrote in a year, the one that most posts quote. */
export const userYearQuoted = baked.table(
  "user_year_quoted",
  { uid: uid(), year: year(), pid: integer().notNull(), quoted_count: count() },
  (t) => [primaryKey({ columns: [t.uid, t.year] })],
);
