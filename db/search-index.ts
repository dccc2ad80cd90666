/**
 * What the search keeps in PostgreSQL, schema `search`: the state of each index, and the documents of
 * the PostgreSQL engine. Only `search` writes it; it can be rebuilt at any time.
 */
import { sql } from "drizzle-orm";
import { bigint, boolean, date, index, integer, pgSchema, primaryKey, text, timestamp } from "drizzle-orm/pg-core";

/**
 * Raise it with every change of a table below, of folding, forms, the repair of names, documents or Meilisearch's
 * settings: the next index run is then a full one.
 */
export const searchVersion = 5005;

export const search = pgSchema("search");

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
    /** A run is changing the index, or was killed meanwhile. */
    is_changing: boolean().notNull(),
    finished_at: timestamp().notNull(),
  },
  (t) => [primaryKey({ columns: [t.engine] })],
);

/** The new Meilisearch index that a run is filling, so that the next run continues it after a kill: at most one row. */
export const build = search.table(
  "build",
  {
    /** When Meilisearch created the index, which identifies it. */
    created_at: text().notNull(),
    /** The searchVersion, the STATS_TIMEZONE and the revision of the analysis with which the build began. */
    version: integer().notNull(),
    timezone: text().notNull(),
    revision: bigint({ mode: "number" }).notNull(),
    /** The file of `posts`: another one has its rows elsewhere. */
    file: bigint({ mode: "number" }).notNull(),
    /** The rows before this page of the file are in the index. */
    page: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.created_at] })],
);

/** Ids per block: 2 to the power of this. */
export const blockBits = 14;
/** Blocks are marked by CJK ideographs, which are no spaces. There are fewer of them than blocks: they repeat. */
const blockMarks = { first: 0x3400, count: 40_000 };

/** The character that begins all lexemes of a block. @param block SQL */
export const blockMark = (block: string): string => `chr(${blockMarks.first} + ${block} % ${blockMarks.count})`;

/**
 * The lexemes of a row, as they are indexed: each begins with the mark of the row's block, so a block can be searched on
 * its own.
 * @param id the column with the id
 */
export const lexemesOf = (id: string): string =>
  `replace(words || forms, ' ', ' ' || ${blockMark(`(${id} >> ${blockBits})`)})::tsvector`;

/** The posts, for the PostgreSQL engine. */
export const posts = search.table(
  "posts",
  {
    pid: integer().notNull(),
    tid: integer().notNull(),
    bid: integer(),
    uid: integer().notNull(),
    timestamp: timestamp().notNull(),
    /** Folded words as written, in order, each between spaces; `|` separates texts. */
    words: text().notNull(),
    /** Dictionary forms that are not among the words, and filters: `@u5 @b2 @t7 @hlink`. Separated by spaces. */
    forms: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pid] }),
    index("search_posts_lexemes")
      .using("gin", sql.raw(`(${lexemesOf("pid")})`))
      .with({ fastupdate: false }),
  ],
);

/** The blocks that contain posts or threads. */
export const blocks = search.table(
  "blocks",
  {
    /** "post" or "thread". */
    type: text().notNull(),
    block: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.type, t.block] })],
);

/** Words and dictionary forms of the posts and threads, to correct misspelled ones. */
export const words = search.table(
  "words",
  {
    word: text().notNull(),
    /** Posts and threads with the word, approximately: edits count again. */
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.word] })],
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

/** Searchable posts per month and board, to show numbers of hits as a share of them. */
export const months = search.table(
  "months",
  {
    /** 0: all boards, and posts without one. */
    bid: integer().notNull(),
    /** Its first day, in STATS_TIMEZONE. */
    month: date({ mode: "string" }).notNull(),
    post_count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.bid, t.month] })],
);

export const threads = search.table(
  "threads",
  {
    tid: integer().notNull(),
    bid: integer(),
    uid: integer(),
    timestamp: timestamp(),
    /** Words of title, subtitle and tags, as those of posts. */
    words: text().notNull(),
    /** As those of posts; filters are `@u5 @b2 @t7` and, for each word of a tag, `@gword`. */
    forms: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tid] }),
    index("search_threads_lexemes")
      .using("gin", sql.raw(`(${lexemesOf("tid")})`))
      .with({ fastupdate: false }),
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
