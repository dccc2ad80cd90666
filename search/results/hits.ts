/** Loads the rows of matches and creates snippets. Matches deleted since they were indexed are omitted. */
import type { threads, users } from "@potstats/db/baked";
import type { Sql } from "@potstats/db/connect";
import type { Row } from "@potstats/db/row";
import type { postContents, posts } from "@potstats/db/crawled";
import type { PostHit, ThreadHit } from "../contract.ts";
import type { Match } from "../engines/engine.ts";
import { isSearchable } from "../index/documents.ts";
import { addressesOf, textOf } from "../index/post-text.ts";
import type { Query } from "../query/query.ts";
import type { Term } from "../query/syntax.ts";
import { highlight, passages, snippet } from "./snippet.ts";

/** A hit, and the position of its match in the engine's page. */
interface RankedHit {
  hit: PostHit | ThreadHit;
  at: number;
}

/** The first hits of a page of matches, in the engine's order. */
export const loadHits = (sql: Sql, query: Query, matches: Match[], limit: number): Promise<RankedHit[]> =>
  query.type === "post" ? postHits(sql, query, matches, limit) : threadHits(sql, query, matches, limit);

/** Joins rows to their matches. */
function inOrder<T>(
  matches: Match[],
  limit: number,
  rows: T[],
  idOf: (row: T) => number,
  hitOf: (row: T, score: number) => PostHit | ThreadHit,
): RankedHit[] {
  const rowOf = new Map(rows.map((row) => [idOf(row), row]));
  return matches
    .flatMap(({ id, score }, at) => {
      const row = rowOf.get(id);
      return row ? [{ row, score, at }] : [];
    })
    .slice(0, limit)
    .map(({ row, score, at }) => ({ hit: hitOf(row, score), at }));
}

const unixSeconds = (time: Date) => Math.floor(time.getTime() / 1000);

type PostRow = Row<typeof posts, "pid"> &
  Pick<Row<typeof postContents>, "content"> &
  Row<typeof users, "uid" | "name" | "aliases"> &
  Row<typeof threads, "tid" | "title" | "subtitle" | "bid"> & {
    post_title: string | null;
    timestamp: Date;
    board: string | null;
  };

async function postHits(sql: Sql, { terms }: Query, matches: Match[], limit: number): Promise<RankedHit[]> {
  const pids = matches.map(({ id }) => id);
  const rows = await sql<PostRow[]>`
    select p.pid, c.title as post_title, c.content, u.uid, u.name, u.aliases, t.tid, t.title, t.subtitle, p.timestamp, t.bid, o.name as board
    from public.posts p
    join public.post_contents c using (pid)
    join baked.users u on u.uid = p.poster_uid
    join baked.threads t on t.tid = p.tid
    left join baked.boards o on o.bid = t.bid
    where p.pid = any(${pids}) and ${isSearchable(sql)}
    order by array_position(${pids}::int[], p.pid) limit ${limit}`;
  return inOrder(
    matches,
    limit,
    rows.map((row) => ({ ...row, text: textOf(row.post_title, row.content) })).filter((row) => row.text !== ""),
    (row) => row.pid,
    (row, score): PostHit => ({
      score,
      pid: row.pid,
      poster_uid: row.uid,
      snippet: snippet(row.text, terms, addressesOf(row.content)),
      user: { name: row.name, uid: row.uid, aliases: row.aliases },
      thread: { tid: row.tid, title: row.title, subtitle: row.subtitle },
      timestamp: unixSeconds(row.timestamp),
      bid: row.bid,
      board: row.board,
    }),
  );
}

/** The passages of a searchable post that match; undefined if there is no such post. */
export async function findPassages(sql: Sql, terms: Term[], pid: number): Promise<string[] | undefined> {
  const [row] = await sql<Pick<PostRow, "post_title" | "content">[]>`
    select c.title as post_title, c.content
    from public.posts p join public.post_contents c using (pid) join baked.threads t on t.tid = p.tid
    where p.pid = ${pid} and ${isSearchable(sql)}`;
  const text = row ? textOf(row.post_title, row.content) : "";
  return row && text !== "" ? passages(text, terms, addressesOf(row.content)) : undefined;
}

type ThreadRow = Row<typeof threads, "tid" | "title" | "subtitle" | "tags" | "bid" | "timestamp" | "post_count"> &
  Row<typeof users, "name" | "aliases"> & { uid: number | null; board: string | null };

async function threadHits(sql: Sql, { terms }: Query, matches: Match[], limit: number): Promise<RankedHit[]> {
  const tids = matches.map(({ id }) => id);
  const rows = await sql<ThreadRow[]>`
    select t.tid, t.title, t.subtitle, t.tags, t.bid, o.name as board, u.uid, u.name, u.aliases, t.timestamp, t.post_count
    from baked.threads t left join baked.users u on u.uid = t.poster_uid left join baked.boards o on o.bid = t.bid
    where t.tid = any(${tids}) and not t.is_gone
    order by array_position(${tids}::int[], t.tid) limit ${limit}`;
  return inOrder(
    matches,
    limit,
    rows,
    (row) => row.tid,
    (row, score): ThreadHit => ({
      score,
      tid: row.tid,
      title: row.title,
      subtitle: row.subtitle,
      title_html: highlight(row.title, terms),
      subtitle_html: highlight(row.subtitle, terms),
      bid: row.bid,
      board: row.board,
      user: row.uid === null ? null : { name: row.name, uid: row.uid, aliases: row.aliases },
      timestamp: row.timestamp === null ? null : unixSeconds(row.timestamp),
      post_count: row.post_count,
      tags: row.tags,
    }),
  );
}
