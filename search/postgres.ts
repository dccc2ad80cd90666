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
/** Bytes of a word that a tsvector takes. */
const longestWord = 500;

/** The unstemmed words of a folded text as a tsvector literal, for `+word`, phrases and beginnings. */
export function exactVector(folded: string[]): string {
  const positions = new Map<string, number[]>();
  for (const [at, word] of folded.entries()) {
    if (at >= lastPosition) break;
    if (word.length > longestWord) continue;
    const known = positions.get(word);
    if (!known) positions.set(word, [at + 1]);
    else if (known.length < mostPositions) known.push(at + 1);
  }
  return [...positions].map(([word, at]) => `'${unstemmed}${word}':${at.join(",")}`).join(" ");
}

/** A term as SQL that makes a tsquery. Words hold letters and digits only. */
function termQuery(sql: Sql, { words, exact, prefix }: Term) {
  const literal = words.map((word) => `'${unstemmed}${word.slice(0, longestWord)}'`).join(" <-> ");
  if (exact) return sql`${literal}::tsquery`;
  const word = (words[0] ?? "").slice(0, longestWord);
  const stems = sql`to_tsquery(${configuration}::regconfig, ${word})`;
  return prefix ? sql`(${`'${unstemmed}${word}':*`}::tsquery || ${stems})` : stems;
}

/** Hits that are counted and scored; more are told as an estimate. */
const mostScored = 10_000;

export const postgresEngine = (sql: Sql, timezone: string): Engine => ({
  name: "postgres",
  async find(question: Question): Promise<Found> {
    const { type, terms, uids, bids, tid, from, to, has, tags } = question;
    const isPost = type === "post";
    let query = sql`''::tsquery`;
    for (const term of terms)
      query = term.excluded ? sql`(${query} && !!${termQuery(sql, term)})` : sql`(${query} && ${termQuery(sql, term)})`;
    const [table, key] = isPost ? [sql`search.posts`, sql`pid`] : [sql`search.threads`, sql`tid`];
    const excludesOnly = terms.length > 0 && terms.every((term) => term.excluded);
    const conditions = sql`
      ${terms.length === 0 ? sql`true` : sql`d.words @@ (select q from query)`}
      ${uids ? sql`and d.uid = any(${uids})` : sql``}
      ${bids ? sql`and d.bid = any(${bids})` : sql``}
      ${tid === undefined ? sql`` : sql`and d.tid = ${tid}`}
      ${from === undefined ? sql`` : sql`and d.timestamp >= ${new Date(from * 1000)}`}
      ${to === undefined ? sql`` : sql`and d.timestamp < ${new Date(to * 1000)}`}
      ${has.includes("link") ? sql`and (select has_link from baked.post_texts b where b.pid = d.pid)` : sql``}
      ${has.includes("image") ? sql`and (select has_image from baked.post_texts b where b.pid = d.pid)` : sql``}
      ${has.includes("video") ? sql`and (select has_video from baked.post_texts b where b.pid = d.pid)` : sql``}
      ${tags.length > 0 ? sql`and d.tags @> ${tags}` : sql``}`;
    const isScored = question.sort === "score" && terms.length > 0 && !excludesOnly;
    const order = isScored ? sql`score desc, id desc` : question.sort === "date-asc" ? sql`id asc` : sql`id desc`;
    const matching = sql`
      with query as materialized (select ${query} as q),
      hits as materialized (
        select d.${key} as id, d.uid, d.bid, d.timestamp, d.words from ${table} d where ${conditions}
        ${isScored ? sql`order by d.${key} desc limit ${mostScored + 1}` : sql``}
      )`;
    const rows = await sql<{ id: number; score: number; total: number }[]>`
      ${matching}
      select id, ${isScored ? sql`ts_rank_cd(words, (select q from query), 1)` : sql`0::real`} as score, count(*) over () as total
      from hits order by ${order} limit ${question.limit} offset ${question.offset}`;
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
      found.facets = {
        bids: await facet(sql`bid`, 100),
        years: await facet(sql`extract(year from timezone(${timezone}, timezone('UTC', timestamp)))::int`, 100),
        uids: await facet(sql`uid`, 10),
      };
    }
    return found;
  },
});
