/** Poolers between us and PostgreSQL: locks, snapshots and cursors take a session, which a pooler may not give. */
import { CommandError } from "@potstats/cli/command";
import { connect } from "../connect.ts";

/**
 * Connections that ask, and how often in all. They ask in a random order: a pooler that hands out PostgreSQL's connections in
 * turn can fit any fixed one, and with two of them it did.
 */
const connectionCount = 3;
const askCount = 15;

/**
 * Refuses a pooler in transaction or statement mode, known by what it does: there, a connection of ours is now one of
 * PostgreSQL's and now another, or two of ours are the same. Nothing is locked or written.
 * @throws CommandError when it is one, and errors of the connection
 */
export async function refuseTransactionPooler(url: string): Promise<void> {
  const open = () => connect(url, { max: 1, name: "potstats check", plain: true });
  const asking = Array.from({ length: connectionCount }, () => ({ sql: open(), pids: new Set<number>() }));
  try {
    const further = Array.from({ length: askCount - connectionCount }, () =>
      Math.floor(Math.random() * connectionCount),
    );
    for (const { sql, pids } of [...asking, ...further.flatMap((at) => asking.slice(at, at + 1))]) {
      const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
      pids.add(row?.pid ?? 0);
    }
    const all = new Set(asking.flatMap(({ pids }) => [...pids]));
    if (all.size === connectionCount && asking.every(({ pids }) => pids.size === 1)) return;
  } catch (error) {
    // A prepared statement stays behind at one of PostgreSQL's connections, where others find it.
    if (!/^(26000|42P05)$/.test(String((error as { code?: unknown }).code))) throw error;
  } finally {
    await Promise.all(asking.map(({ sql }) => sql.end({ timeout: 1 })));
  }
  throw new CommandError(
    "a pooler in transaction mode stands before this database: DATABASE_URL needs a direct connection, or one in session mode",
  );
}
