/** Serves the app on a runtime with sockets and files: Node and Deno. */
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { run } from "@potstats/cli/command";
import { serveUntilSignal } from "@potstats/cli/serving";
import { refuseIfThere } from "@potstats/db/checks/startup";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { appOptionsOf, localUrl } from "@potstats/server/app-options";
import { openCache } from "@potstats/server/cache/open-cache";
import { openLog } from "@potstats/server/monitoring/log";
import { processInfoOf } from "@potstats/server/monitoring/process-info";
import { createPngRenderer } from "@potstats/server/preview/png";
import { openGuarded, openPool } from "@potstats/server/queries/open-pool";
import { readAssets } from "@potstats/server/site/assets";
import { connectRedis } from "./redis.ts";
import { type EdgeSettings, readEdgeSettings } from "./settings.ts";

type ServerSettings = EdgeSettings<"HOST" | "PORT" | "IDLE_TIMEOUT" | "REDIS_URL">;

type Fetch = ReturnType<typeof createApp>["fetch"];

/** Listens. `stop` lets requests in flight finish. */
export type Listen = (settings: ServerSettings, fetch: Fetch) => Promise<{ port: number; stop(): Promise<void> }>;

const say = (message: string) => console.error(message);

/**
 * Runs the server as a command.
 * @param command how operators start it
 * @param checkDatabase throws if this runtime may not connect to a database
 */
export const serve = (
  command: string,
  environment: Record<string, string | undefined>,
  listen: Listen,
  checkDatabase: (url: string) => void = () => {},
) =>
  run(
    new Command(command)
      .description('Serves the API and the web application; docs/operations.md, "Other runtimes", says what differs.')
      .action(async () => {
        const settings = readEdgeSettings(environment, ["HOST", "PORT", "IDLE_TIMEOUT", "REDIS_URL"]);
        for (const url of [settings.DATABASE_URL, settings.DATABASE_REPLICA_URL]) if (url) checkDatabase(url);
        const log = openLog(settings.LOG_LEVEL, (lines) => process.stdout.write(lines));
        await serveUntilSignal(() => start(settings, listen, log.line));
        log.flush();
      }),
  );

async function start(settings: ServerSettings, listen: Listen, log: ReturnType<typeof openLog>["line"]) {
  const { DATABASE_URL, DATABASE_REPLICA_URL: replicaUrl, STATS_TIMEZONE } = settings;
  await refuseIfThere(DATABASE_URL, STATS_TIMEZONE);
  if (replicaUrl) await refuseIfThere(replicaUrl, STATS_TIMEZONE);
  const assets = await readAssets(join(import.meta.dirname, "../web/dist"), settings.BASE_PATH);
  const pools = openGuarded(() => openPool(DATABASE_URL), replicaUrl);
  // Otherwise the first requests would fail if the primary is lost.
  await pools.compared;
  const meili = settings.MEILI_URL ? { url: settings.MEILI_URL, key: settings.MEILI_MASTER_KEY } : undefined;
  const { cache, stats, ...store } = openCache(settings, connectRedis, say);
  const pictures = createPngRenderer();
  const close = () => Promise.all([pools.close(), store.close()]);
  const server = await listen(settings, (request, connection) => app.fetch(request, connection)).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  const url = localUrl(settings, server.port);
  const app = createApp(
    appOptionsOf(settings, url, pools, {
      pool: pools,
      process: processInfoOf(process),
      search: createSearch({ sql: pools.searches, shared: pools.shared, meili, timezone: STATS_TIMEZONE }),
      cache,
      stats,
      assets,
      log,
      renderPng: pictures.render,
    }),
  );
  return {
    url,
    stop: async () => {
      await server.stop();
      pictures.close();
      await close();
    },
  };
}
