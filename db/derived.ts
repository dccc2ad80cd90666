/** The derived schemas `baked` and `search`: which ones are ours, and empty ones in place of the old. */
import { CommandError } from "@potstats/cli/command";
import { createBaked, createSearch } from "./baked-ddl.ts";
import type { Sql, Transaction } from "./connect.ts";
import { giveGrants, readGrants } from "./privileges.ts";

const create = { baked: createBaked, search: createSearch };
export type Derived = keyof typeof create;
export const derived: readonly Derived[] = ["baked", "search"];

/**
 * Leaves the schemas of other software alone. One with our mark is ours. Without it, such as after a dump without
 * comments, it is ours if it has a column that every version has had. An empty one may be replaced.
 * @throws CommandError if a schema of that name is not ours
 */
export async function refuseForeignSchemas(sql: Sql): Promise<void> {
  const schemas = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace as n
    where nspname = any(${[...derived]})
      and coalesce(obj_description(oid, 'pg_namespace'), '') !~ '^potstats [0-9a-f]{16}$'
      and exists (select from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = n.oid and deptype = 'n')
      and not exists (
        select from pg_class as c join pg_attribute on attrelid = c.oid
        where relnamespace = n.oid
          and (nspname, relname, attname) in (('baked', 'post_quotes', 'quoted_pid'), ('search', 'state', 'analysis_generation')))
    order by 1`;
  if (schemas.length === 0) return;
  const names = schemas.map(({ name }) => name);
  throw new CommandError(
    `the schema ${names.join(" and the schema ")} was not created by pOTstats, which would delete it: rename it, or use another database (DATABASE_URL). Nothing was changed`,
  );
}

/**
 * Replaces a derived schema by an empty one, or creates it. Everything in it can be derived again. Privileges are kept,
 * and so is the owner.
 * @param owner to whom it belongs if there was none, quoted
 */
export async function createEmpty(transaction: Transaction, schema: Derived, owner?: string): Promise<void> {
  const grants = await readGrants(transaction, schema);
  const [old] = await transaction<{ owner: string }[]>`
    select nspowner::regrole::text as owner from pg_namespace where nspname = ${schema}`;
  await transaction.unsafe(`drop schema if exists ${schema} cascade; ${create[schema](schema)}`);
  const role = old?.owner ?? owner;
  if (role) await giveSchema(transaction, schema, role);
  await giveGrants(transaction, schema, grants);
}

/** Makes a role the owner of a schema and its tables. */
async function giveSchema(transaction: Transaction, schema: Derived, role: string): Promise<void> {
  const tables = await transaction<{ name: string }[]>`
    select quote_ident(tablename) as name from pg_tables where schemaname = ${schema}`;
  const targets = [`schema ${schema}`, ...tables.map(({ name }) => `table ${schema}.${name}`)];
  await transaction.unsafe(targets.map((target) => `alter ${target} owner to ${role}`).join("; "));
}
