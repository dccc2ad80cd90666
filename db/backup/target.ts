/** What a restore would replace. It must be ours, and stay with the roles that own it. */
import { CommandError } from "@potstats/cli/command";
import type { Sql, Transaction } from "../connect.ts";
import { derived } from "../derived.ts";
import { everNamed, readMigrations } from "./schema.ts";

/** The names of all tables, sequences and types that any version has had in `public`. */
const knownNames = (): string[] =>
  everNamed(({ tables, sequences, types }) => [...Object.keys(tables), ...sequences, ...types]);

/** What `public` has of these names, with its owner, quoted. */
const readKnown = (sql: Sql | Transaction) => sql<{ name: string; owner: string }[]>`
  select relname as name, relowner::regrole::text as owner from pg_class
  where relnamespace = 'public'::regnamespace and relname = any(${knownNames()})
  union
  select typname, typowner::regrole::text from pg_type
  where typnamespace = 'public'::regnamespace and typname = any(${knownNames()}) and typtype = 'e'
  order by 1`;

/**
 * Only a database that we migrated may lose tables, and drizzle's list of migrations.
 * @throws CommandError if another one has tables, sequences or types with the names of ours, or such a list
 */
export async function refuseForeignTables(sql: Sql): Promise<void> {
  const applied = await appliedMigrations(sql);
  if (readMigrations().some(({ folderMillis }) => applied.includes(folderMillis))) return;
  const foreign = (await readKnown(sql)).map(({ name }) => name);
  if (applied.length > 0) foreign.push(list);
  if (foreign.length === 0) return;
  throw new CommandError(
    `this database has ${foreign.join(", ")}, which pOTstats did not create: check DATABASE_URL. If the tables are those of potstats2, run \`bun run db migrate\` first. Nothing was changed`,
  );
}

const list = "drizzle.__drizzle_migrations";

/** The times that identify the migrations. */
async function appliedMigrations(sql: Sql): Promise<number[]> {
  const [existing] = await sql`select where to_regclass(${list}) is not null`;
  if (!existing) return [];
  const rows = await sql<{ created_at: number }[]>`select created_at from ${sql(list)}`;
  return rows.map(({ created_at }) => created_at);
}

/** The owners of tables, sequences and types, quoted, by name. */
export const readOwners = async (transaction: Transaction): Promise<Map<string, string>> =>
  new Map((await readKnown(transaction)).map(({ name, owner }) => [name, owner]));

/**
 * Restored tables are given to the owners of the old ones. That takes a superuser, or a member of these roles if they may
 * create tables.
 * @throws CommandError if the current role may not do that
 */
export async function refuseOtherOwners(sql: Sql): Promise<void> {
  const owners = [...new Set((await readKnown(sql)).map(({ owner }) => owner))];
  const others = await sql<{ owner: string; self: string; isMember: boolean }[]>`
    with other as (
      select oid, oid::regrole::text as owner,
             pg_has_role(oid, 'usage') and pg_has_role(
               oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end
             ) as is_member
      from pg_roles
      where (oid::regrole::text = any(${owners}) or oid in (select nspowner from pg_namespace where nspname = any(${[...derived]})))
        and not (select rolsuper from pg_roles where rolname = current_user)
    )
    select owner, quote_ident(current_user) as self, is_member as "isMember" from other
    where not is_member or not has_schema_privilege(oid, 'public', 'create')`;
  const advice = others.map(({ owner, self, isMember }) =>
    isMember
      ? `${owner} owns some of them, and may not create tables: run \`grant create on schema public to ${owner}\``
      : `${owner} owns some of them, and ${self} may not give it the restored ones: run this as ${owner}`,
  );
  if (advice.length > 0)
    throw new CommandError(
      `tables or schemas would change their owner. ${advice.join("; ")}. Or run this as a superuser. Nothing was changed`,
    );
}
