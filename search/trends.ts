/** How often posts match queries, per month or year. */
import type { Sql } from "@potstats/db/connect";
import type { months as monthTable } from "@potstats/db/search-index";
import type { Row } from "@potstats/db/row";
import type { Trends, TrendsRequest } from "./contract.ts";
import type { Engines } from "./engines/both.ts";
import { conditionsOf } from "./engines/conditions.ts";
import { countMonths } from "./engines/month-counts.ts";
import type { CountMonths } from "./find.ts";
import { monthNumber, monthOf } from "./query/period.ts";
import { resolveQuery } from "./query/resolve.ts";
import { parseTokens } from "./query/syntax.ts";

const allPosts = { type: "post", sort: "date-desc", offset: 0, limit: 0, facets: false } as const;

/** Nothing matches. */
const nothing = { perMonth: new Map<string, number>(), isExact: true, completeFrom: undefined };

/** @throws InvalidSearchError */
export async function findTrends(
  sql: Sql,
  count: CountMonths,
  current: Engines["current"],
  { queries, per, bid, uid }: TrendsRequest,
  timezone: string,
): Promise<Trends> {
  const countOne = async (content: string) => {
    const { query, unknownFilter } = await resolveQuery(sql, { ...allPosts, content, bid, uid }, timezone);
    // The board and the user alone are no query.
    const isEmpty = parseTokens(content).length === 0;
    const counts = query && !isEmpty ? await count(query) : { ...nothing, ...current() };
    return { ...counts, ...(unknownFilter === undefined ? {} : { unknownFilter }) };
  };
  const countPosts = uid === undefined ? postsPerMonth(sql, bid) : postsOfUser(sql, { uid, bid }, timezone);
  const [posts, counted] = await Promise.all([countPosts, Promise.all(queries.map(countOne))]);
  const periodOf = (month: string) => (per === "month" ? month : month.slice(0, 4));
  const perPeriod = counted.map(({ perMonth }) => summedBy(perMonth, periodOf));
  const isFallback = counted.some(({ fallback }) => fallback);
  return {
    engine: counted.every(({ engine }) => engine === "meilisearch") ? "meilisearch" : "postgres",
    ...(isFallback ? { fallback: true } : {}),
    queries: counted.map(({ perMonth, isExact, completeFrom, typos, unknownFilter }, at) => ({
      q: queries[at] ?? "",
      count: sum([...perMonth.values()]),
      count_is_exact: isExact,
      ...(completeFrom === undefined ? {} : { complete_from: completePeriod(completeFrom, per) }),
      ...(typos ? { typos } : {}),
      ...(unknownFilter === undefined ? {} : { unknown_filter: unknownFilter }),
    })),
    periods: [...summedBy(posts, periodOf)].map(([period, post_count]) => ({
      period,
      post_count,
      counts: perPeriod.map((counts) => counts.get(period) ?? 0),
    })),
  };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** Adds up the numbers of the months of each period. */
function summedBy(perMonth: Map<string, number>, periodOf: (month: string) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [month, count] of perMonth) sums.set(periodOf(month), (sums.get(periodOf(month)) ?? 0) + count);
  return sums;
}

/** The first period all of whose months are complete. */
function completePeriod(month: string, per: TrendsRequest["per"]): string {
  if (per === "month") return month;
  const year = Number(month.slice(0, 4)) + (month.endsWith("-01") ? 0 : 1);
  return String(year).padStart(4, "0");
}

/** Searchable posts of a board (undefined: of all) per month, without gaps. */
async function postsPerMonth(sql: Sql, bid = 0): Promise<Map<string, number>> {
  const rows = await sql<Row<typeof monthTable, "month" | "post_count">[]>`
    select month, post_count from search.months where bid = ${bid} and post_count > 0`;
  return withoutGaps(new Map(rows.map(({ month, post_count }) => [month.slice(0, 7), post_count])));
}

const maxId = 2 ** 31 - 1;

/** Searchable posts of a user per month, without gaps: all of them are read, because users write few enough. */
async function postsOfUser(
  sql: Sql,
  { uid, bid }: { uid: number; bid: number | undefined },
  timezone: string,
): Promise<Map<string, number>> {
  const { query } = await resolveQuery(sql, { ...allPosts, content: "", uid, bid }, timezone);
  if (!query) return new Map();
  const conditions = conditionsOf(sql, query, { rarest: Infinity, prefix: 0 });
  const range = { first: 0, last: maxId };
  const { perMonth } = await countMonths(sql, {
    query,
    conditions,
    range,
    timezone,
    smallForum: maxId,
    maxReading_ms: 0,
  });
  return withoutGaps(perMonth);
}

/** Months in order, from the first to the last. */
function withoutGaps(counts: Map<string, number>): Map<string, number> {
  const months = [...counts.keys()].toSorted();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return counts;
  const length = monthNumber(last) - monthNumber(first) + 1;
  const all = Array.from({ length }, (_, after) => monthOf(monthNumber(first) + after));
  return new Map(all.map((month) => [month, counts.get(month) ?? 0]));
}
