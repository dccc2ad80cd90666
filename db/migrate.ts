/** Makes or updates the tables. Doing it twice changes nothing; two processes at once take turns. */
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { createBaked, createSearch } from "./baked-ddl.ts";
import { connect, type Sql } from "./connect.ts";
import { withLock } from "./locks.ts";

export const migrationsFolder = join(import.meta.dirname, "migrations");

/** Applies the migrations of `public`, and makes `baked` and `search`, empty, where they are missing. */
export async function migrate(url: string): Promise<void> {
  const sql = connect(url, { max: 2, name: "potstats migrate" });
  // Drizzle changes how its client reads dates, so it gets one of its own.
  const client = connect(url, { max: 1, name: "potstats migrate" });
  try {
    await withLock(
      sql,
      "migrate",
      async () => {
        await applyMigrations(drizzle(client), { migrationsFolder });
        await createMissing(sql, "baked", createBaked);
        await createMissing(sql, "search", createSearch);
      },
      { wait: true },
    );
  } finally {
    await Promise.all([sql.end({ timeout: 5 }), client.end({ timeout: 5 })]);
  }
}

async function createMissing(sql: Sql, schema: string, create: (schema: string) => string): Promise<void> {
  const [known] = await sql`select 1 from pg_namespace where nspname = ${schema}`;
  if (!known) await sql.begin((transaction) => transaction.unsafe(create(schema)));
}
