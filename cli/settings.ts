/**
 * All settings: what each environment variable means and which values it accepts. Nothing here reads the environment:
 * each main.ts picks what it needs with {@link readSettings} and passes the values on.
 */
import { resolve } from "node:path";
import { z } from "zod";
import { bypassProxyForLoopback } from "./loopback.ts";
import { type AddressError, parsePostgresAddress, withoutDriver } from "./postgres-address.ts";

const url = (...prefixes: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && prefixes.some((prefix) => value.toLowerCase().startsWith(prefix)), {
      message: `must be a URL that starts with ${prefixes.join(" or ")}`,
    });
const httpUrl = url("http://", "https://").transform((value) => value.replace(/\/+$/, ""));
const databaseUrl = z.preprocess(
  (value) => (typeof value === "string" ? withoutDriver(value) : value),
  z.string().superRefine((value, context) => {
    try {
      parsePostgresAddress(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as AddressError).message });
    }
  }),
);
const hasSeveralHosts = (value: string) => parsePostgresAddress(value).hosts.length > 1;
// A pool on several replicas would compute one response from data of different times.
const replicaUrl = databaseUrl.pipe(
  z.string().refine((value) => !hasSeveralHosts(value), {
    message: "must name one server: several replicas have the data of different times",
  }),
);
const number = (minimum: number, maximum: number, kind: RegExp = /^\d+(\.\d+)?$/, noun = "number") =>
  z
    .string()
    .refine((value) => kind.test(value) && Number(value) >= minimum && Number(value) <= maximum, {
      message: `must be a ${noun} from ${minimum} to ${maximum}`,
    })
    .transform(Number);
const whole = (minimum: number, maximum: number) => number(minimum, maximum, /^\d+$/, "whole number");
const oneOf = <const T extends string>(...values: [T, ...T[]]) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(", ")} or ${values.at(-1)}` });
/**
 * JavaScript reads these as zones with daylight saving time, PostgreSQL as abbreviations without it. Each maps to a
 * zone that both interpret the same way.
 */
const ambiguousZones: Record<string, string> = {
  CET: "Europe/Berlin",
  MET: "Europe/Berlin",
  EET: "Europe/Athens",
  WET: "Europe/Lisbon",
};
const timezone = z.string().superRefine((value, context) => {
  const message = ambiguousZones[value.toUpperCase()]
    ? `has no daylight saving time in PostgreSQL: use ${ambiguousZones[value.toUpperCase()]}`
    : isTimezone(value)
      ? undefined
      : "must be an IANA time zone such as Europe/Berlin";
  if (message) context.addIssue({ code: "custom", message });
});

function isTimezone(value: string): boolean {
  // Both accept "+01:00", but PostgreSQL with the opposite sign.
  if (!/^[a-z]/i.test(value)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
const publicUrl = httpUrl.refine((value) => !/[?#@\s]/.test(value), {
  message: "must be a URL such as https://stats.example, without user, query or fragment",
});
/** Only characters that URLs do not escape. `/api` is taken by the application. */
const basePath = z
  .string()
  .transform((value) => value.replace(/\/+$/, ""))
  .refine((value) => value === "" || /^(?!\/api(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/.test(value), {
    message: "must be a path such as /stats, of letters, digits and - . _ ~, that does not begin with /api",
  });

/** Every setting. A test compares this list with the README's table. */
export const settings = {
  PORT: whole(0, 65_535).default(3000).describe("port the server listens on"),
  HOST: z
    .string()
    .default("127.0.0.1")
    .transform((host) => host.replace(/^\[(.*)\]$/, "$1"))
    .describe("address the server listens on"),
  DATA_DIR: z
    .string()
    .default("data")
    // Relative to the root of the checkout.
    .transform((path) => resolve(import.meta.dirname, "..", path))
    .describe("data directory of the embedded services"),
  DATABASE_URL: databaseUrl.optional().describe("PostgreSQL 14 or newer; the embedded one by default"),
  DATABASE_REPLICA_URL: replicaUrl.optional().describe("read replica for the server's queries"),
  REDIS_URL: url("redis://", "rediss://").optional().describe("Redis for the response cache; in memory by default"),
  UPSTASH_REDIS_REST_URL: httpUrl.optional().describe("Upstash Redis for the response cache; requires the token"),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional().describe("token for UPSTASH_REDIS_REST_URL"),
  MEILI_URL: httpUrl.optional().describe("Meilisearch; the embedded one by default, otherwise PostgreSQL searches"),
  MEILI_MASTER_KEY: z.string().optional().describe("key for MEILI_URL"),
  FORUM_URL: httpUrl.default("https://forum.mods.de").describe("base URL of the forum: the part before /bb/…"),
  PROFILES_URL: httpUrl.default("https://my.mods.de").describe("base URL of profile pages: the part before /<uid>"),
  REQUEST_DELAY: number(0, 3600)
    .default(0.1)
    .describe("minimum seconds between the starts of two requests of the crawler"),
  STATS_TIMEZONE: timezone
    .default("Europe/Berlin")
    .describe("time zone that years, days, weekdays and hours are counted in"),
  IMPRINT_NAME: z.string().default("").describe("operator's name in the imprint"),
  IMPRINT_CONTACT: z.string().default("").describe("operator's contact in the imprint"),
  SEARCH_RATE: number(0, 1_000_000)
    .default(20)
    .describe("searches per second and client, with bursts of three times as many; 0: no limit"),
  TRUST_PROXY: whole(0, 16)
    .default(0)
    .describe("number of proxies in front of the server whose X-Forwarded-For is trusted"),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]+=*$/, { message: "must be of letters, digits and . _ ~ + / - only, as bearer tokens are" })
    .optional()
    .describe("bearer token for /metrics; loopback only by default"),
  ALLOW_ROBOTS: oneOf("0", "1")
    .default("0")
    .transform((value) => value === "1")
    .describe("1: search engines may index user and search pages"),
  FEEDS: oneOf("0", "1")
    .default("1")
    .transform((value) => value === "1")
    .describe("0: neither feeds nor badges for signatures"),
  PUBLIC_URL: publicUrl
    .optional()
    .describe("public URL of the application, for the URLs in /api/; by default the address it listens on"),
  BASE_PATH: basePath.default("").describe("public path that the application is served under, such as /stats"),
  IDLE_TIMEOUT: whole(20, 255).default(75).describe("seconds before an idle connection is closed"),
  LOG_LEVEL: oneOf("debug", "info", "warn", "error").default("info").describe("minimum level to log"),
};

/** potstats2's names of settings, used if the new name is not set. */
export const aliases: Partial<Record<keyof typeof settings, string>> = {
  DATABASE_URL: "POTSTATS2_DB",
  REQUEST_DELAY: "POTSTATS2_REQUEST_DELAY",
  REDIS_URL: "POTSTATS2_REDIS_URL",
};

/** Each of these settings requires the other one. */
const pairs = [
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  ["UPSTASH_REDIS_REST_TOKEN", "UPSTASH_REDIS_REST_URL"],
] as const;

/** The value of each setting once it is read. */
export type Settings = { [K in keyof typeof settings]: z.output<(typeof settings)[K]> };

/** Lists all invalid settings. The message never contains values, which may be secret. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

/**
 * Refuses a DATABASE_URL whose connections may lead to different servers, for commands that read on several connections.
 * Those that write need no such check: they fail on a standby.
 * @param address undefined for the embedded PostgreSQL
 * @param environment where PGTARGETSESSIONATTRS may stand
 * @throws SettingsError
 */
export function requirePrimary(address: string | undefined, environment: Record<string, unknown>): void {
  if (address === undefined) return;
  const inUrl = parsePostgresAddress(address).parameters.get("target_session_attrs");
  const wanted = inUrl ?? environment["PGTARGETSESSIONATTRS"];
  if (hasSeveralHosts(address) && wanted !== "primary" && wanted !== "read-write")
    throw new SettingsError("invalid settings:\n  DATABASE_URL: several hosts need ?target_session_attrs=primary here");
}

const hasNoHost = (value: unknown) =>
  /^postgres(ql)?:/i.test(String(value)) && parsePostgresAddress(String(value)).hosts.some(({ host }) => host === "");

/**
 * Reads and validates settings. Values are trimmed; an empty variable counts as unset. Also excludes loopback
 * addresses from HTTP_PROXY.
 * @throws SettingsError with one line per problem
 */
export function readSettings<K extends keyof Settings>(
  environment: Record<string, string | undefined>,
  names: readonly K[],
): Pick<Settings, K> {
  bypassProxyForLoopback(environment);
  const values: Partial<Record<K, unknown>> = {};
  const problems: string[] = [];
  for (const name of names) {
    const alias = aliases[name];
    const valueOf = (key: string) => environment[key]?.trim() || undefined;
    const variable = alias && !valueOf(name) && valueOf(alias) ? alias : name;
    const parsed = settings[name].safeParse(valueOf(variable));
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${variable}: ${issue.message}`));
    else if (environment["PGSERVICE"] && hasNoHost(parsed.data))
      problems.push(`${variable}: names no host; PGSERVICE is set, but service files are not read`);
    else values[name] = parsed.data;
  }
  const isRequested = (name: string) => (names as readonly string[]).includes(name);
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  for (const [name, partner] of pairs) {
    if (isRequested(name) && isRequested(partner) && isSet(name) && !isSet(partner))
      problems.push(`${partner}: is required by ${name}`);
  }
  if (problems.length > 0) throw new SettingsError(`invalid settings:\n  ${problems.join("\n  ")}`);
  return values as Pick<Settings, K>;
}
