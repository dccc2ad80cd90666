/**
 * The embedded PostgreSQL: a real server from an npm package, with its data in the data folder, reachable from this machine
 * only. It runs detached, and all commands of a checkout share it (services.ts).
 */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { connect } from "../connect.ts";
import { EmbeddedError, type Place, type PlaceOptions, preparePlace } from "./place.ts";
import { stablePort } from "./ports.ts";
import { isAlive, joinService, reviveService, type Service, stopService } from "./services.ts";

export interface EmbeddedOptions extends PlaceOptions {
  /** For tests: no fsync, so a power cut may lose the cluster. */
  volatile?: boolean;
}

const database = "potstats";

export interface Embedded {
  url: string;
  /** Leaves the server; the last command to leave stops it. */
  close(): Promise<void>;
  /** Restarts it if it died. @returns its current URL: the port changes if another program has taken it */
  revive(): Promise<string>;
}

/** Starts the embedded PostgreSQL, or joins a running one. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const place = preparePlace(options);
  const service = serviceAt(place, options);
  const leave = await joinService(service);
  try {
    const revive = async () => {
      if (!isUp(place)) await reviveService(service);
      return addressOf(place);
    };
    return { url: addressOf(place), close: leave, revive };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Stops the embedded PostgreSQL. @returns how many commands were still using it; undefined if it was not running */
export function stopEmbedded(options: EmbeddedOptions): Promise<number | undefined> {
  const place = preparePlace(options);
  return stopService(serviceAt(place, options));
}

/**
 * The error of a server that went down because the disk is full: it then stops itself, and its clients only see that the
 * connection is gone.
 */
export function diskFull(options: EmbeddedOptions): EmbeddedError | null {
  const place = preparePlace(options);
  if (runSync(place, "pg_ctl", ["status", "-D", place.cluster]).status === 0) return null;
  const log = readFileSync(join(dirname(place.cluster), "log"), "utf8").slice(-4000);
  if (!log.includes("No space left on device")) return null;
  return new EmbeddedError(`the disk of the database is full: free some space for ${place.cluster}, then run it again`);
}

/** Restarts the running server at the same address, as a system update does: all connections break. */
export function restartEmbedded(options: EmbeddedOptions): Promise<void> {
  const place = preparePlace(options);
  const log = join(dirname(place.cluster), "log");
  return runOrThrow(place, "pg_ctl", ["restart", "-D", place.cluster, "-m", "fast", "-w", "-t", "60", "-l", log]);
}

function serviceAt(place: Place, options: EmbeddedOptions): Service {
  return {
    folder: place.state,
    isRunning: async () => runSync(place, "pg_ctl", ["status", "-D", place.cluster]).status === 0,
    start: () => start(place, options),
    stop: () => runOrThrow(place, "pg_ctl", ["stop", "-D", place.cluster, "-m", "fast", "-w", "-t", "60"]),
  };
}

/** Fixed, so that encoding and language do not depend on the user's environment. */
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

function runSync(place: Place, program: string, args: string[]) {
  return spawnSync(join(place.binaries, "bin", program), args, {
    ...place.owner,
    cwd: "/",
    env: environment,
  });
}

/** Runs a program asynchronously, so that signals are still handled. @throws EmbeddedError with its output */
async function runOrThrow(place: Place, program: string, args: string[]): Promise<void> {
  // A file, not a pipe: the server that pg_ctl starts would keep the pipe open.
  const output = join(dirname(place.cluster), `${program}-${process.pid}.out`);
  const out = openSync(output, "w");
  try {
    const child = spawn(join(place.binaries, "bin", program), args, {
      ...place.owner,
      cwd: "/",
      env: environment,
      stdio: ["ignore", out, out],
    });
    const status = await new Promise<number | string | null>((ended) => {
      child.on("error", (error) => ended(error.message)).on("exit", (code) => ended(code));
    });
    if (status === 0) return;
    const reason = typeof status === "string" ? status : readFileSync(output, "utf8").trim();
    throw new EmbeddedError(`the embedded PostgreSQL failed (${program}): ${reason}`);
  } finally {
    closeSync(out);
    rmSync(output, { force: true });
  }
}

/** Creates the cluster in a temporary folder and renames it when complete, so that a killed attempt leaves none. */
async function createCluster(place: Place): Promise<void> {
  const password = randomBytes(24).toString("hex");
  const unfinished = `${place.cluster}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(place.state, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const forInitdb = join(dirname(place.cluster), "initdb-password");
  writeFileSync(forInitdb, password, { mode: 0o600 });
  if (place.owner) chownSync(forInitdb, place.owner.uid, place.owner.gid);
  try {
    await runOrThrow(place, "initdb", [
      "-D",
      unfinished,
      "-U",
      database,
      `--pwfile=${forInitdb}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--locale=C.UTF-8",
      "--no-sync",
    ]);
  } finally {
    rmSync(forInitdb, { force: true });
  }
  renameSync(unfinished, place.cluster);
}

/**
 * A twelfth of the machine's memory, as far as this process may use it: from 256 MB to 2 GB. Only as much is taken as there
 * are data. What PostgreSQL finds here need not be read from the system's cache, which takes ten times as long.
 */
function bufferSize_mb(): number {
  const memory_mb = Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20;
  return Math.round(Math.min(2048, Math.max(256, memory_mb / 12)));
}

async function start(place: Place, options: EmbeddedOptions): Promise<void> {
  if (!existsSync(join(place.cluster, "PG_VERSION"))) await createCluster(place);
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(await stablePort(join(place.state, "port"))),
    max_connections: "100",
    shared_buffers: `${bufferSize_mb()}MB`,
    work_mem: "32MB",
    maintenance_work_mem: "256MB",
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    // This server has no replicas, so tables that are created and filled in one transaction need no log.
    wal_level: "minimal",
    max_wal_senders: "0",
    // Most reads hit the system's cache: I/O workers make a full analysis 3 % slower.
    io_method: "sync",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(options.volatile
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "128MB" }
      : {}),
  };
  const flags = Object.entries(settings)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(" ");
  // A separate session with its own output: Ctrl-C in this terminal does not reach the server.
  const log = join(dirname(place.cluster), "log");
  await runOrThrow(place, "pg_ctl", ["start", "-D", place.cluster, "-l", log, "-w", "-t", "120", "-o", flags]);
  const sql = connect(addressOf(place, "postgres"), { max: 1 });
  try {
    const [existing] = await sql`select 1 from pg_database where datname = ${database}`;
    if (!existing) await sql.unsafe(`create database ${database}`);
  } finally {
    await sql.end();
  }
}

/** URL of the running server, with the password. */
function addressOf(place: Place, name = database): string {
  const password = readFileSync(join(place.state, "password"), "utf8");
  // The fourth line of postmaster.pid is the port.
  const port = readFileSync(join(place.cluster, "postmaster.pid"), "utf8").split("\n")[3]?.trim();
  return `postgres://${database}:${password}@127.0.0.1:${port}/${name}`;
}

/** Whether the postmaster is alive: checked often, so without pg_ctl. */
function isUp(place: Place): boolean {
  const file = join(place.cluster, "postmaster.pid");
  return existsSync(file) && isAlive(Number(readFileSync(file, "utf8").split("\n")[0]));
}
