/** Connections to PostgreSQL with the same settings everywhere: UTC, plain types, no secrets in errors. */
import { existsSync } from "node:fs";
import { parsePostgresAddress, type PostgresAddress } from "@potstats/cli/postgres-address";
import postgres from "postgres";

/** Inside arrays the driver passes each NULL as the text "NULL". */
const orNull =
  <T>(parse: (text: string) => T) =>
  (text: string): T =>
    text === "NULL" ? (null as T) : parse(text);

const types = {
  /** `bigint` as a number: no counter here exceeds 2^53. */
  bigint: { to: 20, from: [20], serialize: String, parse: orNull(Number) },
  /** `date` as the text "YYYY-MM-DD": a day has no time zone. */
  date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: orNull((day) => day) },
  /** `timestamp without time zone` holds UTC, regardless of the process's time zone. */
  timestamp: {
    to: 1114,
    from: [1114],
    // Elements of arrays arrive as text.
    serialize: (time: Date | string) => (typeof time === "string" ? time : time.toISOString()),
    parse: orNull((time) => new Date(`${time.replace(" ", "T")}Z`)),
  },
};

type Plain = { bigint: number; date: string; timestamp: Date };

export type Sql = postgres.Sql<Plain>;

export type Transaction = postgres.TransactionSql<Plain>;

/** PostgreSQL's error code for a lock that was not granted within `lock_timeout`. */
export const lockNotAvailable = "55P03";

/** Whether PostgreSQL gave up waiting for a lock, because of `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === lockNotAvailable;

export interface ConnectOptions {
  /** Maximum number of connections. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Seconds after which an unused connection is closed; 0 keeps it. */
  idle_timeout?: number;
  /** Seconds to wait for each host of the URL (default 10). */
  connect_timeout?: number;
  /** PostgreSQL cancels a statement after this time. 0, the default, means never, and overrides role, database and URL. */
  statement_timeout_ms?: number;
  /** Maximum number of queries that the driver pipelines on a busy connection (default 100); 0 disables pipelining. */
  max_pipeline?: number;
  /** Sends no setup statements on a new connection, so that nothing is left behind in a pooler's session. */
  plain?: boolean;
}

/**
 * The first statements on each new connection. They are not startup parameters, because poolers refuse or ignore those;
 * PgBouncer resets them when the connection is returned. Older servers lack some of the settings, hence the condition.
 * Unqualified tables are those of `public`, whatever the role's search_path. Compiling our statements takes longer than
 * executing them, so `jit` is off. `random_page_cost` is that of data in memory or on an SSD: with the default, which is
 * that of a turning disk, long lists scan and sort whole tables. A statement whose client has gone ends within
 * two seconds and releases its locks; PostgreSQL can detect that on Linux only.
 */
const setup = (statement_timeout_ms: number) => `
  set statement_timeout = 0;
  select set_config(name, value, false)
  from (values ('statement_timeout', '${statement_timeout_ms}'), ('lock_timeout', '0'), ('transaction_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
               ('search_path', 'public'), ('client_connection_check_interval', '2s'), ('jit', 'off'),
               ('random_page_cost', '1.1')) as desired (name, value)
  where current_setting(name, true) is not null and (name <> 'client_connection_check_interval' or version() ~ 'linux')`;

/** Opens a pool that connects lazily. The URL may contain a password; errors never do. @throws AddressError */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const { hosts, user, password, database, parameters } = parsePostgresAddress(url);
  const serverParameters = new URLSearchParams([...parameters].filter(([name, value]) => !isForClients(name, value)));
  // Unix sockets are not encrypted, whatever sslmode says: libpq ignores it there, too.
  if (hosts[0]?.host.startsWith("/")) serverParameters.delete("sslmode");
  // Passed as options, because the driver splits a URL's hosts at colons and does not know socket folders.
  const sql = postgres(`postgres:///?${serverParameters}`, {
    ...whereTo(hosts),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(database === undefined ? {} : { database }),
    max: options.max ?? 4,
    idle_timeout: options.idle_timeout ?? 0,
    connect_timeout: options.connect_timeout ?? 10,
    ...(options.max_pipeline === undefined ? {} : ({ max_pipeline: options.max_pipeline } as object)),
    onnotice: () => {},
    types,
    ...(options.plain ? { fetch_types: false } : ({ setup: setup(options.statement_timeout_ms ?? 0) } as object)),
    connection: { application_name: options.name ?? "potstats", TimeZone: "UTC", DateStyle: "ISO" },
  }) as Sql;
  // Without a host, not even in PGHOST, libpq uses the socket.
  const { host, port } = sql.options;
  if (hosts[0]?.host === "" && host[0] === "localhost") {
    const sockets = socketFolders.map((folder) => socketIn(folder, port[0] ?? 5432));
    const defaultSocket = sockets.find((path) => existsSync(path));
    if (defaultSocket) sql.options.path = defaultSocket;
  }
  return sql;
}

/** Points a pool's future connections to the port in another URL of the same host. */
export function moveTo(sql: Sql, url: string): void {
  const port = parsePostgresAddress(url).hosts[0]?.port;
  // The driver reads this list each time it connects.
  if (port) sql.options.port[0] = port;
}

const socketIn = (folder: string, port: number) => `${folder.replace(/\/+$/, "")}/.s.PGSQL.${port}`;

/** Default folders of PostgreSQL's socket: Debian's and upstream's. */
const socketFolders = ["/var/run/postgresql", "/tmp"];

/** Host and port from the URL; for what is missing, the driver uses PGHOST and PGPORT. */
function whereTo(hosts: PostgresAddress["hosts"]): object {
  const [{ host, port } = { host: "", port: undefined }] = hosts;
  if (hosts.length === 1 && (host === "" || host.startsWith("/")))
    return { ...(host ? { host } : {}), ...(port ? { port } : {}) };
  return { host: hosts.map((each) => each.host), port: hosts.map((each) => each.port ?? 5432) };
}

/**
 * URL parameters for libpq, such as Neon's `channel_binding`, or for other clients: the driver would send them to the server,
 * which refuses unknown ones. Also those that this module sets itself: date formats and statement timeouts.
 */
const forClients =
  /^(channel_binding|gss\w*|krbsrvname|ssl(cert|key|crl\w*|password|sni|compression|certmode)|require(auth|peer|ssl)|keepalives\w*|tcp_user_timeout|passfile|load_balance_hosts|fallback_application_name|application_name|client_encoding|timezone|datestyle|(statement|lock|transaction|idle_session|idle_in_transaction_session)_timeout|pgbouncer|connection_limit|pool_timeout)$/i;

const isForClients = (name: string, value: string) =>
  forClients.test(name) || (name === "target_session_attrs" && value === "any");
