/** Detects poolers in transaction mode: locks, snapshots and cursors need a session. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "../connect.ts";

/**
 * Number of connections, and of queries in total. The order is random, because a pooler that assigns its server connections
 * round-robin can match any fixed order; with two connections it did.
 */
const connectionCount = 3;
const queryCount = 15;

/**
 * Refuses a pooler in transaction or statement mode. Such a pooler serves one client connection by changing PostgreSQL backends,
 * or two by the same backend. Nothing is locked or written.
 * @throws CommandError if it is one; errors of the connection
 */
export async function refuseTransactionPooler(url: string): Promise<void> {
  const openClient = () => connect(url, { max: 1, name: "potstats check", plain: true });
  const clients = Array.from({ length: connectionCount }, () => ({ sql: openClient(), pids: new Set<number>() }));
  try {
    const further = Array.from({ length: queryCount - connectionCount }, () =>
      Math.floor(Math.random() * connectionCount),
    );
    for (const { sql, pids } of [...clients, ...further.flatMap((at) => clients.slice(at, at + 1))]) {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      pids.add(row?.pid ?? 0);
    }
    const all = new Set(clients.flatMap(({ pids }) => [...pids]));
    if (all.size === connectionCount && clients.every(({ pids }) => pids.size === 1)) return;
  } catch (error) {
    // Prepared statements stay on one backend and collide or are missing on another.
    if (!/^(26000|42P05)$/.test(String((error as { code?: unknown }).code))) throw error;
  } finally {
    await Promise.all(clients.map(({ sql }) => sql.end({ timeout: 1 })));
  }
  throw new CommandError(
    "this database is behind a pooler in transaction mode: DATABASE_URL needs a direct connection, or a pooler in session mode",
  );
}
