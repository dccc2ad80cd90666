/** The Meilisearch engine. */
import type { Sql } from "@potstats/db/connect";
import { isLocked } from "@potstats/db/locks";
import { searchVersion } from "@potstats/db/search";
import { Meilisearch, type MultiSearchQuery, type MultiSearchQueryWithFederation } from "meilisearch";
import { lemmaOf } from "./lexicon.ts";
import type { Engine, Found, Question } from "./question.ts";
import { indexes, queryLocales } from "./settings.ts";
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

/** What is no Latin letter or digit is written as its number between letters that no folded word has: Meilisearch would part it. */
const plain = (word: string): string =>
  word.replaceAll(/[^a-z0-9]/gu, (character) => `ß${character.codePointAt(0)?.toString(16)}ß`);

/**
 * A word as written, and a form, as tokens of one index. No part of a token is a token, so Meilisearch finds none by splitting
 * ("karte" in "grafik_karte"); and what begins a word begins its token, but no form's.
 */
export const wordToken = (word: string): string => `_${plain(word)}`;
export const formToken = (form: string): string => `${plain(form)}_`;

/** In quotes there are no typos, no beginnings, and no neighbours are taken for one word. */
const exactly = (token: string) => `"${token}" `;

/**
 * The query's texts: a document is a hit that satisfies one of them. Exclusions stand first, the word being typed last: it is
 * the beginning of a word, or found by its form.
 */
function queryTexts(terms: Term[], titlesOnly = false): string[] {
  const typed = terms.find(({ prefix }) => prefix);
  const others = terms
    .filter((term) => term !== typed)
    .toSorted((a, b) => Number(b.excluded) - Number(a.excluded))
    .map(({ words: [word = ""], exact, excluded }) =>
      excluded
        ? `-${exactly(wordToken(word))}`
        : exactly(exact || titlesOnly ? wordToken(word) : formToken(lemmaOf(word))),
    )
    .join("");
  if (!typed) return [others];
  const [word = ""] = typed.words;
  const beginning = others + wordToken(word);
  return titlesOnly ? [beginning] : [beginning, others + exactly(formToken(lemmaOf(word)))];
}

/**
 * The same for words that may be misspelt; none where there are no such words. Another number is another number. Of a word
 * that nobody knows the form is not known either: it is tried with its ending and without.
 */
function forgivingTexts(terms: Term[]): string[] {
  const mayBeWrong = ({ exact, words: [word = ""] }: Term) => !exact && /^[a-z]+$/.test(word);
  const wrong = terms.filter(mayBeWrong).toSorted((a, b) => Number(a.prefix) - Number(b.prefix));
  if (wrong.length === 0) return [];
  const [strict] = queryTexts(terms.filter((term) => !mayBeWrong(term)).map((term) => ({ ...term, prefix: false })));
  const end = wrong.at(-1)?.prefix === true ? "" : " ";
  return [lemmaOf, (word: string) => word.replace(/(?<=...)(?:en?|n|s)$/, "")].map((formOf) => {
    const tokens = wrong.map(({ words: [word = ""], prefix }) => (prefix ? formOf(word) : formToken(formOf(word))));
    return strict + tokens.join(" ") + end;
  });
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

const facetNames = ["bid", "year", "uid"] as const;

/** The hits of several queries in one order, each once, with the better of its scores. */
function united(hits: Found["ids"], sort: Question["sort"]): Found["ids"] {
  const byDate = sort === "date-asc" ? 1 : -1;
  const sorted = hits.toSorted((a, b) => (sort === "score" ? b.score - a.score : 0) || byDate * (a.id - b.id));
  const seen = new Set<number>();
  return sorted.filter(({ id }) => !seen.has(id) && seen.add(id));
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
      select index_id, post_count, thread_count, ${isLocked(sql, "index")} as is_filled
      from search.state where engine = 'meilisearch' and version = ${searchVersion}`;
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
    // What stands beside what is PostgreSQL's to say.
    takes: ({ terms }) =>
      terms.filter(({ excluded }) => !excluded).length <= mostTerms && terms.every(({ words }) => words.length === 1),
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
      const index = indexes[question.type];
      const key = question.type === "post" ? "pid" : "tid";
      const { offset, limit, sort } = question;
      const isScored = sort === "score";
      const options = signal ? { signal } : {};
      const ask = async (texts: string[], { next, titlesOnly }: Pick<Question, "next" | "titlesOnly">) => {
        const isUnion = texts.length > 1;
        const queries = texts.map((q) => ({
          indexUid: index,
          q,
          filter: filterOf({ ...question, next }),
          matchingStrategy: "all" as const,
          locales: queryLocales,
          ...(titlesOnly ? { attributesToSearchOn: ["title"] } : {}),
        }));
        const [{ results }, union] = await Promise.all([
          client.multiSearch<{ queries: MultiSearchQuery[] }, Record<string, number>>(
            {
              queries: queries.map((query) => ({
                ...query,
                attributesToRetrieve: [key],
                ...(isUnion ? { offset: 0, limit: offset + limit } : { offset, limit }),
                // Scores of hits in an order of date take three times as long as the search.
                ...(isScored
                  ? { showRankingScore: true }
                  : { sort: [`${key}:${sort === "date-asc" ? "asc" : "desc"}`] }),
                ...(question.facets && !isUnion ? { facets: [...facetNames] } : {}),
              })),
            },
            options,
          ),
          // Counts each hit of several queries once; asked for hits it would be slow.
          isUnion
            ? client.multiSearch<{ federation: object; queries: MultiSearchQueryWithFederation[] }>(
                {
                  federation: { limit: 0, ...(question.facets ? { facetsByIndex: { [index]: [...facetNames] } } : {}) },
                  queries,
                },
                options,
              )
            : undefined,
        ]);
        const count = union ? union.estimatedTotalHits : results[0]?.estimatedTotalHits;
        if (!Number.isInteger(count)) throw new Error("Meilisearch does not answer as it should");
        const facets = union ? union.facetsByIndex?.[index]?.distribution : results[0]?.facetDistribution;
        const found = results.flatMap(({ hits }) =>
          hits.map((hit) => ({ id: hit[key] ?? 0, score: hit._rankingScore ?? 0 })),
        );
        return {
          ids: isUnion ? united(found, sort).slice(offset, offset + limit) : found,
          count: count ?? 0,
          facets: facets ?? {},
        };
      };
      const { terms, next, titlesOnly } = question;
      const strict = queryTexts(terms, titlesOnly);
      let answer = await ask(strict, { next, titlesOnly });
      // The last page of a walk is empty, too.
      const isNowhere = answer.count === 0 && (next === undefined || (await ask(strict, { titlesOnly })).count === 0);
      const forgiving = isNowhere ? forgivingTexts(terms) : [];
      if (forgiving.length > 0) answer = await ask(forgiving, { next });
      const facet = (name: string, most: number): [number, number][] =>
        Object.entries(answer.facets[name] ?? {})
          .map(([value, count]): [number, number] => [Number(value), count])
          .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
          .slice(0, most);
      return {
        ids: answer.ids,
        count: answer.count,
        count_is_exact: true,
        ...(forgiving.length > 0 && answer.count > 0 ? { typos: true } : {}),
        ...(question.facets
          ? { facets: { bids: facet("bid", 100), years: facet("year", 100), uids: facet("uid", 10) } }
          : {}),
      };
    },
  };
}
