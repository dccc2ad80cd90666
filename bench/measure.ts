/** Numbers and how they are shown. */
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

/** The value below which a share of the samples lies; NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** What the lines that follow are about. */
export function heading(text: string): void {
  console.log(text);
  note({ what: `**${text}**`, value: "", unit: "", target: "" });
}

/** One line: what was measured, what came out, what was asked for. */
export function line(what: string, value: number, unit: string, target = ""): void {
  console.log(`  ${what.padEnd(48)} ${number.format(value).padStart(12)} ${unit.padEnd(8)} ${target}`);
  note({ what, value: number.format(value), unit, target });
}

export interface BenchDatabase {
  sql: Sql;
  url: string;
  /** Stops the server and starts it again. */
  restart(): void;
  close(): Promise<void>;
}

/** An empty database of that name in the bench's own embedded server, with the server's usual care for the disk. */
export async function emptyDatabase(name: string): Promise<BenchDatabase> {
  const opened = await openDatabase(name, true);
  await migrate(opened.url);
  return opened;
}

/** The database as an earlier bench left it; null when there is none. */
export async function knownDatabase(name: string): Promise<BenchDatabase | null> {
  return await openDatabase(name, false).catch(() => null);
}

/** That of `analyze` with a Meilisearch beside it, and what a command of ours finds both by. */
export async function knownSearch() {
  const database = await knownDatabase("analyze");
  if (!database) throw new Error("there is no database yet: run `bun run bench analyze` first");
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: dataDir() });
  if (!meili) throw new Error("there is no Meilisearch for this machine");
  return {
    sql: database.sql,
    environment: { DATABASE_URL: database.url, MEILI_URL: meili.url, MEILI_MASTER_KEY: meili.key ?? "" },
    close: async () => {
      await meili.close();
      await database.close();
    },
  };
}

const dataDir = () => join(readSettings(process.env, ["DATA_DIR"]).DATA_DIR, "bench");

/** @throws Error when a database that should be known is not there */
async function prepare(server: string, name: string, isNew: boolean): Promise<void> {
  const admin = connect(server, { max: 1 });
  try {
    if (isNew) {
      await admin.unsafe(`drop database if exists "${name}" with (force)`);
      await admin.unsafe(`create database "${name}"`);
    }
    const [found] = await admin`select 1 from pg_database where datname = ${name}`;
    if (!found) throw new Error(`there is no database ${name}`);
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

/** A command of ours in a process of its own. @returns what it printed, its time and its greatest memory */
export async function runCommand(
  file: string,
  arguments_: string[],
  environment: Record<string, string>,
): Promise<{ stdout: string; seconds: number; rss_mb: number; exitCode: number }> {
  const begun_ms = performance.now();
  const child = Bun.spawn([process.execPath, join(root, file), ...arguments_], {
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let rss_mb = 0;
  const watch = setInterval(() => (rss_mb = Math.max(rss_mb, peakOf(child.pid))), 20);
  const stdout = await new Response(child.stdout).text();
  const exitCode = await child.exited;
  clearInterval(watch);
  const seconds = (performance.now() - begun_ms) / 1000;
  return { stdout, seconds, rss_mb: rss_mb || (child.resourceUsage()?.maxRSS ?? 0) / 1e6, exitCode };
}

/** Greatest memory of a process and its children so far, in MB. What the system tells at its end counts our own memory, which the child had before it became another program. */
function peakOf(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    const peak_kb = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    return peak_kb / 1000 + children.reduce((sum, child) => sum + peakOf(child), 0);
  } catch {
    return 0;
  }
}

/** The simulated forum in a process of its own, as on another machine; what it was asked once it has ready. */
export async function startForum(posts: number): Promise<{ url: string; stop(): Promise<void> }> {
  const program = fileURLToPath(import.meta.resolve("./ready-forum.ts"));
  const child = Bun.spawn([process.execPath, program, String(posts)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk);
    const url = /http:\S+(?=\n)/.exec(printed)?.[0];
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
