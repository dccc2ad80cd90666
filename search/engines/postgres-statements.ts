/** The statements of the PostgreSQL engine for one query: sample, scan, look up. */
import type { Sql } from "@potstats/db/connect";
import type { FacetName, Query } from "../query/query.ts";
import type { FacetCounts } from "./engine.ts";
import { allTerms, type Fragment, wordsMatch } from "./tsquery.ts";
import { maxPlaceValues, type Place, timestampOf, type Scan, scannedPosts, scanOrder } from "./pid-scan.ts";

/** Only the newest matches get a score; the others follow by date. */
export const maxScored = 250;
/** Number of newest posts that are inspected to estimate how common matches are. */
export const sampleSize = 4000;

/** The result of one statement. */
export interface Result {
  /** Matches, at most one more than the limit. */
  total: number;
  page: [id: number, score: number, tid?: number, count?: number][];
  /** By thread: threads among the matches that were counted. */
  threads?: number;
  bids?: FacetCounts;
  years?: FacetCounts;
  uids?: FacetCounts;
  /** The pid at which a scan ended without having seen all posts. */
  stopped_at: number | null;
}

export interface Sample {
  /** Posts inspected; fewer than {@link sampleSize} if there are no more. */
  seen: number;
  matches: number;
  /** Of the rarest condition that an index supports: how many posts satisfy it. Null without such a condition. */
  rarest: number | null;
  /** Posts in the whole index. */
  posts: number;
}

export interface Statements {
  sample(): Promise<Sample>;
  /** Scans that many posts and returns up to `limit` matches, counted up to `limit + 1`. */
  scan(posts: number, limit: number): Promise<Result>;
  /** Looks up the words in the index. */
  lookUp(limit: number): Promise<Result>;
}

type Plan = "sample" | "scan" | "look up";

/** @param range pids to consider, both ends included */
export function statementsFor(sql: Sql, timezone: string, query: Query, range: Scan["range"]): Statements {
  const { type, terms, has } = query;
  const isAscending = query.sort === "date-asc";
  const direction: Fragment = isAscending ? sql`asc` : sql`desc`;
  const [table, key] = type === "post" ? [sql`search.posts`, sql`d.pid`] : [sql`search.threads`, sql`d.tid`];
  const wanted = terms.filter(({ excluded }) => !excluded);
  const isScored = query.sort === "score" && wanted.length > 0;
  const places = placesOf(query);
  const conditions = (plan: Plan): Fragment => conditionsOf(sql, query, places, plan);
  const columns = sql`${key} as id, ${query.byThread ? sql`d.tid,` : sql``} d.uid, d.bid, d.timestamp ${isScored ? sql`, d.words` : sql``}`;
  const scan: Scan = { place: places.find(({ values }) => values.length <= maxPlaceValues), range, isAscending };

  const rank: Fragment = isScored
    ? sql`case when row_number() over (order by id desc) <= ${maxScored} then ts_rank(words, ${allTerms(sql, wanted)}, 1) else 0 end`
    : sql`0`;

  /** @param stoppedAt the last pid that was scanned, if there are more */
  async function resultOf(matching: Fragment, limit: number, stoppedAt: Fragment): Promise<Result> {
    const [result] = await unprepared(sql<Result[]>`
      with hits as materialized (${matching} limit ${limit + 1})
      select (select count(*) from hits) as total,
        ${query.byThread ? threadColumns(sql, query, rank, direction) : pageColumn(sql, query, rank, direction)}
        ${query.facets ? facetColumns(sql, timezone, query) : sql``}
        case when (select count(*) from hits) <= ${limit} then (${stoppedAt}) end as stopped_at`);
    return result ?? { total: 0, page: [], stopped_at: null };
  }

  return {
    sample: async () => {
      // What an index would collect, before the order of words and everything else is checked.
      const words = wanted.flatMap((term) => term.words.map((word) => ({ ...term, words: [word] })));
      const indexed: Fragment[] = [
        ...(words.length > 0 ? [wordsMatch(sql, words, true)] : []),
        ...has.map((kind) => hasLink(sql, kind)),
      ];
      const [sample] = await unprepared(sql<Sample[]>`
        select count(*) as seen, count(*) filter (where ${conditions("sample")}) as matches,
               least(${indexed.reduce<Fragment>((all, one) => sql`${all}, count(*) filter (where ${one})`, sql`null::bigint`)}) as rarest,
               (select post_count from search.state where engine = 'postgres') as posts
        from ${scannedPosts(sql, scan, sampleSize)} d`);
      return sample ?? { seen: 0, matches: 0, rarest: null, posts: 0 };
    },
    scan: (posts, limit) =>
      resultOf(
        sql`select ${columns} from ${scannedPosts(sql, scan, posts)} d where ${conditions("scan")} ${scanOrder(sql, scan)}`,
        limit,
        sql`select pid from ${scannedPosts(sql, scan, 1, posts - 1)} d`,
      ),
    lookUp: (limit) =>
      resultOf(
        // Without `+ 0` the planner may scan the whole primary key to avoid sorting.
        sql`select ${columns} from ${table} d where ${key} between ${range.first} and ${range.last} and ${conditions("look up")}
            order by ${key} + 0 ${direction}`,
        limit,
        sql`null`,
      ),
  };
}

const placesOf = ({ tids, uids, bids }: Query): Place[] =>
  Object.entries({ tid: tids, uid: uids, bid: bids }).flatMap(([column, values]) =>
    values ? [{ column: column as Place["column"], values }] : [],
  );

/** What a row of `d` must satisfy. */
const conditionsOf = (sql: Sql, { terms, from, to, has, tags }: Query, places: Place[], plan: Plan): Fragment => sql`
  ${wordsMatch(sql, terms, plan !== "look up")}
  ${places.reduce<Fragment>((all, { column, values }) => sql`${all} and d.${sql(column)} = any(${values})`, sql``)}
  ${from === undefined ? sql`` : sql`and d.timestamp >= ${timestampOf(sql, from)}`}
  ${to === undefined ? sql`` : sql`and d.timestamp < ${timestampOf(sql, to)}`}
  ${has.reduce<Fragment>((all, kind) => sql`${all} and ${plan === "sample" ? hasLink(sql, kind) : sql`exists (${linksOf(sql, kind)})`}`, sql``)}
  ${tags.length > 0 ? sql`and d.tags @> ${tags}` : sql``}`;

const linksOf = (sql: Sql, kind: string): Fragment =>
  sql`select from baked.post_links l where l.pid = d.pid and l.type = ${kind}`;

/** Whether a post has such a link, as a subquery per post: the planner must not collect all links just for a sample. */
const hasLink = (sql: Sql, kind: string): Fragment => sql`(select true where exists (${linksOf(sql, kind)} limit 1))`;

const pageColumn = (sql: Sql, { limit, offset }: Query, rank: Fragment, direction: Fragment): Fragment => sql`
  (select coalesce(json_agg(json_build_array(id, score)), '[]') from (
    select id, (${rank})::real as score from hits
    order by 2 desc, 1 ${direction} limit ${limit} offset ${offset}) page) as page,`;

/** The best match of each thread, with the number of matches in the thread; and the number of threads. */
const threadColumns = (sql: Sql, { limit, offset }: Query, rank: Fragment, direction: Fragment): Fragment => sql`
  (select coalesce(json_agg(json_build_array(id, score, tid, count)), '[]') from (
    select id, score, tid, count from (
      select id, score, tid, count(*) over thread as count,
             row_number() over (partition by tid order by score desc, id ${direction}) as place
      from (select id, tid, (${rank})::real as score from hits) scored
      window thread as (partition by tid)) ranked
    where place = 1 order by score desc, id ${direction} limit ${limit} offset ${offset}) page) as page,
  (select count(distinct tid) from hits) as threads,`;

function facetColumns(sql: Sql, timezone: string, { facetNames = ["bids", "years", "uids"] }: Query): Fragment {
  const counts = (expression: Fragment, limit: number): Fragment => sql`(
    select coalesce(json_agg(json_build_array(value, count)), '[]') from (
      select ${expression} as value, count(*) as count from hits where ${expression} is not null
      group by 1 order by 2 desc, 1 limit ${limit}) counted)`;
  const year: Fragment = sql`extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int`;
  const columns: Record<FacetName, () => Fragment> = {
    bids: () => sql`${counts(sql`bid`, 100)} as bids,`,
    years: () => sql`${counts(year, 100)} as years,`,
    uids: () => sql`${counts(sql`uid`, 10)} as uids,`,
  };
  return facetNames.reduce<Fragment>((all, name) => sql`${all} ${columns[name]()}`, sql``);
}

/**
 * Plans the statement for its values each time. PostgreSQL would switch to a generic plan after a few executions, which
 * parses the tsquery again for each post and knows nothing about how common the words are.
 */
function unprepared<Statement extends PromiseLike<unknown>>(statement: Statement): Statement {
  (statement as unknown as { options: { prepare?: boolean } }).options.prepare = false;
  return statement;
}
