/** Connections to PostgreSQL, the same everywhere: UTC, plain types, no secrets in errors. */
import postgres from "postgres";

const types = {
  /** `bigint` as a number: no counter of ours passes 2^53. */
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  /** `date` as "YYYY-MM-DD": a day has no time zone. */
  date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: (day: string) => day },
  /** `timestamp without time zone` holds UTC, whatever zone this process is in. */
  timestamp: {
    to: 1114,
    from: [1114],
    // Elements of arrays come as text.
    serialize: (time: Date | string) => (typeof time === "string" ? time : time.toISOString()),
    parse: (time: string) => new Date(`${time.replace(" ", "T")}Z`),
  },
};

export type Sql = postgres.Sql<{ bigint: number; date: string; timestamp: Date }>;

export interface ConnectOptions {
  /** Connections at most. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
  /** Seconds after which an unused connection is closed; 0 keeps it. */
  idle_timeout?: number;
}

/** Opens a pool; connections are made when first needed. The address may hold a password, errors never do. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  return postgres(url, {
    max: options.max ?? 4,
    idle_timeout: options.idle_timeout ?? 0,
    connect_timeout: 10,
    onnotice: () => {},
    types,
    connection: { application_name: options.name ?? "potstats", TimeZone: "UTC" },
  }) as Sql;
}

/** The address without password, for people. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = "***";
  return shown.href;
}
