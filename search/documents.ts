/** Derived rows → documents, as both engines take them: folded text, streamed in batches. */
import type { Sql } from "@potstats/db/connect";
import { foldWords } from "./fold.ts";

export interface PostDocument {
  pid: number;
  /** Folded words of the post's title and own text. */
  words: string[];
  uid: number;
  tid: number;
  bid: number | null;
  timestamp: Date;
  /** In the statistics' time zone. */
  year: number;
  has: string[];
}

export interface ThreadDocument {
  tid: number;
  title: string[];
  subtitle: string[];
  tags: string[];
  bid: number | null;
  uid: number | null;
  timestamp: Date | null;
  year: number | null;
}

export interface UserDocument {
  uid: number;
  /** The name, then the aliases. */
  names: string[];
}

/** What an index has to take in: documents to put, ids to take out. */
export interface Changes<T> {
  put: T[];
  remove: number[];
}

/** Rows read at once. */
const batchSize = 5000;

/** Posts whose own text changed after `since`, in batches; the first fill takes -1. */
export async function* changedPosts(sql: Sql, since: number, timezone: string): AsyncGenerator<Changes<PostDocument>> {
  const rows = sql<
    {
      pid: number;
      is_searchable: boolean;
      title: string;
      own_text: string;
      has_link: boolean;
      has_image: boolean;
      has_video: boolean;
      uid: number;
      tid: number;
      bid: number | null;
      timestamp: Date;
      year: number;
    }[]
  >`
    select b.pid, b.is_searchable, b.title, b.own_text, b.has_link, b.has_image, b.has_video,
           p.poster_uid as uid, p.tid, t.bid, p.timestamp,
           extract(year from timezone(${timezone}, timezone('UTC', p.timestamp)))::int as year
    from baked.post_texts b join public.posts p on p.pid = b.pid left join baked.threads t on t.tid = p.tid
    where b.revision > ${since} ${since < 0 ? sql`and b.is_searchable` : sql``}`;
  for await (const batch of rows.cursor(batchSize)) {
    const changes: Changes<PostDocument> = { put: [], remove: [] };
    for (const row of batch) {
      if (!row.is_searchable) {
        changes.remove.push(row.pid);
        continue;
      }
      const has = (["link", "image", "video"] as const).filter((kind) => row[`has_${kind}`]);
      const { pid, uid, tid, bid, timestamp, year } = row;
      changes.put.push({ pid, words: foldWords(`${row.title} ${row.own_text}`), uid, tid, bid, timestamp, year, has });
    }
    yield changes;
  }
}

/** Threads that changed after `since`, in batches. */
export async function* changedThreads(
  sql: Sql,
  since: number,
  timezone: string,
): AsyncGenerator<Changes<ThreadDocument>> {
  const rows = sql<
    {
      tid: number;
      title: string;
      subtitle: string;
      tags: string[];
      bid: number | null;
      uid: number | null;
      timestamp: Date | null;
      year: number | null;
      is_gone: boolean;
    }[]
  >`
    select tid, title, subtitle, tags, bid, poster_uid as uid, timestamp, is_gone,
           extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int as year
    from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``}`;
  for await (const batch of rows.cursor(batchSize)) {
    yield {
      put: batch
        .filter((row) => !row.is_gone)
        .map(({ is_gone: _gone, title, subtitle, tags, ...row }) => ({
          ...row,
          title: foldWords(title),
          subtitle: foldWords(subtitle),
          tags: tags.flatMap(foldWords),
        })),
      remove: batch.filter((row) => row.is_gone).map((row) => row.tid),
    };
  }
}

/** Users whose name or aliases changed after `since`, in batches. */
export async function* changedUsers(sql: Sql, since: number): AsyncGenerator<Changes<UserDocument>> {
  const rows = sql<{ uid: number; name: string; aliases: string[] }[]>`
    select b.uid, b.name, b.aliases from baked.users b join public.users u on u.uid = b.uid where u.revision > ${since}`;
  for await (const batch of rows.cursor(batchSize)) {
    yield { put: batch.map(({ uid, name, aliases }) => ({ uid, names: [name, ...aliases] })), remove: [] };
  }
}

/** How many posts, threads and users those are. */
export async function countChanges(sql: Sql, since: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select (select count(*) from baked.post_texts where revision > ${since} ${since < 0 ? sql`and is_searchable` : sql``})
         + (select count(*) from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``})
         + (select count(*) from baked.users b join public.users u on u.uid = b.uid where u.revision > ${since}) as count`;
  return row?.count ?? 0;
}
