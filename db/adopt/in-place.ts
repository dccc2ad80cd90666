/**
 * Adopts a potstats2 database in place: our crawled tables are potstats2's with a few more columns. Any version of potstats2
 * may have created them, so nothing here depends on the names of constraints and indexes.
 */
import { CommandError } from "@potstats/cli/command";
import type { MigrationMeta } from "drizzle-orm/migrator";
import type { Sql, Transaction } from "../connect.ts";

/** Tables that potstats2 derived. Ours are in other schemas. */
const derived = [
  "post_quotes",
  "post_links",
  "link_relation",
  "baked_quote_stats",
  "baked_poster_stats",
  "baked_daily_stats",
];

/** Columns that potstats2 does not have. */
export const addedColumns = new Set(
  (
    "revision gone_at listed_last_post initial_pass_at fetched_at name_pid posts_added posts_changed posts_hidden " +
    "threads_added threads_gone retries last_crawl_started_at last_crawl_finished_at"
  ).split(" "),
);

/** PostgreSQL's internal names of the types in our migration. */
const typeNames: Record<string, string> = { integer: "int4", serial: "int4", bigint: "int8", boolean: "bool" };

/** Types that are kept as they are, and those that are converted in place. */
const compatible = new Set(["text varchar", "varchar text"]);
const convertible = new Set(["varchar accountstate", "varchar tiertype", "text accountstate", "int4 int8"]);

/**
 * Adopts the database if it is a potstats2 database that was not adopted yet: creates missing types and tables, adds our
 * columns and indexes, drops potstats2's derived tables, and records our first migration as applied. All or nothing.
 * @returns whether it was adopted
 * @throws CommandError that names columns that are missing or have another type
 */
export async function adoptInPlace(sql: Sql, first: MigrationMeta): Promise<boolean> {
  const [database] = await sql<{ has_migrations: boolean; is_potstats2: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as has_migrations,
           to_regclass('public.alembic_version') is not null
             or to_regclass('public.posts') is not null or to_regclass('public.threads') is not null as is_potstats2`;
  if (!database?.is_potstats2) return false;
  // A failed attempt leaves an empty list of migrations.
  if (database.has_migrations && (await sql`select 1 from drizzle.__drizzle_migrations limit 1`).length > 0)
    return false;
  await sql.begin((transaction) => adopt(transaction, first));
  return true;
}

async function adopt(sql: Transaction, first: MigrationMeta): Promise<void> {
  const columns = await columnsOf(sql);
  refuseUnknownTables(first, columns);
  for (const table of derived) await sql.unsafe(`drop table if exists public.${table}`);
  for (const statement of first.sql) {
    const table = /^\s*(?:CREATE|ALTER) TABLE "(\w+)"/.exec(statement)?.[1] ?? / ON "(\w+)"/.exec(statement)?.[1];
    const existing = table === undefined ? undefined : columns.get(table);
    if (/^\s*CREATE INDEX/.test(statement)) {
      if (!(await hasIndex(sql, table ?? "", columnNames(statement)))) await sql.unsafe(statement);
    } else if (existing) {
      if (/^\s*CREATE TABLE/.test(statement)) await complete(sql, table ?? "", definitionsIn(statement), existing);
    } else if (!(await exists(sql, statement))) await sql.unsafe(statement);
  }
  // If potstats2 has threads of a board, it has walked that board to the end.
  await sql`
    update boards set initial_pass_at = now() at time zone 'UTC' where bid in (select bid from threads)`;
  await recordMigrations(sql, [first]);
}

/** Adds migrations to drizzle's list of applied ones, which is created if missing. */
export async function recordMigrations(sql: Transaction, migrations: MigrationMeta[]): Promise<void> {
  await sql.unsafe(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  for (const { hash, folderMillis } of migrations)
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`;
}

/** Tables of `public` with their columns and types. */
export async function columnsOf(sql: Sql | Transaction): Promise<Map<string, Map<string, string>>> {
  const rows = await sql<{ table: string; column: string; type: string }[]>`
    select table_name as table, column_name as column, udt_name as type
    from information_schema.columns where table_schema = 'public'`;
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) tables.set(table, (tables.get(table) ?? new Map()).set(column, type));
  return tables;
}

/** Column → definition, from a `create table` statement of our migration. */
export const definitionsIn = (statement: string): Map<string, string> =>
  new Map([...statement.matchAll(/^\t"(\w+)" (.+?),?$/gm)].map(([, name = "", definition = ""]) => [name, definition]));

const columnNames = (statement: string): string[] =>
  [...(/\(([^)]*)\)/.exec(statement)?.[1] ?? "").matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");

function typeOf(definition: string): string {
  const name = /^"?(\w+)/.exec(definition)?.[1] ?? "";
  return typeNames[name] ?? name;
}

/** @throws CommandError if the database lacks columns of potstats2, so that it is another database or too old */
export function refuseUnknownTables(first: MigrationMeta, columns: Map<string, Map<string, string>>): void {
  const problems: string[] = [];
  for (const statement of first.sql) {
    const table = /^\s*CREATE TABLE "(\w+)"/.exec(statement)?.[1];
    const existing = table && columns.get(table);
    if (!existing) continue;
    for (const [name, definition] of definitionsIn(statement)) {
      const [actual, expected] = [existing.get(name), typeOf(definition)];
      if (actual === undefined) {
        if (!addedColumns.has(name)) problems.push(`${table}.${name} is missing`);
      } else if (
        actual !== expected &&
        !compatible.has(`${actual} ${expected}`) &&
        !convertible.has(`${actual} ${expected}`)
      )
        problems.push(`${table}.${name} is ${actual}, not ${expected}`);
    }
  }
  if (problems.length > 0)
    throw new CommandError(
      `the database has tables that neither pOTstats nor the last version of potstats2 created: ${problems.join(", ")}; nothing was changed`,
    );
}

/** Adds missing columns and converts types. */
async function complete(
  sql: Transaction,
  table: string,
  definitions: Map<string, string>,
  existing: Map<string, string>,
): Promise<void> {
  for (const [name, definition] of definitions) {
    const [actual, expected] = [existing.get(name), typeOf(definition)];
    if (actual === undefined) await sql.unsafe(`alter table "${table}" add column "${name}" ${definition}`);
    else if (convertible.has(`${actual} ${expected}`)) {
      await sql.unsafe(`
        alter table "${table}" alter column "${name}" drop default,
          alter column "${name}" type ${expected} using "${name}"::${expected}`);
    }
  }
}

/** Whether an index on these columns exists, under any name. */
async function hasIndex(sql: Transaction, table: string, columns: string[]): Promise<boolean> {
  const [existing] = await sql`
    select 1 from pg_index as i
    where i.indrelid = ${`public.${table}`}::regclass and i.indpred is null and i.indisvalid
      and (select array_agg(a.attname::text order by k.n)
           from unnest(i.indkey::int2[]) with ordinality as k (attnum, n)
           join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
           where k.n <= ${columns.length}) = ${columns}::text[]`;
  return existing !== undefined;
}

/** Whether the type or sequence that a statement creates exists. */
async function exists(sql: Transaction, statement: string): Promise<boolean> {
  const name = /^\s*CREATE (?:TYPE|SEQUENCE) "public"\."(\w+)"/.exec(statement)?.[1];
  if (name === undefined) return false;
  const [existing] = await sql`
    select 1 from pg_type where typname = ${name} and typnamespace = 'public'::regnamespace
    union all select 1 from pg_class where relname = ${name} and relnamespace = 'public'::regnamespace`;
  return existing !== undefined;
}
