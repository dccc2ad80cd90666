/** The database a command works with: the one DATABASE_URL names, or the embedded one. */
import { connect, type ConnectOptions, type Sql } from "./connect.ts";
import { diskFull, startEmbedded } from "./embedded/postgres.ts";
import { refuseTransactionPooler } from "./checks/pooler.ts";

export interface Database {
  sql: Sql;
  /** With the password: for further connections, never for people. */
  url: string;
  /** Why it is away for good, where that is known. */
  trouble(): Error | null;
  /** Starts the embedded server again if it died. @returns its address now; nothing where the server is given */
  revive(): Promise<string | undefined>;
  /** Ends the connections and leaves the embedded server. */
  close(): Promise<void>;
}

/**
 * Opens the database; the embedded one is started and migrated when needed.
 * @throws CommandError when a pooler in transaction mode stands before it
 * @throws EmbeddedError when there is no embedded PostgreSQL for this platform or it does not start
 */
export async function openDatabase(
  settings: { DATABASE_URL: string | undefined; DATA_DIR: string },
  options: ConnectOptions & {
    say?: (message: string) => void;
    /** Nothing is asked of it yet: for those who go on without it, and call `refuseTransactionPooler` themselves. */
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
    // Loaded when it is needed: a server with a database of its own starts the sooner.
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
