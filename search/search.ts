/** Answers searches: asks an engine, and makes results people can read from what it found. */
import type { Sql } from "@potstats/db/connect";
import { MeilisearchApiError } from "meilisearch";
import { mayBeFound } from "./documents.ts";
import type { PostHit, Search, SearchAnswer, SearchRequest, ThreadHit } from "./engine.ts";
import { type MeilisearchEngine, type MeilisearchServer, meilisearchEngine } from "./meilisearch.ts";
import { postgresEngine } from "./postgres.ts";
import { ask, type Engine, type Found, type Question } from "./question.ts";
import { highlight, snippet } from "./snippet.ts";
import { createSuggest } from "./suggest.ts";
import { addressesOf, textOf } from "./text.ts";

export interface SearchOptions {
  sql: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

/** Milliseconds for which an engine that failed is not asked again. */
const rest_ms = 5000;
/** When hits turn out to be gone, that many at most are looked at in their place. */
const mostReplacements = 10_000;
/** At once. */
const replacements = 1000;

export function createSearch({ sql, meili, timezone }: SearchOptions): Search {
  const postgres = postgresEngine(sql, timezone);
  const first = meili ? meilisearchEngine(meili, sql) : undefined;
  let failedAt_ms = -Infinity;
  const isResting = () => performance.now() - failedAt_ms < rest_ms;

  /** Meilisearch's answer; undefined when it has none, or rests. Then PostgreSQL is to be asked. */
  async function tryFirst<T>(work: (engine: MeilisearchEngine) => Promise<T>, signal?: AbortSignal) {
    if (!first || isResting()) return undefined;
    try {
      return await work(first);
    } catch (error) {
      signal?.throwIfAborted();
      // What it does not understand is no reason to doubt it.
      const isUnwilling = error instanceof MeilisearchApiError && error.response.status === 400;
      if (!isUnwilling) failedAt_ms = performance.now();
      return undefined;
    }
  }

  async function find(question: Question, signal?: AbortSignal): Promise<Found & { engine: Engine["name"] }> {
    const found = first?.takes(question)
      ? await tryFirst((engine) => engine.find(question, signal), signal)
      : undefined;
    if (found) return { ...found, engine: "meilisearch" };
    return { ...(await postgres.find(question)), engine: postgres.name };
  }

  async function search(request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> {
    const started = performance.now();
    const engine = first && !isResting() ? first.name : postgres.name;
    const question = await ask(sql, request, timezone);
    const common = { count: 0, count_is_exact: true, elapsed: 0, engine };
    if ("unknown" in question) {
      const told = question.unknown === "" ? {} : { unknown_filter: question.unknown };
      return { ...common, ...told, elapsed: (performance.now() - started) / 1000, type: request.type, results: [] };
    }
    const load = question.type === "post" ? postHits : threadHits;
    const results: (PostHit | ThreadHit)[] = [];
    let offset = question.offset;
    let found = await find(question, signal);
    const facets = found.facets && (await named(sql, found.facets));
    let asked = question.limit;
    let isExact = found.count_is_exact;
    // Hits whose post is gone meanwhile are dropped, and the next ones take their place.
    for (let lookedAt = 0; ; lookedAt += asked, asked = replacements) {
      if (lookedAt > 0) found = await find({ ...question, offset, limit: replacements, facets: false }, signal);
      const hits = await load(sql, question, found.ids, question.limit - results.length);
      results.push(...hits.map(({ hit }) => hit));
      const isFull = results.length === question.limit;
      const taken = isFull ? (hits.at(-1)?.at ?? -1) + 1 : found.ids.length;
      if (taken > hits.length) isExact = false;
      offset += taken;
      if (isFull || found.ids.length < asked || lookedAt >= mostReplacements) break;
    }
    return {
      ...common,
      engine: found.engine,
      count: found.count,
      count_is_exact: isExact,
      ...(found.typos ? { typos: true } : {}),
      ...(facets ? { facets } : {}),
      ...(offset < found.count && found.ids.length > 0 ? { next_offset: offset } : {}),
      elapsed: (performance.now() - started) / 1000,
      ...(question.type === "post"
        ? { type: "post", results: results as PostHit[] }
        : { type: "thread", results: results as ThreadHit[] }),
    };
  }

  return {
    search,
    suggest: createSuggest({
      sql,
      findThreads: (question, signal) => find(question, signal),
      usersLike: async (folded, limit, signal) =>
        (await tryFirst((engine) => engine.usersLike(folded, limit, signal), signal)) ?? [],
    }),
    health: async () => {
      const reachable = !first || (await tryFirst((engine) => engine.ensureOurs().then(() => true))) === true;
      return { engine: first && reachable ? first.name : postgres.name, reachable };
    },
  };
}

async function named(sql: Sql, facets: NonNullable<Found["facets"]>) {
  const boards = new Map(
    (
      await sql<
        { bid: number; name: string }[]
      >`select bid, name from baked.boards where bid = any(${facets.bids.map(([bid]) => bid)})`
    ).map((row) => [row.bid, row.name]),
  );
  const users = new Map(
    (
      await sql<
        { uid: number; name: string }[]
      >`select uid, name from baked.users where uid = any(${facets.uids.map(([uid]) => uid)})`
    ).map((row) => [row.uid, row.name]),
  );
  return {
    boards: facets.bids.map(([bid, count]) => ({ bid, name: boards.get(bid) ?? "", count })),
    years: facets.years.map(([year, count]) => ({ year, count })),
    users: facets.uids.map(([uid, count]) => ({ uid, name: users.get(uid) ?? "", count })),
  };
}

type Ids = Found["ids"];

/** The first ones that are still there, in the engine's order, each with its place in it. */
function inOrder<Row, Hit>(
  ids: Ids,
  most: number,
  rows: Row[],
  key: (row: Row) => number,
  hit: (row: Row, score: number) => Hit,
): { hit: Hit; at: number }[] {
  const known = new Map(rows.map((row) => [key(row), row]));
  return ids
    .flatMap(({ id, score }, at) => {
      const row = known.get(id);
      return row ? [{ row, score, at }] : [];
    })
    .slice(0, most)
    .map(({ row, score, at }) => ({ hit: hit(row, score), at }));
}

async function postHits(sql: Sql, { terms }: Question, ids: Ids, most: number) {
  const rows = await sql<
    {
      pid: number;
      post_title: string | null;
      content: string | null;
      uid: number;
      name: string;
      aliases: string[];
      tid: number;
      title: string;
      subtitle: string;
      timestamp: Date;
      bid: number | null;
      board: string | null;
    }[]
  >`
    select p.pid, c.title as post_title, c.content, u.uid, u.name, u.aliases, t.tid, t.title, t.subtitle, p.timestamp, t.bid, o.name as board
    from public.posts p
    join public.post_contents c using (pid)
    join baked.users u on u.uid = p.poster_uid
    join baked.threads t on t.tid = p.tid
    left join baked.boards o on o.bid = t.bid
    where p.pid = any(${ids.map(({ id }) => id)}) and ${mayBeFound(sql)}
    order by array_position(${ids.map(({ id }) => id)}::int[], p.pid) limit ${most}`;
  return inOrder(
    ids,
    most,
    rows
      .map(({ post_title, content, ...row }) => ({ ...row, content, text: textOf(post_title, content) }))
      .filter((row) => row.text !== ""),
    (row) => row.pid,
    (row, score): PostHit => ({
      score,
      pid: row.pid,
      poster_uid: row.uid,
      snippet: snippet(row.text, terms, addressesOf(row.content)),
      user: { name: row.name, uid: row.uid, aliases: row.aliases },
      thread: { tid: row.tid, title: row.title, subtitle: row.subtitle },
      timestamp: Math.floor(row.timestamp.getTime() / 1000),
      bid: row.bid,
      board: row.board,
    }),
  );
}

async function threadHits(sql: Sql, { terms }: Question, ids: Ids, most: number) {
  const rows = await sql<
    {
      tid: number;
      title: string;
      subtitle: string;
      tags: string[];
      bid: number | null;
      board: string | null;
      uid: number | null;
      name: string;
      aliases: string[];
      timestamp: Date | null;
      post_count: number;
    }[]
  >`
    select t.tid, t.title, t.subtitle, t.tags, t.bid, o.name as board, u.uid, u.name, u.aliases, t.timestamp, t.post_count
    from baked.threads t left join baked.users u on u.uid = t.poster_uid left join baked.boards o on o.bid = t.bid
    where t.tid = any(${ids.map(({ id }) => id)}) and not t.is_gone
    order by array_position(${ids.map(({ id }) => id)}::int[], t.tid) limit ${most}`;
  return inOrder(
    ids,
    most,
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
      timestamp: row.timestamp === null ? null : Math.floor(row.timestamp.getTime() / 1000),
      post_count: row.post_count,
      tags: row.tags,
    }),
  );
}
