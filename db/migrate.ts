/** Creates or updates the tables. Idempotent; concurrent processes take turns. */
import { join } from "node:path";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { adoptInPlace } from "./adopt/in-place.ts";
import { marks } from "./baked-ddl.ts";
import { connect, type Sql } from "./connect.ts";
import { createEmpty, type Derived, derived, refuseForeignSchemas } from "./derived.ts";
import { withLock } from "./locks.ts";

export const migrationsFolder = join(import.meta.dirname, "migrations");

/**
 * Applies the migrations of `public`. Creates `baked` and `search`, empty, if they are missing or have another version.
 * A potstats2 database is adopted first.
 * @returns whether a database was adopted
 * @throws CommandError if the database lacks columns that potstats2 has, or other software has a schema `baked` or `search`
 */
export async function migrate(url: string): Promise<{ adopted: boolean }> {
  const sql = connect(url, { max: 2, name: "potstats migrate" });
  // Drizzle changes the date parsers of its client, so it gets its own.
  const client = connect(url, { max: 1, name: "potstats migrate" });
  try {
    return await withLock(
      sql,
      "migrate",
      async () => {
        const [first] = readMigrationFiles({ migrationsFolder });
        if (!first) throw new Error("there are no migrations");
        await refuseForeignSchemas(sql);
        const adopted = await adoptInPlace(sql, first);
        await applyMigrations(drizzle(client), { migrationsFolder });
        for (const schema of derived) await createMissing(sql, schema);
        return { adopted };
      },
      { wait: true },
    );
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), client.end({ timeout: 5 })]);
  }
}

/** Creates a derived schema if it is missing or another version created it. */
async function createMissing(sql: Sql, schema: Derived): Promise<void> {
  const [existing] = await sql<{ mark: string | null }[]>`
    select obj_description(oid, 'pg_namespace') as mark from pg_namespace where nspname = ${schema}`;
  if (existing?.mark !== marks[schema]) await sql.begin((transaction) => createEmpty(transaction, schema));
}
