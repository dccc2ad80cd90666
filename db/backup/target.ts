/** What a restore would replace. It must be ours. */
import { CommandError } from "@potstats/cli/command";
import type { Sql } from "../connect.ts";
import { everNamed, readMigrations } from "./schema.ts";

/** The names of all tables, sequences and types that any version has had in `public`. */
const knownNames = (): string[] =>
  everNamed(({ tables, sequences, types }) => [...Object.keys(tables), ...sequences, ...types]);

/** What `public` has of these names. */
const readKnown = (sql: Sql) => sql<{ name: string }[]>`
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relname = any(${knownNames()})
  union
  select typname from pg_type
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
