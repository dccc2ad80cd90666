/**
 * The crawled tables, schema `public`. Names, columns and meaning are those of potstats2, so that its databases can be
 * adopted in place. Only the crawler writes them; its column lists derive from these definitions.
 *
 * `timestamp` is `timestamp without time zone`, always UTC, except `users.registered` and `users.last_seen`: wall-clock
 * times as the profile page shows them (Europe/Berlin).
 */
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgSequence,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
  varchar,
} from "drizzle-orm/pg-core";
import { checkDue } from "./patrol-due.ts";

export const accountState = pgEnum("accountstate", ["active", "locked_temp", "locked", "not_unlocked"]);
export const tierType = pgEnum("tiertype", ["standard", "special"]);

/**
 * One number per writing transaction of the crawler. A row has the revision of its last change, so that the analytics
 * can read the changes since the last revision they processed. Rows adopted from potstats2 have 0 until they change.
 */
export const crawlRevision = pgSequence("crawl_revision");
const revision = () => bigint({ mode: "number" }).notNull().default(0);

export const categories = pgTable(
  "categories",
  { cid: integer().notNull(), name: varchar(), description: varchar() },
  (t) => [primaryKey({ name: "pk_categories", columns: [t.cid] })],
);

export const boards = pgTable(
  "boards",
  {
    bid: integer().notNull(),
    cid: integer(),
    name: varchar(),
    description: varchar(),
    /** When an initial pass over the board's listing reached page 1; NULL until then. */
    initial_pass_at: timestamp(),
    /** The listing page that the patrol reads next; NULL stands for the first one below the walked part. */
    review_page: integer(),
    /** When the patrol last reached the end of the listing; NULL if never. */
    reviewed_at: timestamp(),
    /** How many more threads the listing counted than were stored after it was last read to its end; NULL if unknown. */
    surplus: integer(),
    revision: revision(),
  },
  (t) => [
    primaryKey({ name: "pk_boards", columns: [t.bid] }),
    foreignKey({ name: "fk_boards_cid_categories", columns: [t.cid], foreignColumns: [categories.cid] }),
  ],
);

export const userTiers = pgTable(
  "user_tiers",
  { tied: serial().notNull(), name: varchar(), bars: varchar(), type: tierType() },
  (t) => [
    primaryKey({ name: "pk_user_tiers", columns: [t.tied] }),
    unique("uq_user_tiers_name").on(t.name, t.bars, t.type),
  ],
);

export const avatars = pgTable("avatars", { avid: integer().notNull(), path: varchar().notNull() }, (t) => [
  primaryKey({ name: "pk_avatars", columns: [t.avid] }),
]);

export const users = pgTable(
  "users",
  {
    uid: integer().notNull(),
    gid: integer(),
    name: varchar(),
    /** When `name` was last seen. */
    name_timestamp: timestamp().default(sql`'1970-01-01 00:00:00'`),
    /** Every other name ever seen, distinct, without `name`. */
    aliases: jsonb().$type<string[]>().default([]),
    user_profile_exists: boolean().default(false),
    tied: integer(),
    avid: integer(),
    registered: timestamp(),
    online_status: varchar(),
    last_seen: timestamp(),
    account_state: accountState(),
    locked_until: varchar(),
    /** The post on which `name` was seen at `name_timestamp`. Tie-break: at equal times the higher pid wins. */
    name_pid: integer().notNull().default(0),
    revision: revision(),
  },
  (t) => [
    primaryKey({ name: "pk_users", columns: [t.uid] }),
    foreignKey({ name: "fk_users_tied_user_tiers", columns: [t.tied], foreignColumns: [userTiers.tied] }),
    foreignKey({ name: "fk_users_avid_avatars", columns: [t.avid], foreignColumns: [avatars.avid] }),
    check("ck_users_locked_until", sql`${t.account_state} = 'locked_temp' or ${t.locked_until} is null`),
  ],
);

export const myModsUsers = pgTable(
  "my_mods_users",
  { uid: integer().notNull(), html: text(), fetched_at: timestamp() },
  (t) => [
    primaryKey({ name: "pk_my_mods_users", columns: [t.uid] }),
    foreignKey({ name: "fk_my_mods_users_uid_users", columns: [t.uid], foreignColumns: [users.uid] }),
  ],
);

/** Threads and posts reference each other: the type annotation breaks the cycle. */
const pidOfPosts = (): AnyPgColumn => posts.pid;

export const threads = pgTable(
  "threads",
  {
    tid: integer().notNull(),
    bid: integer(),
    title: varchar(),
    subtitle: varchar(),
    is_closed: boolean(),
    is_sticky: boolean(),
    is_important: boolean(),
    is_announcement: boolean(),
    is_global: boolean(),
    hit_count: integer(),
    est_number_of_replies: integer(),
    first_pid: integer(),
    /** The last post that was stored. */
    last_pid: integer(),
    tags: jsonb().$type<string[]>(),
    is_complete: boolean(),
    /** When a crawl found that the thread no longer exists; NULL while it does. */
    gone_at: timestamp(),
    /** Date of the last (or only) post according to the listing, which shows changes only here and in its counter. */
    listed_last_post: timestamp(),
    /** When the thread was last read completely, or checked by the patrol; NULL if never. */
    checked_at: timestamp(),
    /** The page that the patrol checks next besides the last; NULL stands for the page before the last. */
    check_page: integer(),
    /**
     * How many posts the forum's pages are shifted by against the stored ones even after a complete read (hidden
     * posts).
     */
    page_shift: integer().notNull().default(0),
    /** Whether the thread was missing from the listing at its last check. Once it is listed again, it is read again. */
    is_unlisted: boolean().notNull().default(false),
    revision: revision(),
  },
  (t) => [
    primaryKey({ name: "pk_threads", columns: [t.tid] }),
    foreignKey({ name: "fk_threads_bid_boards", columns: [t.bid], foreignColumns: [boards.bid] }),
    foreignKey({ name: "fk_threads_first_pid_posts", columns: [t.first_pid], foreignColumns: [pidOfPosts()] }),
    foreignKey({ name: "fk_threads_last_pid_posts", columns: [t.last_pid], foreignColumns: [pidOfPosts()] }),
    check(
      "ck_threads_is_complete",
      sql`(${t.is_closed} and not ${t.is_sticky} and not ${t.is_global}) or not ${t.is_complete}`,
    ),
    index("ix_threads_bid_last_pid").on(t.bid, t.last_pid),
    index("ix_threads_revision").on(t.revision),
    index("ix_threads_checked_at").on(t.checked_at.asc().nullsFirst()),
    index("ix_threads_check_due").on(sql.raw(checkDue)),
  ],
);

export const posts = pgTable(
  "posts",
  {
    pid: integer().notNull(),
    poster_uid: integer(),
    tid: integer(),
    timestamp: timestamp(),
    edit_count: integer(),
    last_edit_uid: integer(),
    last_edit_timestamp: timestamp(),
    /** NULL or true, never false. */
    is_hidden: boolean(),
    /** Unicode code points of the raw BBCode; 0 for an empty message. */
    content_length: integer(),
    icon_id: integer(),
    /** When a crawl found that the post no longer exists; NULL while it does. */
    gone_at: timestamp(),
    revision: revision(),
  },
  (t) => [
    primaryKey({ name: "pk_posts", columns: [t.pid] }),
    foreignKey({ name: "fk_posts_poster_uid_users", columns: [t.poster_uid], foreignColumns: [users.uid] }),
    foreignKey({ name: "fk_posts_tid_threads", columns: [t.tid], foreignColumns: [threads.tid] }),
    foreignKey({ name: "fk_posts_last_edit_uid_users", columns: [t.last_edit_uid], foreignColumns: [users.uid] }),
    check("ck_posts_last_edit_uid", sql`${t.edit_count} > 0 or ${t.last_edit_uid} is null`),
    check("ck_posts_last_edit_timestamp", sql`${t.edit_count} > 0 or ${t.last_edit_timestamp} is null`),
    index("ix_posts_poster_uid").on(t.poster_uid),
    index("ix_posts_timestamp").on(t.timestamp),
    index("ix_posts_tid_pid").on(t.tid, t.pid),
    index("ix_posts_revision").on(t.revision),
  ],
);

export const postContents = pgTable(
  "post_contents",
  { pid: integer().notNull(), title: varchar(), content: text() },
  (t) => [
    primaryKey({ name: "pk_post_contents", columns: [t.pid] }),
    foreignKey({ name: "fk_post_contents_pid_posts", columns: [t.pid], foreignColumns: [posts.pid] }),
  ],
);

const total = () => bigint({ mode: "number" }).notNull().default(0);

/** Totals of all crawls, one row. The first five columns are potstats2's. */
export const worldeaterState = pgTable(
  "worldeater_state",
  {
    singleton: integer().notNull(),
    /** Seconds spent crawling. */
    nomnom_time: integer(),
    num_api_requests: integer(),
    rx_bytes: bigint({ mode: "number" }),
    tx_bytes: bigint({ mode: "number" }),
    posts_added: total(),
    posts_changed: total(),
    posts_hidden: total(),
    threads_added: total(),
    threads_gone: total(),
    retries: total(),
    last_crawl_started_at: timestamp(),
    last_crawl_finished_at: timestamp(),
  },
  (t) => [primaryKey({ name: "pk_worldeater_state", columns: [t.singleton] })],
);

/** "Threads needing update": the crawler's durable work list. */
export const worldeaterTnu = pgTable(
  "worldeater_tnu",
  {
    tid: integer().notNull(),
    /** Page to read from, 1-based; potstats2's 0 means 1. */
    start_page: integer(),
    est_number_of_posts: integer(),
  },
  (t) => [
    primaryKey({ name: "pk_worldeater_tnu", columns: [t.tid] }),
    foreignKey({ name: "fk_worldeater_tnu_tid_threads", columns: [t.tid], foreignColumns: [threads.tid] }),
  ],
);

/** Forgotten users: their names, profiles and texts are deleted, and no crawl restores them. */
export const forgottenUsers = pgTable(
  "forgotten_users",
  {
    uid: integer().notNull(),
    forgotten_at: timestamp().notNull(),
    /** Digests of the name and the aliases (`nameDigest`): they identify quote tags that name no post. */
    name_digests: text().array().notNull().default([]),
  },
  (t) => [primaryKey({ name: "pk_forgotten_users", columns: [t.uid] })],
);
