/**
 * What the search keeps in PostgreSQL, schema `search`: the state of each index, and the documents of
 * the PostgreSQL engine. Only `search` writes it; it can be rebuilt at any time.
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
 * Raise it with every change of a table below, of folding, forms, the repair of names, documents or Meilisearch's
 * settings: the next index run is then a full one.
 */
export const searchVersion = 4006;

export const search = pgSchema("search");

const tsvector = customType<{ data: string }>({ dataType: () => "tsvector" });

/** What each engine's index contains: one row per engine. */
export const state = search.table(
  "state",
  {
    /** meilisearch or postgres. */
    engine: text().notNull(),
    /** The searchVersion that filled the index. */
    version: integer().notNull(),
    /** Changes with every run; part of the data generation, which is part of every cache key. */
    generation: text().notNull(),
    /** baked.analysis.generation and revision at the time of the run. */
    analysis_generation: text().notNull(),
    revision: bigint({ mode: "number" }).notNull(),
    /** The STATS_TIMEZONE in which years were computed. */
    timezone: text().notNull(),
    post_count: integer().notNull(),
    thread_count: integer().notNull(),
    /** Identifies the Meilisearch index: the server may be shared, or restored from a backup. '' for postgres. */
    index_id: text().notNull(),
    finished_at: timestamp().notNull(),
  },
  (t) => [primaryKey({ columns: [t.engine] })],
);

/** Folded words of the posts, for the PostgreSQL engine. */
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

/** A range of pids that contains each day's posts, to search a period. Pids increase with time, but not strictly. */
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

/** Current and former names of users, for suggestions and `user:`. */
export const names = search.table(
  "names",
  {
    uid: integer().notNull(),
    name: text().notNull(),
    is_alias: boolean().notNull(),
    /** The user's posts: the most active are suggested first. */
    post_count: integer().notNull(),
    /** In lower case, by Unicode. */
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

/** Tags of threads that are not gone, for completion. */
export const tags = search.table(
  "tags",
  {
    /** Folded words; tags with the same words count as one. */
    folded: text().notNull(),
    /** The most frequent spelling. */
    tag: text().notNull(),
    thread_count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.folded] }), index("search_tags_thread_count").on(t.thread_count.desc(), t.folded)],
);

/** Posts with links of each kind, for completion. Counted by blocks of pids, so that few must be counted again. */
export const linkCounts = search.table(
  "link_counts",
  {
    /** pid / 100,000. */
    block: integer().notNull(),
    /** "link", "image" or "video". */
    kind: text().notNull(),
    post_count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.block, t.kind] })],
);
