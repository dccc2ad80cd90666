/** The PostgreSQL engine: serves where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import type { Engine, Found, Question } from "./question.ts";
import type { Term } from "./syntax.ts";
import { moment, mostPlaces, type Place, pidsOf, walk, walkOrder } from "./walk.ts";

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
/** Bytes of a post's words that surely fit into a tsvector of 1 MB twice, stemmed and not, each with its mark. */
const mostBytes = 300_000;

/** The words of a folded text that this engine can find: all but in monstrous posts. */
export function indexedWords(folded: string[]): string[] {
  // A character has three bytes at most.
  if (folded.length * (longestWord + 1) * 3 <= mostBytes) return folded;
  let bytes = 0;
  const end = folded.findIndex((word) => (bytes += Buffer.byteLength(word)) > mostBytes);
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
  const isCommon = ({ words, prefix }: Term) => prefix && (words[0] ?? "").length <= mostCommon;
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
    const conditions = (isWalk: boolean): Fragment => sql`
      ${wordsMatch(sql, terms, isWalk)}
      ${places.reduce<Fragment>((all, { column, values }) => sql`${all} and d.${sql(column)} = any(${values})`, sql``)}
      ${from === undefined ? sql`` : sql`and d.timestamp >= ${moment(sql, from)}`}
      ${to === undefined ? sql`` : sql`and d.timestamp < ${moment(sql, to)}`}
      ${has.reduce<Fragment>((all, kind) => sql`${all} and ${hasLink(sql, kind, isWalk)}`, sql``)}
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
        sql`select ${columns} from ${table} d where ${key} between ${range.first} and ${range.last} and ${conditions(false)}
            order by ${key} + 0 ${direction}`,
        most,
        sql`null`,
      );
    const walkBy = (posts: number, most: number) =>
      hitsOf(
        sql`select ${columns} from ${walk(sql, place, range, direction, posts)} d where ${conditions(true)}
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
      ...has.map((kind) => hasLink(sql, kind, true)),
    ];
    const [sample = { seen: 0, hits: 0, gathered: null, posts: 0 }] = await planned(sql<
      { seen: number; hits: number; gathered: number | null; posts: number }[]
    >`
      select count(*) as seen, count(*) filter (where ${conditions(true)}) as hits,
             least(${gathered.reduce<Fragment>((all, one) => sql`${all}, count(*) filter (where ${one})`, sql`null::bigint`)}) as gathered,
             (select post_count from search.state where engine = 'postgres') as posts
      from ${walk(sql, place, range, direction, sampled)} d`);
    const share = (hits: number) => (hits + 0.5) / sampled;
    // What is seldom met is counted only as far as one would go for it.
    const affordable = Math.max(mostScored, Math.ceil(share(sample.hits) * walked.count));
    const most = Math.max(pageEnd, Math.min(aimed, affordable));
    return foundOf(await hitsOfPosts(), most, question);

    async function hitsOfPosts(): Promise<Hits> {
      if (sample.seen < sampled) return walkBy(sampled, most);
      const lookedUp = sample.gathered === null ? Infinity : share(sample.gathered) * sample.posts;
      const mayLookUp = lookedUp <= mostLookedUp;
      const isCommon = most / share(sample.hits) < lookUp * lookedUp;
      if (mayLookUp && !isCommon) return (await inTime(lookAllUp(most))) ?? walkBy(walked.page, most);
      const met = await walkBy(walked.page, most);
      // The first posts were unlike the others.
      const isShort = met.until !== null && met.total < pageEnd;
      return mayLookUp && isShort ? ((await inTime(lookAllUp(most))) ?? met) : met;
    }
  },
});

/**
 * The same statement, planned for its values each time. The plan for any values, which PostgreSQL changes to after some times,
 * makes the query's stems again for each post, and knows nothing of how common the words are.
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

/** Whether a post has a link of that kind: asked of each post that is met, or of all links at once. */
const hasLink = (sql: Sql, kind: string, isWalk: boolean): Fragment =>
  isWalk
    ? sql`(select true from baked.post_links l where l.pid = d.pid and l.type = ${kind} limit 1)`
    : sql`exists (select 1 from baked.post_links l where l.pid = d.pid and l.type = ${kind})`;

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
