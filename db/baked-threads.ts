/** Derived tables about threads (see baked.ts): their pace, their people, their series. */
import { sql } from "drizzle-orm";
import { bigint, date, index, integer, primaryKey } from "drizzle-orm/pg-core";
import { baked, bid, count, seconds, uid, unixSeconds, year } from "./baked-columns.ts";

/**
 * Conditions that hold for every thread. Those without a year or a board are in separate indexes, which the planner may
 * only use for a query that has the same condition. Without them it would take an index for all boards to find the
 * threads of a large one, and skip the others.
 */
export const everyThread = { ofYear: "post_count > 0", ofBoard: "participants > 0", ofAll: "lifetime_s >= 0" };

/**
 * Threads with posts. Posts are in order by time, then pid. Poster and time of the posts named here are in `post_facts`.
 */
export const threadStats = baked.table(
  "thread_stats",
  {
    tid: integer().notNull(),
    bid: bid(),
    /** The year, poster and time of the first post. */
    year: year(),
    uid: uid(),
    opened: unixSeconds().notNull(),
    post_count: count(),
    /** Distinct posters. */
    participants: count(),
    first_pid: integer().notNull(),
    last_pid: integer().notNull(),
    /** From the first post to the first by somebody else; NULL without one. */
    first_reply_s: seconds(),
    lifetime_s: seconds().notNull(),
    /** From the first post to the last of the first half of the posts. */
    half_life_s: seconds().notNull(),
    /** Between two posts in a row; NULL for a single post. */
    longest_silence_s: seconds(),
    /** Silences longer than all before in the thread, the posts that ended them, and their times. */
    silences_s: seconds().array().notNull(),
    silence_pids: integer().array().notNull(),
    silence_times: unixSeconds().array().notNull(),
    /** Posts less than 24 hours after the first one, which is included. */
    fast_count: count(),
    /** How often posts of the thread are quoted. */
    times_quoted: bigint({ mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tid] }),
    // One index per sort column and kind of selection. Each is read in both directions.
    ...[
      t.opened,
      t.post_count,
      t.participants,
      t.first_reply_s,
      t.lifetime_s,
      t.half_life_s,
      t.longest_silence_s,
      t.times_quoted,
    ].flatMap((column) => [
      index(`thread_stats_${column.name}_year_bid`).on(t.year, t.bid, column, t.tid),
      index(`thread_stats_${column.name}_year`).on(t.year, column, t.tid).where(sql.raw(everyThread.ofYear)),
      index(`thread_stats_${column.name}_bid`).on(t.bid, column, t.tid).where(sql.raw(everyThread.ofBoard)),
      index(`thread_stats_${column.name}`).on(column, t.tid).where(sql.raw(everyThread.ofAll)),
    ]),
  ],
);

/** Of so many users of a thread, the busiest, is known who wrote when. */
export const maxStreamUsers = 6;

/** What one thread's page shows beside `thread_stats`. Each pair of arrays has the same length. */
export const threadDetails = baked.table(
  "thread_details",
  {
    tid: integer().notNull(),
    busiest_day: date({ mode: "string" }).notNull(),
    busiest_day_post_count: count(),
    /** The days with posts, ascending. */
    days: date({ mode: "string" }).array().notNull(),
    day_post_counts: integer().array().notNull(),
    /** The 20 busiest users, by posts, then uid. */
    uids: integer().array().notNull(),
    user_post_counts: integer().array().notNull(),
    /** All quoted posts, by the number of posts that quote them, then pid. */
    quoted_pids: integer().array().notNull(),
    quoted_counts: integer().array().notNull(),
    /** The days on which the first `maxStreamUsers` of `uids` wrote, by day, then uid. */
    stream_uids: integer().array().notNull(),
    stream_days: date({ mode: "string" }).array().notNull(),
    stream_post_counts: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tid] })],
);

/**
 * In which threads of a board each user posted: arrays of the same length, by posts, then tid. With a row per thread,
 * this would be one of the largest tables.
 */
export const userThreads = baked.table(
  "user_threads",
  {
    uid: uid(),
    bid: bid(),
    tids: integer().array().notNull(),
    post_counts: integer().array().notNull(),
    /** The user's first and last post in the thread, by time, then pid. Their times are in `post_facts`. */
    first_pids: integer().array().notNull(),
    last_pids: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.uid, t.bid] })],
);

/** How threads are answered and how long they live, per opening year and board. Percentiles are nearest ranks. */
export const threadReplies = baked.table(
  "thread_replies",
  {
    year: year(),
    bid: bid(),
    threads: count(),
    /** Threads without a reply by somebody else. */
    unanswered: count(),
    /** Of the answered threads; NULL if there are none. */
    first_reply_p50_s: seconds(),
    first_reply_p90_s: seconds(),
    lifetime_p50_s: seconds().notNull(),
    lifetime_p90_s: seconds().notNull(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.year] })],
);
