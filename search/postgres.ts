/** The PostgreSQL engine: serves where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import { gap } from "./documents.ts";
import { lemmaOf } from "./lexicon.ts";
import type { Engine, Found, Question } from "./question.ts";
import type { Term } from "./syntax.ts";

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

/** Hits that are counted and scored, the newest ones; that there are more is told by an estimate, and they follow by date. */
const mostScored = 250;
/** Hits that facets are counted of. */
const mostCounted = 10_000;
/** Posts looked at to see how common it is what is asked, and how many posts are walked by in the time that one is looked up. */
const sampled = 4000;
const lookUp = 10;
/** Letters of beginnings that half of all posts have: an index would gather all of them. */
const mostCommon = 2;

/** What the words of a document have to satisfy: looked up in the index, or (what is a boolean, no index knows) seen when it is met. */
function wordsMatch(sql: Sql, terms: Term[], isWalk: boolean): Fragment {
  const isCommon = ({ words, prefix }: Term) => prefix && words.length === 1 && (words[0] ?? "").length <= mostCommon;
  const isLookedUp = (term: Term) =>
    !isWalk && (!isCommon(term) || !terms.some((one) => !one.excluded && one !== term));
  const queryOf = (all: Term[]): Fragment =>
    all.reduce<Fragment>(
      (query, term) => sql`${query} && ${term.excluded ? sql`(!!${termQuery(sql, term)})` : termQuery(sql, term)}`,
      sql`''::tsquery`,
    );
  const [lookedUp, seen] = [terms.filter(isLookedUp), terms.filter((term) => !isLookedUp(term))];
  return sql`${lookedUp.length > 0 ? sql`d.words @@ (${queryOf(lookedUp)})` : sql`true`}
    ${seen.length > 0 ? sql`and (d.words @@ (${queryOf(seen)})) is true` : sql``}`;
}

// Dates of our own reach no further than the year 9999.
const moment = (sql: Sql, unix_s: number) => sql`timestamp 'epoch' + ${unix_s}::float8 * interval '1 second'`;

/** The pids among which posts of a time are: posts are walked by pid. None where there are none. */
async function pidsOf(sql: Sql, from: number | undefined, to: number | undefined) {
  if (from === undefined && to === undefined) return undefined;
  const [pids] = await sql<{ first: number | null; last: number | null }[]>`
    select min(first_pid) as first, max(last_pid) as last from search.days
    where true ${from === undefined ? sql`` : sql`and day >= (${moment(sql, from)})::date`}
               ${to === undefined ? sql`` : sql`and day <= (${moment(sql, to)})::date`}`;
  return pids;
}

/** Of one value an index gives the documents in their order. */
const isAnyOf = (sql: Sql, column: Fragment, values: number[] | undefined): Fragment =>
  !values ? sql`` : values.length === 1 ? sql`and ${column} = ${values[0] ?? 0}` : sql`and ${column} = any(${values})`;

/** Whether walking by the posts of a place in their order finds `most` that satisfy conditions sooner than looking all of them up. */
async function isCommonAmong(sql: Sql, place: Fragment, conditions: Fragment, most: number): Promise<boolean> {
  const [sample] = await sql<{ seen: number; hits: number; posts: number }[]>`
    select count(*) as seen, count(*) filter (where ${conditions}) as hits,
           (select post_count from search.state where engine = 'postgres') as posts
    from (select * from search.posts d ${place} limit ${sampled}) d`;
  if (!sample || sample.seen < sampled) return true;
  const share = (sample.hits + 0.5) / sample.seen;
  return most / share < lookUp * share * sample.posts;
}

export const postgresEngine = (sql: Sql, timezone: string): Engine => ({
  name: "postgres",
  takes: () => true,
  async find(question: Question): Promise<Found> {
    const { type, terms, uids, bids, tids, from, to, has, tags } = question;
    const isPost = type === "post";
    const [table, key] = isPost ? [sql`search.posts`, sql`d.pid`] : [sql`search.threads`, sql`d.tid`];
    const direction = question.sort === "date-asc" ? sql`asc` : sql`desc`;
    const pids = isPost ? await pidsOf(sql, from, to) : undefined;
    // What an index has in the order of the ids.
    const place = sql`
      true ${pids ? sql`and d.pid between ${pids.first}::int and ${pids.last}::int` : sql``}
      ${isAnyOf(sql, sql`d.uid`, uids)} ${isAnyOf(sql, sql`d.bid`, bids)} ${isAnyOf(sql, sql`d.tid`, tids)}`;
    const conditions = (isWalk: boolean): Fragment => sql`
      ${wordsMatch(sql, terms, isWalk)}
      ${from === undefined ? sql`` : sql`and d.timestamp >= ${moment(sql, from)}`}
      ${to === undefined ? sql`` : sql`and d.timestamp < ${moment(sql, to)}`}
      ${has.reduce<Fragment>((all, kind) => sql`${all} and exists (select 1 from baked.post_links l where l.pid = d.pid and l.type = ${kind})`, sql``)}
      ${tags.length > 0 ? sql`and d.tags @> ${tags}` : sql``}`;
    const wanted = terms.filter(({ excluded }) => !excluded);
    const isScored = question.sort === "score" && wanted.length > 0;
    const most = Math.max(question.facets ? mostCounted : mostScored, question.offset + question.limit);
    const isWalk =
      isPost && (await isCommonAmong(sql, sql`where ${place} order by ${key} ${direction}`, conditions(true), most));
    const matching = sql`
      with hits as materialized (
        select ${key} as id, d.uid, d.bid, d.timestamp ${isScored ? sql`, d.words` : sql``}
        from ${table} d where ${place} and ${conditions(isWalk)}
        order by ${key} ${isPost && !isWalk ? sql`+ 0` : sql``} ${direction} limit ${most + 1}
      )`;
    const query = wanted.reduce<Fragment>((all, term) => sql`${all} && ${termQuery(sql, term)}`, sql`''::tsquery`);
    const rank = isScored
      ? sql`case when row_number() over (order by id desc) <= ${mostScored} then ts_rank(words, ${query}, 1) else 0 end`
      : sql`0`;
    const rows = await sql<{ id: number; score: number; total: number }[]>`
      ${matching} select id, (${rank})::real as score, (select count(*) from hits) as total from hits
      order by 2 desc, 1 ${direction} limit ${question.limit} offset ${question.offset}`;
    const total =
      rows[0]?.total ?? (await sql<{ total: number }[]>`${matching} select count(*) as total from hits`)[0]?.total ?? 0;
    const found: Found = {
      ids: rows.map(({ id, score }) => ({ id, score })),
      count: total,
      count_is_exact: total <= most,
    };
    if (question.facets) {
      const facet = async (expression: Fragment, values: number): Promise<[number, number][]> => {
        const counts = await sql<{ value: number; count: number }[]>`
          ${matching} select ${expression} as value, count(*) as count from hits where ${expression} is not null
          group by 1 order by 2 desc, 1 limit ${values}`;
        return counts.map(({ value, count }) => [value, count]);
      };
      const [boards, years, users] = await Promise.all([
        facet(sql`bid`, 100),
        facet(sql`extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int`, 100),
        facet(sql`uid`, 10),
      ]);
      found.facets = { bids: boards, years, uids: users };
    }
    return found;
  },
});
