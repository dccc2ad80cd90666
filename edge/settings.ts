/** Settings of runtimes without embedded services. */
import { readSettings, requirePrimary, type Settings, SettingsError } from "@potstats/cli/settings";
import { appSettingNames } from "@potstats/server/app-options";

/** Reads them as `readSettings` does, and requires DATABASE_URL. @throws SettingsError */
export function readEdgeSettings<K extends keyof Settings>(
  environment: Record<string, string | undefined>,
  names: readonly K[],
) {
  const { DATABASE_URL, ...settings } = readSettings(environment, [
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "LOG_LEVEL",
    "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN",
    "MEILI_URL",
    "MEILI_MASTER_KEY",
    "STATS_TIMEZONE",
    ...appSettingNames,
    ...names,
  ]);
  if (DATABASE_URL === undefined)
    throw new SettingsError("invalid settings:\n  DATABASE_URL: is required, because this runtime starts no database");
  requirePrimary(DATABASE_URL, environment);
  return { ...settings, DATABASE_URL } as Omit<typeof settings, "DATABASE_URL"> & { DATABASE_URL: string };
}

export type EdgeSettings<K extends keyof Settings = never> = ReturnType<typeof readEdgeSettings<K>>;
