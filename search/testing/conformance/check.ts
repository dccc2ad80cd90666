/** Asks an engine, and compares its answers with the naive ones. */
import type { Search, SearchRequest, SearchResponse, Trends, TrendsRequest } from "../../contract.ts";
import { idsOf } from "../both-engines.ts";
import { type Answer, answerTo, type Archive, type Document, facetsOf } from "./naive.ts";
import { type Question, requestOf, shorter, typedText } from "./question.ts";

/** What is wrong with an answer. */
interface Problem {
  question: Question;
  /** What differs: expected and actual. */
  differences: Record<string, unknown>;
}

/** Meilisearch may be late on a busy machine: PostgreSQL then answers in its place, and the question is asked again. */
const patience = { attempts: 200, pause_ms: 50 };

export async function ask(search: Search, request: SearchRequest): Promise<SearchResponse> {
  for (let attempt = 0; attempt < patience.attempts; attempt++) {
    const response = await search.search(request);
    if (!response.fallback) return response;
    await Bun.sleep(patience.pause_ms);
  }
  throw new Error("Meilisearch does not answer in time");
}

/** Everything about an answer that is the same for both engines. Words that are only similar count as none. */
function contentOf(response: SearchResponse) {
  const { typos, count, count_is_exact, facets, unknown_filter, next, next_offset } = response;
  const page = typos
    ? { ids: [], count: 0, next: undefined, next_offset: undefined }
    : { ids: idsOf(response), count, next, next_offset };
  return { ...page, count_is_exact, facets: typos ? undefined : facets, unknown_filter };
}

type Content = ReturnType<typeof contentOf>;

function expectedContent(archive: Archive, question: Question, { hits, unknown, isScored }: Answer): Content {
  const { offset, limit, next, facets } = question;
  const sort = question.sort === "score" ? "date-desc" : question.sort;
  const ids = hits.map(({ id }) => id).toSorted((a, b) => (sort === "date-asc" ? a - b : b - a));
  const following = next === undefined ? ids : ids.filter((id) => (sort === "date-asc" ? id > next : id < next));
  const page = following.slice(offset, offset + limit);
  const isLast = following.length <= offset + limit;
  return {
    ids: page,
    count: hits.length,
    next: isLast || (question.sort === "score" && isScored) ? undefined : page.at(-1),
    // After a cursor, only cursors lead on: an offset would count from another place.
    next_offset: isLast || next !== undefined ? undefined : offset + limit,
    count_is_exact: true,
    facets: facets && unknown.length === 0 ? facetsOf(archive, hits) : undefined,
    unknown_filter: unknown[0],
  };
}

/** Whether results are sorted by score, and newest first where scores are equal. */
const isRanked = ({ results }: SearchResponse) =>
  results.every((hit, at) => {
    const previous = results[at - 1];
    if (!previous || previous.score > hit.score) return true;
    const idOf = (one: typeof hit) => ("pid" in one ? one.pid : one.tid);
    return previous.score === hit.score && idOf(previous) > idOf(hit);
  });

/** What differs between two answers. */
function differencesOf(expected: Content, actual: Content): Record<string, unknown> {
  const differences: Record<string, unknown> = {};
  for (const name of Object.keys(expected) as (keyof Content)[])
    if (!Bun.deepEquals(expected[name], actual[name]))
      differences[name] = { expected: expected[name], actual: actual[name] };
  return differences;
}

/** Compares one page. By score, it is known which documents are hits, but not which of them are on the page. */
async function compare(
  search: Search,
  archive: Archive,
  question: Question,
  answer: Answer,
): Promise<Problem | undefined> {
  const expected = expectedContent(archive, question, answer);
  const request = requestOf(question);
  const response = await ask(search, request);
  const actual = contentOf(response);
  if (answer.hits.length === 0) {
    // Facets of similar words are another matter, and those of an unknown filter are absent or empty.
    delete expected.facets;
    delete actual.facets;
  }
  if (actual.unknown_filter !== undefined && answer.unknown.includes(actual.unknown_filter))
    expected.unknown_filter = actual.unknown_filter;
  const differences: Record<string, unknown> = {};
  if (question.sort === "score" && answer.isScored) {
    const isHit = new Set(answer.hits.map(({ id }) => id));
    const isPage =
      actual.ids.length === expected.ids.length &&
      new Set(actual.ids).size === actual.ids.length &&
      actual.ids.every((id) => isHit.has(id));
    if (isPage) actual.ids = expected.ids;
    if (!isRanked(response)) differences["order"] = response.results.map(({ score }) => score);
  }
  Object.assign(differences, differencesOf(expected, actual));
  return Object.keys(differences).length > 0 ? { question, differences } : undefined;
}

/** The ids of all pages. */
async function allIds(search: Search, question: Question): Promise<number[]> {
  const ids: number[] = [];
  let place: { offset: number; next?: number } | undefined = { offset: 0 };
  const { next: _, ...request } = requestOf({ ...question, facets: false, next: undefined });
  while (place) {
    const page: SearchResponse = await ask(search, { ...request, ...place });
    if (page.typos) return ids;
    ids.push(...idsOf(page));
    const { next, next_offset } = page;
    place =
      next === undefined ? (next_offset === undefined ? undefined : { offset: next_offset }) : { offset: 0, next };
  }
  return ids;
}

/** Follows the links from page to page: every hit is on exactly one of them. */
async function compareAll(
  search: Search,
  _: Archive,
  question: Question,
  { hits, isScored }: Answer,
): Promise<Problem | undefined> {
  const ids = await allIds(search, question);
  const ascending = (some: number[]) => some.toSorted((a, b) => a - b);
  const sorted = ascending(hits.map(({ id }) => id));
  const expected = question.sort === "date-asc" ? sorted : sorted.toReversed();
  const actual = question.sort === "score" && isScored ? ascending(ids).toReversed() : ids;
  return Bun.deepEquals(expected, actual) ? undefined : { question, differences: { pages: { expected, actual } } };
}

type Comparison = typeof compare;

/** The problem that a question has, with the question as short as possible. An error is a problem as well. */
async function problemOf(
  comparison: Comparison,
  search: Search,
  archive: Archive,
  question: Question,
  answer: Answer,
): Promise<Problem | undefined> {
  const attempt: Comparison = async (...compared) => {
    try {
      return await comparison(...compared);
    } catch (error) {
      return { question: compared[2], differences: { error: String(error) } };
    }
  };
  let shortest = await attempt(search, archive, question, answer);
  for (let candidates = shortest ? shorter(question) : []; candidates.length > 0;) {
    const [candidate, ...others] = candidates;
    if (!candidate) break;
    const smaller = await attempt(search, archive, candidate, answerTo(archive, candidate));
    candidates = smaller ? shorter(candidate) : others;
    shortest = smaller ?? shortest;
  }
  return shortest;
}

/** All pages are read of the questions with such an offset, unless there are too many. */
const walked = { offset: 7, most: 700 };

/**
 * Asks for a page; for some questions, also for all pages.
 * @returns the number of hits that there are, and what is wrong
 */
export async function check(
  search: Search,
  archive: Archive,
  question: Question,
): Promise<{ count: number; problem: Problem | undefined }> {
  const answer = answerTo(archive, question);
  const count = answer.hits.length;
  const problem = await problemOf(compare, search, archive, question, answer);
  if (problem || question.offset !== walked.offset || count > walked.most) return { count, problem };
  const whole = { ...question, next: undefined, offset: 0, limit: 100 };
  return { count, problem: await problemOf(compareAll, search, archive, whole, answer) };
}

/** How many documents there are in each month. */
const perMonth = (documents: Document[]) => {
  const counts = new Map<string, number>();
  for (const { time } of documents) {
    const month = time?.slice(0, 7) ?? "";
    counts.set(month, (counts.get(month) ?? 0) + 1);
  }
  return counts;
};

async function askTrends(search: Search, request: TrendsRequest): Promise<Trends> {
  for (let attempt = 0; attempt < patience.attempts; attempt++) {
    const trends = await search.trends(request);
    if (!trends.fallback) return trends;
    await Bun.sleep(patience.pause_ms);
  }
  throw new Error("Meilisearch does not answer in time");
}

/** Compares the numbers of hits per month, of posts on the board of the question if it names one. */
async function compareTrends(search: Search, archive: Archive, question: Question): Promise<Problem | undefined> {
  const { bid } = question.parameters;
  const trends = await askTrends(search, { queries: [typedText(question)], per: "month", bid });
  const onBoard = archive.post.filter((post) => bid === undefined || post.bid === bid);
  const { unknown } = answerTo(archive, question);
  // The board alone is no query.
  const isEmpty = answerTo(archive, { ...question, parameters: {} }).hits.length === 0;
  const hits = isEmpty ? new Map<string, number>() : perMonth(answerTo(archive, question).hits);
  const posts = perMonth(onBoard);
  const [own] = trends.queries;
  const found = trends.periods.filter(({ post_count }) => post_count > 0);
  const actual = {
    months: found.map(({ period, post_count }) => [period, post_count]),
    // Similar words are only looked for if nothing matches.
    hits: own?.typos ? [] : found.flatMap(({ period, counts: [n = 0] }) => (n > 0 ? [[period, n]] : [])),
    unknown: own?.unknown_filter !== undefined && unknown.includes(own.unknown_filter),
  };
  const sorted = (counts: Map<string, number>) => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const expected = { months: sorted(posts), hits: sorted(hits), unknown: unknown.length > 0 };
  return Bun.deepEquals(actual, expected) ? undefined : { question, differences: { trends: { expected, actual } } };
}

/** Asks for the trend of a question. @returns the number of hits, and what is wrong */
export async function checkTrends(
  search: Search,
  archive: Archive,
  asked: Question,
): Promise<{ count: number; problem: Problem | undefined }> {
  const { bid } = asked.parameters;
  const question: Question = { ...asked, type: "post", parameters: bid === undefined ? {} : { bid } };
  const answer = answerTo(archive, question);
  const problem = await problemOf(compareTrends, search, archive, question, answer);
  return { count: answer.hits.length, problem };
}

const shownLength = 300;

/** What is missing or wrong, with the documents' texts. */
export async function describe(search: Search, archive: Archive, { question, differences }: Problem): Promise<string> {
  const { hits } = answerTo(archive, question);
  const found = await allIds(search, { ...question, sort: "date-asc", limit: 100 }).catch(() => undefined);
  const isHit = new Set(hits.map(({ id }) => id));
  const isFound = new Set(found);
  const show = ({ id, uid, bid, time, shown }: Document) =>
    `  ${JSON.stringify({ id, uid, bid, time })} ${JSON.stringify(shown.slice(0, shownLength))}`;
  const list = (title: string, documents: Document[]) =>
    documents.length === 0 ? [] : [`${title} (${documents.length}):`, ...documents.slice(0, 2).map(show)];
  const archived = new Map(archive[question.type].map((document) => [document.id, document]));
  const { content: _, ...request } = requestOf(question);
  return [
    `query ${JSON.stringify(typedText(question))}, ${JSON.stringify(request)}`,
    ...Object.entries(differences).map(([name, difference]) => `${name}: ${JSON.stringify(difference).slice(0, 300)}`),
    ...(found
      ? list(
          "missing",
          hits.filter(({ id }) => !isFound.has(id)),
        )
      : []),
    ...list(
      "wrong",
      [...isFound].flatMap((id) => (isHit.has(id) ? [] : (archived.get(id) ?? []))),
    ),
    ...(found?.some((id) => !archived.has(id)) ? [`not searchable: ${found.filter((id) => !archived.has(id))}`] : []),
  ].join("\n");
}
