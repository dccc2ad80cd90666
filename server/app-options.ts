/** What settings tell an app, the same on every runtime. */
import type { Settings } from "@potstats/cli/settings";
import { withoutCredentials } from "@potstats/cli/without-credentials";
import manifest from "../package.json" with { type: "json" };
import type { AppOptions } from "./app.ts";
import { createGenerations } from "./cache/generations.ts";
import type { GuardedSql } from "./queries/guarded-sql.ts";

export const appSettingNames = [
  "STATS_TIMEZONE",
  "FORUM_URL",
  "PROFILES_URL",
  "IMPRINT_NAME",
  "IMPRINT_CONTACT",
  "SEARCH_RATE",
  "TRUST_PROXY",
  "METRICS_TOKEN",
  "ALLOW_ROBOTS",
  "FEEDS",
  "PUBLIC_URL",
  "BASE_PATH",
] as const;

export type AppSettings = Pick<Settings, (typeof appSettingNames)[number]>;

/** Milliseconds before computing a response times out. */
export const responseTimeout_ms = 10_000;

type Pools = Pick<GuardedSql, "sql" | "shared" | "during">;
type Parts = Pick<AppOptions, "search" | "cache" | "stats" | "assets"> & Partial<AppOptions>;

/**
 * @param url where the app listens: its public URL, unless the operator names another
 * @param parts what the runtime adds
 */
export const appOptionsOf = (settings: AppSettings, url: string, pools: Pools, parts: Parts): AppOptions => ({
  timezone: settings.STATS_TIMEZONE,
  sql: pools.sql,
  during: pools.during,
  generations: createGenerations(pools.shared),
  // Imported when first needed: loading the table definitions would lengthen the start by a sixth.
  isMigrated: async () => (await import("@potstats/db/is-migrated")).isMigrated(pools.shared),
  version: manifest.version,
  timeout_ms: responseTimeout_ms,
  imprint: { name: settings.IMPRINT_NAME, contact_info: settings.IMPRINT_CONTACT },
  forumUrl: withoutCredentials(settings.FORUM_URL),
  profilesUrl: withoutCredentials(settings.PROFILES_URL),
  searchRate: settings.SEARCH_RATE,
  trustProxy: settings.TRUST_PROXY,
  metricsToken: settings.METRICS_TOKEN,
  allowRobots: settings.ALLOW_ROBOTS,
  feeds: settings.FEEDS,
  basePath: settings.BASE_PATH,
  publicUrl: settings.PUBLIC_URL === undefined ? url : withPath(settings.PUBLIC_URL, settings.BASE_PATH),
  ...parts,
});

/** Appends the path unless the operator's URL already ends with it. */
const withPath = (url: string, path: string) => (new URL(url).pathname.endsWith(path) ? url : url + path);

/** The URL of an app on this machine. */
export function localUrl({ HOST, BASE_PATH }: Pick<Settings, "HOST" | "BASE_PATH">, port: number): string {
  const isAny = HOST === "127.0.0.1" || HOST === "0.0.0.0";
  return `http://${isAny ? "localhost" : HOST.includes(":") ? `[${HOST}]` : HOST}:${port}${BASE_PATH}`;
}
