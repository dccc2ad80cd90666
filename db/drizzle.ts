import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import { PostgresJsSession } from "drizzle-orm/postgres-js/session";
import type { Sql, Transaction } from "./connect.ts";

const dialect = new PgDialect();

/**
 * Queries built by drizzle on one of our pools or in a transaction: guarded, timed out and prepared like any other.
 *
 * Made from drizzle's parts and not by its `drizzle()`, which replaces the client's date parsers for every other query of the
 * pool, and imports a driver of its own. The client only forwards statements; what drizzle reads is what {@link connect} parses.
 */
export function drizzleOn(sql: Sql | Transaction): PostgresJsDatabase {
  const client = {
    unsafe: (statement: string, parameters: never[]) => sql.unsafe(statement, parameters, { prepare: true }),
  };
  const session = new PostgresJsSession(client as unknown as Sql, dialect, undefined);
  return new PgDatabase(dialect, session as never, undefined) as PostgresJsDatabase;
}
