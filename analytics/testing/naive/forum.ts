/** The crawled tables in memory, and what each post contributes, computed naively. */
import { naiveParse } from "@potstats/bbcode/testing/naive-parse";
import type { Sql } from "@potstats/db/connect";
import { drizzleOn } from "@potstats/db/drizzle";
import * as crawled from "@potstats/db/crawled";
import { eq, getTableColumns } from "drizzle-orm";
import { clock, type Moment } from "./clock.ts";

/** A counted post: poster, board and time are known. */
export interface CountedPost extends Moment {
  pid: number;
  uid: number;
  bid: number;
  tid: number;
  length: number;
  edits: number;
  /** The number of threads in its board that it opens. */
  threads_created: number;
}

export type Forum = Awaited<ReturnType<typeof readForum>>;

/** @param forumUrl the address before `/bb/…`, for relative addresses */
export async function readForum(sql: Sql, timezone: string, forumUrl: string) {
  const db = drizzleOn(sql);
  const users = await db.select().from(crawled.users);
  const boards = await db.select().from(crawled.boards);
  const categories = await db.select().from(crawled.categories);
  const threads = await db.select().from(crawled.threads);
  const posts = await db
    .select({ ...getTableColumns(crawled.posts), content: crawled.postContents.content })
    .from(crawled.posts)
    .leftJoin(crawled.postContents, eq(crawled.postContents.pid, crawled.posts.pid));

  const local = clock(timezone);
  const bidOf = (tid: number | null) => threads.find((thread) => thread.tid === tid)?.bid ?? null;
  const facts = posts.map((post) => {
    const bid = bidOf(post.tid);
    return {
      pid: post.pid,
      uid: post.poster_uid,
      bid,
      tid: post.tid,
      moment: post.timestamp && local(post.timestamp),
      length: post.content_length ?? 0,
      edits: post.edit_count ?? 0,
      threads_created: threads.filter((thread) => bid !== null && thread.first_pid === post.pid && thread.bid === bid)
        .length,
    };
  });
  const countedPosts = facts.flatMap(({ uid, bid, tid, moment, ...post }): CountedPost[] =>
    uid !== null && bid !== null && tid !== null && moment ? [{ ...post, ...moment, uid, bid, tid }] : [],
  );

  const parsed = posts.map(({ pid, content }) => ({ pid, ...naiveParse(content ?? "", forumUrl) }));
  const quotes = parsed.flatMap((post) =>
    [...post.quotes].map(([quoted_pid, count]) => ({ pid: post.pid, quoted_pid, count })),
  );
  const links = parsed.flatMap((post) => post.links.map((link) => ({ pid: post.pid, ...link })));
  const postOf = new Map(countedPosts.map((post) => [post.pid, post]));
  /** Quotes between counted posts. */
  const countedQuotes = quotes.flatMap(({ pid, quoted_pid, count }) => {
    const [quoting, quoted] = [postOf.get(pid), postOf.get(quoted_pid)];
    return quoting && quoted ? [{ quoting, quoted, count }] : [];
  });
  /** Links in counted posts. */
  const countedLinks = links.flatMap((link) => {
    const post = postOf.get(link.pid);
    return post ? [{ ...link, post }] : [];
  });
  return {
    users,
    boards,
    categories,
    threads,
    posts,
    facts,
    countedPosts,
    parsed,
    quotes,
    links,
    countedQuotes,
    countedLinks,
  };
}
