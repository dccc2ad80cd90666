/** Answers searches: asks an engine, and makes results people can read from what it found. */
import type { Sql } from "@potstats/db/connect";
import type { PostHit, Search, SearchAnswer, SearchRequest, Suggestion, ThreadHit } from "./engine.ts";
import { foldWords } from "./fold.ts";
import { type MeilisearchServer, meilisearchEngine } from "./meilisearch.ts";
import { postgresEngine } from "./postgres.ts";
import { ask, type Engine, type Found, type Question } from "./question.ts";
import { highlight, snippet } from "./snippet.ts";

export interface SearchOptions {
  sql: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

/** Milliseconds for which an engine that failed is not asked again. */
const rest_ms = 5000;
/** Suggestions at most. */
const mostSuggestions = 8;

export function createSearch({ sql, meili, timezone }: SearchOptions): Search {
  const postgres = postgresEngine(sql, timezone);
  const first = meili ? meilisearchEngine(meili) : undefined;
  let failedAt_ms = -Infinity;
  const isResting = () => performance.now() - failedAt_ms < rest_ms;

  /** Asks Meilisearch, else PostgreSQL. */
  async function find(question: Question, signal?: AbortSignal): Promise<Found & { engine: Engine["name"] }> {
    if (first && !isResting()) {
      try {
        return { ...(await first.find(question, signal)), engine: first.name };
      } catch (error) {
        signal?.throwIfAborted();
        failedAt_ms = performance.now();
        void error;
      }
    }
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
    // Hits whose post is gone meanwhile are dropped, and the next ones take their place.
    for (let round = 0; ; round++) {
      const wanted = question.limit - results.length;
      const taken = found.ids.slice(0, wanted);
      results.push(...(await load(sql, question, taken)));
      offset += taken.length;
      if (results.length === question.limit || found.ids.length < question.limit || round === 5) break;
      found = await find({ ...question, offset, facets: false }, signal);
    }
    return {
      ...common,
      engine: found.engine,
      count: found.count,
      count_is_exact: found.count_is_exact,
      ...(facets ? { facets } : {}),
      ...(offset < found.count && results.length > 0 ? { next_offset: offset } : {}),
      elapsed: (performance.now() - started) / 1000,
      ...(question.type === "post"
        ? { type: "post", results: results as PostHit[] }
        : { type: "thread", results: results as ThreadHit[] }),
    };
  }

  async function suggest(prefix: string, signal?: AbortSignal): Promise<Suggestion[]> {
    const typed = prefix.trim();
    if (typed === "") return [];
    const like = `${typed.toLowerCase().replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
    const users = await sql<{ uid: number; name: string }[]>`
      select u.uid, u.name from baked.users u left join baked.poster_stats s on s.uid = u.uid and s.year = 0 and s.bid = 0
      where u.name_lower like ${like} order by s.post_count desc nulls last, u.uid limit 4`;
    const boards = await sql<{ bid: number; name: string }[]>`select bid, name from baked.boards order by bid`;
    const start = foldWords(typed).join(" ");
    const titles = await search(
      { content: typed, type: "thread", sort: "score", offset: 0, limit: 4, facets: false },
      signal,
    );
    const suggestions: Suggestion[] = [
      ...users.map(({ uid, name }): Suggestion => ({ type: "user", id: uid, text: name })),
      ...boards
        .filter(({ name }) => start !== "" && foldWords(name).join(" ").startsWith(start))
        .slice(0, 2)
        .map(({ bid, name }): Suggestion => ({ type: "board", id: bid, text: name })),
      ...(titles.type === "thread" ? titles.results : []).map(({ tid, title }): Suggestion => ({
        type: "thread",
        id: tid,
        text: title,
      })),
    ];
    return suggestions.slice(0, mostSuggestions);
  }

  return {
    search,
    suggest,
    health: async () => ({
      engine: first && !isResting() ? first.name : postgres.name,
      reachable: !first || !isResting(),
    }),
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

/** In the engine's order; what is gone meanwhile is left out. */
function inOrder<Row, Hit>(
  ids: Ids,
  rows: Row[],
  key: (row: Row) => number,
  hit: (row: Row, score: number) => Hit,
): Hit[] {
  const known = new Map(rows.map((row) => [key(row), row]));
  return ids.flatMap(({ id, score }) => {
    const row = known.get(id);
    return row ? [hit(row, score)] : [];
  });
}

async function postHits(sql: Sql, { terms }: Question, ids: Ids): Promise<PostHit[]> {
  const rows = await sql<
    {
      pid: number;
      post_title: string;
      own_text: string;
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
    select b.pid, b.title as post_title, b.own_text, u.uid, u.name, u.aliases, t.tid, t.title, t.subtitle, p.timestamp, t.bid, o.name as board
    from baked.post_texts b
    join public.posts p on p.pid = b.pid
    join baked.users u on u.uid = p.poster_uid
    join baked.threads t on t.tid = p.tid
    left join baked.boards o on o.bid = t.bid
    where b.pid = any(${ids.map(({ id }) => id)}) and b.is_searchable`;
  return inOrder(
    ids,
    rows,
    (row) => row.pid,
    (row, score) => ({
      score,
      pid: row.pid,
      poster_uid: row.uid,
      snippet: snippet(row.post_title ? `${row.post_title}\n${row.own_text}` : row.own_text, terms),
      user: { name: row.name, uid: row.uid, aliases: row.aliases },
      thread: { tid: row.tid, title: row.title, subtitle: row.subtitle },
      timestamp: Math.floor(row.timestamp.getTime() / 1000),
      bid: row.bid,
      board: row.board,
    }),
  );
}

async function threadHits(sql: Sql, { terms }: Question, ids: Ids): Promise<ThreadHit[]> {
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
    where t.tid = any(${ids.map(({ id }) => id)}) and not t.is_gone`;
  return inOrder(
    ids,
    rows,
    (row) => row.tid,
    (row, score) => ({
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
