/** Writes all crawled rows to one file, from a single snapshot, while other commands keep running. */
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { CommandError, messageOf } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import type { Sql, Transaction } from "../connect.ts";
import { withLock } from "../locks.ts";
import { ArchiveWriter, type Contents, contentsName, formatName, formatVersion, memberName } from "./archive.ts";
import { type Migration, readMigrations } from "./schema.ts";

/** Bytes of rows per member. Both commands hold a few times as much in memory. */
const memberSize = 8 << 20;

const compress = promisify(zstdCompress);

export interface BackupOptions {
  /** A pool of at least two connections. */
  sql: Sql;
  /** Absolute path of the new file. */
  path: string;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

export interface BackupSummary {
  /** Of the file, in bytes. */
  size: number;
  /** Name of the database's last migration. */
  migration: string;
  /** Rows per table. */
  rows: Record<string, number>;
}

/**
 * Writes a backup. Rows come in the order in which they are stored, so that a large table is read only once and a
 * restored one is as well clustered.
 * @throws CommandError if a newer version of the program migrated the database, the role may not read everything, or the
 *   file cannot be written; AlreadyRunning during another backup of the same database; PostgreSQL's errors, such as 42P01
 *   without tables
 */
export function backup({ sql, path, progress, signal }: BackupOptions): Promise<BackupSummary> {
  return withLock(sql, "backup", async (lost) => {
    const stop = AbortSignal.any([lost, ...(signal ? [signal] : [])]);
    const migration = await currentMigration(sql);
    await refuseUnreadable(sql, migration);
    const writer = await ArchiveWriter.create(path, new Date().toISOString()).catch((error: unknown) => {
      throw new CommandError(`the backup cannot be written: ${messageOf(error)}`);
    });
    const removePartial = () => writer.discardAtOnce();
    process.once("exit", removePartial);
    try {
      const rows = (await sql.begin("isolation level repeatable read read only", async (transaction) => {
        await takeSnapshot(transaction, migration);
        return await cancelable(sql, transaction, stop, () =>
          writeTables(transaction, migration, writer, progress, stop),
        );
      })) as Record<string, number>;
      stop.throwIfAborted();
      await writer.finish();
      return { size: writer.size, migration: migration.tag, rows };
    } catch (error) {
      await writer.discard();
      throw error;
    } finally {
      process.off("exit", removePartial);
    }
  });
}

/** @throws CommandError if this program does not know the database's last migration */
async function currentMigration(sql: Sql | Transaction): Promise<Migration> {
  const [row] = await sql<{ last: number | null }[]>`select max(created_at) as last from drizzle.__drizzle_migrations`;
  const migration = readMigrations().find(({ folderMillis }) => folderMillis === row?.last);
  if (migration) return migration;
  throw new CommandError(
    row?.last
      ? "a newer version of pOTstats migrated this database: update pOTstats before you back it up"
      : "the tables are missing: run `bun run db migrate`",
  );
}

/** @throws CommandError that names the grant, if the role may not read a table or sequence: the sequences are read last */
async function refuseUnreadable(sql: Sql, { tables, sequences }: Migration): Promise<void> {
  const unreadable = await sql<{ name: string; kind: string; role: string }[]>`
    select relname as name, case relkind when 'S' then 'sequences' else 'tables' end as kind, quote_ident(current_user) as role
    from pg_class where relnamespace = to_regnamespace('public')
      and relname = any(${[...Object.keys(tables), ...sequences]}) and not has_table_privilege(oid, 'select')
    order by 1`;
  const [first] = unreadable;
  if (!first) return;
  const grants = ["tables", "sequences"]
    .filter((kind) => unreadable.some((relation) => relation.kind === kind))
    .map((kind) => `grant select on all ${kind} in schema public to ${first.role}`);
  throw new CommandError(
    `${first.role} may not read ${unreadable.map(({ name }) => name).join(", ")}: run \`${grants.join("; ")}\` as the role that owns them`,
  );
}

/** Fixes what the transaction sees, and keeps others from dropping or changing tables meanwhile. */
async function takeSnapshot(transaction: Transaction, { tag, tables }: Migration): Promise<void> {
  const names = Object.keys(tables).map((table) => `public."${table}"`);
  await transaction.unsafe(`lock table ${names.join(", ")} in access share mode`);
  // Otherwise a scan may start in the middle of a table that another query is reading.
  await transaction`set local synchronize_seqscans = off`;
  if ((await currentMigration(transaction)).tag !== tag)
    throw new CommandError("the database was migrated meanwhile: run this again");
}

/**
 * Runs `work`. If it fails or the signal aborts, cancels the COPY that may be running, which would otherwise be read to its
 * end. The driver cannot do that.
 */
async function cancelable<T>(
  sql: Sql,
  transaction: Transaction,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const [row] = await transaction<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const cancel = () => sql`select pg_cancel_backend(${row?.pid ?? 0})`.catch(() => {});
  signal.addEventListener("abort", cancel);
  try {
    return await work();
  } catch (error) {
    await cancel();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

async function writeTables(
  transaction: Transaction,
  migration: Migration,
  writer: ArchiveWriter,
  progress: Progress,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const { tables } = migration;
  const { created_at } = writer;
  await writer.addJson(formatName, { version: formatVersion, migration: migration.tag, created_at, tables });
  const rows: Contents["rows"] = {};
  for (const [table, columns] of Object.entries(tables)) {
    const [estimate] = await transaction<{ rows: number }[]>`
      select greatest(reltuples, 0)::float8 as rows from pg_class where oid = ${`public.${table}`}::regclass`;
    const phase = progress.phase(table, { unit: "rows", total: estimate?.rows || undefined });
    const counts: number[] = (rows[table] = []);
    // One member is compressed and written while the next one is read.
    let written = Promise.resolve();
    for await (const member of readRows(transaction, table, columns, signal)) {
      await written;
      const name = memberName(table, counts.push(member.rows) - 1);
      written = compressed(member.bytes).then((bytes) => writer.add(name, bytes));
      // Awaited in the next round; until then a rejection must not count as unhandled.
      written.catch(() => {});
      phase.add(member.rows);
    }
    await written;
    phase.done();
  }
  // Sequences are not part of the snapshot: read last, they are ahead of all rows in it.
  await writer.addJson(contentsName, { rows, sequences: await readSequences(transaction, migration.sequences) });
  return Object.fromEntries(Object.entries(rows).map(([table, counts]) => [table, sum(counts)]));
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

const compressed = (bytes: Uint8Array) =>
  // With a checksum, `zstd --test` can check a single member.
  compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } });

/**
 * Reads a table's rows in COPY's text format. A yielded buffer is reused after the next one.
 * @yields whole rows, at most 8 MB of them unless a single one is larger
 */
async function* readRows(
  transaction: Transaction,
  table: string,
  columns: string[],
  signal: AbortSignal,
): AsyncGenerator<{ rows: number; bytes: Uint8Array }> {
  signal.throwIfAborted();
  const list = columns.map((column) => `"${column}"`).join(", ");
  const stream = await transaction.unsafe(`copy public."${table}" (${list}) to stdout`).readable();
  let [buffer, spare] = [new Uint8Array(memberSize), new Uint8Array(memberSize)];
  let [rows, size] = [0, 0];
  try {
    // PostgreSQL sends one message per row. Keeping the messages would keep the chunks that they arrived in, too.
    for await (const row of stream as AsyncIterable<Uint8Array>) {
      if (size > 0 && size + row.length > memberSize) {
        yield { rows, bytes: buffer.subarray(0, size) };
        signal.throwIfAborted();
        [buffer, spare] = [spare, buffer];
        [rows, size] = [0, 0];
      }
      if (row.length > memberSize) yield { rows: 1, bytes: row };
      else {
        buffer.set(row, size);
        rows += 1;
        size += row.length;
      }
    }
    if (size > 0) yield { rows, bytes: buffer.subarray(0, size) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function readSequences(transaction: Transaction, names: string[]): Promise<Contents["sequences"]> {
  const sequences: Contents["sequences"] = {};
  for (const name of names) {
    // A database adopted from potstats2 may lack those of serial columns.
    const [existing] = await transaction`select to_regclass(${`public.${name}`}) as name`;
    if (!existing?.["name"]) continue;
    const [state] = await transaction<{ last_value: number; is_called: boolean }[]>`
      select last_value, is_called from ${transaction(`public.${name}`)}`;
    if (state) sequences[name] = { last_value: state.last_value, is_called: state.is_called };
  }
  return sequences;
}
