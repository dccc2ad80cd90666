/** Copies a potstats2 database into ours, for operators who keep the old one. */
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { addedColumns, columnsOf, definitionsIn, refuseUnknownTables } from "./in-place.ts";
import type { Sql, Transaction } from "../connect.ts";
import { copyInto } from "../copy.ts";
import { withLocks } from "../locks.ts";
import { migrationsFolder } from "../migrate.ts";

/** Tables with their keys, ordered so that referenced rows are copied first. */
const tables = {
  categories: "cid",
  boards: "bid",
  user_tiers: "tied",
  avatars: "avid",
  users: "uid",
  my_mods_users: "uid",
  threads: "tid",
  posts: "pid",
  post_contents: "pid",
  worldeater_state: "singleton",
  worldeater_tnu: "tid",
} as const;
type Table = keyof typeof tables;

/** Large tables, which a repeated copy continues after the last row. The others are copied again, updating existing rows. */
const large = new Set<Table>(["posts", "post_contents"]);

/** Rows per transaction. */
const chunk = 100_000;

/** Rows per batch within a transaction. */
const batchSize = 2000;

export interface CopyOptions {
  sql: Sql;
  source: Sql;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/**
 * Copies the crawled tables. After an interruption, run it again to continue; potstats2's crawler must not run at the same time.
 * @returns rows per table
 * @throws CommandError if the source is no potstats2 database, or the target was crawled into
 * @throws AlreadyRunning while another command writes
 */
export function copyFromPotstats2({ sql, source, progress, signal }: CopyOptions): Promise<Record<string, number>> {
  return withLocks(sql, ["crawl", "analyze", "index"], async (lost) => {
    const stop = AbortSignal.any([...lost, ...(signal ? [signal] : [])]);
    const [crawled] = await sql`select 1 from worldeater_state where last_crawl_started_at is not null`;
    if (crawled)
      throw new CommandError("this database was already crawled into: adopt into an empty one (DATABASE_URL)");
    const [forgotten] = await sql`select 1 from forgotten_users`;
    if (forgotten)
      throw new CommandError(
        "a user was forgotten in this database, and copying would restore them: adopt into an empty one (DATABASE_URL), and forget them there",
      );
    return source.begin("isolation level repeatable read read only", (reader) =>
      copyAll(sql, reader, progress, stop),
    ) as Promise<Record<string, number>>;
  });
}

async function copyAll(
  sql: Sql,
  reader: Transaction,
  progress: Progress,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const [first] = readMigrationFiles({ migrationsFolder });
  const sourceColumns = await columnsOf(reader);
  if (!first || !sourceColumns.has("posts") || !sourceColumns.has("threads") || !sourceColumns.has("users"))
    throw new CommandError("that is not a potstats2 database: it has no posts, threads and users");
  refuseUnknownTables(first, sourceColumns);
  const columns = new Map<string, string[]>();
  for (const statement of first.sql) {
    const table = /^\s*CREATE TABLE "(\w+)"/.exec(statement)?.[1];
    if (table && sourceColumns.has(table))
      columns.set(
        table,
        [...definitionsIn(statement).keys()].filter((name) => !addedColumns.has(name)),
      );
  }
  const rows: Record<string, number> = {};
  // Now and at the end: the copy may be killed, and an analysis may have begun before the next one.
  await beginAnew(sql);
  for (const table of Object.keys(tables) as Table[]) {
    const names = columns.get(table);
    if (!names) continue;
    const [{ count = 0 } = {}] = await reader<{ count: number }[]>`select count(*) as count from ${reader(table)}`;
    const phase = progress.phase(table, { unit: "rows", total: count });
    rows[table] = count;
    // Threads and posts refer to each other: the threads' references to posts are filled in at the end.
    const copied = table === "threads" ? names.filter((name) => !/^(first|last)_pid$/.test(name)) : names;
    for await (const batch of copyTable(sql, reader, table, copied, signal)) phase.add(batch);
    phase.done();
  }
  await finish(sql, reader);
  return rows;
}

/** Copies one table in chunks. @yields numbers of rows copied */
async function* copyTable(
  sql: Sql,
  reader: Transaction,
  table: Table,
  columns: string[],
  signal: AbortSignal,
): AsyncGenerator<number> {
  const key = tables[table];
  const list = listed(columns);
  const updates = columns.filter((name) => name !== key).map((name) => `"${name}" = excluded."${name}"`);
  let after = -1;
  if (large.has(table)) {
    const [existing] = await sql<{ last: number | null; count: number }[]>`
      select max(${sql(key)}) as last, count(*) as count from ${sql(table)}`;
    after = existing?.last ?? -1;
    yield existing?.count ?? 0;
  }
  while (true) {
    signal.throwIfAborted();
    const [next] = await reader<{ last: number | null; count: number }[]>`
      select max(key) as last, count(*) as count
      from (select ${reader(key)} as key from ${reader(table)} where ${reader(key)} > ${after} order by 1 limit ${chunk}) as chunk`;
    if (!next || next.last === null) return;
    const { last } = next;
    const from = `${table} as t where t.${key} > ${after} and t.${key} <= ${last} order by t.${key}`;
    await sql.begin(async (transaction) => {
      const into = large.has(table) ? `public.${table}` : "pg_temp.adopted";
      if (!large.has(table))
        await transaction.unsafe(`create temp table adopted on commit drop as select ${list} from ${table} limit 0`);
      await copyRows(reader, columns, from, transaction, into);
      if (!large.has(table)) {
        const change = updates.length > 0 ? `update set ${updates.join(", ")}` : "nothing";
        await transaction.unsafe(`
          insert into ${table} (${list}) select ${list} from pg_temp.adopted on conflict (${key}) do ${change}`);
      }
    });
    yield next.count;
    after = last;
  }
}

/** Copies a query's rows as text. */
async function copyRows(reader: Transaction, columns: string[], from: string, writer: Transaction, into: string) {
  const texts = columns.map((name) => `"${name}"::text as "${name}"`).join(", ");
  const rows = reader.unsafe<Record<string, string | null>[]>(`select ${texts} from ${from}`);
  await copyInto(writer, into, columns, async (copy) => {
    for await (const batch of rows.cursor(batchSize))
      for (const row of batch) await copy.row(columns.map((name) => row[name] ?? null));
  });
}

/** Makes the next analysis and index run begin anew: copied rows have no revision by which these would find them. */
async function beginAnew(sql: Sql | Transaction): Promise<void> {
  await sql`update baked.analysis set version = 0`;
  await sql`update search.state set version = 0`;
}

const listed = (columns: string[]) => columns.map((name) => `"${name}"`).join(", ");

/** Fills in the references to posts, and what our commands need beyond potstats2's tables. */
async function finish(sql: Sql, reader: Transaction): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`create temp table ends (tid int, first_pid int, last_pid int) on commit drop`;
    await copyRows(reader, ["tid", "first_pid", "last_pid"], "threads", transaction, "pg_temp.ends");
    await transaction`
      update threads as t set first_pid = e.first_pid, last_pid = e.last_pid from pg_temp.ends as e
      where e.tid = t.tid and (t.first_pid, t.last_pid) is distinct from (e.first_pid, e.last_pid)`;
    await transaction`select setval('user_tiers_tied_seq', (select coalesce(max(tied), 0) + 1 from user_tiers), false)`;
    await transaction`
      update boards set initial_pass_at = now() at time zone 'UTC'
      where initial_pass_at is null and bid in (select bid from threads)`;
    await beginAnew(transaction);
  });
  await sql`analyze`;
}
