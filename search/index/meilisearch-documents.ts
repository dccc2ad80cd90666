/** Meilisearch's documents, from the rows of PostgreSQL's index, which was filled before. */
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { posts as postTable, threads as threadTable } from "@potstats/db/search-index";
import { foldWords } from "@potstats/bbcode/fold";
import { changedPids, changedUsers, type Changes } from "./documents.ts";
import { filterValue, type FilterKind, isFilterWord } from "./filter-words.ts";
import { tokenOf } from "./tokens.ts";
import { gap } from "./vocabulary.ts";

export type Document = Record<string, unknown>;

/** Rows read at a time. */
const rowsPerBatch = 5000;
/** Pages of posts read at a time: about as many rows. */
const pagesPerBatch = 300;

/**
 * Meilisearch keeps a list of documents per word and position, with the lengths of the positions growing like powers of
 * two. We do not rank by position: behind this many empty texts, which count eight each, nearly all words share one.
 */
const positionShift: string[] = Array.from({ length: 16 }, () => "");

interface Texts {
  words: string;
  forms: string;
}

/** The words and forms of a row of PostgreSQL's index, each once, and its filters of one kind. */
function readTexts({ words, forms }: Texts, kind: FilterKind): { words: string[]; filters: string[] } {
  const all = new Set((words + forms).split(" "));
  all.delete("");
  all.delete(gap);
  const filters: string[] = [];
  const tokens: string[] = [];
  for (const word of all) {
    const value = filterValue(kind, word);
    if (value !== undefined) filters.push(value);
    else if (!isFilterWord(word)) tokens.push(tokenOf(word));
  }
  return { words: [...positionShift, tokens.join(" ")], filters };
}

/** Year and day, since 1970, of `d.timestamp` in the time zone. */
const dateColumns = (sql: Sql, timezone: string) => {
  const time = sql`timezone(${timezone}, timezone('UTC', d.timestamp))`;
  return sql`extract(year from ${time})::int as year, ${time}::date - date '1970-01-01' as day`;
};

/** Months since the year 0 (see query/period.ts). */
const monthColumn = (sql: Sql, timezone: string) => {
  const time = sql`timezone(${timezone}, timezone('UTC', d.timestamp))`;
  return sql`(12 * extract(year from ${time}) + extract(month from ${time}) - 1)::int as month`;
};

type PostRow = Row<typeof postTable, "pid" | "tid" | "bid" | "uid" | "words" | "forms"> & {
  year: number;
  month: number;
  day: number;
};

const postRows = (sql: Sql, timezone: string) => sql`
  select d.pid, d.tid, d.bid, d.uid, d.words, d.forms, ${dateColumns(sql, timezone)},
         ${monthColumn(sql, timezone)}
  from search.posts d`;

function postDocument({ words, forms, ...row }: PostRow): Document {
  const texts = readTexts({ words, forms }, "link");
  return { ...row, has: texts.filters, words: texts.words };
}

/**
 * All posts in the order of their pages in `search.posts`, in one short statement after the other: a long one would keep
 * PostgreSQL from cleaning up for as long as the build takes.
 * @param page the first page to read
 */
export async function* storedPosts(
  sql: Sql,
  timezone: string,
  page: number,
): AsyncGenerator<Changes<Document> & { page: number }> {
  const [{ pages } = { pages: 0 }] = await sql<{ pages: number }[]>`
    select (pg_relation_size('search.posts') / current_setting('block_size')::int)::int as pages`;
  for (let from = page; from < pages; from += pagesPerBatch) {
    const to = from + pagesPerBatch;
    const rows = await sql<PostRow[]>`
      ${postRows(sql, timezone)} where d.ctid >= ${`(${from},0)`}::tid and d.ctid < ${`(${to},0)`}::tid`;
    yield { documents: rows.map(postDocument), deletedIds: [], page: to };
  }
}

/** Posts that changed after revision `since`. */
export async function* changedPostDocuments(
  sql: Sql,
  since: number,
  timezone: string,
): AsyncGenerator<Changes<Document>> {
  const rows = sql<PostRow[]>`${postRows(sql, timezone)} where d.pid in (${changedPids(sql, since)})`;
  for await (const batch of rows.cursor(rowsPerBatch)) yield { documents: batch.map(postDocument), deletedIds: [] };
  const gone = await sql<Row<typeof postTable, "pid">[]>`
    select c.pid from (${changedPids(sql, since)}) c where not exists (select from search.posts d where d.pid = c.pid)`;
  yield { documents: [], deletedIds: gone.map(({ pid }) => pid) };
}

type ThreadRow = Row<typeof threadTable, "tid" | "bid" | "uid" | "words" | "forms"> & {
  year: number | null;
  day: number | null;
};

/** Threads that changed after revision `since`; -1 for all. */
export async function* threadDocuments(sql: Sql, since: number, timezone: string): AsyncGenerator<Changes<Document>> {
  const changed = sql`select tid from baked.threads where revision > ${since}`;
  const rows = sql<ThreadRow[]>`
    select d.tid, d.bid, d.uid, d.words, d.forms, ${dateColumns(sql, timezone)} from search.threads d
    ${since < 0 ? sql`` : sql`where d.tid in (${changed})`}`;
  for await (const batch of rows.cursor(rowsPerBatch)) {
    const documents = batch.map(({ words, forms, ...row }) => {
      const texts = readTexts({ words, forms }, "tag");
      return { ...row, tags: texts.filters.map(tokenOf), words: texts.words };
    });
    yield { documents, deletedIds: [] };
  }
  if (since < 0) return;
  const gone = await sql<Row<typeof threadTable, "tid">[]>`
    select c.tid from (${changed}) c where not exists (select from search.threads d where d.tid = c.tid)`;
  yield { documents: [], deletedIds: gone.map(({ tid }) => tid) };
}

/** Users whose name or aliases changed after revision `since`; -1 for all. */
export async function* userDocuments(sql: Sql, since: number): AsyncGenerator<Changes<Document>> {
  for await (const { documents, deletedIds } of changedUsers(sql, since)) {
    yield {
      documents: documents.map(({ uid, names }) => ({ uid, names: names.map((name) => foldWords(name).join(" ")) })),
      deletedIds,
    };
  }
}
