/** The database of a command: the one in DATABASE_URL, or the embedded one. */
import { connect, type ConnectOptions, type Sql } from "./connect.ts";
import { diskFull, startEmbedded } from "./embedded/postgres.ts";
import { refuseTransactionPooler } from "./checks/pooler.ts";

export interface Database {
  sql: Sql;
  /** Contains the password: for further connections, never for output. */
  url: string;
  /** Why the database is down and will not recover by itself, such as a full disk; null otherwise. */
  trouble(): Error | null;
  /** Restarts the embedded server if it died. @returns its current URL; undefined for a server from DATABASE_URL */
  revive(): Promise<string | undefined>;
  /** Closes the connections and leaves the embedded server. */
  close(): Promise<void>;
}

/**
 * Opens the database; the embedded one is started and migrated if necessary.
 * @throws CommandError if DATABASE_URL is a pooler in transaction mode
 * @throws EmbeddedError if there is no embedded PostgreSQL for this platform, or it does not start
 */
export async function openDatabase(
  settings: { DATABASE_URL: string | undefined; DATA_DIR: string },
  options: ConnectOptions & {
    say?: (message: string) => void;
    /** Skips all queries, for callers that work without the database and call `refuseTransactionPooler` themselves. */
    mayBeAway?: boolean;
  } = {},
): Promise<Database> {
  const { say, mayBeAway, ...connection } = options;
  if (settings.DATABASE_URL) {
    if (!mayBeAway) await refuseTransactionPooler(settings.DATABASE_URL);
    const sql = connect(settings.DATABASE_URL, connection);
    return {
      sql,
      url: settings.DATABASE_URL,
      trouble: () => null,
      revive: async () => undefined,
      close: () => sql.end({ timeout: 5 }),
    };
  }
  const embedded = await startEmbedded({ dataDir: settings.DATA_DIR, ...(say ? { say } : {}) });
  try {
    // Loaded on demand, so that a server with DATABASE_URL starts faster.
    const { migrate } = await import("./migrate.ts");
    await migrate(embedded.url);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  const sql = connect(embedded.url, connection);
  return {
    sql,
    url: embedded.url,
    revive: embedded.revive,
    trouble: () => diskFull({ dataDir: settings.DATA_DIR }),
    close: async () => {
      await sql.end({ timeout: 5 });
      await embedded.close();
    },
  };
}
