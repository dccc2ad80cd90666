/**
 * Removes what PostgreSQL keeps of changed and deleted rows: dead rows in pages, planner statistics, write-ahead log. Plain
 * VACUUM marks the space as free and leaves the bytes, so the tables are rewritten.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, messageOf } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import { lockNotAvailable, type Sql } from "../connect.ts";

/** Crawled tables with data of a forgotten user. A full run of the stages rebuilds the derived ones. */
const crawled = ["public.users", "public.my_mods_users", "public.avatars", "public.user_tiers", "public.post_contents"];
/** Where ANALYZE stores sample values from the tables. */
const statistics = ["pg_catalog.pg_statistic", "pg_catalog.pg_statistic_ext_data"];

/** How long a rewrite waits for readers, while others queue behind it. Longer than autovacuum takes to give way (1 s). */
const lockTimeout_ms = 2000;
/** How long to wait for readers in total before the run fails. */
const patience_ms = 10 * 60_000;
/** Error codes after which a statement is tried again: lock timeout, deadlock. */
const retryable = new Set([lockNotAvailable, "40P01"]);

/** Size of the tables to rewrite, indexes included. */
export async function sizeToRewrite(sql: Sql): Promise<{ bytes: number; size: string }> {
  const [row] = await sql<{ bytes: number; size: string }[]>`
    select bytes, pg_size_pretty(bytes) as size
    from (select sum(pg_total_relation_size(name::regclass))::bigint as bytes from unnest(${crawled}::text[]) as t (name)) as s`;
  return row ?? { bytes: 0, size: "0 bytes" };
}

/**
 * Rewrites everything that may still contain deleted rows.
 * @returns what could not be done, as sentences
 * @throws CommandError if readers block it for too long
 */
export async function scrub(sql: Sql, progress: Progress): Promise<string[]> {
  await dropLeftovers(sql);
  await waitForReaders(sql, progress);
  const remains: string[] = [];
  for (const table of [...crawled, ...statistics]) {
    const [row] = await sql`select pg_size_pretty(pg_total_relation_size(${table}::regclass)) as size`;
    const phase = progress.phase(`rewrite ${table}, ${row?.["size"]}`);
    if (!(await rewrite(sql, table)))
      remains.push(
        `${table} still contains deleted rows, because this role may not rewrite it: run VACUUM FULL ${table} as its owner`,
      );
    phase.done();
  }
  remains.push(...(await overwriteLog(sql, progress)));
  return remains;
}

/** Drops derived tables left by a killed run, or still in use when they were replaced. */
async function dropLeftovers(sql: Sql): Promise<void> {
  const schemas = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace where nspname ~ '^(baked_old.*|baked_next|search_next)$'`;
  for (const { name } of schemas)
    await whenUnused(sql, `the schema ${name} is still in use`, `drop schema if exists "${name}" cascade`);
}

/** Executes a statement once nobody uses what it locks. @throws CommandError if that takes too long */
async function whenUnused(sql: Sql, trouble: string, statement: string): Promise<void> {
  const connection = await sql.reserve();
  try {
    await connection.unsafe(`set lock_timeout = ${lockTimeout_ms}`);
    for (const until = performance.now() + patience_ms; ; await sleep(500)) {
      try {
        await connection.unsafe(statement);
        return;
      } catch (error) {
        if (!retryable.has((error as { code?: string }).code ?? "")) throw error;
        if (performance.now() > until)
          throw new CommandError(`${trouble}: end the transactions that use it, and run this again`);
      }
    }
  } finally {
    await connection.unsafe("reset lock_timeout").catch(() => {});
    connection.release();
  }
}

/** @returns whether the table was rewritten: PostgreSQL only warns if the role may not */
async function rewrite(sql: Sql, table: string): Promise<boolean> {
  const filenode = async () => (await sql`select pg_relation_filenode(${table}::regclass) as node`)[0]?.["node"];
  const before = await filenode();
  const isCatalog = table.startsWith("pg_catalog.");
  await whenUnused(sql, `${table} is still in use`, `vacuum (full${isCatalog ? "" : ", analyze"}) ${table}`);
  return (await filenode()) !== before;
}

/** Waits for older transactions: a rewrite copies the rows that they can still see. */
async function waitForReaders(sql: Sql, progress: Progress): Promise<void> {
  const [now] = await sql<{ xid: string }[]>`select pg_current_xact_id()::xid::text as xid`;
  let isReported = false;
  for (const until = performance.now() + patience_ms; ; await sleep(500)) {
    const readers = await sql<{ who: string }[]>`
      select who from (
        select backend_xmin as xmin, format('process %s (%s)', pid, coalesce(nullif(application_name, ''), usename)) as who
        from pg_stat_activity
        where pid <> pg_backend_pid() and (datname = current_database() or datname is null) and backend_type <> 'autovacuum worker'
        union all select xmin, format('replication slot %s', slot_name) from pg_replication_slots
        union all select transaction, format('prepared transaction %s', gid) from pg_prepared_xacts where database = current_database()
      ) as h
      where xmin is not null and age(xmin) >= age(${now?.xid ?? "3"}::text::xid)`;
    if (readers.length === 0) return;
    const names = [...new Set(readers.map(({ who }) => who))].slice(0, 5).join(", ");
    if (performance.now() > until)
      throw new CommandError(
        `older transactions can still see the deleted rows: ${names}. End them and run this again`,
      );
    if (!isReported) progress.note(`waiting for older transactions: ${names}`);
    isReported = true;
  }
}

/**
 * Overwrites the write-ahead log. After a checkpoint PostgreSQL recycles old segments under future names, with their content.
 * Switching away from a segment fills the rest of it with zeros, so every recycled segment is entered and left.
 * @returns what remains, as sentences
 */
async function overwriteLog(sql: Sql, progress: Progress): Promise<string[]> {
  try {
    const phase = progress.phase("overwrite the write-ahead log", { unit: "segments" });
    let old: string[] | undefined;
    // New segments push out old ones that are kept for a while (wal_keep_size), which are then recycled.
    for (let before = Infinity; old === undefined || (old.length > 0 && old.length < before);) {
      before = old?.length ?? Infinity;
      await sql`select pg_switch_wal()`;
      await sql`checkpoint`;
      const segments = await sql<{ name: string; is_old: boolean }[]>`
        select name, name < pg_walfile_name(pg_current_wal_insert_lsn()) as is_old from pg_ls_waldir()
        where name ~ '^[0-9A-F]{24}$'`;
      const present = segments.filter(({ is_old }) => is_old).map(({ name }) => name);
      old = old?.filter((name) => present.includes(name)) ?? present;
      for (let left = segments.length - present.length; left > 0; left--) {
        // PostgreSQL does not switch away from an empty segment.
        await sql`select pg_logical_emit_message(false, 'potstats', '')`;
        await sql`select pg_switch_wal()`;
        phase.add();
      }
    }
    phase.done();
    const [archive] = await sql`select 1 where current_setting('archive_mode') <> 'off'`;
    return [
      ...(old.length > 0
        ? [
            `${old.length} segments of the write-ahead log are kept for replicas or an archive, and contain it until they are removed (pg_replication_slots, pg_stat_archiver)`,
          ]
        : []),
      ...(archive ? ["the archived write-ahead log contains it until you delete it"] : []),
    ];
  } catch (error) {
    return [
      `the write-ahead log contains it until its segments are overwritten, after up to max_wal_size of changes: this role may not do that now (${messageOf(error)})`,
    ];
  }
}
