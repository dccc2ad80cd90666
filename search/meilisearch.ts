/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import { Meilisearch } from "meilisearch";
import type { Engine, Found, Question } from "./question.ts";
import { indexes, queryLocales, whole } from "./settings.ts";
import type { Term } from "./syntax.ts";

export interface MeilisearchServer {
  url: string;
  key: string | undefined;
}

/** Milliseconds until a search is given up and PostgreSQL asked instead. */
const patience_ms = 3000;
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

/** Which posts' index this is: a full fill makes another one. */
export const indexId = async (client: Meilisearch): Promise<string> =>
  String((await client.index(indexes.post).getRawInfo()).createdAt);

const anyOf = (name: string, values: number[]) => `${name} IN [${values.join(", ")}]`;

function filterOf({ uids, bids, tids, from, to, has, tags }: Question): string[] {
  return [
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
  /** @throws Error when it does not answer, or holds what was not made from our database */
  ensureOurs(): Promise<void>;
}

/** @param sql the database that the index must have been made from */
export function meilisearchEngine(server: MeilisearchServer, sql: Sql): MeilisearchEngine {
  const client = clientOf(server, patience_ms);
  let trustedAt_ms = -Infinity;

  /** Another database may have filled the indexes meanwhile, or they are of another day. */
  async function ensureOurs(): Promise<void> {
    if (performance.now() - trustedAt_ms < trust_ms) return;
    const [state] = await sql<{ index_id: string }[]>`select index_id from search.state where engine = 'meilisearch'`;
    if (state?.index_id !== (await indexId(client))) throw new Error("Meilisearch holds another index");
    trustedAt_ms = performance.now();
  }

  return {
    name: "meilisearch",
    takes: ({ terms }) => terms.filter(({ excluded }) => !excluded).length <= mostTerms,
    ensureOurs,
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
