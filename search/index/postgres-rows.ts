/** Changes single rows of PostgreSQL's index. */
import { truncate, maxNameLength } from "@potstats/bbcode/limits";
import type { Sql } from "@potstats/db/connect";
import { blockBits } from "@potstats/db/search-index";
import { foldWords } from "@potstats/bbcode/fold";
import type { PostDocument, ThreadDocument, UserDocument } from "./documents.ts";
import { postTexts, threadTexts } from "./rows.ts";

/** A rebuild fills new tables, an update the current ones. */
export type Schema = "search" | "search_next";

/** The columns that an upsert overwrites. */
const overwrite = (columns: string[]) => columns.map((column) => `${column} = excluded.${column}`).join(", ");

/**
 * Runs a statement on the current tables and adds its rows' `added` to the number of documents, both or neither: counting
 * them all would take seconds, and after a kill the same rows are written again.
 */
const counted = (
  sql: Sql,
  count: "post_count" | "thread_count",
  statement: ReturnType<Sql>,
  before: ReturnType<Sql> = sql``,
) => sql`
  with ${before} changed as (${statement})
  update search.state set ${sql(count)} = ${sql(count)} + (select coalesce(sum(added), 0) from changed)
  where engine = 'postgres'`;

/** 1 for a row that was inserted, 0 for one that was overwritten. */
const returningAdded = (sql: Sql) => sql`returning (xmax = 0)::int as added`;

/** The posts of the month of each board, and of all boards, from rows (bid, timestamp, n) with n posts each. */
export const postsPerMonth = (sql: Sql, rows: ReturnType<Sql>, timezone: string) => sql`
  select selected.bid, date_trunc('month', timezone(${timezone}, timezone('UTC', r.timestamp)))::date as month, sum(r.n)::int
  from ${rows} r cross join lateral (select r.bid where r.bid is not null union all select 0) selected
  group by 1, 2 having sum(r.n) <> 0
  order by 1, 2`;

/**
 * Changes posts like {@link counted}, and the numbers of posts per month with them. Sorted, or concurrent statements
 * could deadlock.
 * @param change a statement that returns (added, bid, timestamp) of each row that it inserts or overwrites
 */
const countedPosts = (sql: Sql, pids: number[], timezone: string, change: ReturnType<Sql>) =>
  counted(
    sql,
    "post_count",
    sql`select added from posts_changed`,
    sql`
    posts_before as (select bid, timestamp, -1 as n from search.posts where pid = any(${pids})),
    posts_changed as (${change}),
    months_changed as (
      insert into search.months as m (bid, month, post_count)
      ${postsPerMonth(
        sql,
        sql`(select * from posts_before union all select bid, timestamp, 1 from posts_changed where added >= 0)`,
        timezone,
      )}
      on conflict (bid, month) do update set post_count = m.post_count + excluded.post_count
    ),`,
  );

export const deletePosts = (sql: Sql, pids: number[], timezone: string) =>
  countedPosts(
    sql,
    pids,
    timezone,
    sql`delete from search.posts where pid = any(${pids}) returning -1 as added, bid, timestamp`,
  );

export const deleteThreads = (sql: Sql, tids: number[]) =>
  counted(sql, "thread_count", sql`delete from search.threads where tid = any(${tids}) returning -1 as added`);

/** Before the documents: search finds them through their blocks. Sorted, or concurrent statements could deadlock. */
const addBlocks = (sql: Sql, type: "post" | "thread", ids: number[]) => sql`
  insert into search.blocks (type, block)
  select distinct ${type}, id >> ${blockBits} from unnest(${ids}::int[]) as r (id)
  order by 2 on conflict do nothing`;

export async function upsertPosts(sql: Sql, rows: PostDocument[], timezone: string): Promise<void> {
  // Days first: search finds posts through their day's pid range. Sorted, or batches written at the same time would
  // deadlock over their days.
  await sql`
    insert into search.days (day, first_pid, last_pid)
    select timestamp::date, min(pid), max(pid)
    from unnest(${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[]) as r (pid, timestamp)
    group by 1 order by 1
    on conflict (day) do update set first_pid = least(days.first_pid, excluded.first_pid), last_pid = greatest(days.last_pid, excluded.last_pid)`;
  const pids = rows.map((row) => row.pid);
  await addBlocks(sql, "post", pids);
  const texts = rows.map(postTexts);
  await countedPosts(
    sql,
    pids,
    timezone,
    sql`
    insert into search.posts (pid, tid, bid, uid, timestamp, words, forms)
    select r.* from unnest(
      ${pids}::int[], ${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[],
      ${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[],
      ${texts.map(({ words }) => words)}::text[], ${texts.map(({ forms }) => forms)}::text[]) as r
    on conflict (pid) do update set ${sql.unsafe(overwrite(["tid", "bid", "uid", "timestamp", "words", "forms"]))}
    ${returningAdded(sql)}, bid, timestamp`,
  );
}

export async function upsertThreads(sql: Sql, schema: Schema, rows: ThreadDocument[]): Promise<void> {
  const tids = rows.map((row) => row.tid);
  if (schema === "search") await addBlocks(sql, "thread", tids);
  const texts = rows.map(threadTexts);
  const insert = sql`
    insert into ${sql(schema)}.threads (tid, bid, uid, timestamp, words, forms)
    select r.* from unnest(
      ${tids}::int[], ${rows.map((row) => row.bid)}::int[], ${rows.map((row) => row.uid)}::int[],
      ${rows.map((row) => row.timestamp?.toISOString() ?? null)}::timestamp[],
      ${texts.map(({ words }) => words)}::text[], ${texts.map(({ forms }) => forms)}::text[]) as r`;
  if (schema === "search_next") await insert;
  else
    await counted(
      sql,
      "thread_count",
      sql`${insert} on conflict (tid) do update set ${sql.unsafe(overwrite(["bid", "uid", "timestamp", "words", "forms"]))}
      ${returningAdded(sql)}`,
    );
}

export async function replaceNames(sql: Sql, schema: Schema, users: UserDocument[]): Promise<void> {
  const rows = users.flatMap(({ uid, names }) =>
    names.map((name, at) => ({
      uid,
      name,
      is_alias: at > 0 ? 1 : 0,
      // Lower-casing and folding can make a name longer.
      lower: truncate(name.toLowerCase(), maxNameLength),
      folded: truncate(foldWords(name).join(" "), maxNameLength),
    })),
  );
  await sql.begin(async (transaction) => {
    await transaction`delete from ${sql(schema)}.names where uid = any(${users.map(({ uid }) => uid)})`;
    await transaction`
      insert into ${sql(schema)}.names (uid, name, is_alias, post_count, lower, folded)
      select uid, name, is_alias = 1, 0, lower, folded
      from unnest(${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.is_alias)}::int[],
                           ${rows.map((row) => row.lower)}::text[], ${rows.map((row) => row.folded)}::text[]) as r (uid, name, is_alias, lower, folded)
      on conflict do nothing`;
  });
}
