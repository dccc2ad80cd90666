/** What a database contains, in a form that tests can compare. */
import type { Sql } from "../connect.ts";

/** All rows of the tables in a schema, as text (long ones as digests), in an order that does not depend on how they are stored. */
export async function rowsIn(sql: Sql, schema = "public"): Promise<Record<string, string[]>> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = ${schema} order by 1`;
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const found = await sql<{ row: string }[]>`
      select case when length(t::text) > 5000 then md5(t::text) else t::text end as row
      from ${sql(`${schema}.${name}`)} as t order by 1`;
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}

/** Columns, keys, checks, indexes, sequences and types of the schema `public`. */
export const schemaOf = async (sql: Sql): Promise<unknown[]> => [
  ...(await sql`
    select table_name, column_name, udt_name, column_default, is_nullable from information_schema.columns
    where table_schema = 'public' order by 1, 2`),
  ...(await sql`
    select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint
    where connamespace = 'public'::regnamespace order by 1, 2`),
  ...(await sql`select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`),
  ...(await sql`
    select c.relname, d.refobjid::regclass::text as owner, d.refobjsubid as column
    from pg_class as c left join pg_depend as d on d.objid = c.oid and d.deptype = 'a'
    where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace order by 1`),
  ...(await sql`
    select typname, array_agg(enumlabel order by enumsortorder) as labels
    from pg_type join pg_enum on enumtypid = pg_type.oid where typnamespace = 'public'::regnamespace group by 1 order by 1`),
  ...(await sql`select hash, created_at from drizzle.__drizzle_migrations order by created_at`),
  ...(await sql`select nspname, obj_description(oid, 'pg_namespace') from pg_namespace where nspname in ('baked', 'search') order by 1`),
];
