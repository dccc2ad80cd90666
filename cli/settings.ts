/**
 * The vocabulary of settings: what each environment variable means and which values it takes. Nothing
 * here reads the environment; each main.ts picks what it needs with {@link readSettings} and passes
 * values on.
 */
import { resolve } from "node:path";
import { z } from "zod";
import { spareLoopback } from "./loopback.ts";
import { type AddressError, parsePostgresAddress } from "./postgres-address.ts";

const url = (...starts: string[]) =>
  z.string().refine((value) => URL.canParse(value) && starts.some((start) => value.toLowerCase().startsWith(start)), {
    message: `must be an address that starts with ${starts.join(" or ")}`,
  });
const web = url("http://", "https://").transform((value) => value.replace(/\/+$/, ""));
// SQLAlchemy, and with it potstats2, names the driver too: postgresql+psycopg2://
const database = z.preprocess(
  (value) => (typeof value === "string" ? value.replace(/^(postgres(?:ql)?)\+\w+:/i, "$1:") : value),
  z.string().superRefine((value, context) => {
    try {
      parsePostgresAddress(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as AddressError).message });
    }
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
/** Zones with summer time for JavaScript, abbreviations without one for PostgreSQL; each with a zone that both read alike. */
const ambiguous: Record<string, string> = {
  CET: "Europe/Berlin",
  MET: "Europe/Berlin",
  EET: "Europe/Athens",
  WET: "Europe/Lisbon",
};
const timezone = z.string().superRefine((value, context) => {
  const message = ambiguous[value.toUpperCase()]
    ? `has no summer time for PostgreSQL: use ${ambiguous[value.toUpperCase()]}`
    : isTimezone(value)
      ? undefined
      : "must be an IANA time zone such as Europe/Berlin";
  if (message) context.addIssue({ code: "custom", message });
});

function isTimezone(value: string): boolean {
  // JavaScript knows "+01:00" as a zone; for PostgreSQL the same text means an hour the other way.
  if (!/^[a-z]/i.test(value)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
const publicUrl = web.refine((value) => !/[?#@\s]/.test(value), {
  message: "must be an address such as https://stats.example, without user, query or fragment",
});
/** Of the letters that mean themselves in an address; `/api` is the application's own. */
const basePath = z
  .string()
  .transform((value) => value.replace(/\/+$/, ""))
  .refine((value) => value === "" || /^(?!\/api(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/.test(value), {
    message: "must be a path such as /stats, of letters, digits and - . _ ~, that does not begin with /api",
  });

/** The checkout: where `data/` lies unless DATA_DIR says otherwise. */
const checkout = resolve(import.meta.dirname, "..");

/** Every setting. The README's table is tested against it. */
export const settings = {
  PORT: whole(0, 65_535).default(3000).describe("port of the server"),
  HOST: z
    .string()
    .default("127.0.0.1")
    .transform((host) => host.replace(/^\[(.*)\]$/, "$1"))
    .describe("address the server listens on"),
  DATA_DIR: z
    .string()
    .default("data")
    .transform((path) => resolve(checkout, path))
    .describe("where the embedded services keep their data"),
  DATABASE_URL: database.optional().describe("PostgreSQL 14 or newer; without it the embedded one"),
  DATABASE_REPLICA_URL: database.optional().describe("read replica for the server's queries"),
  REDIS_URL: url("redis://", "rediss://").optional().describe("response cache in Redis; without it in the process"),
  UPSTASH_REDIS_REST_URL: web.optional().describe("response cache in Upstash Redis, with the token"),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional().describe("token for UPSTASH_REDIS_REST_URL"),
  MEILI_URL: web.optional().describe("Meilisearch; without it the embedded one, else PostgreSQL's search"),
  MEILI_MASTER_KEY: z.string().optional().describe("key for MEILI_URL"),
  FORUM_URL: web.default("https://forum.mods.de").describe("what stands before /bb/…"),
  PROFILES_URL: web.default("https://my.mods.de").describe("what stands before /<uid>"),
  REQUEST_DELAY: number(0, 3600).default(0.1).describe("seconds between the starts of two requests of the crawler"),
  STATS_TIMEZONE: timezone.default("Europe/Berlin").describe("decides years, days, weekdays and hours"),
  IMPRINT_NAME: z.string().default("").describe("operator's name in the imprint"),
  IMPRINT_CONTACT: z.string().default("").describe("operator's contact in the imprint"),
  SEARCH_RATE: number(0, 1_000_000)
    .default(20)
    .describe("searches per second and client, burst three times that; 0: no limit"),
  TRUST_PROXY: whole(0, 16).default(0).describe("number of proxies in front whose X-Forwarded-For is believed"),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]+=*$/, { message: "must be of letters, digits and . _ ~ + / - only, as bearer tokens are" })
    .optional()
    .describe("bearer token for /metrics; without it loopback only"),
  ALLOW_ROBOTS: oneOf("0", "1")
    .default("0")
    .transform((value) => value === "1")
    .describe("1: search engines may index user and search pages"),
  PUBLIC_URL: publicUrl
    .optional()
    .describe("where visitors find the application, for the addresses in /api/; without it where it listens"),
  BASE_PATH: basePath.default("").describe("public path below which everything lies, such as /stats"),
  IDLE_TIMEOUT: whole(15, 255).default(75).describe("seconds that an idle connection lives"),
  LOG_LEVEL: oneOf("debug", "info", "warn", "error").default("info").describe("least level that is logged"),
};

/** potstats2's names, understood where ours is not set. */
export const aliases: Partial<Record<keyof typeof settings, string>> = {
  DATABASE_URL: "POTSTATS2_DB",
  REQUEST_DELAY: "POTSTATS2_REQUEST_DELAY",
  REDIS_URL: "POTSTATS2_REDIS_URL",
};

/** Settings that say something only together with another one. */
const together = [
  ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"],
  ["UPSTASH_REDIS_REST_TOKEN", "UPSTASH_REDIS_REST_URL"],
] as const;

/** The value of each setting once it is read. */
export type Settings = { [K in keyof typeof settings]: z.output<(typeof settings)[K]> };

/** Wrong settings: all of them at once, values never shown. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

const isWithoutHost = (value: unknown) =>
  /^postgres(ql)?:/i.test(String(value)) && parsePostgresAddress(String(value)).hosts.some(({ host }) => host === "");

/**
 * Picks and validates settings. Space around a value is cut off; an empty variable counts as unset. Addresses of this machine
 * are taken out of HTTP_PROXY's reach.
 * @throws SettingsError with one line per problem; values never appear in it.
 */
export function readSettings<K extends keyof Settings>(
  environment: Record<string, string | undefined>,
  names: readonly K[],
): Pick<Settings, K> {
  spareLoopback(environment);
  const values: Partial<Record<K, unknown>> = {};
  const problems: string[] = [];
  for (const name of names) {
    const alias = aliases[name];
    const valueOf = (variable: string) => environment[variable]?.trim() || undefined;
    const set = alias && !valueOf(name) && valueOf(alias) ? alias : name;
    const parsed = settings[name].safeParse(valueOf(set));
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${set}: ${issue.message}`));
    else if (environment["PGSERVICE"] && isWithoutHost(parsed.data))
      problems.push(`${set}: names no host, and PGSERVICE is set, but service files are not read`);
    else values[name] = parsed.data;
  }
  const isAsked = (name: string) => (names as readonly string[]).includes(name);
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  for (const [name, other] of together) {
    if (isAsked(name) && isAsked(other) && isSet(name) && !isSet(other))
      problems.push(`${other}: is missing, and ${name} needs it`);
  }
  if (problems.length > 0) throw new SettingsError(`wrong settings:\n  ${problems.join("\n  ")}`);
  return values as Pick<Settings, K>;
}
