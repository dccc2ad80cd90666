/**
 * The derived tables, schema `baked`: derived from the crawled tables, ready to be served. Only the analytics write
 * them, and they can be recomputed at any time. They are created from these definitions (baked-ddl.ts), not by
 * migrations: a full run creates them in a second schema and swaps the two. How a statistic is computed is declared in
 * `analytics/statistics/`. After a change of either, the next run is a full run.
 *
 * In every statistic **year 0 means all years and bid 0 all boards**. Both are precomputed, so that each selection of
 * the API is one index lookup. Years, days, weekdays and hours are in STATS_TIMEZONE. Names and titles are repaired for
 * display; `public` keeps them as received.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  type PgColumn,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

export const baked = pgSchema("baked");

const count = () => integer().notNull();
const year = () => smallint().notNull();
const bid = () => integer().notNull();
const uid = () => integer().notNull();
const day = () => date({ mode: "string" }).notNull();
const length = () => bigint({ mode: "number" }).notNull();
/** A single post may claim 2^31 - 1 edits. */
const edits = () => bigint({ mode: "number" }).notNull();

/** A condition on `timestamp`. Times outside any calendar, such as infinity or the year 0, are treated as unknown. */
export const knownTime = "between '0001-01-02' and '9999-12-30'";

/** Month and day of a date as one number: 229 for the 29th of February. */
export const anniversaryOf = (time: string) => `(100 * date_part('month', ${time}) + date_part('day', ${time}))::int`;

/** The last run: one row, or none before the first run. */
export const analysis = baked.table(
  "analysis",
  {
    singleton: integer().notNull(),
    /** A digest of the definitions from which the tables were derived. */
    version: integer().notNull(),
    /** New with every commit of the analytics; part of the data generation that keys all caches. */
    generation: text().notNull(),
    timezone: text().notNull(),
    /** The address against which relative addresses in posts were resolved. */
    forum_url: text().notNull(),
    /** The tables include all changes of the crawled tables up to this revision. */
    revision: bigint({ mode: "number" }).notNull(),
    started_at: timestamp().notNull(),
    finished_at: timestamp().notNull(),
    /** For the status page: posts, quotes, links, malformed quotes, … */
    counts: jsonb().$type<Record<string, number>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.singleton] })],
);

export const users = baked.table(
  "users",
  {
    uid: uid(),
    name: text().notNull(),
    /** Unicode lower case of `name`, independent of the database's collation. */
    name_lower: text().notNull(),
    aliases: jsonb().$type<string[]>().notNull(),
    /** As the profile shows it. */
    registered: date({ mode: "string" }),
  },
  (t) => [
    primaryKey({ columns: [t.uid] }),
    index("users_name_lower").on(t.name_lower, t.uid),
    index("users_anniversary").on(sql`(${sql.raw(anniversaryOf("registered"))})`, t.uid),
  ],
);

export const boards = baked.table(
  "boards",
  { bid: bid(), cid: integer(), category: text(), name: text().notNull(), description: text().notNull() },
  (t) => [primaryKey({ columns: [t.bid] })],
);

export const threads = baked.table(
  "threads",
  {
    tid: integer().notNull(),
    bid: integer(),
    title: text().notNull(),
    subtitle: text().notNull(),
    tags: jsonb().$type<string[]>().notNull(),
    /** The name of the series that the thread may belong to; NULL if its title names none. */
    series: text(),
    /** Whether the title ends with a part number. A thread without one may only open a series. */
    is_part: boolean().notNull(),
    is_closed: boolean().notNull(),
    is_gone: boolean().notNull(),
    first_pid: integer(),
    /** Poster and time of the opening post; NULL while it is unknown. */
    poster_uid: integer(),
    timestamp: timestamp(),
    post_count: count(),
    /** The higher revision of the thread and its opening post. When it rises, the index rereads the thread. */
    revision: bigint({ mode: "number" }).notNull(),
    /**
     * Rises when the thread is moved, vanishes or reappears; the index then rereads its posts. A full run cannot know
     * what happened to the thread and takes the thread's own revision.
     */
    posts_revision: bigint({ mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tid] }),
    index("threads_revision").on(t.revision),
    index("threads_series")
      .on(t.bid, t.series, t.is_part)
      .where(sql`series is not null`),
  ],
);

/** Well-formed quotes at the outermost level, including quotes of posts that have not been crawled. */
export const postQuotes = baked.table(
  "post_quotes",
  { pid: integer().notNull(), quoted_pid: integer().notNull(), count: count() },
  (t) => [primaryKey({ columns: [t.pid, t.quoted_pid] }), index("post_quotes_quoted_pid").on(t.quoted_pid)],
);

export const postLinks = baked.table(
  "post_links",
  {
    pid: integer().notNull(),
    /** "link", "image" or "video". */
    type: text().notNull(),
    /** At most 300 characters. */
    url: text().notNull(),
    domain: text().notNull(),
    count: count(),
  },
  (t) => [primaryKey({ columns: [t.pid, t.type, t.url, t.domain] })],
);

/** Posts with broken quotes or links. Only the status page shows their number. */
export const postFaults = baked.table(
  "post_faults",
  { pid: integer().notNull(), malformed_quotes: count(), unparsable_links: count() },
  (t) => [primaryKey({ columns: [t.pid] })],
);

/**
 * What each post contributes to the statistics; an incremental run subtracts it when the post changes. A post whose
 * user, board or time is unknown has a row but is not counted in any statistic.
 */
export const postFacts = baked.table(
  "post_facts",
  {
    pid: integer().notNull(),
    uid: integer(),
    bid: integer(),
    tid: integer(),
    /** The time in Unix seconds. */
    unix_s: bigint({ mode: "number" }),
    day: date({ mode: "string" }),
    year: smallint(),
    /** Of the week: 0 begins on Monday at midnight, 167 is the last hour of Sunday. */
    hour: smallint(),
    length: integer().notNull(),
    edit_count: count(),
    /** The number of threads in the post's board that it opens. */
    threads_created: count(),
  },
  (t) => [primaryKey({ columns: [t.pid] }), index("post_facts_tid").on(t.tid)],
);

/** What each user did on each day in each board. */
export const userDays = baked.table(
  "user_days",
  {
    uid: uid(),
    bid: bid(),
    day: day(),
    post_count: count(),
    edit_count: edits(),
    posts_length: length(),
    threads_created: count(),
  },
  (t) => [primaryKey({ columns: [t.uid, t.bid, t.day] })],
);

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

/** In which hours of the week each user posted, and how often. Here year and bid are never 0. */
export const userHours = baked.table(
  "user_hours",
  {
    uid: uid(),
    year: year(),
    bid: bid(),
    /** Ascending; 0 begins on Monday at midnight, 167 is the last hour of Sunday. */
    hours: smallint().array().notNull(),
    /** One per hour in `hours`. */
    post_counts: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.uid, t.year, t.bid] })],
);

/** From these numbers of posts on, a user belongs to the next level. */
export const postLevels: readonly number[] = [
  2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000,
];

/** SQL for the level of a number of posts: 0 for one post, 1 for 2 to 4, and so on. */
export const postLevelOf = (posts: string) => `width_bucket(${posts}, array[${postLevels.join(", ")}])`;

/** Over all years or all boards. */
const isSum = sql`year = 0 or bid = 0`;

export const posterStats = baked.table(
  "poster_stats",
  {
    year: year(),
    bid: bid(),
    uid: uid(),
    post_count: count(),
    /** So that users with a minimum of posts are read from an index without those that have fewer. */
    post_level: smallint().notNull(),
    edit_count: edits(),
    /** The total length of the posts, in characters. */
    posts_length: length(),
    /** posts_length / post_count, rounded half up. */
    avg_post_length: count(),
    threads_created: count(),
    /** How often others, or the user, quote the user's posts. The API's names for these two are fixed. */
    quoted_count: count(),
    /** How often the user quotes posts. */
    quotes_count: count(),
  },
  (t) => [
    primaryKey({ columns: [t.uid, t.bid, t.year] }),
    index("poster_stats_post_count_desc").on(t.year, t.bid, t.post_count.desc(), t.uid),
    // One index per sort column and direction, by level. Ties are broken by uid, ascending in both directions. The users of one
    // year in one board are few enough to be sorted when asked; indexing them would make this the largest table by far.
    index("poster_stats_post_count_asc").on(t.year, t.bid, t.post_count, t.uid).where(isSum),
    ...[t.edit_count, t.avg_post_length, t.threads_created, t.quoted_count, t.quotes_count].flatMap((column) => [
      index(`poster_stats_${column.name}_desc`).on(t.year, t.bid, t.post_level, column.desc(), t.uid).where(isSum),
      index(`poster_stats_${column.name}_asc`).on(t.year, t.bid, t.post_level, column, t.uid).where(isSum),
    ]),
  ],
);

export const yearlyStats = baked.table(
  "yearly_stats",
  {
    year: year(),
    bid: bid(),
    post_count: count(),
    edit_count: edits(),
    posts_length: length(),
    threads_created: count(),
    /** Distinct posters in exactly this selection. */
    active_users: count(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.year] })],
);

export const dailyStats = baked.table(
  "daily_stats",
  {
    day: day(),
    bid: bid(),
    post_count: count(),
    edit_count: edits(),
    posts_length: length(),
    threads_created: count(),
    active_users: count(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.day] })],
);

export const weekdayStats = baked.table(
  "weekday_stats",
  {
    year: year(),
    bid: bid(),
    /** From 1, Monday, to 7, Sunday. */
    weekday: smallint().notNull(),
    post_count: count(),
    edit_count: edits(),
    posts_length: length(),
    threads_created: count(),
    active_users: count(),
  },
  (t) => [primaryKey({ columns: [t.year, t.bid, t.weekday] })],
);

export const hourlyStats = baked.table(
  "hourly_stats",
  {
    year: year(),
    bid: bid(),
    weekday: smallint().notNull(),
    hour: smallint().notNull(),
    post_count: count(),
    active_users: count(),
  },
  (t) => [primaryKey({ columns: [t.year, t.bid, t.weekday, t.hour] })],
);

/** The busiest threads of a day, at most five, by posts, then tid. */
export const dailyThreads = baked.table(
  "daily_threads",
  {
    day: day(),
    bid: bid(),
    tids: integer().array().notNull(),
    /** One per thread in `tids`: its posts on that day. */
    post_counts: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.day] })],
);

/**
 * How often users quote each other, in the year and board of the quoting post. A board has no sums over all years: it is
 * only asked for one user, whose rows of all years are few.
 */
export const quoteGraph = baked.table(
  "quote_graph",
  { year: year(), bid: bid(), quoter_uid: uid(), quoted_uid: uid(), count: count() },
  (t) => [
    // Also finds whom a user quotes: few enough to be sorted.
    primaryKey({ columns: [t.quoter_uid, t.year, t.bid, t.quoted_uid] }),
    // The strongest pairs are only requested for all boards together.
    index("quote_graph_count")
      .on(t.year, t.count.desc(), t.quoter_uid, t.quoted_uid)
      .where(sql`bid = 0`),
    index("quote_graph_quoted").on(t.quoted_uid, t.year, t.bid, t.count.desc(), t.quoter_uid),
  ],
);

/** `type` is "link", "image", "video", or "" for all of them. */
export const userDomains = baked.table(
  "user_domains",
  { year: year(), type: text().notNull(), uid: uid(), domain: text().notNull(), count: count() },
  (t) => [
    // Also finds the domains of a user: few enough to be sorted.
    primaryKey({ columns: [t.uid, t.year, t.type, t.domain] }),
    index("user_domains_count").on(t.year, t.type, t.count.desc(), t.uid, t.domain),
    index("user_domains_domain").on(t.domain, t.year, t.type, t.count.desc(), t.uid),
  ],
);

export const domains = baked.table(
  "domains",
  { year: year(), type: text().notNull(), domain: text().notNull(), count: count() },
  (t) => [
    primaryKey({ columns: [t.domain, t.year, t.type] }),
    index("domains_count").on(t.year, t.type, t.count.desc(), t.domain),
  ],
);

/** Stands for all users together where 0 could be somebody's id. */
export const everyone = -1;

/** The links of each user, and of {@link everyone}, to all domains. `type` is as above. */
export const linkTotals = baked.table(
  "link_totals",
  { year: year(), type: text().notNull(), uid: uid(), count: count() },
  (t) => [primaryKey({ columns: [t.uid, t.year, t.type] })],
);

/** A duration in seconds. */
const seconds = () => bigint({ mode: "number" });
/** The time of a post, in Unix seconds. */
const unixSeconds = () => bigint({ mode: "number" });

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
    /** The user's first and last post in the thread, by time, then pid; their times in Unix seconds. */
    first_pids: integer().array().notNull(),
    first_times: unixSeconds().array().notNull(),
    last_pids: integer().array().notNull(),
    last_times: unixSeconds().array().notNull(),
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
