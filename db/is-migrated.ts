/** Whether a database has this version's tables. Apart from migrate.ts, which servers do not need. */
import { marks } from "./baked-ddl.ts";
import type { Sql } from "./connect.ts";
import journal from "./migrations/meta/_journal.json" with { type: "json" };

/**
 * Whether the tables have this version.
 * @throws PostgreSQL's error 42P01 in a database without tables
 */
export async function isMigrated(sql: Sql): Promise<boolean> {
  const latest = Math.max(...journal.entries.map(({ when }) => when));
  const [state] = await sql<{ latest: number; baked: string | null; search: string | null }[]>`
    select (select max(created_at) from drizzle.__drizzle_migrations) as latest,
           obj_description(to_regnamespace('baked'), 'pg_namespace') as baked,
           obj_description(to_regnamespace('search'), 'pg_namespace') as search`;
  return state !== undefined && state.latest >= latest && state.baked === marks.baked && state.search === marks.search;
}
