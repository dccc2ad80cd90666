/** The PostgreSQL engine: serves where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import { gap } from "../index/documents.ts";
import { lemmaOf } from "../words/lexicon.ts";
import type { Engine, Found, Question } from "../query/resolve.ts";
import type { Term } from "../query/syntax.ts";
import { moment, mostPlaces, type Place, pidsOf, walk, walkOrder } from "./walk.ts";

/** A part of a statement. */
type Fragment = ReturnType<Sql>;

/** Marks words as written among their forms. A form is kept only where the document has no word that is written like it. */
const written = "=";

/** Words with their places, and forms without, as a tsvector literal. */
export function vectorOf(words: string[], forms: string[]): string {
  let vector = "";
  for (let at = 0; at < words.length; at++) if (words[at] !== gap) vector += `'${written}${words[at]}':${at + 1} `;
  const own = new Set(words);
  for (const form of forms) if (!own.has(form)) vector += `'${form}' `;
  return vector;
}

/** A term as a tsquery. Words hold no quotes. */
function termQuery(sql: Sql, { words, exact, prefix }: Term): Fragment {
  const literal = words.map((word) => `'${written}${word}'`).join(" <-> ") + (prefix ? ":*" : "");
  if (exact) return sql`${literal}::tsquery`;
  const form = lemmaOf(words[0] ?? "");
  // A form's form is itself, so a word that is written like the form has it, too.
  return sql`${`${prefix ? `${literal} | ` : ""}'${written}${form}' | '${form}'`}::tsquery`;
}

/** Hits that are scored, the newest ones; the others follow by date. */
const mostScored = 250;
/** Hits that facets are counted of. */
const mostCounted = 10_000;
/** Posts looked at to see how common it is what is asked. */
const sampled = 4000;
/** Posts that are walked by, at most, to count hits and to fill a page: a million take about a second. */
const walked = { count: 50_000, page: 300_000 };
/** Posts that are walked by in the time that one is looked up, and how many are looked up at most. */
const lookUp = 10;
const mostLookedUp = 100_000;
/** Letters of beginnings that half of all posts have: an index would gather all of them. */
const mostCommon = 2;

/** What the words of a document have to satisfy: looked up in the index, or (what is a boolean, no index knows) seen when it is met. */
function wordsMatch(sql: Sql, terms: Term[], isWalk: boolean): Fragment {
  const isCommon = ({ words, prefix }: Term) => prefix && words.length === 1 && (words[0] ?? "").length <= mostCommon;
  // To look up what does not hold a word, an index gathers all that do.
  const isLookedUp = (term: Term) =>
    !isWalk && !term.excluded && (!isCommon(term) || !terms.some((one) => !one.excluded && one !== term));
  const queryOf = (all: Term[]): Fragment =>
    all.reduce<Fragment>(
      (query, term) => sql`${query} && ${term.excluded ? sql`(!!${termQuery(sql, term)})` : termQuery(sql, term)}`,
      sql`''::tsquery`,
    );
  const [lookedUp, seen] = [terms.filter(isLookedUp), terms.filter((term) => !isLookedUp(term))];
  return sql`${lookedUp.length > 0 ? sql`d.words @@ (${queryOf(lookedUp)})` : sql`true`}
    ${seen.length > 0 ? sql`and (d.words @@ (${queryOf(seen)})) is true` : sql``}`;
}

const int4 = 2 ** 31 - 1;

/** What one statement finds. */
interface Hits {
  total: number;
  page: [id: number, score: number][];
  bids?: [number, number][];
  years?: [number, number][];
  uids?: [number, number][];
  /** The pid at which a walk ended that had not seen all posts. */
  until: number | null;
}

/** PostgreSQL's code for a statement that took longer than it may. */
const timedOut = "57014";

/**
 * What a search costs is bounded by the posts it looks at. Posts are walked by from the newest on (or the oldest) where
 * enough of the first ones are hits, and otherwise looked up in the index by their words. What is too common to be looked
 * up and too rare to be met is answered from the posts that were walked by, and the count says that it is not exact.
 */
export const postgresEngine = (sql: Sql, timezone: string): Engine => ({
  name: "postgres",
  takes: () => true,
  async find(question: Question): Promise<Found> {
    const { type, terms, uids, bids, tids, from, to, has, tags, next } = question;
    if ([uids, bids, tids].some((values) => values?.length === 0)) return nothing(question);
    const isPost = type === "post";
    const [table, key] = isPost ? [sql`search.posts`, sql`d.pid`] : [sql`search.threads`, sql`d.tid`];
    const isAscending = question.sort === "date-asc";
    const direction: Fragment = isAscending ? sql`asc` : sql`desc`;
    const wanted = terms.filter(({ excluded }) => !excluded);
    const pids = isPost ? await pidsOf(sql, from, to) : undefined;
    if (pids?.first === null) return nothing(question);
    const range = {
      first: Math.max(pids?.first ?? 0, isAscending && next !== undefined ? next + 1 : 0),
      last: Math.min(pids?.last ?? int4, isAscending || next === undefined ? int4 : next - 1),
    };
    const places = Object.entries({ tid: tids, uid: uids, bid: bids }).flatMap(([column, values]) =>
      values ? [{ column: column as Place["column"], values }] : [],
    );
    const place = places.find(({ values }) => values.length <= mostPlaces);
    const conditions = (plan: "sample" | "walk" | "look up"): Fragment => sql`
      ${wordsMatch(sql, terms, plan !== "look up")}
      ${places.reduce<Fragment>((all, { column, values }) => sql`${all} and d.${sql(column)} = any(${values})`, sql``)}
      ${from === undefined ? sql`` : sql`and d.timestamp >= ${moment(sql, from)}`}
      ${to === undefined ? sql`` : sql`and d.timestamp < ${moment(sql, to)}`}
      ${has.reduce<Fragment>((all, kind) => sql`${all} and ${plan === "sample" ? hasLink(sql, kind) : sql`exists (${linksOf(sql, kind)})`}`, sql``)}
      ${tags.length > 0 ? sql`and d.tags @> ${tags}` : sql``}`;

    const query = wanted.reduce<Fragment>((all, term) => sql`${all} && ${termQuery(sql, term)}`, sql`''::tsquery`);
    const isScored = question.sort === "score" && wanted.length > 0;
    const rank = isScored
      ? sql`case when row_number() over (order by id desc) <= ${mostScored} then ts_rank(words, ${query}, 1) else 0 end`
      : sql`0`;
    const columns = sql`${key} as id, d.uid, d.bid, d.timestamp ${isScored ? sql`, d.words` : sql``}`;
    const facet = (expression: Fragment, values: number): Fragment => sql`(
      select coalesce(json_agg(json_build_array(value, count)), '[]') from (
        select ${expression} as value, count(*) as count from hits where ${expression} is not null
        group by 1 order by 2 desc, 1 limit ${values}) counted)`;
    const year: Fragment = sql`extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int`;

    /** @param until of the posts that were walked by, if there are more than those */
    const hitsOf = async (matching: Fragment, most: number, until: Fragment): Promise<Hits> => {
      const [hits] = await planned(sql<Hits[]>`
        with hits as materialized (${matching} limit ${most + 1})
        select (select count(*) from hits) as total,
          (select coalesce(json_agg(json_build_array(id, score)), '[]') from (
            select id, (${rank})::real as score from hits
            order by 2 desc, 1 ${direction} limit ${question.limit} offset ${question.offset}) page) as page,
          ${question.facets ? sql`${facet(sql`bid`, 100)} as bids, ${facet(year, 100)} as years, ${facet(sql`uid`, 10)} as uids,` : sql``}
          case when (select count(*) from hits) <= ${most} then (${until}) end as until`);
      return hits ?? { total: 0, page: [], until: null };
    };
    // Without the sum the planner may walk by the key, through everything.
    const lookAllUp = (most: number) =>
      hitsOf(
        sql`select ${columns} from ${table} d where ${key} between ${range.first} and ${range.last} and ${conditions("look up")}
            order by ${key} + 0 ${direction}`,
        most,
        sql`null`,
      );
    const walkBy = (posts: number, most: number) =>
      hitsOf(
        sql`select ${columns} from ${walk(sql, place, range, direction, posts)} d where ${conditions("walk")}
            ${walkOrder(sql, place, direction)}`,
        most,
        sql`select pid from ${walk(sql, place, range, direction, 1, posts - 1)} d`,
      );

    const pageEnd = question.offset + question.limit;
    const aimed = question.facets ? mostCounted : mostScored;
    if (!isPost) return foundOf(await lookAllUp(Math.max(pageEnd, aimed)), Math.max(pageEnd, aimed), question);

    // What indexes gather, before order and neighbourhood of words and all else are looked at.
    const words = wanted.flatMap((term) => term.words.map((word) => ({ ...term, words: [word] })));
    const gathered: Fragment[] = [
      ...(words.length > 0 ? [wordsMatch(sql, words, true)] : []),
      ...has.map((kind) => hasLink(sql, kind)),
    ];
    const [sample = { seen: 0, hits: 0, gathered: null, posts: 0 }] = await planned(sql<
      { seen: number; hits: number; gathered: number | null; posts: number }[]
    >`
      select count(*) as seen, count(*) filter (where ${conditions("sample")}) as hits,
             least(${gathered.reduce<Fragment>((all, one) => sql`${all}, count(*) filter (where ${one})`, sql`null::bigint`)}) as gathered,
             (select post_count from search.state where engine = 'postgres') as posts
      from ${walk(sql, place, range, direction, sampled)} d`);
    const share = (hits: number) => (hits + 0.5) / sampled;
    // What is seldom met is counted only as far as one would go for it. A small forum is counted whole.
    const affordable = Math.max(mostScored, Math.ceil(share(sample.hits) * walked.count));
    const isSmall = sample.posts <= walked.count;
    const most = Math.max(pageEnd, isSmall ? walked.count : Math.min(aimed, affordable));
    return foundOf(await hitsOfPosts(), most, question);

    /** As far as there is time, and a bit in any case. */
    async function walkFar(posts: number): Promise<Hits> {
      return (await inTime(walkBy(posts, most))) ?? walkBy(sampled, most);
    }

    async function hitsOfPosts(): Promise<Hits> {
      if (sample.seen < sampled) return walkBy(sampled, most);
      const lookedUp = sample.gathered === null ? Infinity : share(sample.gathered) * sample.posts;
      const mayLookUp = lookedUp <= mostLookedUp;
      const isCommon = most / share(sample.hits) < lookUp * lookedUp;
      if (mayLookUp && !isCommon) return (await inTime(lookAllUp(most))) ?? walkFar(walked.count);
      const met = await walkFar(walked.page);
      // The first posts were unlike the others.
      const isShort = met.until !== null && met.total < pageEnd;
      return mayLookUp && isShort ? ((await inTime(lookAllUp(most))) ?? met) : met;
    }
  },
});

/**
 * The same statement, planned for its values each time. The plan for any values, which PostgreSQL changes to after some times,
 * reads the query again for each post, and knows nothing of how common the words are.
 */
function planned<Query extends PromiseLike<unknown>>(query: Query): Query {
  (query as unknown as { options: { prepare?: boolean } }).options.prepare = false;
  return query;
}

/** What was found; undefined when it took longer than a statement may. */
const inTime = (looking: Promise<Hits>): Promise<Hits | undefined> =>
  looking.catch((error: { code?: string }) => {
    if (error.code === timedOut) return undefined;
    throw error;
  });

const linksOf = (sql: Sql, kind: string): Fragment =>
  sql`select from baked.post_links l where l.pid = d.pid and l.type = ${kind}`;

/** Whether a post has a link of that kind, asked of this post alone: the planner must not gather all links for a sample. */
const hasLink = (sql: Sql, kind: string): Fragment => sql`(select true where exists (${linksOf(sql, kind)} limit 1))`;

const nothing = ({ facets }: Question): Found => ({
  ids: [],
  count: 0,
  count_is_exact: true,
  ...(facets ? { facets: { bids: [], years: [], uids: [] } } : {}),
});

const foundOf = ({ page, total, until, bids, years, uids }: Hits, most: number, { facets }: Question): Found => ({
  ids: page.map(([id, score]) => ({ id, score })),
  count: total,
  count_is_exact: total <= most && until === null,
  ...(until === null ? {} : { until }),
  ...(facets ? { facets: { bids: bids ?? [], years: years ?? [], uids: uids ?? [] } } : {}),
});
