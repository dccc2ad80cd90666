/** Writes the dashboard with its numbers, and the tables, into a folder that needs no server. */
import { cp, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "@potstats/cli/command";
import type { Progress } from "@potstats/cli/progress";
import type { Settings } from "@potstats/cli/settings";
import type { Sql } from "@potstats/db/connect";
import { createSearch } from "@potstats/search/search";
import { createApp } from "@potstats/server/app";
import { appOptionsOf, type AppSettings } from "@potstats/server/app-options";
import { createCache } from "@potstats/server/cache/cache";
import { BackendStats } from "@potstats/server/monitoring/backend-stats";
import { guardSql } from "@potstats/server/queries/guarded-sql";
import { openPool } from "@potstats/server/queries/open-pool";
import { buildExportApp } from "../build-web.ts";
import { fillFolder, markerName } from "./folder.ts";
import { shardCountsOf } from "./plan.ts";
import { type Ask, findFacts, writeResponses } from "./responses.ts";
import { type Format, writeTables } from "./tables.ts";

export interface ExportOptions {
  sql: Sql;
  /** The database, for the API's own connections. */
  databaseUrl: string;
  settings: AppSettings & Pick<Settings, "STATS_TIMEZONE">;
  /** Absolute path of the folder. */
  path: string;
  formats: readonly Format[];
  progress: Progress;
  signal: AbortSignal;
}

export interface ExportSummary {
  responses: number;
  tables: number;
  /** Bytes of the dashboard, and of the tables. */
  dashboard_bytes: number;
  tables_bytes: number;
}

interface Status {
  generation: string;
  version: string;
  last_analysis_at: string | null;
}

/** The API without a server. It never limits itself. */
function openApi(settings: AppSettings, sql: Sql, databaseUrl: string): { ask: Ask; close(): Promise<void> } {
  const guarded = guardSql({ open: () => openPool(databaseUrl) });
  const app = createApp(
    appOptionsOf({ ...settings, SEARCH_RATE: 0, BASE_PATH: "", FEEDS: false }, "http://localhost", guarded, {
      search: createSearch({ sql, timezone: settings.STATS_TIMEZONE }),
      cache: createCache(),
      stats: new BackendStats(),
      assets: new Map(),
    }),
  );
  return {
    ask: async (path) => app.fetch(new Request(`http://localhost${path}`)),
    close: () => guarded.close(),
  };
}

/**
 * Writes an export.
 * @throws CommandError if something else is in the folder, nothing has been analyzed, or the statistics change meanwhile;
 *   AbortError when aborted: nothing is left then
 */
export async function writeExport(options: ExportOptions): Promise<ExportSummary> {
  const { sql, databaseUrl, settings, path, formats, progress, signal } = options;
  return fillFolder(path, async (folder) => {
    const building = progress.phase("application");
    await cp(await buildExportApp(signal), folder, { recursive: true });
    building.done();
    const { ask, close } = openApi(settings, sql, databaseUrl);
    try {
      const statusOf = async () => (await (await ask("/api/status")).json()) as Status;
      const status = await statusOf();
      if (status.last_analysis_at === null)
        throw new CommandError("there are no statistics yet: run `bun run analyze` first");
      const facts = await findFacts(sql, ask);
      const phase = progress.phase("responses", { unit: "responses" });
      const responses = await writeResponses(facts, { ask, folder: join(folder, "answers"), phase, signal });
      phase.done();
      const manifest = { timezone: settings.STATS_TIMEZONE, shards: shardCountsOf(facts) };
      await writeFile(join(folder, "index.html"), documentOf(manifest, settings.ALLOW_ROBOTS));
      const marker = { version: status.version, generation: status.generation, responses };
      await writeFile(join(folder, markerName), `${JSON.stringify(marker, null, 2)}\n`);
      const dashboard_bytes = await sizeOf(folder);
      const tables = formats.length === 0 ? 0 : await exportTables(options, join(folder, "tables"));
      if ((await statusOf()).generation !== status.generation)
        throw new CommandError("the statistics changed meanwhile: run the export again");
      return { responses, tables, dashboard_bytes, tables_bytes: (await sizeOf(folder)) - dashboard_bytes };
    } finally {
      await close();
    }
  });
}

async function exportTables({ sql, formats, progress, signal }: ExportOptions, folder: string): Promise<number> {
  const phase = progress.phase("tables", { unit: "rows" });
  const count = await writeTables(sql, { folder, formats, phase, signal });
  phase.done();
  return count;
}

/** Bytes of all files in a folder. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The page that opens the dashboard. */
const documentOf = (manifest: object, allowRobots: boolean): string => `<!doctype html>
<html lang="de">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
${allowRobots ? "" : '    <meta name="robots" content="noindex" />\n'}    <title>pOTstats</title>
    <link rel="icon" href="favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="app.css" />
    <script>
      window.potstatsExport = ${JSON.stringify(manifest).replaceAll("<", String.raw`\u003c`)};
      try {
        const theme = localStorage.getItem("theme");
        if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
      } catch {}
    </script>
    <script src="app.js" defer></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>pOTstats braucht JavaScript. / pOTstats needs JavaScript.</noscript>
  </body>
</html>
`;
