/** Percentiles, output, databases and the processes to be measured. */
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readSettings } from "@potstats/cli/settings";
import { connect, type Sql } from "@potstats/db/connect";
import { restartEmbedded, startEmbedded } from "@potstats/db/embedded/postgres";
import { migrate } from "@potstats/db/migrate";
import { openMeilisearch } from "@potstats/search/embedded";
import { note } from "./results.ts";

export const root = resolve(import.meta.dirname, "..");

/** The nearest-rank percentile; NaN without samples. @param share 0 to 1 */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** Starts a group of lines. */
export function heading(text: string): void {
  console.log(text);
  note({ what: `**${text}**`, value: "", unit: "", target: "" });
}

/** Prints and records a measurement. */
export function line(what: string, value: number, unit: string, target = ""): void {
  console.log(`  ${what.padEnd(48)} ${number.format(value).padStart(12)} ${unit.padEnd(8)} ${target}`);
  note({ what, value: number.format(value), unit, target });
}

export interface BenchDatabase {
  sql: Sql;
  url: string;
  /** Restarts the server. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Creates an empty database on the bench's own embedded server, with the usual durability, or on another server. */
export async function emptyDatabase(name: string, server?: string): Promise<BenchDatabase> {
  const opened = await (server ? openExternal(server, name) : openDatabase(name, true));
  await migrate(opened.url);
  return opened;
}

/** Opens the database that an earlier bench created; null if there is none. */
export async function existingDatabase(name: string): Promise<BenchDatabase | null> {
  return await openDatabase(name, false).catch(() => null);
}

/**
 * Opens the database of `bench analyze` and a Meilisearch. `environment` points to both.
 * @throws Error if either is missing
 */
export async function existingSearch() {
  const database = await existingDatabase("analyze");
  if (!database) throw new Error("there is no database: run `bun run bench analyze` first");
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: dataDir() });
  if (!meili) throw new Error("no Meilisearch is available for this platform");
  return {
    sql: database.sql,
    environment: { DATABASE_URL: database.url, MEILI_URL: meili.url, MEILI_MASTER_KEY: meili.key ?? "" },
    close: async () => {
      await meili.close();
      await database.close();
    },
  };
}

/** The folder with the data of all benches. */
export const dataDir = () => join(readSettings(process.env, ["DATA_DIR"]).DATA_DIR, "bench");

/** @throws Error if an existing database is expected and missing */
async function prepare(server: string, name: string, isNew: boolean): Promise<void> {
  const admin = connect(server, { max: 1 });
  try {
    if (isNew) {
      await admin.unsafe(`drop database if exists "${name}" with (force)`);
      await admin.unsafe(`create database "${name}"`);
    }
    const [existing] = await admin`select 1 from pg_database where datname = ${name}`;
    if (!existing) throw new Error(`there is no database ${name}`);
  } finally {
    await admin.end();
  }
}

async function openDatabase(name: string, isNew: boolean): Promise<BenchDatabase> {
  const folder = dataDir();
  await mkdir(folder, { recursive: true });
  const embedded = await startEmbedded({ dataDir: folder });
  try {
    await prepare(embedded.url, name, isNew);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  const sql = connect(url.href, { max: 8, name: "potstats bench" });
  return {
    sql,
    url: url.href,
    restart: () => restartEmbedded({ dataDir: folder }),
    close: async () => {
      await sql.end({ timeout: 5 });
      await embedded.close();
    },
  };
}

async function openExternal(server: string, name: string): Promise<BenchDatabase> {
  await prepare(server, `potstats_${name}`, true);
  const url = new URL(server);
  url.pathname = `/potstats_${name}`;
  const sql = connect(url.href, { max: 8, name: "potstats bench" });
  const restart = () => Promise.reject(new Error("a server of somebody else is not restarted"));
  return { sql, url: url.href, restart, close: () => sql.end({ timeout: 5 }) };
}

/** Runs a command in a separate process. @returns its output, elapsed time and peak memory */
export async function runCommand(
  file: string,
  arguments_: string[],
  environment: Record<string, string>,
): Promise<{ stdout: string; seconds: number; rss_mb: number; exitCode: number }> {
  const started_ms = performance.now();
  const child = Bun.spawn([process.execPath, join(root, file), ...arguments_], {
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let rss_mb = 0;
  const timer = setInterval(() => (rss_mb = Math.max(rss_mb, peakOf(child.pid))), 20);
  const stdout = await new Response(child.stdout).text();
  const exitCode = await child.exited;
  clearInterval(timer);
  const seconds = (performance.now() - started_ms) / 1000;
  return { stdout, seconds, rss_mb: rss_mb || (child.resourceUsage()?.maxRSS ?? 0) / 1e6, exitCode };
}

/**
 * The peak memory of a process and its children so far, in MB. The resource usage at its end would include our own
 * memory, which the child shares between fork and exec.
 */
function peakOf(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    const peak_kb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    return peak_kb / 1000 + children.reduce((sum, child) => sum + peakOf(child), 0);
  } catch {
    return 0;
  }
}

/** Starts the simulated forum in a separate process, as if on another machine. It caches its responses. */
export async function startForum(posts: number): Promise<{ url: string; stop(): Promise<void> }> {
  const program = fileURLToPath(import.meta.resolve("./ready-forum.ts"));
  const child = Bun.spawn([process.execPath, program, String(posts)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += new TextDecoder().decode(chunk);
    const url = /http:\S+(?=\n)/.exec(output)?.[0];
    if (!url) continue;
    return {
      url,
      stop: async () => {
        child.kill();
        await child.exited;
      },
    };
  }
  throw new Error("the simulated forum did not start");
}
