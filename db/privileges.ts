/** Privileges on derived schemas: their tables are rebuilt, and read-only roles must keep their access. */
import type { Sql, Transaction } from "./connect.ts";

export interface Grant {
  /** Null for the schema itself. */
  table: string | null;
  privilege: string;
  role: string;
  isGrantable: boolean;
}

/** Reads the privileges in a schema of all roles but the owner. */
export const readGrants = (sql: Sql | Transaction, schema: string): Promise<Grant[]> => sql<Grant[]>`
  select acl.table, privilege_type as privilege, coalesce(quote_ident(rolname), 'public') as role, is_grantable as "isGrantable"
  from (
    select null as table, (aclexplode(nspacl)).*, nspowner as owner from pg_namespace where nspname = ${schema}
    union all
    select relname, (aclexplode(relacl)).*, relowner from pg_class
    where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'v')
  ) as acl left join pg_roles on pg_roles.oid = grantee
  where grantee <> owner`;

/** Grants them in another schema, on the tables that exist there. */
export async function giveGrants(sql: Sql | Transaction, schema: string, grants: Grant[]): Promise<void> {
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = ${schema}`;
  const existing = new Set(tables.map(({ name }) => name));
  for (const { table, privilege, role, isGrantable } of grants) {
    if (table !== null && !existing.has(table)) continue;
    const target = table === null ? `schema "${schema}"` : `table "${schema}"."${table}"`;
    await sql.unsafe(`grant ${privilege} on ${target} to ${role}${isGrantable ? " with grant option" : ""}`);
  }
}
