/** Posts, their contents, and what their pages say about the posts that are missing. */
import type { Change, Effects } from "./changes.ts";
import { rows, type Transaction } from "./transaction.ts";

interface KnownPost {
  pid: number;
  tid: number | null;
  is_hidden: boolean | null;
  is_gone: boolean;
}

/** Inserts, updates, moves and buries posts; a page that was read before changes nothing. */
export async function writePosts(
  tx: Transaction,
  changes: Change[],
  revision: number,
  effects: Effects,
): Promise<void> {
  const pages = changes.flatMap((change) => (change.kind === "page" ? [change] : []));
  if (pages.length === 0) return;
  const posts = new Map<number, object>();
  const spans: { tid: number; low: number; high: number }[] = [];
  for (const { document, after, end } of pages) {
    const { tid } = document.thread;
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (const post of document.posts) {
      low = Math.min(low, post.pid);
      high = Math.max(high, post.pid);
      posts.set(post.pid, {
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
    }
    if (high > 0) spans.push({ tid, low: after ?? low, high });
    // Behind the end of the thread there is nothing either: our last post may have vanished.
    if (end !== null) spans.push({ tid, low: end, high: 2_147_483_647 });
  }
  const pids = [...posts.keys()];
  const known = await tx<KnownPost[]>`
    select pid, tid, is_hidden, gone_at is not null as is_gone from posts where pid = any(${pids}::int[])
    union
    select p.pid, p.tid, p.is_hidden, p.gone_at is not null
    from json_to_recordset(${rows(spans)}::text::json) as s(tid int, low int, high int)
    cross join lateral (
      -- "offset": by the index, whatever the planner thinks of a table that grew since it was last looked at
      select * from posts as p where p.tid = s.tid and p.pid > s.low and p.pid <= s.high offset 0
    ) as p`;
  const hiddenBefore = new Set<number>();
  const missing: number[] = [];
  const touched = new Set(pages.map((page) => page.document.thread.tid));
  for (const post of known) {
    if (post.tid !== null) touched.add(post.tid);
    if (post.is_hidden) hiddenBefore.add(post.pid);
    if (!posts.has(post.pid) && !post.is_gone) missing.push(post.pid);
  }
  // One statement, so that the texts travel once.
  const written = await tx<{ pid: number; inserted: boolean | null; is_hidden: boolean | null; rewritten: boolean }[]>`
    with page as materialized (
      select * from json_to_recordset(${rows([...posts.values()])}::text::json) as t(pid int, tid int, poster_uid int, seconds bigint,
        edit_count int, last_edit_uid int, last_edit_seconds bigint, is_hidden bool, icon_id int, title varchar, content text, content_length int)
      order by pid
    ), written as (
      insert into posts as p (pid, poster_uid, tid, timestamp, edit_count, last_edit_uid, last_edit_timestamp, is_hidden, content_length, icon_id, revision)
      select pid, poster_uid, tid, to_timestamp(seconds) at time zone 'UTC', edit_count, last_edit_uid,
        to_timestamp(last_edit_seconds) at time zone 'UTC', is_hidden, coalesce(content_length, char_length(content), 0), icon_id, ${revision}
      from page
      on conflict (pid) do update set poster_uid = excluded.poster_uid, tid = excluded.tid, timestamp = excluded.timestamp,
        edit_count = excluded.edit_count, last_edit_uid = excluded.last_edit_uid, last_edit_timestamp = excluded.last_edit_timestamp,
        is_hidden = excluded.is_hidden, content_length = excluded.content_length, icon_id = excluded.icon_id, gone_at = null,
        revision = excluded.revision
      where p.gone_at is not null
        or (p.poster_uid, p.tid, p.timestamp, p.edit_count, p.last_edit_uid, p.last_edit_timestamp, p.is_hidden, p.content_length, p.icon_id)
          is distinct from (excluded.poster_uid, excluded.tid, excluded.timestamp, excluded.edit_count, excluded.last_edit_uid,
            excluded.last_edit_timestamp, excluded.is_hidden, excluded.content_length, excluded.icon_id)
      returning pid, xmax = 0 as inserted, is_hidden
    ), contents as (
      insert into post_contents as c (pid, title, content)
      select pid, title, content from page
      on conflict (pid) do update set title = excluded.title, content = excluded.content
      where (c.title, c.content) is distinct from (excluded.title, excluded.content)
      returning pid
    )
    select pid, inserted, is_hidden, contents is not null as rewritten from written full join contents using (pid)`;
  const added = new Set<number>();
  const changed = new Set<number>();
  const rewritten: number[] = [];
  for (const post of written) {
    (post.inserted ? added : changed).add(post.pid);
    if (post.rewritten && !post.inserted) rewritten.push(post.pid);
    if (post.is_hidden && !hiddenBefore.has(post.pid)) effects.posts_hidden++;
  }
  if (rewritten.length > 0)
    await tx`update posts set revision = ${revision} where pid = any(${rewritten}::int[]) and revision <> ${revision}`;
  if (missing.length > 0) {
    await tx`update posts set gone_at = now() at time zone 'UTC', revision = ${revision} where pid = any(${missing}::int[])`;
    effects.posts_hidden += missing.length;
  }
  effects.posts_added += added.size;
  effects.posts_changed += changed.size;
  await tx`
    update threads as t set first_pid = n.first_pid, last_pid = n.last_pid, revision = ${revision}
    from (
      select tid, (select min(pid) from posts as p where p.tid = u.tid and gone_at is null) as first_pid,
        (select max(pid) from posts as p where p.tid = u.tid and gone_at is null) as last_pid
      from unnest(${[...touched]}::int[]) as u(tid)
    ) as n
    where t.tid = n.tid and (t.first_pid, t.last_pid) is distinct from (n.first_pid, n.last_pid)`;
}
