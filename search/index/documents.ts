/** Streams database rows in batches, as the documents that both engines index: folded words and dictionary forms. */
import { knownTime, type threads, type users } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { postContents } from "@potstats/db/crawled";
import type { posts as searchPosts } from "@potstats/db/search-index";
import { foldWords } from "../words/fold.ts";
import { formsOf } from "../words/forms.ts";
import { addressesOf, titleAndText } from "./post-text.ts";

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

/** Separates texts within a document's words: no phrase matches across it. Folded words do not contain it. */
export const gap = "|";

/** Per document. PostgreSQL allows 1 MB per tsvector, Meilisearch 65,535 words. */
const limits = { words: 30_000, forms: 60_000, bytes: 300_000 };
const maxBytesPerWord = 200;

export interface IndexedTexts {
  /** Folded words in order, {@link gap} between two texts. */
  words: string[];
  /** The same words, each once. */
  distinct: Set<string>;
  /** Dictionary forms of the words and of the parts of compounds that are not among the words, each once. */
  forms: string[];
}

/** Words and forms of several texts; no phrase spans two texts. */
function indexTexts(texts: string[]): IndexedTexts {
  const words = withinLimits(texts.map(foldWords).flatMap((text, at) => (at === 0 ? text : [gap, ...text])));
  const distinct = new Set(words);
  distinct.delete(gap);
  return { words, distinct, forms: unwrittenForms(distinct) };
}

/** Truncates the words of enormous posts. */
function withinLimits(folded: string[]): string[] {
  const words = folded.length > limits.words ? folded.slice(0, limits.words) : folded;
  if (words.length * maxBytesPerWord <= limits.bytes) return words;
  let bytes = 0;
  const end = words.findIndex((word) => (bytes += Buffer.byteLength(word)) > limits.bytes);
  return end === -1 ? words : words.slice(0, end);
}

function unwrittenForms(words: Set<string>): string[] {
  const forms = new Set<string>();
  let length = 0;
  for (const word of words)
    for (const form of formsOf(word)) {
      if (words.has(form) || forms.has(form)) continue;
      // Forms are ASCII letters, or words as they are written.
      length += form.length;
      if (length > limits.bytes || forms.size === limits.forms) return [...forms];
      forms.add(form);
    }
  return [...forms];
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
export async function* changedPosts(sql: Sql, since: number): AsyncGenerator<Changes<PostDocument>> {
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
      else documents.push({ ...post, ...indexTexts([...texts, ...addressesOf(content)]) });
    }
    yield isNew ? { documents, deletedIds: [], skipped: deletedIds.length } : { documents, deletedIds };
  }
}

type ThreadRow = Row<typeof threads, "tid" | "title" | "subtitle" | "tags" | "bid" | "timestamp" | "is_gone"> &
  Pick<ThreadDocument, "uid">;

/** Threads that changed after revision `since`, in batches. */
export async function* changedThreads(sql: Sql, since: number): AsyncGenerator<Changes<ThreadDocument>> {
  const rows = sql<ThreadRow[]>`
    select tid, title, subtitle, tags, bid, poster_uid as uid, timestamp, is_gone
    from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``}`;
  for await (const batch of rows.cursor(batchSize)) {
    yield {
      documents: batch
        .filter((row) => !row.is_gone)
        .map(({ is_gone: _, title, subtitle, tags, ...row }) => ({
          ...row,
          ...indexTexts([title, subtitle, ...tags]),
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
