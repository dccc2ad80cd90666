/** Streams database rows in batches, as the documents that both engines index: folded words and dictionary forms. */
import { knownTime, type threads, type users } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { postContents } from "@potstats/db/crawled";
import type { posts as searchPosts } from "@potstats/db/search-index";
import { foldWords } from "@potstats/bbcode/fold";
import { addressesOf, titleAndText } from "./post-text.ts";
import type { IndexedTexts, Vocabulary } from "./vocabulary.ts";

/** Its texts are the post's title, its own text and the addresses it links to. */
export interface PostDocument
  extends IndexedTexts, Row<typeof searchPosts, "pid" | "uid" | "tid" | "bid" | "timestamp"> {
  /** Kinds of links. */
  has: string[];
}

/** Its texts are title, subtitle and tags. */
export interface ThreadDocument extends IndexedTexts, Row<typeof threads, "tid" | "bid" | "timestamp"> {
  /** Folded words of the tags. */
  tags: string[];
  uid: number | null;
}

export interface UserDocument {
  uid: number;
  /** The current name, then the aliases. */
  names: string[];
}

/** What an index has to apply: documents to insert or replace, ids to delete. */
export interface Changes<T> {
  documents: T[];
  deletedIds: number[];
  /** Rows that a new index does not need; they count as progress. */
  skipped?: number;
}

/** Yields the same batches, reading the next one while the current one is processed. */
export async function* prefetch<T>(batches: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = batches.next(); ;) {
      const { done, value } = await next;
      if (done) return;
      next = batches.next();
      // Awaited in the next iteration.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await batches.return(undefined);
  }
}

/** Rows per batch. */
const batchSize = 5000;

/** Posts that changed after a revision, and all posts of threads that were moved, deleted or restored. */
export const changedPids = (sql: Sql, since: number) => sql`
  select pid from public.posts where revision > ${since}
  union select p.pid from public.posts p join baked.threads t using (tid)
    where t.revision > ${since} and t.posts_revision > ${since}`;

/** A condition on `public.posts p` and `baked.threads t`: the post may be searched, provided it contains text. */
export const isSearchable = (sql: Sql) => sql`
  p.is_hidden is null and p.gone_at is null and p.poster_uid is not null and p.timestamp ${sql.unsafe(knownTime)}
  and t.tid is not null and not t.is_gone`;

type PostRow = Omit<PostDocument, keyof IndexedTexts> &
  Row<typeof postContents, "title" | "content"> & { is_searchable: boolean };

/** Posts that changed after revision `since`, in batches; -1 for a new index. */
export async function* changedPosts(
  sql: Sql,
  since: number,
  vocabulary: Vocabulary,
): AsyncGenerator<Changes<PostDocument>> {
  const isNew = since < 0;
  const rows = sql<PostRow[]>`
    select p.pid, ${isSearchable(sql)} as is_searchable, c.title, c.content,
           array(select distinct type from baked.post_links l where l.pid = p.pid order by type) as has,
           p.poster_uid as uid, p.tid, t.bid, p.timestamp
    from public.posts p left join public.post_contents c using (pid) left join baked.threads t using (tid)
    where ${isNew ? isSearchable(sql) : sql`p.pid in (${changedPids(sql, since)})`}`;
  for await (const batch of rows.cursor(batchSize)) {
    const documents: PostDocument[] = [];
    const deletedIds: number[] = [];
    for (const { is_searchable, title, content, ...post } of batch) {
      const texts = is_searchable ? titleAndText(title, content) : ["", ""];
      if (texts.every((text) => text === "")) deletedIds.push(post.pid);
      else documents.push({ ...post, ...vocabulary.add([...texts, ...addressesOf(content)].map(foldWords)) });
    }
    yield isNew ? { documents, deletedIds: [], skipped: deletedIds.length } : { documents, deletedIds };
  }
}

type ThreadRow = Row<typeof threads, "tid" | "title" | "subtitle" | "tags" | "bid" | "timestamp" | "is_gone"> &
  Pick<ThreadDocument, "uid">;

/** Threads that changed after revision `since`, in batches. */
export async function* changedThreads(
  sql: Sql,
  since: number,
  vocabulary: Vocabulary,
): AsyncGenerator<Changes<ThreadDocument>> {
  const rows = sql<ThreadRow[]>`
    select tid, title, subtitle, tags, bid, poster_uid as uid, timestamp, is_gone
    from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``}`;
  for await (const batch of rows.cursor(batchSize)) {
    yield {
      documents: batch
        .filter((row) => !row.is_gone)
        .map(({ is_gone: _, title, subtitle, tags, ...row }) => ({
          ...row,
          ...vocabulary.add([title, subtitle, ...tags].map(foldWords)),
          tags: tags.flatMap(foldWords),
        })),
      deletedIds: batch.filter((row) => row.is_gone).map((row) => row.tid),
    };
  }
}

/** Users whose name or aliases changed after revision `since`, in batches. */
export async function* changedUsers(sql: Sql, since: number): AsyncGenerator<Changes<UserDocument>> {
  const rows = sql<Row<typeof users, "uid" | "name" | "aliases">[]>`
    select b.uid, b.name, b.aliases from baked.users b join public.users u on u.uid = b.uid where u.revision > ${since}`;
  for await (const batch of rows.cursor(batchSize)) {
    yield { documents: batch.map(({ uid, name, aliases }) => ({ uid, names: [name, ...aliases] })), deletedIds: [] };
  }
}

/** Number of posts, threads and users that changed after revision `since`. */
export async function countChanges(sql: Sql, since: number): Promise<number> {
  const posts =
    since < 0
      ? sql`public.posts p left join baked.threads t using (tid) where ${isSearchable(sql)}`
      : sql`(${changedPids(sql, since)}) changed`;
  const [row] = await sql<{ count: number }[]>`
    select (select count(*) from ${posts})
         + (select count(*) from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``})
         + (select count(*) from baked.users b join public.users u on u.uid = b.uid where u.revision > ${since}) as count`;
  return row?.count ?? 0;
}
