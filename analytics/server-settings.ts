/**
 * Settings of PostgreSQL that make a full analysis of a large forum more than a tenth slower than on the embedded server.
 * docs/operations.md has the measurements. Settings that a connection may change itself are not among them: each run sets
 * those it needs.
 */
import type { Sql } from "@potstats/db/connect";

/** Below this number of posts a full analysis takes seconds, whatever the settings. */
const minPosts = 200_000;

/** What the server says about itself. */
export interface ServerSettings {
  wal_level: string;
  /** Whether something needs the write-ahead log: archiving, a replica, or a slot for one. */
  isLogNeeded: boolean;
}

export async function readServerSettings(sql: Sql): Promise<ServerSettings> {
  const [row] = await sql<ServerSettings[]>`
    select current_setting('wal_level') as wal_level,
           current_setting('archive_mode') <> 'off'
             or exists (select from pg_stat_replication) or exists (select from pg_replication_slots) as "isLogNeeded"`;
  if (!row) throw new Error("a query without a table returned no row");
  return row;
}

/** What to change, in one line for operators; undefined if nothing is worth it. */
export function adviceFor({ wal_level, isLogNeeded }: ServerSettings, posts: number): string | undefined {
  if (posts < minPosts || wal_level === "minimal" || isLogNeeded) return undefined;
  return (
    `PostgreSQL's wal_level is ${wal_level}: with minimal, and max_wal_senders = 0, a full analysis would be faster; ` +
    "nothing on this server seems to need more (docs/operations.md, Settings of PostgreSQL)"
  );
}
