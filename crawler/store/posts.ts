/** Writes posts and their contents, and marks vanished posts as gone. */
import type { Transaction } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import { postContents, posts as postsTable, threads } from "@potstats/db/crawled";
import { and, eq, sql } from "drizzle-orm";
import type { Post } from "../read/xml.ts";
import { type StatementBatch, db, isAmong, now, parameter, stamp, statement } from "./statements.ts";
import type { Change, Effects } from "./changes.ts";
import { codePointCount } from "./code-points.ts";
import { columnsExcept, differ, insert, recordset, upsert } from "./upsert.ts";

/** Columns that record when a post changed or vanished; all others come from the page. */
const ownColumns = ["gone_at", "revision"] as const;

type PostRow = Omit<Row<typeof postsTable>, (typeof ownColumns)[number]> & Row<typeof postContents>;

const dateOf = (seconds: number | null): Date | null => (seconds === null ? null : new Date(seconds * 1000));

const rowOf = (tid: number, post: Post): PostRow => ({
  pid: post.pid,
  tid,
  poster_uid: post.poster.uid,
  timestamp: dateOf(post.timestamp),
  edit_count: post.edit_count,
  last_edit_uid: post.last_edit?.user.uid ?? null,
  last_edit_timestamp: dateOf(post.last_edit?.timestamp ?? null),
  is_hidden: post.is_hidden || null,
  icon_id: post.icon_id,
  title: post.title,
  content: post.content,
  content_length: post.content_length ?? codePointCount(post.content ?? ""),
});

/** The posts on some pages, and those that their threads no longer show. */
export interface PostsOnPages {
  posts: Map<number, PostRow>;
  /** pid → the thread that lost it. */
  vanished: Map<number, number>;
}

export type StoredPost = Row<typeof postsTable, "pid" | "tid" | "is_hidden"> & { is_gone: boolean };

/** Gathers the posts on the pages; if a post is on two pages, the later page wins. */
export function postsOn(changes: Change[]): PostsOnPages {
  const posts = new Map<number, PostRow>();
  const vanished = new Map<number, number>();
  for (const change of changes) {
    if (change.kind === "page")
      for (const post of change.document.posts) posts.set(post.pid, rowOf(change.document.thread.tid, post));
    if (change.kind === "vanished") for (const pid of change.pids) vanished.set(pid, change.tid);
  }
  for (const pid of posts.keys()) vanished.delete(pid);
  return { posts, vanished };
}

/** Stored posts that are on the pages or have vanished; a post that has moved to another thread has not vanished. */
export async function readPosts(tx: Transaction, { posts, vanished }: PostsOnPages): Promise<StoredPost[]> {
  if (posts.size + vanished.size === 0) return [];
  const stored = await tx<StoredPost[]>`
    select pid, tid, is_hidden, gone_at is not null as is_gone from posts
    where pid = any(${[...posts.keys(), ...vanished.keys()]}::int[])`;
  return stored.filter(({ pid, tid }) => posts.has(pid) || vanished.get(pid) === tid);
}

const columns = columnsExcept(postsTable, ownColumns);
const textColumns = columnsExcept(postContents, []);

/** Posts and contents are written in one statement, so that the texts are sent once. */
const page = sql`page as materialized (
  select * from ${recordset([...columns, ...columnsExcept(postContents, ["pid"])])} order by pid
)`;
const from = sql`page`;

type PostParameters = { rows: PostRow[]; revision: number };

const insertPosts = statement<PostParameters>(sql`
  with ${page}, inserted as (${insert(postsTable, columns, { touched: stamp, from })})
  ${insert(postContents, textColumns, { from })}`);

const updatePosts = statement<PostParameters, Row<typeof postsTable, "pid" | "is_hidden">>(sql`
  with ${page}, rewritten as (${upsert(postContents, textColumns, { key: "pid", from })} returning pid)
  ${upsert(postsTable, columns, {
    key: "pid",
    touched: { gone_at: sql`null`, ...stamp },
    orIf: sql`${postsTable.gone_at} is not null or ${postsTable.pid} in (select pid from rewritten)`,
    from,
  })}
  returning pid, is_hidden`);

const markGone = statement<{ pids: number[]; revision: number }>(
  db
    .update(postsTable)
    .set({ gone_at: now, ...stamp })
    .where(isAmong(postsTable.pid, parameter("pids"))),
);

/** Inserts, updates and moves posts, and marks missing ones as gone. Rewriting an unchanged page changes nothing. */
export function writePosts(
  batch: StatementBatch,
  { posts, vanished }: PostsOnPages,
  stored: StoredPost[],
  revision: number,
  effects: Effects,
): void {
  if (posts.size + vanished.size === 0) return;
  const before = new Map(stored.map((post) => [post.pid, post]));
  const added = [...posts.values()].filter((post) => !before.has(post.pid));
  const existing = [...posts.values()].filter((post) => before.has(post.pid));
  const missing = stored.filter((post) => vanished.has(post.pid) && !post.is_gone).map((post) => post.pid);
  if (added.length > 0) {
    batch.send(insertPosts({ rows: added, revision }));
    effects.posts_added += added.length;
    effects.posts_hidden += added.filter((post) => post.is_hidden).length;
  }
  if (existing.length > 0) {
    batch.send(updatePosts({ rows: existing, revision }), (changed) => {
      effects.posts_changed += changed.length;
      effects.posts_hidden += changed.filter((post) => post.is_hidden && !before.get(post.pid)?.is_hidden).length;
    });
  }
  if (missing.length > 0) {
    batch.send(markGone({ pids: missing, revision }));
    effects.posts_hidden += missing.length;
  }
  const ends = endsOf(posts, stored);
  if (ends.length > 0) batch.send(updateEnds({ ends: JSON.stringify(ends), revision }));
}

/** The lowest and highest pid of a thread on the pages, and whether posts of it are gone or moved to another thread. */
interface Ends {
  tid: number;
  low: number | null;
  high: number | null;
  lost: boolean;
}

function endsOf(posts: PostsOnPages["posts"], stored: StoredPost[]): Ends[] {
  const threadEnds = new Map<number, Ends>();
  const endsOfThread = (tid: number): Ends => {
    let ends = threadEnds.get(tid);
    if (!ends) threadEnds.set(tid, (ends = { tid, low: null, high: null, lost: false }));
    return ends;
  };
  for (const { tid, pid } of posts.values()) {
    if (tid === null) continue;
    const ends = endsOfThread(tid);
    ends.low = Math.min(ends.low ?? pid, pid);
    ends.high = Math.max(ends.high ?? pid, pid);
  }
  for (const { pid, tid, is_gone } of stored)
    if (tid !== null && !is_gone && posts.get(pid)?.tid !== tid) endsOfThread(tid).lost = true;
  return [...threadEnds.values()];
}

/**
 * Updates first and last post of threads. The posts are searched only if the thread lost some: a thread can be long.
 */
const updateEnds = statement<{ ends: string; revision: number }>(
  db
    .update(threads)
    .set({ first_pid: sql`n.first_pid`, last_pid: sql`n.last_pid`, ...stamp })
    .from(
      sql`(
        select tid, case when lost or old.first_pid is null then (select min(pid) from posts as p where p.tid = s.tid and gone_at is null)
            else least(old.first_pid, low) end as first_pid,
          case when lost or old.last_pid is null then (select max(pid) from posts as p where p.tid = s.tid and gone_at is null)
            else greatest(old.last_pid, high) end as last_pid
        from json_to_recordset(${parameter("ends")}::text::json) as s(tid int, low int, high int, lost bool)
        join threads as old using (tid) offset 0
      ) as n`,
    )
    .where(
      and(
        eq(threads.tid, sql`n.tid`),
        differ([threads.first_pid, threads.last_pid], [sql`n.first_pid`, sql`n.last_pid`]),
      ),
    ),
);
