/** Privileges on tables that are made anew: read-only roles must keep their access. */
import type { Sql, Transaction } from "./connect.ts";

export interface Grant {
  kind: "schema" | "table" | "sequence";
  /** Null for the schema itself. */
  name: string | null;
  /** Null for the whole table. */
  column: string | null;
  privilege: string;
  role: string;
  isGrantable: boolean;
}

/** Reads the privileges in a schema of all roles but the owner. */
export const readGrants = (sql: Sql | Transaction, schema: string): Promise<Grant[]> => sql<Grant[]>`
  select kind, acl.name, acl.column, privilege_type as privilege, coalesce(quote_ident(rolname), 'public') as role,
         is_grantable as "isGrantable"
  from (
    select 'schema' as kind, null as name, null as column, (aclexplode(nspacl)).*, nspowner as owner
    from pg_namespace where nspname = ${schema}
    union all
    select case relkind when 'S' then 'sequence' else 'table' end, relname, null, (aclexplode(relacl)).*, relowner
    from pg_class where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'v', 'S')
    union all
    select 'table', relname, attname, (aclexplode(attacl)).*, relowner
    from pg_attribute join pg_class as c on c.oid = attrelid
    where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'v') and not attisdropped
  ) as acl left join pg_roles on pg_roles.oid = grantee
  where grantee <> owner`;

/** Grants them in another schema, on the tables, columns and sequences that exist there. */
export async function giveGrants(sql: Sql | Transaction, schema: string, grants: Grant[]): Promise<void> {
  const relations = await sql<{ name: string; columns: string[] }[]>`
    select relname as name, array(select attname::text from pg_attribute where attrelid = c.oid and not attisdropped) as columns
    from pg_class as c where relnamespace = to_regnamespace(${schema}) and relkind in ('r', 'p', 'S')`;
  const existing = new Map(relations.map(({ name, columns }) => [name, new Set(columns)]));
  for (const { kind, name, column, privilege, role, isGrantable } of grants) {
    if (name !== null && !existing.has(name)) continue;
    if (name !== null && column !== null && !existing.get(name)?.has(column)) continue;
    const what = column === null ? privilege : `${privilege} ("${column}")`;
    const target = name === null ? `schema "${schema}"` : `${kind} "${schema}"."${name}"`;
    await sql.unsafe(`grant ${what} on ${target} to ${role}${isGrantable ? " with grant option" : ""}`);
  }
}
