/** Posts, their contents, and what their pages say about the posts that are missing. */
import type { Transaction } from "@potstats/db/connect";
import type { Change, Effects } from "./changes.ts";
import { type Batch, rows } from "./batch.ts";
import type { Post } from "../read/xml.ts";

const rowOf = (tid: number, post: Post) => ({
  pid: post.pid,
  tid,
  poster_uid: post.poster.uid,
  seconds: post.timestamp,
  edit_count: post.edit_count,
  last_edit_uid: post.last_edit?.user.uid ?? null,
  last_edit_seconds: post.last_edit?.timestamp ?? null,
  is_hidden: post.is_hidden || null,
  icon_id: post.icon_id,
  title: post.title,
  content: post.content,
  content_length: post.content_length ?? null,
});

type PostRow = ReturnType<typeof rowOf>;

/** The query for such rows, as the tables want them. */
const unfolded = ({ tx }: Batch, posts: PostRow[]) => tx`
  select t.*, to_timestamp(seconds) at time zone 'UTC' as timestamp, to_timestamp(last_edit_seconds) at time zone 'UTC' as last_edit_timestamp,
    coalesce(content_length, char_length(content), 0) as length
  from json_to_recordset(${rows(posts)}::text::json) as t(pid int, tid int, poster_uid int, seconds bigint, edit_count int,
    last_edit_uid int, last_edit_seconds bigint, is_hidden bool, icon_id int, title varchar, content text, content_length int)
  order by pid`;

/** What pages show, together. */
export interface PostsSeen {
  posts: Map<number, PostRow>;
  /** Stretches of threads of which every post was shown: pids above `low` up to `high`. */
  spans: { tid: number; low: number; high: number }[];
}

export interface KnownPost {
  pid: number;
  tid: number | null;
  is_hidden: boolean | null;
  is_gone: boolean;
}

/** Gathers the posts that pages show; of one that stands on two of them the later page tells. */
export function postsOn(changes: Change[]): PostsSeen {
  const seen: PostsSeen = { posts: new Map(), spans: [] };
  for (const change of changes) {
    if (change.kind !== "page") continue;
    const { document, after, end } = change;
    const { tid } = document.thread;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const post of document.posts) {
      low = Math.min(low, post.pid);
      high = Math.max(high, post.pid);
      seen.posts.set(post.pid, rowOf(tid, post));
    }
    if (high > 0) seen.spans.push({ tid, low: after ?? low, high });
    // Behind the end of the thread there is nothing either: our last post may have vanished.
    if (end !== null) seen.spans.push({ tid, low: end, high: 2_147_483_647 });
  }
  return seen;
}

/** The posts that we have of those shown, and of those that should be among them. */
export async function knownPosts(tx: Transaction, { posts, spans }: PostsSeen): Promise<KnownPost[]> {
  if (spans.length === 0) return [];
  return tx<KnownPost[]>`
    select pid, tid, is_hidden, gone_at is not null as is_gone from posts where pid = any(${[...posts.keys()]}::int[])
    union
    select p.pid, p.tid, p.is_hidden, p.gone_at is not null
    from json_to_recordset(${rows(spans)}::text::json) as s(tid int, low int, high int)
    cross join lateral (
      -- "offset": by the index, whatever the planner thinks of a table that grew since it was last looked at
      select * from posts as p where p.tid = s.tid and p.pid > s.low and p.pid <= s.high offset 0
    ) as p`;
}

/** Sends what inserts, updates, moves and buries posts; a page that was read before changes nothing. */
export function writePosts(
  batch: Batch,
  { posts, spans }: PostsSeen,
  knownOnes: KnownPost[],
  revision: number,
  effects: Effects,
): void {
  if (spans.length === 0) return;
  const known = new Map(knownOnes.map((post) => [post.pid, post]));
  const added = [...posts.values()].filter((post) => !known.has(post.pid));
  const shown = [...posts.values()].filter((post) => known.has(post.pid));
  const missing = knownOnes.filter((post) => !posts.has(post.pid) && !post.is_gone).map((post) => post.pid);
  // One statement for posts and contents, so that the texts travel once.
  if (added.length > 0) {
    batch.send(batch.tx`
      with page as materialized (
        ${unfolded(batch, added)}
      ), written as (
        insert into posts (pid, poster_uid, tid, timestamp, edit_count, last_edit_uid, last_edit_timestamp, is_hidden, content_length, icon_id, revision)
        select pid, poster_uid, tid, timestamp, edit_count, last_edit_uid, last_edit_timestamp, is_hidden, length, icon_id, ${revision} from page
      )
      insert into post_contents (pid, title, content) select pid, title, content from page`);
    effects.posts_added += added.length;
    effects.posts_hidden += added.filter((post) => post.is_hidden).length;
  }
  if (shown.length > 0) {
    batch.send(
      batch.tx<{ pid: number; is_hidden: boolean | null }[]>`
      with page as materialized (
        ${unfolded(batch, shown)}
      ), rewritten as (
        insert into post_contents as c (pid, title, content)
        select pid, title, content from page
        on conflict (pid) do update set title = excluded.title, content = excluded.content
        where (c.title, c.content) is distinct from (excluded.title, excluded.content)
        returning pid
      )
      update posts as p set poster_uid = n.poster_uid, tid = n.tid, timestamp = n.timestamp, edit_count = n.edit_count,
        last_edit_uid = n.last_edit_uid, last_edit_timestamp = n.last_edit_timestamp, is_hidden = n.is_hidden, content_length = n.length,
        icon_id = n.icon_id, gone_at = null, revision = ${revision}
      from page as n left join rewritten using (pid)
      where p.pid = n.pid and (rewritten.pid is not null or p.gone_at is not null
        or (p.poster_uid, p.tid, p.timestamp, p.edit_count, p.last_edit_uid, p.last_edit_timestamp, p.is_hidden, p.content_length, p.icon_id)
          is distinct from (n.poster_uid, n.tid, n.timestamp, n.edit_count, n.last_edit_uid, n.last_edit_timestamp, n.is_hidden, n.length, n.icon_id))
      returning p.pid, p.is_hidden`,
      (changed) => {
        effects.posts_changed += changed.length;
        effects.posts_hidden += changed.filter((post) => post.is_hidden && !known.get(post.pid)?.is_hidden).length;
      },
    );
  }
  if (missing.length > 0) {
    batch.send(
      batch.tx`update posts set gone_at = now() at time zone 'UTC', revision = ${revision} where pid = any(${missing}::int[])`,
    );
    effects.posts_hidden += missing.length;
  }
  writeEnds(batch, endsOf(posts, knownOnes), revision);
}

/** The lowest and highest pid shown of a thread, and whether posts of it are gone, or gone to another thread. */
interface Ends {
  tid: number;
  low: number | null;
  high: number | null;
  lost: boolean;
}

function endsOf(posts: PostsSeen["posts"], known: KnownPost[]): Ends[] {
  const threads = new Map<number, Ends>();
  const of = (tid: number): Ends => {
    let ends = threads.get(tid);
    if (!ends) threads.set(tid, (ends = { tid, low: null, high: null, lost: false }));
    return ends;
  };
  for (const { tid, pid } of posts.values()) {
    const ends = of(tid);
    ends.low = Math.min(ends.low ?? pid, pid);
    ends.high = Math.max(ends.high ?? pid, pid);
  }
  for (const { pid, tid, is_gone } of known)
    if (tid !== null && !is_gone && posts.get(pid)?.tid !== tid) of(tid).lost = true;
  return [...threads.values()];
}

/** First and last post of the threads. They are looked up only where they may be among those that are lost: a thread can be long. */
function writeEnds(batch: Batch, ends: Ends[], revision: number): void {
  if (ends.length === 0) return;
  batch.send(batch.tx`
    update threads as t set first_pid = n.first_pid, last_pid = n.last_pid, revision = ${revision}
    from (
      select tid, case when lost or old.first_pid is null then (select min(pid) from posts as p where p.tid = s.tid and gone_at is null)
          else least(old.first_pid, low) end as first_pid,
        case when lost or old.last_pid is null then (select max(pid) from posts as p where p.tid = s.tid and gone_at is null)
          else greatest(old.last_pid, high) end as last_pid
      from json_to_recordset(${rows(ends)}::text::json) as s(tid int, low int, high int, lost bool) join threads as old using (tid) offset 0
    ) as n
    where t.tid = n.tid and (t.first_pid, t.last_pid) is distinct from (n.first_pid, n.last_pid)`);
}
