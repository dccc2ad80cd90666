/** Poolers between us and PostgreSQL: locks, snapshots and cursors take a session, which a pooler may not give. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "./connect.ts";

/** Which of two connections asks next. Whoever hands out PostgreSQL's own in turn is found out as well as who keeps to one. */
const order = [0, 1, 1, 0, 1, 0, 0, 1] as const;

/**
 * Refuses a pooler in transaction or statement mode, known by what it does: there, a connection of ours is now one of
 * PostgreSQL's and now another, or two of ours are the same. Nothing is locked or written.
 * @throws CommandError when it is one, and errors of the connection
 */
export async function refuseTransactionPooler(url: string): Promise<void> {
  const open = () => {
    const sql = connect(url, { max: 1, name: "potstats check" });
    // Settings of ours would stay behind at PostgreSQL's connections, which others share.
    Object.assign(sql.options, { setup: "select 1" });
    return sql;
  };
  const connections = [open(), open()] as const;
  try {
    const seen = [new Set<number>(), new Set<number>()] as const;
    for (const which of order) {
      const [row] = await connections[which]<{ pid: number }[]>`select pg_backend_pid() as pid`;
      seen[which].add(row?.pid ?? 0);
    }
    if (seen[0].union(seen[1]).size === 2 && seen[0].size === 1 && seen[1].size === 1) return;
  } catch (error) {
    // A prepared statement stays behind at one of PostgreSQL's connections, where others find it.
    if (!/^(26000|42P05)$/.test(String((error as { code?: unknown }).code))) throw error;
  } finally {
    await Promise.all(connections.map((sql) => sql.end({ timeout: 1 })));
  }
  throw new CommandError(
    "a pooler in transaction mode stands before this database: DATABASE_URL needs a direct connection, or one in session mode",
  );
}
