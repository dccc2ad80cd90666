/** The Meilisearch engine. */
import { Meilisearch } from "meilisearch";
import type { Engine, Found, Question } from "./question.ts";
import { indexes } from "./settings.ts";
import type { Term } from "./syntax.ts";

export interface MeilisearchServer {
  url: string;
  key: string | undefined;
}

/** Milliseconds until a search is given up and PostgreSQL asked instead. */
const patience_ms = 3000;

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

/** The query text: the word being typed stands last, everything else is closed by a blank. */
function queryText(terms: Term[]): string {
  const typing = terms.find((term) => term.prefix);
  const others = terms.filter((term) => term !== typing).map((term) => `${termQuery(term)} `);
  return others.join("") + (typing ? termQuery(typing) : "");
}

const anyOf = (name: string, values: number[]) => `${name} IN [${values.join(", ")}]`;

function filterOf({ uids, bids, tid, from, to, has, tags }: Question): string[] {
  return [
    ...(uids ? [anyOf("uid", uids)] : []),
    ...(bids ? [anyOf("bid", bids)] : []),
    ...(tid === undefined ? [] : [`tid = ${tid}`]),
    ...(from === undefined ? [] : [`timestamp >= ${from}`]),
    ...(to === undefined ? [] : [`timestamp < ${to}`]),
    ...has.map((kind) => `has = ${kind}`),
    ...tags.map((tag) => `tags = "${tag}"`),
  ];
}

export function meilisearchEngine(server: MeilisearchServer): Engine {
  const client = clientOf(server, patience_ms);
  return {
    name: "meilisearch",
    async find(question, signal): Promise<Found> {
      const key = question.type === "post" ? "pid" : "tid";
      const answer = await client.index<Record<string, number>>(indexes[question.type]).search(
        queryText(question.terms),
        {
          filter: filterOf(question),
          matchingStrategy: "all",
          attributesToRetrieve: [key],
          showRankingScore: true,
          offset: question.offset,
          limit: question.limit,
          locales: ["deu"],
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
