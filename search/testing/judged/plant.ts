/** Plants the judged threads among the posts of a simulated forum. */
import { copyInto, type CopyValue } from "@potstats/db/copy";
import type { Sql } from "@potstats/db/connect";
import { insertBoard, insertThread, insertUser } from "@potstats/db/testing/database";
import { createForum, type Forum } from "@potstats/simulator/forum";
import { judgedBoards, readCorpus } from "./corpus.ts";

interface PlantedThread {
  key: string | null;
  bid: number;
  title: string;
  subtitle: string;
  tags: string[];
  posts: PlantedPost[];
}

interface PlantedPost {
  key: string | null;
  author: string;
  time: Date;
  title: string;
  content: string;
}

/** The ids of the judged posts and threads by their keys. */
export interface Planted {
  pids: Map<string, number>;
  tids: Map<string, number>;
}

/**
 * Fills the tables of the crawler. All ids ascend with time, whoever wrote the post.
 * @param sql an empty, migrated database
 * @param posts the number of posts in the simulated forum
 */
export async function plant(sql: Sql, posts: number): Promise<Planted> {
  const forum = createForum({ posts });
  for (const { bid, cid, name, description } of forum.history.boards)
    await insertBoard(sql, bid, { cid, name, description });
  for (const [bid, name] of judgedBoards) await insertBoard(sql, bid, { cid: 6, name });
  const judged = readCorpus();
  const all: PlantedThread[] = [...simulatedThreads(forum), ...judged];
  const tids = numbered(all, ({ posts: [first] }) => first?.time ?? new Date(0));
  const pids = numbered(
    all.flatMap((thread) => thread.posts),
    ({ time }) => time,
  );
  const byKey = {
    tids: new Map([...tids].map(([{ key }, tid]) => [key ?? "", tid])),
    pids: new Map([...pids].map(([{ key }, pid]) => [key ?? "", pid])),
  };
  const uids = new Map([...new Set([...pids.keys()].map(({ author }) => author))].map((name, at) => [name, at + 1]));
  for (const [name, uid] of uids) await insertUser(sql, uid, { name });
  for (const [{ bid, title, subtitle, tags }, tid] of tids)
    await insertThread(sql, tid, { bid, title, subtitle, tags });
  const authors = new Map(judged.flatMap((thread) => thread.posts.map(({ key, author }) => [key, author])));
  const rows = all.flatMap((thread) =>
    thread.posts.map((post) => {
      const content = withQuotes(post.content, byKey, authors);
      return {
        ...post,
        content,
        pid: pids.get(post) ?? 0,
        tid: tids.get(thread) ?? 0,
        uid: uids.get(post.author) ?? 0,
      };
    }),
  );
  await copyPosts(sql, rows);
  return byKey;
}

/** What readers of the simulated forum see. */
const simulatedThreads = ({ history, state, contentOf }: Forum): PlantedThread[] =>
  history.boards
    .filter(({ isRestricted }) => !isRestricted)
    .flatMap((board) =>
      state.threadsOf(board).map((thread) => ({
        key: null,
        bid: board.bid,
        title: thread.titles.at(-1)?.title ?? "",
        subtitle: thread.subtitle,
        tags: thread.tags,
        posts: state.visiblePosts(thread).map((post) => ({
          key: null,
          author: post.person.names.at(-1)?.name ?? "",
          time: new Date(post.time * 1000),
          title: post.title,
          content: contentOf(post),
        })),
      })),
    );

/** Numbers in the order of time. */
const numbered = <T>(things: T[], timeOf: (thing: T) => Date) =>
  new Map(things.toSorted((a, b) => timeOf(a).getTime() - timeOf(b).getTime()).map((thing, at) => [thing, 1000 + at]));

const withQuotes = (content: string, { tids, pids }: Planted, authors: Map<string, string>) =>
  content.replaceAll(/\[quote=([a-z]\w*)\/(\d+)\]/g, (_, thread: string, number: string) => {
    const key = `${thread}/${number}`;
    return `[quote=${tids.get(thread)},${pids.get(key)},"${authors.get(key)}"]`;
  });

async function copyPosts(sql: Sql, posts: (PlantedPost & { pid: number; tid: number; uid: number })[]): Promise<void> {
  const copy = (table: string, columns: string[], rows: CopyValue[][]) =>
    copyInto(sql, table, columns, async (into) => {
      for (const row of rows) await into.row(row);
    });
  await copy(
    "public.posts",
    ["pid", "tid", "poster_uid", "timestamp", "edit_count", "content_length", "revision"],
    posts.map(({ pid, tid, uid, time, content }) => [pid, tid, uid, time, 0, content.length, 0]),
  );
  await copy(
    "public.post_contents",
    ["pid", "title", "content"],
    posts.map(({ pid, title, content }) => [pid, title || null, content]),
  );
  await sql`
    update threads as t set first_pid = f.first_pid, last_pid = f.last_pid
    from (select tid, min(pid) as first_pid, max(pid) as last_pid from posts group by tid) as f where f.tid = t.tid`;
}
