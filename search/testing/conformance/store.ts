/** Writes a random forum into a database, as the crawler would. */
import type { Sql } from "@potstats/db/connect";
import { insertBoard, insertUser } from "@potstats/db/testing/database";
import type { Forum, Post, Thread } from "./forum.ts";

const perStatement = 500;

/** Inserts posts, and updates the first and last post of every thread. */
export async function insertPosts(sql: Sql, posts: Post[], revision = 0): Promise<void> {
  for (let at = 0; at < posts.length; at += perStatement) {
    const some = posts.slice(at, at + perStatement);
    const rows = some.map(({ pid, tid, uid, time, content, isHidden, isGone }) => ({
      pid,
      tid,
      poster_uid: uid,
      timestamp: time,
      edit_count: 0,
      is_hidden: isHidden || null,
      gone_at: isGone ? new Date(0) : null,
      content_length: Array.from(content.raw).length,
      revision,
    }));
    await sql`insert into posts ${sql(rows)}`;
    const contents = some.map(({ pid, title, content }) => ({ pid, title: title.raw || null, content: content.raw }));
    await sql`insert into post_contents ${sql(contents)}`;
  }
  await sql`
    update threads set first_pid = of_thread.first, last_pid = of_thread.last
    from (select tid, min(pid) as first, max(pid) as last from posts group by tid) of_thread where of_thread.tid = threads.tid`;
}

/** The columns of a thread that changes affect. */
export const threadRow = (sql: Sql, { bid, title, subtitle, tags, isGone }: Thread) => ({
  bid,
  title: title.raw,
  subtitle: subtitle.raw,
  tags: sql.json(tags.map(({ raw }) => raw)),
  gone_at: isGone ? new Date(0) : null,
});

export async function insertThread(sql: Sql, thread: Thread, revision = 0): Promise<void> {
  const row = { tid: thread.tid, is_complete: false, page_shift: 0, revision, ...threadRow(sql, thread) };
  await sql`insert into threads ${sql(row)}`;
}

export async function insertForum(sql: Sql, { boards, users, threads, posts }: Forum): Promise<void> {
  for (const { bid, name } of boards) await insertBoard(sql, bid, { name: name.raw });
  for (const { uid, name, aliases } of users)
    await insertUser(sql, uid, { name: name.raw, aliases: aliases.map(({ raw }) => raw) });
  for (const thread of threads) await insertThread(sql, thread);
  await insertPosts(sql, posts);
}
