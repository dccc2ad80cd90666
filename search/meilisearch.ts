/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import { isLocked } from "@potstats/db/locks";
import { Meilisearch } from "meilisearch";
import type { Engine, Found, Question } from "./question.ts";
import { indexes, queryLocales, whole } from "./settings.ts";
import type { Term } from "./syntax.ts";

export interface MeilisearchServer {
  url: string;
  key: string | undefined;
}

/** Milliseconds until a request is given up. */
const patience_ms = 2000;
/** Words and phrases to look for that Meilisearch takes into account: it ignores what follows. Exclusions don't count if they stand first. */
const mostTerms = 10;
/** Milliseconds for which we believe that the index is still ours. */
const trust_ms = 5000;

/**
 * A client. It asks for uncompressed answers: with the default header compressed ones take 44 ms each on a kept-alive
 * connection (two small writes meeting a delayed acknowledgement), these 2 ms.
 */
export const clientOf = ({ url, key }: MeilisearchServer, timeout?: number): Meilisearch =>
  new Meilisearch({
    host: url,
    ...(key ? { apiKey: key } : {}),
    ...(timeout ? { timeout } : {}),
    requestInit: { headers: { "Accept-Encoding": "identity" } },
  });

/** A term in Meilisearch's own language; phrases know no typos, so `+word` is a phrase of one. */
function termQuery({ words, exact, excluded }: Term): string {
  const text = words.join(" ");
  return `${excluded ? "-" : ""}${exact ? `"${text}"` : text}`;
}

/** The query text: exclusions first, the word being typed last, everything else closed by a blank. */
function queryText(terms: Term[]): string {
  const rank = ({ excluded, prefix }: Term) => (excluded ? 0 : prefix ? 2 : 1);
  return terms
    .toSorted((a, b) => rank(a) - rank(b))
    .map((term) => termQuery(term) + (term.prefix ? "" : " "))
    .join("");
}

/** What an index was made of, as it was counted at the end. */
export interface Made {
  index_id: string;
  post_count: number;
  thread_count: number;
}

/** Share of the counted documents that an index holds at least while it is brought up to date. */
const leastWhileFilled = 0.9;

/**
 * Whether the indexes are those that we filled, and still hold as many documents: they may be another database's, of
 * another day, half filled, or emptied.
 * @param isFilled at this moment, so that the numbers cannot be equal
 */
export async function holds(
  client: Meilisearch,
  { index_id, post_count, thread_count }: Made,
  isFilled = false,
): Promise<boolean> {
  const [id, stats] = await Promise.all([indexId(client), client.getStats()]);
  const has = (name: string, counted: number) => {
    const held = stats.indexes[name]?.numberOfDocuments;
    return held !== undefined && (isFilled ? held >= counted * leastWhileFilled : held === counted);
  };
  return (
    id === index_id &&
    has(indexes.post, post_count) &&
    has(indexes.thread, thread_count) &&
    stats.indexes[indexes.user] !== undefined
  );
}

/** Which posts' index this is: a full fill makes another one. */
export const indexId = async (client: Meilisearch): Promise<string> =>
  String((await client.index(indexes.post).getRawInfo()).createdAt);

const anyOf = (name: string, values: number[]) => `${name} IN [${values.join(", ")}]`;

function filterOf({ type, sort, uids, bids, tids, from, to, has, tags, next }: Question): string[] {
  return [
    ...(next === undefined ? [] : [`${type === "post" ? "pid" : "tid"} ${sort === "date-asc" ? ">" : "<"} ${next}`]),
    ...(uids ? [anyOf("uid", uids)] : []),
    ...(bids ? [anyOf("bid", bids)] : []),
    ...(tids ? [anyOf("tid", tids)] : []),
    ...(from === undefined ? [] : [`timestamp >= ${from}`]),
    ...(to === undefined ? [] : [`timestamp < ${to}`]),
    ...has.map((kind) => `has = ${kind}`),
    ...tags.map((tag) => `tags = "${tag}"`),
  ];
}

/** Parts of compounds are not what phrases and `+word` ask for; beside other words they cannot be told apart. */
function searchedOn({ type, terms, titlesOnly }: Question): { attributesToSearchOn?: string[] } {
  if (titlesOnly) return { attributesToSearchOn: ["title"] };
  if (!terms.every(({ exact, excluded }) => exact || excluded)) return {};
  return { attributesToSearchOn: whole[type] };
}

export interface MeilisearchEngine extends Engine {
  /** Users whose name or an alias begins about like this, by their folded words. */
  usersLike(folded: string, limit: number, signal?: AbortSignal): Promise<number[]>;
  /** @throws Error when it does not answer, or does not hold what was made from our database */
  ensureOurs(): Promise<void>;
  /** The same now, with a small search. */
  probe(signal: AbortSignal): Promise<void>;
}

/** @param sql the database that the index must have been made from */
export function meilisearchEngine(server: MeilisearchServer, sql: Sql): MeilisearchEngine {
  const client = clientOf(server, patience_ms);
  let trustedAt_ms = -Infinity;

  /** Checked by one request for all that come in the meantime. */
  let checking: Promise<void> | undefined;

  async function check(): Promise<void> {
    const [state] = await sql<(Made & { is_filled: boolean })[]>`
      select index_id, post_count, thread_count, ${isLocked(sql, "index")} as is_filled from search.state where engine = 'meilisearch'`;
    if (!state || !(await holds(client, state, state.is_filled)))
      throw new Error("Meilisearch does not hold what we filled it with");
    trustedAt_ms = performance.now();
  }

  async function ensureOurs(): Promise<void> {
    if (performance.now() - trustedAt_ms < trust_ms) return;
    await (checking ??= check().finally(() => (checking = undefined)));
  }

  return {
    name: "meilisearch",
    takes: ({ terms }) => terms.filter(({ excluded }) => !excluded).length <= mostTerms,
    ensureOurs,
    async probe(signal) {
      await check();
      const { hits } = await client
        .index(indexes.post)
        .search("", { limit: 1, locales: queryLocales, showRankingScore: true }, { signal });
      if (!Array.isArray(hits)) throw new Error("Meilisearch does not answer as it should");
    },
    async usersLike(folded, limit, signal) {
      await ensureOurs();
      const { hits } = await client
        .index<{ uid: number }>(indexes.user)
        .search(
          folded,
          { matchingStrategy: "all", attributesToRetrieve: ["uid"], limit, locales: queryLocales },
          signal ? { signal } : {},
        );
      return hits.map(({ uid }) => uid);
    },
    async find(question, signal): Promise<Found> {
      await ensureOurs();
      const key = question.type === "post" ? "pid" : "tid";
      const answer = await client.index<Record<string, number>>(indexes[question.type]).search(
        queryText(question.terms),
        {
          filter: filterOf(question),
          matchingStrategy: "all",
          attributesToRetrieve: [key],
          showRankingScore: true,
          ...searchedOn(question),
          offset: question.offset,
          limit: question.limit,
          locales: queryLocales,
          ...(question.sort === "score" ? {} : { sort: [`${key}:${question.sort === "date-asc" ? "asc" : "desc"}`] }),
          ...(question.facets ? { facets: ["bid", "year", "uid"] } : {}),
        },
        signal ? { signal } : {},
      );
      if (!Number.isInteger(answer.estimatedTotalHits)) throw new Error("Meilisearch does not answer as it should");
      const distribution = answer.facetDistribution ?? {};
      const facet = (name: string, most: number): [number, number][] =>
        Object.entries(distribution[name] ?? {})
          .map(([value, count]): [number, number] => [Number(value), count])
          .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
          .slice(0, most);
      return {
        ids: answer.hits.map((hit) => ({ id: hit[key] ?? 0, score: hit._rankingScore ?? 0 })),
        count: answer.estimatedTotalHits,
        count_is_exact: true,
        ...(question.facets
          ? { facets: { bids: facet("bid", 100), years: facet("year", 100), uids: facet("uid", 10) } }
          : {}),
      };
    },
  };
}
