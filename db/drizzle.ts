import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Sql, Transaction } from "./connect.ts";

/**
 * Queries built by drizzle on a pool or in a transaction of ours: guarded, timed out and prepared like any other.
 *
 * Drizzle replaces the date parsers of the client that it is given, which would change every other query of the pool.
 * So it gets a client that only forwards statements; what drizzle then reads is what {@link connect} parses.
 */
export function drizzleOn(sql: Sql | Transaction): PostgresJsDatabase {
  const client = {
    options: { parsers: {}, serializers: {} },
    unsafe: (statement: string, parameters: never[]) => sql.unsafe(statement, parameters, { prepare: true }),
  };
  return drizzle(client as unknown as Sql);
}
