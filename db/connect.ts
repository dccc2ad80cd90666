/** Connections to PostgreSQL, the same everywhere: UTC, plain types, no secrets in errors. */
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

export interface ConnectOptions {
  /** Connections at most. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Seconds after which an unused connection is closed; 0 keeps it. */
  idle_timeout?: number;
  /** Milliseconds after which PostgreSQL ends a statement; 0, the default, never, whatever role, database or address say. */
  statement_timeout_ms?: number;
}

/**
 * What each new connection begins with. As statements, since a pooler refuses such parameters in the connection's first
 * message, or ignores them; PgBouncer forgets them when the connection goes back. Older servers lack some of the names.
 */
const setup = (statement_timeout_ms: number) => `
  select set_config(name, value, false)
  from (values ('statement_timeout', '${statement_timeout_ms}'), ('lock_timeout', '0'), ('transaction_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0')) as wanted (name, value)
  where current_setting(name, true) is not null`;

/** Opens a pool; connections are made when first needed. The address may hold a password, errors never do. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  const address = new URL(url);
  for (const name of Array.from(address.searchParams.keys()).filter((key) => notForServers.test(key)))
    address.searchParams.delete(name);
  // The driver cuts a host at its colons, but takes lists (of which its types know nothing) as they are.
  const ipv6 = /^\[(.*)\]$/.exec(address.hostname)?.[1];
  return postgres(address.href, {
    ...(ipv6 ? ({ host: [ipv6], port: [Number(address.port || 5432)] } as object) : {}),
    max: options.max ?? 4,
    idle_timeout: options.idle_timeout ?? 0,
    connect_timeout: 10,
    onnotice: () => {},
    types,
    ...({ setup: setup(options.statement_timeout_ms ?? 0) } as object),
    connection: { application_name: options.name ?? "potstats", TimeZone: "UTC", DateStyle: "ISO" },
  }) as Sql;
}

/**
 * Parameters of addresses that are libpq's own, such as Neon's `channel_binding`: the driver would send them to the server,
 * which refuses what it does not know. And those that are ours to say: how times are written, and how long statements may take.
 */
const notForServers =
  /^(channel_binding|gss\w*|krbsrvname|ssl(cert|key|crl\w*|password|sni|compression|certmode)|require(auth|peer|ssl)|keepalives\w*|tcp_user_timeout|passfile|service|load_balance_hosts|fallback_application_name|application_name|client_encoding|timezone|datestyle|(statement|lock|transaction|idle_session|idle_in_transaction_session)_timeout)$/i;

/** The address without password, for people. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = "***";
  return shown.href;
}
