/** Answers searches: asks an engine, and makes results people can read from what it found. */
import type { Sql } from "@potstats/db/connect";
import { mayBeFound } from "./index/documents.ts";
import {
  mostOffset,
  type PostHit,
  type Search,
  type SearchAnswer,
  type SearchRequest,
  type ThreadHit,
} from "./contract.ts";
import { createFailover } from "./engines/failover.ts";
import { readLexicon } from "./words/lexicon.ts";
import { type MeilisearchServer, meilisearchEngine } from "./engines/meilisearch.ts";
import { postgresEngine } from "./engines/postgres.ts";
import { ask, type Engine, type Found, type Question } from "./query/resolve.ts";
import { highlight, snippet } from "./results/snippet.ts";
import { createSuggest } from "./suggest.ts";
import { addressesOf, textOf } from "./index/text.ts";

export interface SearchOptions {
  sql: Sql;
  meili?: MeilisearchServer | undefined;
  /** IANA name: decides what `year:`, `before:` and `after:` mean. */
  timezone: string;
}

/** When hits turn out to be gone, that many at most are looked at in their place. */
const mostReplacements = 10_000;
/** At once. */
const replacements = 1000;
/** Milliseconds for which a page is filled further where an engine stopped short of it. */
const patience_ms = 1000;

/** Milliseconds that Meilisearch has for a further page: by score, the other engine's pages hold other hits. */
const furtherPages_ms = 1000;

type Answered = Found & { engine: Engine["name"]; fallback?: boolean };

export function createSearch({ sql, meili, timezone }: SearchOptions): Search {
  void readLexicon();
  const postgres = postgresEngine(sql, timezone);
  const first = meili ? meilisearchEngine(meili, sql) : undefined;
  const failover = createFailover(async (signal) => first?.probe(signal));

  async function find(question: Question, signal?: AbortSignal): Promise<Answered> {
    const second = async (): Promise<Answered> => ({ ...(await postgres.find(question)), engine: postgres.name });
    if (!first?.takes(question)) return second();
    return failover.ask(
      async (limited): Promise<Answered> => ({ ...(await first.find(question, limited)), engine: first.name }),
      async () => ({ ...(await second()), fallback: true }),
      { signal, ...(question.sort === "score" && question.offset > 0 ? { headStart_ms: furtherPages_ms } : {}) },
    );
  }

  async function search(request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> {
    const started = performance.now();
    const question = await ask(sql, request, timezone);
    if ("unknown" in question) {
      return {
        count: 0,
        count_is_exact: true,
        engine: first && !failover.isAway() ? first.name : postgres.name,
        ...(question.unknown === "" ? {} : { unknown_filter: question.unknown }),
        elapsed: (performance.now() - started) / 1000,
        type: request.type,
        results: [],
      };
    }
    const page = await pageOf(question, started, signal);
    // What is counted is the same on every page.
    const counted =
      question.next === undefined
        ? page.first
        : await find({ ...question, next: undefined, offset: 0, limit: 0 }, signal);
    const facets = counted.facets && (await named(sql, counted.facets));
    return {
      count: counted.count,
      count_is_exact: counted.count_is_exact && !page.hasGaps,
      engine: page.first.engine,
      ...(page.first.fallback ? { fallback: true } : {}),
      ...(counted.typos ? { typos: true } : {}),
      ...(facets ? { facets } : {}),
      ...page.links,
      elapsed: (performance.now() - started) / 1000,
      ...(question.type === "post"
        ? { type: "post", results: page.results as PostHit[] }
        : { type: "thread", results: page.results as ThreadHit[] }),
    };
  }

  /** The hits of one page. Those whose post is gone meanwhile are dropped, and the next ones take their place. */
  async function pageOf(question: Question, started: number, signal?: AbortSignal) {
    const isDated = question.sort !== "score";
    const load = question.type === "post" ? postHits : threadHits;
    const results: (PostHit | ThreadHit)[] = [];
    let { offset, next } = question;
    let [asked, lookedAt, passed] = [question.limit, 0, question.offset];
    let [hasMore, hasGaps] = [true, false];
    let firstFound: Answered | undefined;
    while (hasMore && results.length < question.limit && lookedAt <= mostReplacements) {
      const facets = question.facets && !firstFound && question.next === undefined;
      const found = await find({ ...question, offset, next, limit: asked, facets }, signal);
      firstFound ??= found;
      const hits = await load(sql, question, found.ids, question.limit - results.length);
      results.push(...hits.map(({ hit }) => hit));
      const isFull = results.length === question.limit;
      const taken = isFull ? (hits.at(-1)?.at ?? -1) + 1 : found.ids.length;
      hasGaps ||= taken > hits.length;
      passed += taken;
      lookedAt += asked;
      asked = replacements;
      const last = found.ids[taken - 1]?.id;
      if (offset + taken < found.count) {
        // In an order of date every page begins with an id, however far it is.
        if (isDated && last !== undefined) [next, offset] = [last, 0];
        else offset += taken;
        hasMore = taken > 0;
      } else if (isDated && found.until !== undefined) {
        offset = Math.max(0, offset - found.count);
        next = isFull ? last : found.until;
        if (!isFull && performance.now() - started > patience_ms) break;
      } else hasMore = false;
    }
    const links = {
      ...(hasMore && question.next === undefined && passed <= mostOffset ? { next_offset: passed } : {}),
      ...(hasMore && isDated && next !== undefined ? { next } : {}),
    };
    return { results, links, hasGaps, first: firstFound as Answered };
  }

  return {
    search,
    suggest: createSuggest({
      sql,
      findThreads: (question, signal) => find(question, signal),
      usersLike: async (folded, limit, signal) =>
        first
          ? failover.ask(
              (limited) => first.usersLike(folded, limit, limited),
              async () => [],
              { signal },
            )
          : [],
    }),
    health: async () => {
      const reachable =
        !first ||
        (await failover.ask(
          async () => {
            await first.ensureOurs();
            return true;
          },
          async () => false,
        ));
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
