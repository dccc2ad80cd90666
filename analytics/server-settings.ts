/**
 * Settings of PostgreSQL that make a full analysis of a large forum more than a tenth slower, as measured in
 * docs/operations.md. Settings that a connection may change itself are not among them: each run sets those it needs.
 */
import type { Sql, Transaction } from "@potstats/db/connect";

/** Below this number of posts a full analysis takes seconds, whatever the settings. */
const minPosts = 200_000;

interface Costly {
  isCostly(setting: Setting): boolean;
  recommended: string;
}

interface Setting {
  name: string;
  /** As PostgreSQL shows it, such as `1GB`. */
  value: string;
  /** The same in bytes; NULL if it is no size. */
  bytes: number | null;
}

const costly: Record<string, Costly> = {
  // Most of the log are whole pages of new indexes. "on" means pglz, the slow one.
  wal_compression: { isCostly: ({ value }) => ["on", "pglz"].includes(value), recommended: "lz4 or off" },
  // The log of a full run is larger than this several times over, and each time the server writes a checkpoint.
  max_wal_size: { isCostly: ({ bytes }) => bytes !== null && bytes < 512 * 2 ** 20, recommended: "1GB" },
};

/** What the server uses of these settings. */
export async function readSettings(sql: Sql | Transaction): Promise<Setting[]> {
  return await sql<Setting[]>`
    select name, current_setting(name) as value,
           case when unit in ('B', 'kB', '8kB', 'MB') then pg_size_bytes(current_setting(name)) end as bytes
    from pg_settings where name in ${sql(Object.keys(costly))} order by name`;
}

/** What to change, in one line for operators; undefined if nothing is worth it. */
export function adviceFor(settings: readonly Setting[], posts: number): string | undefined {
  if (posts < minPosts) return undefined;
  const changes = settings.flatMap((setting) => {
    const rule = costly[setting.name];
    return rule?.isCostly(setting) ? [`${setting.name} is ${setting.value}, better ${rule.recommended}`] : [];
  });
  if (changes.length === 0) return undefined;
  return `PostgreSQL's settings make a full analysis slower: ${changes.join("; ")} (docs/operations.md)`;
}
