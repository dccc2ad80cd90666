/**
 * Restores a backup in one transaction: until it commits, everybody sees the old state, and a killed restore leaves
 * nothing behind. The new tables are filled in a schema of their own, so the old ones can be read meanwhile.
 */
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import type { Sql, Transaction } from "../connect.ts";
import { copyBytes } from "../copy.ts";
import { refuseForeignSchemas } from "../derived.ts";
import { withLocks } from "../locks.ts";
import { contentsName, digestName, formatName, memberName, readArchive } from "./archive.ts";
import { checkBackup, type CheckedBackup } from "./check.ts";
import { dropConstraints } from "./constraints.ts";
import { everNamed, type Migration } from "./schema.ts";
import { swap } from "./swap.ts";
import { refuseForeignTables, refuseOtherOwners } from "./target.ts";

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
 *   `replace` is not set, or tables of other software or of a role that this one may not give them to; AlreadyRunning
 *   while another command writes
 */
export async function restore(options: RestoreOptions): Promise<RestoreSummary> {
  const { sql, path, progress, signal } = options;
  const backup = await checkBackup(path, progress, signal);
  return withLocks(sql, ["migrate", "crawl", "analyze", "index", "backup"], async (lost) => {
    const stop = AbortSignal.any([...lost, ...(signal ? [signal] : [])]);
    await refuseForeignTables(sql);
    await refuseForeignSchemas(sql);
    await refuseOtherOwners(sql);
    const tables = await existingTables(sql);
    if (!options.replace) await refuseRows(sql, tables);
    const unforgotten = (await sql.begin(async (transaction) => {
      await fill(transaction, options, backup, stop);
      const back = await usersThatAreBack(transaction, tables);
      await swap(transaction, schema, progress, stop);
      stop.throwIfAborted();
      return back;
    })) as number[];
    const rows = Object.entries(backup.contents.rows).map(([table, counts]) => [table, sum(counts)]);
    const { migration, created_at } = backup.format;
    return { migration, created_at, rows: Object.fromEntries(rows), unforgotten };
  });
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

/** The crawled tables that the database has. */
async function existingTables(sql: Sql): Promise<string[]> {
  const known = everNamed(({ tables }) => Object.keys(tables));
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
