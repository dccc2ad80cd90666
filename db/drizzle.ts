import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type { Sql, Transaction } from "./connect.ts";

/**
 * Drizzle's query builder on an existing pool or transaction: its queries are guarded, timed out and prepared like any other.
 *
 * Drizzle replaces the date parsers of its client, which would change all other queries of the pool. It therefore gets a
 * client that only forwards statements, and reads values as {@link connect} parses them.
 */
export function drizzleOn(sql: Sql | Transaction): PostgresJsDatabase {
  const client = {
    options: { parsers: {}, serializers: {} },
    unsafe: (statement: string, parameters: never[]) => sql.unsafe(statement, parameters, { prepare: true }),
  };
  return drizzle(client as unknown as Sql);
}
