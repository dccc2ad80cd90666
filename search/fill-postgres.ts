/** Brings the PostgreSQL engine's documents up to date. They are always kept: this engine answers when Meilisearch cannot. */
import type { Phase } from "@potstats/cli/progress";
import type { Sql } from "@potstats/db/connect";
import * as searchTables from "@potstats/db/search";
import { createIndexes, createTable, tablesOf } from "@potstats/db/baked-ddl";
import { changedPosts, changedThreads } from "./documents.ts";
import { configuration, createConfiguration, exactVector } from "./postgres.ts";

/** Rows per statement. */
const batchSize = 2000;

/**
 * Fills the tables: what changed after `since`, or, with undefined, everything into fresh tables that are swapped in.
 * @returns number of posts and threads in the tables
 */
export async function fillPostgres(
  sql: Sql,
  {
    since,
    timezone,
    phase,
    signal,
  }: { since: number | undefined; timezone: string; phase: Phase; signal?: AbortSignal | undefined },
): Promise<{ posts: number; threads: number }> {
  await createConfiguration(sql);
  const from = since ?? -1;
  const schema = since === undefined ? "search_next" : "search";
  const documents = tablesOf(searchTables).filter((table) => table !== searchTables.state);
  if (since === undefined) {
    await sql.unsafe(`drop schema if exists search_next cascade; create schema search_next;`);
    for (const table of documents) await sql.unsafe(createTable(table, schema));
  }
  for await (const { put, remove } of changedPosts(sql, from, timezone)) {
    signal?.throwIfAborted();
    for (let at = 0; at < put.length; at += batchSize) {
      const rows = put.slice(at, at + batchSize);
      const values = sql`
        select r.pid, r.tid, r.bid, r.uid, r.timestamp, to_tsvector(${configuration}::regconfig, r.text) || r.exact::tsvector
        from unnest(${rows.map((row) => row.pid)}::int[], ${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[],
                    ${rows.map((row) => row.uid)}::int[], ${rows.map((row) => row.timestamp.toISOString())}::timestamp[],
                    ${rows.map((row) => row.words.join(" "))}::text[], ${rows.map((row) => exactVector(row.words))}::text[])
          as r (pid, tid, bid, uid, timestamp, text, exact)`;
      await sql`
        insert into ${sql(schema)}.posts (pid, tid, bid, uid, timestamp, words) ${values}
        ${since === undefined ? sql`` : sql`on conflict (pid) do update set tid = excluded.tid, bid = excluded.bid, uid = excluded.uid, timestamp = excluded.timestamp, words = excluded.words`}`;
    }
    if (remove.length > 0) await sql`delete from ${sql(schema)}.posts where pid = any(${remove})`;
    phase.add(put.length + remove.length);
  }
  for await (const { put, remove } of changedThreads(sql, from, timezone)) {
    signal?.throwIfAborted();
    const rows = put.map(({ title, subtitle, tags, ...row }) => ({
      ...row,
      tags,
      words: [...title, ...subtitle, ...tags],
    }));
    await sql`
      insert into ${sql(schema)}.threads (tid, bid, uid, timestamp, tags, words)
      select r.tid, r.bid, r.uid, r.timestamp, string_to_array(r.tags, ' '), to_tsvector(${configuration}::regconfig, r.text) || r.exact::tsvector
      from unnest(${rows.map((row) => row.tid)}::int[], ${rows.map((row) => row.bid)}::int[], ${rows.map((row) => row.uid)}::int[],
                  ${rows.map((row) => row.timestamp?.toISOString() ?? null)}::timestamp[], ${rows.map((row) => row.tags.join(" "))}::text[],
                  ${rows.map((row) => row.words.join(" "))}::text[], ${rows.map((row) => exactVector(row.words))}::text[])
        as r (tid, bid, uid, timestamp, tags, text, exact)
      ${since === undefined ? sql`` : sql`on conflict (tid) do update set bid = excluded.bid, uid = excluded.uid, timestamp = excluded.timestamp, tags = excluded.tags, words = excluded.words`}`;
    if (remove.length > 0) await sql`delete from ${sql(schema)}.threads where tid = any(${remove})`;
    phase.add(put.length + remove.length);
  }
  if (since === undefined) {
    for (const table of documents) for (const statement of createIndexes(table, schema)) await sql.unsafe(statement);
    await sql.unsafe("analyze search_next.posts, search_next.threads");
    await sql.begin(async (transaction) => {
      await transaction.unsafe(`
        drop table if exists search.posts, search.threads;
        alter table search_next.posts set schema search;
        alter table search_next.threads set schema search;
        drop schema search_next;`);
    });
  }
  const [counts] = await sql<{ posts: number; threads: number }[]>`
    select (select count(*) from search.posts) as posts, (select count(*) from search.threads) as threads`;
  return { posts: counts?.posts ?? 0, threads: counts?.threads ?? 0 };
}
