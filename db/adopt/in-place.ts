/**
 * Takes over, in place, a database that potstats2 filled over years: its crawled tables are ours, with a few columns more.
 * Its tables may come from any of its versions, so nothing here depends on the names of constraints and indexes.
 */
import { CommandError } from "@potstats/cli/command";
import type { MigrationMeta } from "drizzle-orm/migrator";
import type { Sql, Transaction } from "../connect.ts";

/** What potstats2 derived; we derive it anew, elsewhere. */
const derived = [
  "post_quotes",
  "post_links",
  "link_relation",
  "baked_quote_stats",
  "baked_poster_stats",
  "baked_daily_stats",
];

/** Columns that potstats2 does not have. */
export const ours = new Set(
  (
    "revision gone_at listed_last_post initial_pass_at fetched_at name_pid posts_added posts_changed posts_hidden " +
    "threads_added threads_gone retries last_crawl_started_at last_crawl_finished_at"
  ).split(" "),
);

/** PostgreSQL's own names of the types in our migration. */
const typeNames: Record<string, string> = { integer: "int4", serial: "int4", bigint: "int8", boolean: "bool" };

/** Types that may stand for ours as they are, and those that are converted in place. */
const alike = new Set(["text varchar", "varchar text"]);
const convertible = new Set(["varchar accountstate", "varchar tiertype", "text accountstate", "int4 int8"]);

/**
 * Adopts the database when it is potstats2's and not yet ours: types and tables are made where they are missing, our columns
 * and indexes added, what potstats2 derived is dropped, and our first migration counts as applied. All of it or nothing.
 * @returns whether it was adopted
 * @throws CommandError that names the columns that are missing or of another type
 */
export async function adoptInPlace(sql: Sql, first: MigrationMeta): Promise<boolean> {
  const [known] = await sql<{ has_migrations: boolean; is_theirs: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as has_migrations,
           to_regclass('public.alembic_version') is not null
             or to_regclass('public.posts') is not null or to_regclass('public.threads') is not null as is_theirs`;
  if (!known?.is_theirs) return false;
  // An empty list of migrations is what a failed attempt leaves behind.
  if (known.has_migrations && (await sql`select 1 from drizzle.__drizzle_migrations limit 1`).length > 0) return false;
  await sql.begin((transaction) => adopt(transaction, first));
  return true;
}

async function adopt(sql: Transaction, first: MigrationMeta): Promise<void> {
  const columns = await columnsOf(sql);
  refuseOthers(first, columns);
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
  // What potstats2 knows of a board it has walked to its end.
  await sql`
    update boards set initial_pass_at = now() at time zone 'UTC' where bid in (select bid from threads)`;
  await sql.unsafe(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${first.hash}, ${first.folderMillis})`;
}

/** Every table of `public` with its columns and their types. */
export async function columnsOf(sql: Sql | Transaction): Promise<Map<string, Map<string, string>>> {
  const rows = await sql<{ table: string; column: string; type: string }[]>`
    select table_name as table, column_name as column, udt_name as type
    from information_schema.columns where table_schema = 'public'`;
  const tables = new Map<string, Map<string, string>>();
  for (const { table, column, type } of rows) tables.set(table, (tables.get(table) ?? new Map()).set(column, type));
  return tables;
}

/** Column → its definition, from a `create table` of our migration. */
export const definitionsIn = (statement: string): Map<string, string> =>
  new Map([...statement.matchAll(/^\t"(\w+)" (.+?),?$/gm)].map(([, name = "", definition = ""]) => [name, definition]));

const columnNames = (statement: string): string[] =>
  [...(/\(([^)]*)\)/.exec(statement)?.[1] ?? "").matchAll(/"(\w+)"/g)].map((match) => match[1] ?? "");

function typeOf(definition: string): string {
  const name = /^"?(\w+)/.exec(definition)?.[1] ?? "";
  return typeNames[name] ?? name;
}

/** @throws CommandError when the database lacks what potstats2 has, and so is another one or too old */
export function refuseOthers(first: MigrationMeta, columns: Map<string, Map<string, string>>): void {
  const problems: string[] = [];
  for (const statement of first.sql) {
    const table = /^\s*CREATE TABLE "(\w+)"/.exec(statement)?.[1];
    const existing = table && columns.get(table);
    if (!existing) continue;
    for (const [name, definition] of definitionsIn(statement)) {
      const [found, wanted] = [existing.get(name), typeOf(definition)];
      if (found === undefined) {
        if (!ours.has(name)) problems.push(`${table}.${name} is missing`);
      } else if (found !== wanted && !alike.has(`${found} ${wanted}`) && !convertible.has(`${found} ${wanted}`))
        problems.push(`${table}.${name} is ${found}, not ${wanted}`);
    }
  }
  if (problems.length > 0)
    throw new CommandError(
      `the database has tables that are neither ours nor those of potstats2's last version: ${problems.join(", ")}; nothing was changed`,
    );
}

/** Adds our columns and converts types. */
async function complete(
  sql: Transaction,
  table: string,
  definitions: Map<string, string>,
  existing: Map<string, string>,
): Promise<void> {
  for (const [name, definition] of definitions) {
    const [found, wanted] = [existing.get(name), typeOf(definition)];
    if (found === undefined) await sql.unsafe(`alter table "${table}" add column "${name}" ${definition}`);
    else if (convertible.has(`${found} ${wanted}`)) {
      await sql.unsafe(`
        alter table "${table}" alter column "${name}" drop default,
          alter column "${name}" type ${wanted} using "${name}"::${wanted}`);
    }
  }
}

/** Whether an index finds these columns, whatever it is called. */
async function hasIndex(sql: Transaction, table: string, columns: string[]): Promise<boolean> {
  const [found] = await sql`
    select 1 from pg_index as i
    where i.indrelid = ${`public.${table}`}::regclass and i.indpred is null and i.indisvalid
      and (select array_agg(a.attname::text order by k.n)
           from unnest(i.indkey::int2[]) with ordinality as k (attnum, n)
           join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
           where k.n <= ${columns.length}) = ${columns}::text[]`;
  return found !== undefined;
}

/** Whether the type or sequence that a statement makes is there. */
async function exists(sql: Transaction, statement: string): Promise<boolean> {
  const name = /^\s*CREATE (?:TYPE|SEQUENCE) "public"\."(\w+)"/.exec(statement)?.[1];
  if (name === undefined) return false;
  const [found] = await sql`
    select 1 from pg_type where typname = ${name} and typnamespace = 'public'::regnamespace
    union all select 1 from pg_class where relname = ${name} and relnamespace = 'public'::regnamespace`;
  return found !== undefined;
}
