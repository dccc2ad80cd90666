/** Settings and bindings of a Worker. */
import { SettingsError } from "@potstats/cli/settings";
import { type EdgeSettings, readEdgeSettings } from "../settings.ts";

/** Variables, secrets and bindings, as wrangler.toml or workerd.capnp names them. */
export interface Environment {
  /** The files of the web application. */
  ASSETS?: { fetch(url: string): Promise<Response> } | null;
  /** Cloudflare's pool of connections; instead of DATABASE_URL. */
  HYPERDRIVE?: { connectionString: string } | null;
  [name: string]: unknown;
}

export type WorkerSettings = EdgeSettings & { PUBLIC_URL: string };

/** @throws SettingsError */
export function readWorkerSettings(environment: Environment): WorkerSettings {
  const texts = Object.entries(environment).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const { HYPERDRIVE } = environment;
  const { PUBLIC_URL, ...settings } = readEdgeSettings(
    { ...Object.fromEntries(texts), ...(HYPERDRIVE ? { DATABASE_URL: HYPERDRIVE.connectionString } : {}) },
    [],
  );
  if (PUBLIC_URL === undefined)
    throw new SettingsError("invalid settings:\n  PUBLIC_URL: is required, because a Worker does not know its address");
  return { ...settings, PUBLIC_URL };
}
