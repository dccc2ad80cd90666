/** The PostgreSQL engine: serves where no Meilisearch is configured or reachable. */
import type { Sql } from "@potstats/db/connect";
import type { Engine, Found, Question } from "./question.ts";
import type { Term } from "./syntax.ts";

/** German stemming without stop words, for text that is folded already. */
export const configuration = "search.folded";

/** Creates the text search configuration where it is missing. */
export async function createConfiguration(sql: Sql): Promise<void> {
  const [known] = await sql`
    select 1 from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where n.nspname = 'search' and c.cfgname = 'folded'`;
  if (known) return;
  await sql.begin(async (transaction) => {
    await transaction.unsafe(`
      create text search dictionary search.german_stems (template = snowball, language = german);
      create text search configuration ${configuration} (parser = default);
      alter text search configuration ${configuration}
        add mapping for asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part,
                        hword_numpart, int, uint, float, sfloat, version, email, url, host, file, url_path, protocol
        with search.german_stems`);
  });
}

/** Marks the unstemmed form of a word among the stems. */
const unstemmed = "=";

/** Positions that a tsvector keeps: up to 16,383, and 255 per word. */
const lastPosition = 16_383;
const mostPositions = 255;
/** Characters of a word that a tsvector takes, whatever their bytes. */
const longestWord = 500;
/** Bytes of a post's words that surely fit into a tsvector of 1 MB twice, stemmed and not, with all positions. */
const mostBytes = 300_000;

/** The words of a folded text that this engine can find: all but in monstrous posts. */
export function indexedWords(folded: string[]): string[] {
  // A character has three bytes at most.
  if (folded.length * (longestWord + 1) * 3 <= mostBytes) return folded;
  let bytes = 0;
  const end = folded.findIndex((word) => (bytes += Buffer.byteLength(word)) > mostBytes);
  return end === -1 ? folded : folded.slice(0, end);
}

/** The unstemmed words of a folded text as a tsvector literal, for `+word`, phrases and beginnings. */
export function exactVector(folded: string[]): string {
  const positions = new Map<string, number[]>();
  for (const [at, word] of folded.entries()) {
    if (word.length > longestWord) continue;
    const position = Math.min(at + 1, lastPosition);
    const known = positions.get(word);
    if (!known) positions.set(word, [position]);
    else if (known.length < mostPositions) known.push(position);
  }
  return [...positions].map(([word, at]) => `'${unstemmed}${word}':${at.join(",")}`).join(" ");
}

/** A term as SQL that makes a tsquery. Words hold letters and digits only. */
function termQuery(sql: Sql, { words, exact, prefix }: Term) {
  const literal = words.map((word) => `'${unstemmed}${word.slice(0, longestWord)}'`).join(" <-> ");
  if (exact) return sql`${literal}::tsquery`;
  // Beside its stem the word itself: the parser makes nothing of a ½.
  const stems = sql`to_tsquery(${configuration}::regconfig, ${(words[0] ?? "").slice(0, longestWord)})`;
  return sql`(${`${literal}${prefix ? ":*" : ""}`}::tsquery || ${stems})`;
}

/** Hits that are counted and scored; more are told as an estimate. */
const mostScored = 10_000;

export const postgresEngine = (sql: Sql, timezone: string): Engine => ({
  name: "postgres",
  takes: () => true,
  async find(question: Question): Promise<Found> {
    const { type, terms, uids, bids, tids, from, to, has, tags } = question;
    const isPost = type === "post";
    let query = sql`''::tsquery`;
    for (const term of terms)
      query = term.excluded ? sql`(${query} && !!${termQuery(sql, term)})` : sql`(${query} && ${termQuery(sql, term)})`;
    // Dates of our own reach no further than the year 9999.
    const moment = (unix_s: number) => sql`timestamp 'epoch' + ${unix_s}::float8 * interval '1 second'`;
    const [table, key] = isPost ? [sql`search.posts`, sql`pid`] : [sql`search.threads`, sql`tid`];
    const excludesOnly = terms.length > 0 && terms.every((term) => term.excluded);
    const conditions = sql`
      ${terms.length === 0 ? sql`true` : sql`d.words @@ ${query}`}
      ${uids ? sql`and d.uid = any(${uids})` : sql``}
      ${bids ? sql`and d.bid = any(${bids})` : sql``}
      ${tids ? sql`and d.tid = any(${tids})` : sql``}
      ${from === undefined ? sql`` : sql`and d.timestamp >= ${moment(from)}`}
      ${to === undefined ? sql`` : sql`and d.timestamp < ${moment(to)}`}
      ${has.length > 0 ? sql`and array(select type from baked.post_links l where l.pid = d.pid) @> ${has}` : sql``}
      ${tags.length > 0 ? sql`and d.tags @> ${tags}` : sql``}`;
    const isScored = question.sort === "score" && terms.length > 0 && !excludesOnly;
    const order = isScored ? sql`score desc, id desc` : question.sort === "date-asc" ? sql`id asc` : sql`id desc`;
    const matching = sql`
      with hits as materialized (
        select d.${key} as id, d.uid, d.bid, d.timestamp from ${table} d where ${conditions}
        ${isScored ? sql`order by d.${key} desc limit ${mostScored + 1}` : sql``}
      )`;
    const scored = isScored
      ? sql`select id, ts_rank_cd(d.words, ${query}, 1) as score from hits join ${table} d on d.${key} = id`
      : sql`select id, 0::real as score from hits`;
    const rows = await sql<{ id: number; score: number; total: number }[]>`
      ${matching} select id, score, (select count(*) from hits) as total from (${scored}) scored
      order by ${order} limit ${question.limit} offset ${question.offset}`;
    const total =
      rows[0]?.total ?? (await sql<{ total: number }[]>`${matching} select count(*) as total from hits`)[0]?.total ?? 0;
    const found: Found = {
      ids: rows.map(({ id, score }) => ({ id, score })),
      count: total,
      count_is_exact: !isScored || total <= mostScored,
    };
    if (question.facets) {
      const facet = async (expression: ReturnType<typeof sql>, most: number): Promise<[number, number][]> => {
        const counts = await sql<{ value: number; count: number }[]>`
          ${matching} select ${expression} as value, count(*) as count from hits where ${expression} is not null
          group by 1 order by 2 desc, 1 limit ${most}`;
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
