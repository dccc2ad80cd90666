/** Connections to PostgreSQL, the same everywhere: UTC, plain types, no secrets in errors. */
import { existsSync } from "node:fs";
import { parsePostgresAddress, type PostgresAddress } from "@potstats/cli/postgres-address";
import postgres from "postgres";

/** In arrays the driver hands over every NULL as this text. */
const orNull =
  <T>(parse: (text: string) => T) =>
  (text: string): T =>
    text === "NULL" ? (null as T) : parse(text);

const types = {
  /** `bigint` as a number: no counter of ours passes 2^53. */
  bigint: { to: 20, from: [20], serialize: String, parse: orNull(Number) },
  /** `date` as "YYYY-MM-DD": a day has no time zone. */
  date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: orNull((day) => day) },
  /** `timestamp without time zone` holds UTC, whatever zone this process is in. */
  timestamp: {
    to: 1114,
    from: [1114],
    // Elements of arrays come as text.
    serialize: (time: Date | string) => (typeof time === "string" ? time : time.toISOString()),
    parse: orNull((time) => new Date(`${time.replace(" ", "T")}Z`)),
  },
};

type Plain = { bigint: number; date: string; timestamp: Date };

export type Sql = postgres.Sql<Plain>;

export type Transaction = postgres.TransactionSql<Plain>;

/** PostgreSQL's error code for a lock that was not granted within `lock_timeout`. */
export const lockNotAvailable = "55P03";

export interface ConnectOptions {
  /** Connections at most. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Seconds after which an unused connection is closed; 0 keeps it. */
  idle_timeout?: number;
  /** Milliseconds after which PostgreSQL ends a statement; 0, the default, never, whatever role, database or address say. */
  statement_timeout_ms?: number;
  /** Queries that the driver sends ahead on a busy connection, at most (100 where nothing is said); 0 sends each by itself. */
  max_pipeline?: number;
  /** Asks and changes nothing of its own accord on a new connection: nothing stays behind in a pooler's session. */
  plain?: boolean;
}

/**
 * What each new connection begins with. As statements, since a pooler refuses such parameters in the connection's first
 * message, or ignores them; PgBouncer forgets them when the connection goes back. Older servers lack some of the names.
 * Tables without a schema are those of `public`, whatever the role's search_path is. And a statement whose client is gone ends
 * within two seconds rather than hold its locks to its end; PostgreSQL can tell on Linux only.
 */
const setup = (statement_timeout_ms: number) => `
  set statement_timeout = 0;
  select set_config(name, value, false)
  from (values ('statement_timeout', '${statement_timeout_ms}'), ('lock_timeout', '0'), ('transaction_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
               ('search_path', 'public'), ('client_connection_check_interval', '2s')) as wanted (name, value)
  where current_setting(name, true) is not null and (name <> 'client_connection_check_interval' or version() ~ 'linux')`;

/** Opens a pool; connections are made when first needed. The address may hold a password, errors never do. @throws AddressError */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const { hosts, user, password, database, parameters } = parsePostgresAddress(url);
  const others = new URLSearchParams([...parameters].filter(([name, value]) => !isForClients(name, value)));
  // A socket is not encrypted, whatever sslmode says: libpq does not ask for it either.
  if (hosts[0]?.host.startsWith("/")) others.delete("sslmode");
  // Given one by one: of an address the driver cuts hosts at colons and knows no folder of a socket.
  const sql = postgres(`postgres:///?${others}`, {
    ...whereTo(hosts),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(database === undefined ? {} : { database }),
    max: options.max ?? 4,
    idle_timeout: options.idle_timeout ?? 0,
    connect_timeout: 10,
    ...(options.max_pipeline === undefined ? {} : ({ max_pipeline: options.max_pipeline } as object)),
    onnotice: () => {},
    types,
    ...(options.plain ? { fetch_types: false } : ({ setup: setup(options.statement_timeout_ms ?? 0) } as object)),
    connection: { application_name: options.name ?? "potstats", TimeZone: "UTC", DateStyle: "ISO" },
  }) as Sql;
  // Where nobody named a host, not even PGHOST, libpq takes the socket.
  const { host, port } = sql.options;
  const usual = socketFolders.map((folder) => socketIn(folder, port[0] ?? 5432)).find((path) => existsSync(path));
  if (hosts[0]?.host === "" && host[0] === "localhost" && usual) sql.options.path = usual;
  return sql;
}

/** Lets a pool make its next connections at the port of another address on the same host. */
export function moveTo(sql: Sql, url: string): void {
  const port = parsePostgresAddress(url).hosts[0]?.port;
  // Each connection of the driver reads this list when it connects.
  if (port) sql.options.port[0] = port;
}

const socketIn = (folder: string, port: number) => `${folder.replace(/\/+$/, "")}/.s.PGSQL.${port}`;

/** Folders in which PostgreSQL puts its socket by default: Debian's, and its own. */
const socketFolders = ["/var/run/postgresql", "/tmp"];

/** What the address says of it; the rest the driver takes from PGHOST and PGPORT. */
function whereTo(hosts: PostgresAddress["hosts"]): object {
  const [{ host, port } = { host: "", port: undefined }] = hosts;
  if (hosts.length === 1 && (host === "" || host.startsWith("/")))
    return { ...(host ? { host } : {}), ...(port ? { port } : {}) };
  return { host: hosts.map((each) => each.host), port: hosts.map((each) => each.port ?? 5432) };
}

/**
 * Parameters of addresses that are libpq's own, such as Neon's `channel_binding`, or other clients': the driver would send them
 * to the server, which refuses what it does not know. And those that are ours to say: how times are written, and how long
 * statements may take.
 */
const forClients =
  /^(channel_binding|gss\w*|krbsrvname|ssl(cert|key|crl\w*|password|sni|compression|certmode)|require(auth|peer|ssl)|keepalives\w*|tcp_user_timeout|passfile|load_balance_hosts|fallback_application_name|application_name|client_encoding|timezone|datestyle|(statement|lock|transaction|idle_session|idle_in_transaction_session)_timeout|pgbouncer|connection_limit|pool_timeout)$/i;

const isForClients = (name: string, value: string) =>
  forClients.test(name) || (name === "target_session_attrs" && value === "any");
