/** The PostgreSQL engine: serves where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import type { Engine, Found, Question } from "./question.ts";
import type { Term } from "./syntax.ts";

/** A part of a statement. */
type Fragment = ReturnType<Sql>;

/** German stemming without stop words, for words that are folded already. */
const stemming = "search.german_stems";

/** Creates the dictionary of stems where it is missing. */
export async function createStemming(sql: Sql): Promise<void> {
  const [known] = await sql`
    select 1 from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace where n.nspname = 'search' and d.dictname = 'german_stems'`;
  if (!known) await sql.unsafe(`create text search dictionary ${stemming} (template = snowball, language = german)`);
}

/** Words whose stems are remembered, at most: asking PostgreSQL for each word of each post takes twice as long as the rest. */
const mostKnown = 200_000;

/** Finds the stems of the words of texts. */
export type Stemmer = (texts: string[][]) => Promise<Map<string, string>>;

/** A stemmer that asks PostgreSQL for each word once. */
export function stemmer(sql: Sql): Stemmer {
  const stems = new Map<string, string>();
  return async (texts) => {
    if (stems.size > mostKnown) stems.clear();
    const unknown = new Set<string>();
    for (const words of texts)
      for (const word of words) if (!stems.has(word) && word.length <= longestWord) unknown.add(word);
    if (unknown.size > 0) {
      const found = await sql<{ word: string; stem: string }[]>`
        select word, (ts_lexize(${stemming}, word))[1] as stem from unnest(${[...unknown]}::text[]) as word`;
      for (const { word, stem } of found) stems.set(word, stem);
    }
    return stems;
  };
}

/** Marks words as they are among the stems. A stem is kept only where it is another word than the word itself. */
const unstemmed = "=";

/** Characters of a word that a tsvector takes, whatever their bytes. */
const longestWord = 500;
/** Bytes that surely fit into a tsvector of 1 MB twice, stemmed and not. */
const mostBytes = 500_000;
/** What a word needs there beside its own bytes: a mark, padding, its place in the text. */
const perWord_bytes = 6;

/** The words of a folded text that this engine can find: all but in monstrous posts. */
export function indexedWords(folded: string[]): string[] {
  // A character has three bytes at most.
  if (folded.length * (longestWord * 3 + perWord_bytes) <= mostBytes) return folded;
  let bytes = 0;
  const end = folded.findIndex((word) => (bytes += Buffer.byteLength(word) + perWord_bytes) > mostBytes);
  return end === -1 ? folded : folded.slice(0, end);
}

/** The words of a folded text and their stems as a tsvector literal; PostgreSQL joins what is there twice, and cuts what is too much. */
export function vectorOf(folded: string[], stems: Map<string, string>): string {
  let vector = "";
  for (let at = 0; at < folded.length; at++) {
    const word = folded[at] ?? "";
    if (word.length > longestWord) continue;
    vector += `${unstemmed}${word}:${at + 1} `;
    const stem = stems.get(word);
    if (stem !== undefined && stem !== word) vector += `${stem}:${at + 1} `;
  }
  return vector;
}

/** A term as SQL that makes a tsquery. Words hold letters and digits only. */
function termQuery(sql: Sql, { words, exact, prefix }: Term): Fragment {
  const literal = words.map((word) => `'${unstemmed}${word.slice(0, longestWord)}'`).join(" <-> ");
  if (exact) return sql`${literal}::tsquery`;
  const beginning = prefix ? `${literal}:* | ` : "";
  // Words with this stem: the stem itself, and those that have it beside them. All that happens here is immutable to
  // PostgreSQL, which therefore does it once, and before it decides how to find them.
  const stem = sql`(ts_lexize(${stemming}, ${(words[0] ?? "").slice(0, longestWord)}))[1]`;
  return sql`replace(${`${beginning}'${unstemmed}?' | '?'`}, '?', ${stem})::tsquery`;
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
  const isCommon = ({ words, prefix }: Term) => prefix && (words[0] ?? "").length <= mostCommon;
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
