/**
 * Restores a backup in one transaction: until it commits, everybody sees the old state, and a killed restore leaves
 * nothing behind. The new tables are filled in a schema of their own, so the old ones can be read meanwhile.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import { recordMigrations } from "../adopt/in-place.ts";
import { createBaked, createSearch } from "../baked-ddl.ts";
import { isLockTimeout, type Sql, type Transaction } from "../connect.ts";
import { copyBytes } from "../copy.ts";
import { type LockName, withLock } from "../locks.ts";
import { giveGrants, readGrants } from "../privileges.ts";
import { contentsName, digestName, formatName, memberName, readArchive } from "./archive.ts";
import { checkBackup, type CheckedBackup } from "./check.ts";
import { dropConstraints } from "./constraints.ts";
import { type Migration, readMigrations } from "./schema.ts";

/** Where the new tables are until they take their place in `public`. */
const schema = "crawled_next";

const decompress = promisify(zstdDecompress);

export interface RestoreOptions {
  sql: Sql;
  /** Absolute path of the backup. */
  path: string;
  /** Whether to replace the rows of a database that has some. */
  replace: boolean;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

export interface RestoreSummary {
  /** Name of the migration at which the backup was made. */
  migration: string;
  created_at: string;
  /** Rows per table. */
  rows: Record<string, number>;
  /** Users that were forgotten in the replaced database, but not in the backup: they are back. */
  unforgotten: number[];
}

/**
 * Restores a backup and migrates it to this version's tables. Statistics and search are empty after that.
 * @throws CommandError if the file is not an intact backup of this or an earlier version, or the database has rows and
 *   `replace` is not set; AlreadyRunning while another command writes
 */
export async function restore(options: RestoreOptions): Promise<RestoreSummary> {
  const { sql, path, progress, signal } = options;
  const backup = await checkBackup(path, progress, signal);
  return withLocks(sql, ["migrate", "crawl", "analyze", "index", "backup"], async (lost) => {
    const stop = AbortSignal.any([...lost, ...(signal ? [signal] : [])]);
    const tables = await existingTables(sql);
    if (!options.replace) await refuseRows(sql, tables);
    const unforgotten = (await sql.begin(async (transaction) => {
      await fill(transaction, options, backup, stop);
      const back = await usersThatAreBack(transaction, tables);
      await swap(transaction, progress, stop);
      await recordAll(transaction);
      stop.throwIfAborted();
      return back;
    })) as number[];
    const rows = Object.entries(backup.contents.rows).map(([table, counts]) => [table, sum(counts)]);
    const { migration, created_at } = backup.format;
    return { migration, created_at, rows: Object.fromEntries(rows), unforgotten };
  });
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

/** Holds several locks. `work` gets a signal for each. */
function withLocks<T>(
  sql: Sql,
  [first, ...others]: LockName[],
  work: (lost: AbortSignal[]) => Promise<T>,
  lost: AbortSignal[] = [],
): Promise<T> {
  if (!first) return work(lost);
  return withLock(sql, first, (signal) => withLocks(sql, others, work, [...lost, signal]));
}

/** The crawled tables that the database has. */
async function existingTables(sql: Sql): Promise<string[]> {
  const known = [...new Set(readMigrations().flatMap(({ tables }) => Object.keys(tables)))];
  const rows = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename = any(${known})`;
  return rows.map(({ name }) => name);
}

/** @throws CommandError if a table has rows */
async function refuseRows(sql: Sql, tables: string[]): Promise<void> {
  const filled: string[] = [];
  for (const table of tables) {
    const [row] = await sql`select 1 from ${sql(`public.${table}`)} limit 1`;
    if (row) filled.push(table);
  }
  if (filled.length > 0)
    throw new CommandError(
      `this database already has rows (${filled.join(", ")}): add --replace to delete them and restore the backup in their place`,
    );
}

/** Creates the tables as they were, loads the rows, and migrates them. */
async function fill(transaction: Transaction, options: RestoreOptions, backup: CheckedBackup, signal: AbortSignal) {
  const { progress } = options;
  await transaction.unsafe(`create schema ${schema}; set local search_path = ${schema}`);
  // Indexes are sorted in memory rather than on disk; PostgreSQL's default suits a machine of 1 GB.
  await transaction`set local maintenance_work_mem = '256MB'`;
  await apply(transaction, backup.applied);
  const addConstraints = await dropConstraints(transaction, schema);
  await load(transaction, options, backup, signal);
  await setSequences(transaction, backup);
  const phase = progress.phase("keys and indexes", { unit: "of them", total: addConstraints.length });
  for (const statement of addConstraints) {
    signal.throwIfAborted();
    await transaction.unsafe(statement);
    phase.add();
  }
  phase.done();
  await apply(transaction, backup.later);
  for (const table of Object.keys(backup.format.tables)) {
    signal.throwIfAborted();
    await transaction`analyze ${transaction(`${schema}.${table}`)}`;
  }
}

/** Runs migrations in the new schema instead of `public`. */
async function apply(transaction: Transaction, migrations: Migration[]): Promise<void> {
  for (const { sql } of migrations)
    for (const statement of sql) await transaction.unsafe(statement.replaceAll('"public".', `"${schema}".`));
}

/** @throws CommandError if a table ends up with another number of rows than the backup has */
async function load(
  transaction: Transaction,
  { path, progress }: RestoreOptions,
  { format, contents, digest }: CheckedBackup,
  signal: AbortSignal,
): Promise<void> {
  const members = readArchive(path);
  const next = async (name: string): Promise<Uint8Array> => {
    const { value, done } = await members.next();
    if (done || value.name !== name) throw changed(path);
    return value.body;
  };
  await next(formatName);
  for (const [table, columns] of Object.entries(format.tables)) {
    const counts = contents.rows[table] ?? [];
    const phase = progress.phase(table, { unit: "rows", total: sum(counts) });
    const rows = async function* () {
      for (const [at, count] of counts.entries()) {
        signal.throwIfAborted();
        yield await decompress(await next(memberName(table, at)));
        phase.add(count);
      }
    };
    const list = columns.map((column) => `"${column}"`).join(", ");
    // The tables are new in this transaction, so rows can be stored as VACUUM would leave them.
    await copyBytes(transaction, `copy ${schema}."${table}" (${list}) from stdin (freeze)`, rows());
    const [loaded] = await transaction<{ rows: number }[]>`
      select count(*) as rows from ${transaction(`${schema}.${table}`)}`;
    if (loaded?.rows !== sum(counts)) throw changed(path);
    phase.done();
  }
  await next(contentsName);
  if (new TextDecoder().decode(await next(digestName)) !== digest) throw changed(path);
}

const changed = (path: string) =>
  new CommandError(`${path} changed while it was restored. The database is as it was before`);

async function setSequences(transaction: Transaction, { contents }: CheckedBackup): Promise<void> {
  for (const [name, { last_value, is_called }] of Object.entries(contents.sequences))
    await transaction`select setval(${`${schema}."${name}"`}::regclass, ${last_value}, ${is_called})`;
}

async function usersThatAreBack(transaction: Transaction, tables: string[]): Promise<number[]> {
  if (!tables.includes("forgotten_users")) return [];
  const rows = await transaction<{ uid: number }[]>`
    select uid from public.forgotten_users except select uid from ${transaction(`${schema}.forgotten_users`)} order by uid`;
  return rows.map(({ uid }) => uid);
}

/** How long the swap waits for readers at a time, while others queue behind it. */
const lockTimeout_ms = 2000;
/** How long it waits for them in total. */
const patience_ms = 10 * 60_000;

/** Replaces the old tables. Statistics and search index, which belong to them, become empty ones. */
async function swap(transaction: Transaction, progress: Progress, signal: AbortSignal): Promise<void> {
  const migrations = readMigrations();
  const all = <K extends "tables" | "sequences" | "types">(kind: K) => [
    ...new Set(migrations.flatMap((each) => (Array.isArray(each[kind]) ? each[kind] : Object.keys(each[kind])))),
  ];
  const derived = [
    ["baked", createBaked],
    ["search", createSearch],
  ] as const;
  await transaction`set local search_path = public`;
  await lockOldTables(transaction, all("tables"), progress, signal);
  const grants = await readGrants(transaction, "public");
  const grantsOfDerived = await Promise.all(derived.map(([name]) => readGrants(transaction, name)));
  for (const [kind, names] of [
    ["table", all("tables")],
    ["sequence", all("sequences")],
    ["type", all("types")],
  ] as const)
    if (names.length > 0) await drop(transaction, kind, names);
  await moveIntoPublic(transaction);
  await giveGrants(transaction, "public", grants);
  for (const [at, [name, create]] of derived.entries()) {
    await transaction.unsafe(`drop schema if exists ${name} cascade; ${create(name)}`);
    await giveGrants(transaction, name, grantsOfDerived[at] ?? []);
  }
}

/** @throws CommandError if something else depends on them, such as a view of the operator's */
async function drop(transaction: Transaction, kind: string, names: string[]): Promise<void> {
  try {
    await transaction.unsafe(`drop ${kind} if exists ${names.map((name) => `public."${name}"`).join(", ")}`);
  } catch (error) {
    if ((error as { code?: string }).code !== "2BP01") throw error;
    const detail = String((error as { detail?: string }).detail).split("\n")[0];
    throw new CommandError(`${detail}: drop that first, then run this again. The database is as it was before`);
  }
}

/** Moves tables, with their indexes and the sequences that they own, and then the rest. */
async function moveIntoPublic(transaction: Transaction): Promise<void> {
  for (const [kind, query] of [
    ["table", `select relname as name from pg_class where relkind = 'r' and relnamespace = '${schema}'::regnamespace`],
    [
      "sequence",
      `select relname as name from pg_class where relkind = 'S' and relnamespace = '${schema}'::regnamespace`,
    ],
    ["type", `select typname as name from pg_type where typtype = 'e' and typnamespace = '${schema}'::regnamespace`],
  ] as const)
    for (const { name } of await transaction.unsafe<{ name: string }[]>(query))
      await transaction.unsafe(`alter ${kind} ${schema}."${name}" set schema public`);
  await transaction.unsafe(`drop schema ${schema}`);
}

/**
 * Locks the old tables. Other transactions wait for two seconds at most while this one waits for those that use a table.
 * @throws CommandError if they are in use for too long
 */
async function lockOldTables(transaction: Transaction, known: string[], progress: Progress, signal: AbortSignal) {
  const tables = await transaction<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('baked', 'search') or (schemaname = 'public' and tablename = any(${known})) order by 1`;
  if (tables.length === 0) return;
  const statement = `lock table ${tables.map(({ name }) => name).join(", ")} in access exclusive mode`;
  let isReported = false;
  for (const until = performance.now() + patience_ms; ; await sleep(500)) {
    signal.throwIfAborted();
    try {
      await transaction.savepoint(async (attempt) => {
        await attempt.unsafe(`set local lock_timeout = ${lockTimeout_ms}; ${statement}`);
      });
      break;
    } catch (error) {
      if (!isLockTimeout(error) && (error as { code?: string }).code !== "40P01") throw error;
      if (performance.now() > until)
        throw new CommandError(
          "other transactions still use the old tables: end them and run this again. The database is as it was before",
        );
      if (!isReported) progress.note("waiting for transactions that use the old tables");
      isReported = true;
    }
  }
  await transaction`set local lock_timeout = 0`;
}

/** Replaces drizzle's list of applied migrations. */
async function recordAll(transaction: Transaction): Promise<void> {
  await recordMigrations(transaction, []);
  await transaction`delete from drizzle.__drizzle_migrations`;
  await recordMigrations(transaction, readMigrations());
}
