/** Random changes of a forum, each made in the model and, as the crawler would make it, in the database. */
import type { Sql } from "@potstats/db/connect";
import type { Random } from "@potstats/simulator/random";
import { type Forum, type Post, randomPost, randomThread, type Thread } from "./forum.ts";
import { randomContent, randomTitle } from "./markup.ts";
import { insertPosts, insertThread, threadRow } from "./store.ts";

interface Change {
  sql: Sql;
  forum: Forum;
  random: Random;
  revision: number;
}

async function savePost({ sql, revision }: Change, post: Post): Promise<void> {
  const { pid, tid, title, content, isHidden, isGone } = post;
  const gone_at = isGone ? new Date(0) : null;
  await sql`
    update posts set ${sql({ tid, is_hidden: isHidden || null, gone_at, edit_count: 1, revision })} where pid = ${pid}`;
  await sql`update post_contents set ${sql({ title: title.raw || null, content: content.raw })} where pid = ${pid}`;
}

const saveThread = ({ sql, revision }: Change, thread: Thread) =>
  sql`update threads set ${sql({ ...threadRow(sql, thread), revision })} where tid = ${thread.tid}`;

/** Posts other than the first of their thread, which moves with it. */
function laterPost({ forum, random }: Change): Post {
  const first = new Map<number, number>();
  for (const { tid, pid } of forum.posts) first.set(tid, Math.min(first.get(tid) ?? pid, pid));
  return random.pick(forum.posts.filter(({ tid, pid }) => first.get(tid) !== pid));
}

const changes: ((change: Change) => Promise<unknown>)[] = [
  async (change) => {
    const post = change.random.pick(change.forum.posts);
    post.content = randomContent(change.random);
    await savePost(change, post);
  },
  async (change) => {
    const post = change.random.pick(change.forum.posts);
    post.title = randomTitle(change.random, 2);
    await savePost(change, post);
  },
  async (change) => {
    const post = change.random.pick(change.forum.posts);
    post.isHidden = !post.isHidden;
    await savePost(change, post);
  },
  async (change) => {
    const post = change.random.pick(change.forum.posts);
    post.isGone = !post.isGone;
    await savePost(change, post);
  },
  async (change) => {
    const post = laterPost(change);
    post.tid = change.random.pick(change.forum.threads).tid;
    await savePost(change, post);
    await insertPosts(change.sql, []);
    await change.sql`update threads set revision = ${change.revision} where tid = ${post.tid}`;
  },
  async (change) => {
    const { forum, random } = change;
    const pid = Math.max(...forum.posts.map((post) => post.pid)) + 1;
    const post = randomPost(random, pid, random.pick(forum.threads).tid, forum.users, 1);
    forum.posts.push(post);
    await insertPosts(change.sql, [post], change.revision);
    await change.sql`update threads set revision = ${change.revision} where tid = ${post.tid}`;
  },
  async (change) => {
    const { forum, random } = change;
    const thread = randomThread(random, Math.max(...forum.threads.map(({ tid }) => tid)) + 1, forum.boards);
    forum.threads.push(thread);
    await insertThread(change.sql, thread, change.revision);
  },
  async (change) => {
    const thread = change.random.pick(change.forum.threads);
    thread.bid = change.random.chance(0.1) ? null : change.random.pick(change.forum.boards).bid;
    await saveThread(change, thread);
  },
  async (change) => {
    const thread = change.random.pick(change.forum.threads);
    thread.isGone = !thread.isGone;
    await saveThread(change, thread);
  },
  async (change) => {
    const { random } = change;
    const thread = random.pick(change.forum.threads);
    Object.assign(thread, { ...randomThread(random, thread.tid, change.forum.boards), bid: thread.bid });
    await saveThread(change, thread);
  },
  async ({ sql, forum, random, revision }) => {
    const user = random.pick(forum.users);
    const name = random.chance(0.2) ? random.pick(forum.users).name : randomTitle(random, 1);
    user.aliases = [user.name, ...user.aliases].filter(({ own }) => own !== name.own);
    user.name = name;
    const row = { name: name.raw, aliases: sql.json(user.aliases.map(({ raw }) => raw)), revision };
    await sql`update users set ${sql(row)} where uid = ${user.uid}`;
  },
];

/** Makes that many changes, of every kind in turn, in one revision. */
export async function changeForum(sql: Sql, forum: Forum, random: Random, count: number): Promise<void> {
  const [row] = await sql<{ revision: number }[]>`select nextval('crawl_revision')::int as revision`;
  const change = { sql, forum, random, revision: row?.revision ?? 0 };
  for (let at = 0; at < count; at++) await changes[at % changes.length]?.(change);
}
