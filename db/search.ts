/**
 * What the search keeps in PostgreSQL, schema `search`: how far the index has come, and the documents of
 * the PostgreSQL engine. Only `search` writes it; dropping the schema loses nothing but time.
 */
import {
  bigint,
  boolean,
  customType,
  date,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

/**
 * Raise it whenever a table below, folding, the lexicon, the repair of names, a document's shape or Meilisearch's settings
 * change: the next index run is then a full one.
 */
export const searchVersion = 4006;

export const search = pgSchema("search");

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** How far each engine's index has come: one row per engine. */
export const state = search.table(
  "state",
  {
    /** meilisearch or postgres. */
    engine: text().notNull(),
    /** The searchVersion that filled the index. */
    version: integer().notNull(),
    /** Changes when the index is filled; part of the data generation that keys all caches. */
    generation: text().notNull(),
    /** baked.analysis.generation and revision that the index holds. */
    analysis_generation: text().notNull(),
    revision: bigint({ mode: "number" }).notNull(),
    /** STATS_TIMEZONE that decided the years in the index. */
    timezone: text().notNull(),
    post_count: integer().notNull(),
    thread_count: integer().notNull(),
    /** Which of Meilisearch's indexes was filled: it may be shared, or put back to another day. '' for postgres. */
    index_id: text().notNull(),
    finished_at: timestamp().notNull(),
  },
  (t) => [primaryKey({ columns: [t.engine] })],
);

/** Folded text of the posts as the PostgreSQL engine searches it. */
export const posts = search.table(
  "posts",
  {
    pid: integer().notNull(),
    tid: integer().notNull(),
    bid: integer(),
    uid: integer().notNull(),
    timestamp: timestamp().notNull(),
    words: tsvector().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pid] }),
    index("search_posts_words").using("gin", t.words),
    index("search_posts_uid").on(t.uid, t.pid),
    index("search_posts_bid").on(t.bid, t.pid),
    index("search_posts_tid").on(t.tid, t.pid),
  ],
);

/** Where to look for the posts of a time: which pids a day's posts have, or a bit more. Pids rise with time, but not strictly. */
export const days = search.table(
  "days",
  {
    /** In UTC. */
    day: date().notNull(),
    first_pid: integer().notNull(),
    last_pid: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.day] })],
);

export const threads = search.table(
  "threads",
  {
    tid: integer().notNull(),
    bid: integer(),
    uid: integer(),
    timestamp: timestamp(),
    /** Folded words of the tags. */
    tags: text().array().notNull(),
    words: tsvector().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tid] }),
    index("search_threads_words").using("gin", t.words),
    index("search_threads_tags").using("gin", t.tags),
  ],
);

/** What users are and were called, as people type it: one row for the name and each alias. */
export const names = search.table(
  "names",
  {
    uid: integer().notNull(),
    name: text().notNull(),
    is_alias: boolean().notNull(),
    /** The user's: whoever writes most is suggested first. */
    post_count: integer().notNull(),
    /** Unicode lower case. */
    lower: text().notNull(),
    /** Folded words. */
    folded: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.uid, t.name, t.is_alias] }),
    index("search_names_lower").on(t.lower),
    index("search_names_folded").on(t.folded),
  ],
);
