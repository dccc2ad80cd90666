/** Derived rows → documents, as both engines take them: folded words and their forms, streamed in batches. */
import { knownTime } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import { foldWords } from "../words/fold.ts";
import { formsOf } from "../words/lexicon.ts";
import { addressesOf, textOf } from "./text.ts";

export interface PostDocument {
  pid: number;
  /** Folded words of the post's title and own text, and of the addresses that it links to. */
  words: string[];
  /** Dictionary forms of the words and of what compounds are made of, each once. */
  forms: string[];
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
  /** Folded words of title, subtitle and tags. */
  words: string[];
  forms: string[];
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

/** Stands between texts in a document's words: no phrase reaches across. */
export const gap = "";

const joined = (texts: string[][]): string[] => texts.flatMap((words, at) => (at === 0 ? words : [gap, ...words]));

/** Words, forms and bytes of them that are indexed of a document: PostgreSQL takes tsvectors of 1 MB, Meilisearch 65,535 words. */
const most = { words: 30_000, forms: 60_000, bytes: 300_000 };

/** The words of a folded text that the engines can find: all but in monstrous posts. */
function indexedWords(folded: string[]): string[] {
  const words = folded.length > most.words ? folded.slice(0, most.words) : folded;
  // A word has 200 bytes at most.
  if (words.length * 200 <= most.bytes) return words;
  let bytes = 0;
  const end = words.findIndex((word) => (bytes += Buffer.byteLength(word)) > most.bytes);
  return end === -1 ? words : words.slice(0, end);
}

/** What the words of a document are found by, each once, in the order of the words. */
function formsOfAll(words: string[]): string[] {
  const forms = new Set<string>();
  let bytes = 0;
  for (const word of words) {
    if (word === gap) continue;
    for (const form of formsOf(word)) {
      if (forms.has(form)) continue;
      bytes += Buffer.byteLength(form);
      if (bytes > most.bytes || forms.size === most.forms) return [...forms];
      forms.add(form);
    }
  }
  return [...forms];
}

/** Words and forms of texts that stand apart. */
function searchable(texts: string[]): { words: string[]; forms: string[] } {
  const words = indexedWords(joined(texts.map(foldWords)));
  return { words, forms: formsOfAll(words) };
}

/** What an index has to take in: documents to put, ids to take out. */
export interface Changes<T> {
  put: T[];
  remove: number[];
  /** Rows that a fresh index need not know of. */
  skipped?: number;
}

/** The same batches, each read while the one before it is worked on. */
export async function* ahead<T>(batches: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    for (let next = batches.next(); ;) {
      const { done, value } = await next;
      if (done) return;
      next = batches.next();
      // Awaited in the next round.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await batches.return(undefined);
  }
}

/** Rows read at once. */
const batchSize = 5000;

/** Posts that changed after a revision, and those of threads that were moved, vanished or came back. */
const changedPids = (sql: Sql, since: number) => sql`
  select pid from public.posts where revision > ${since}
  union select p.pid from public.posts p join baked.threads t using (tid)
    where t.revision > ${since} and t.posts_revision > ${since}`;

/** Condition on `p` of `public.posts` and `t` of `baked.threads`: the post may be found if it says something. */
export const mayBeFound = (sql: Sql) => sql`
  p.is_hidden is null and p.gone_at is null and p.poster_uid is not null and p.timestamp ${sql.unsafe(knownTime)}
  and t.tid is not null and not t.is_gone`;

/** Posts that changed after `since`, in batches; the first fill takes -1. */
export async function* changedPosts(sql: Sql, since: number, timezone: string): AsyncGenerator<Changes<PostDocument>> {
  const rows = sql<
    {
      pid: number;
      may_be_found: boolean;
      title: string | null;
      content: string | null;
      has: string[];
      uid: number;
      tid: number;
      bid: number | null;
      timestamp: Date;
      year: number;
    }[]
  >`
    select p.pid, ${mayBeFound(sql)} as may_be_found, c.title, c.content,
           array(select distinct type from baked.post_links l where l.pid = p.pid order by type) as has,
           p.poster_uid as uid, p.tid, t.bid, p.timestamp,
           case when p.timestamp ${sql.unsafe(knownTime)} then extract(year from timezone(${timezone}, timezone('UTC', p.timestamp)))::int end as year
    from public.posts p left join public.post_contents c using (pid) left join baked.threads t using (tid)
    where ${since < 0 ? mayBeFound(sql) : sql`p.pid in (${changedPids(sql, since)})`}`;
  for await (const batch of rows.cursor(batchSize)) {
    const put: PostDocument[] = [];
    const remove: number[] = [];
    for (const { may_be_found, title, content, ...post } of batch) {
      const text = may_be_found ? textOf(title, content) : "";
      if (text === "") remove.push(post.pid);
      else put.push({ ...post, ...searchable([text, ...addressesOf(content)]) });
    }
    yield since < 0 ? { put, remove: [], skipped: remove.length } : { put, remove };
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
          title: indexedWords(foldWords(title)),
          ...searchable([title, subtitle, ...tags]),
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
  const posts =
    since < 0
      ? sql`public.posts p left join baked.threads t using (tid) where ${mayBeFound(sql)}`
      : sql`(${changedPids(sql, since)}) changed`;
  const [row] = await sql<{ count: number }[]>`
    select (select count(*) from ${posts})
         + (select count(*) from baked.threads where revision > ${since} ${since < 0 ? sql`and not is_gone` : sql``})
         + (select count(*) from baked.users b join public.users u on u.uid = b.uid where u.revision > ${since}) as count`;
  return row?.count ?? 0;
}
