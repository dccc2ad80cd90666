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
  primaryKey,
  smallint,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { baked, bid, count, day, edits, length, uid, year } from "./baked-columns.ts";

export { baked } from "./baked-columns.ts";
export * from "./baked-memories.ts";
export * from "./baked-threads.ts";

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

/**
 * In which hours of the week each user posted in each board, and how often: arrays of the same length, by board, then hour.
 * Here the year is never 0. With a row per board, this would be one of the largest tables.
 */
export const userHours = baked.table(
  "user_hours",
  {
    uid: uid(),
    year: year(),
    bids: integer().array().notNull(),
    /** 0 begins on Monday at midnight, 167 is the last hour of Sunday. */
    hours: smallint().array().notNull(),
    post_counts: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.uid, t.year] })],
);

/** From these numbers of posts on, a user belongs to the next level. */
export const postLevels: readonly number[] = [
  2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000,
];

/** SQL for the level of a number of posts: 0 for one post, 1 for 2 to 4, and so on. */
export const postLevelOf = (posts: string) => `width_bucket(${posts}, array[${postLevels.join(", ")}])`;

/** All users of the forum, in all years. */
const isEverybody = sql`year = 0 and bid = 0`;

/** The columns are in an order in which none is padded. */
export const posterStats = baked.table(
  "poster_stats",
  {
    year: year(),
    /** So that users with a minimum of posts are read from an index without those that have fewer. */
    post_level: smallint().notNull(),
    bid: bid(),
    uid: uid(),
    post_count: count(),
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
    // Without the uid, equal entries are stored once. Those few with equal counts are sorted when asked.
    index("poster_stats_selection").on(t.year, t.bid, t.post_count.desc()),
    // One index per sort column and direction, by level. Ties are broken by uid, ascending in both directions. The users of a
    // board or of a year are few enough to be sorted when asked; indexing them would make this the largest table by far.
    index("poster_stats_post_count_desc").on(t.post_count.desc(), t.uid).where(isEverybody),
    index("poster_stats_post_count_asc").on(t.post_count, t.uid).where(isEverybody),
    ...[t.edit_count, t.avg_post_length, t.threads_created, t.quoted_count, t.quotes_count].flatMap((column) => [
      index(`poster_stats_${column.name}_desc`).on(t.post_level, column.desc(), t.uid).where(isEverybody),
      index(`poster_stats_${column.name}_asc`).on(t.post_level, column, t.uid).where(isEverybody),
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
 *
 * Most pairs meet in a single board in a year. They have no row for it: `only_bid` of their row for all boards says which.
 */
export const quoteGraph = baked.table(
  "quote_graph",
  {
    year: year(),
    bid: bid(),
    quoter_uid: uid(),
    quoted_uid: uid(),
    count: count(),
    /** The board in which all quotes of the year were; NULL in rows of a board, of all years, and if there are several. */
    only_bid: integer(),
  },
  (t) => [
    // Also finds whom a user quotes: few enough to be sorted.
    primaryKey({ columns: [t.quoter_uid, t.year, t.bid, t.quoted_uid] }),
    // The strongest pairs are only requested for all boards together.
    index("quote_graph_count")
      .on(t.year, t.count.desc(), t.quoter_uid, t.quoted_uid)
      .where(sql`bid = 0`),
    index("quote_graph_quoted").on(t.quoted_uid, t.year, t.bid, t.count.desc(), t.quoter_uid, t.only_bid),
  ],
);

/** `type` is "link", "image", "video", or "" for all of them. */
export const userDomains = baked.table(
  "user_domains",
  { year: year(), type: text().notNull(), uid: uid(), domain: text().notNull(), count: count() },
  (t) => [
    // Also finds the domains of a user: few enough to be sorted.
    primaryKey({ columns: [t.uid, t.year, t.type, t.domain] }),
    // Both leave out the last column that breaks ties, so that equal entries are stored once.
    index("user_domains_count").on(t.year, t.type, t.count.desc(), t.uid),
    index("user_domains_domain").on(t.domain, t.year, t.type, t.count.desc()),
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
