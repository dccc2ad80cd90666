/**
 * Embedded services outlive the command that started them and are shared by commands in different terminals. Each command
 * registers its pid in the service's folder, and the last one to leave stops the service. Pids of dead processes are
 * ignored, so the next command takes over a service whose users were killed.
 */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Service {
  /** Folder of the register; created if missing. */
  folder: string;
  isRunning(): Promise<boolean>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Start time of a process, to distinguish it from a later one with the same pid; "" where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Whether a process exists, including other users' processes (EPERM). */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the process that wrote "<pid> <start>" is still running. */
async function isOwnerAlive(entry: string): Promise<boolean> {
  const [pid = "", start = ""] = entry.trim().split(" ");
  if (!/^\d+$/.test(pid) || !isAlive(Number(pid))) return false;
  return start === "" || start === (await startOf(Number(pid)));
}

const self = async () => `${process.pid} ${await startOf(process.pid)}`;

/**
 * Runs `work` under a lock between processes: SQLite's lock of an empty file. The system releases it when its owner dies, so
 * there are no stale locks to detect.
 */
export async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const lock = new Database(join(folder, "lock.sqlite"));
  try {
    while (!isHeld(lock)) await sleep(20);
    return await work();
  } finally {
    lock.close();
  }
}

function isHeld(lock: Database): boolean {
  try {
    lock.run("begin exclusive");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_BUSY") return false;
    throw error;
  }
}

/** Registered commands that are still alive; removes the dead. */
async function users(folder: string): Promise<string[]> {
  const alive: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".user")) continue;
    const path = join(folder, name);
    if (await isOwnerAlive(await readFile(path, "utf8").catch(() => ""))) alive.push(name);
    else await rm(path, { force: true });
  }
  return alive;
}

/**
 * Registers this process and starts the service if it is not running.
 * @returns a function that leaves, and stops the service if nobody else uses it
 */
export async function joinService(service: Service): Promise<() => Promise<void>> {
  const entry = join(service.folder, `${process.pid}-${crypto.randomUUID().slice(0, 8)}.user`);
  await exclusively(service.folder, async () => {
    await writeFile(entry, await self());
    try {
      await rm(stoppedMarker(service), { force: true });
      if (!(await service.isRunning())) await service.start();
    } catch (error) {
      await rm(entry, { force: true });
      throw error;
    }
  });
  let hasLeft = false;
  return async () => {
    if (hasLeft) return;
    hasLeft = true;
    await exclusively(service.folder, async () => {
      await rm(entry, { force: true });
      if ((await users(service.folder)).length === 0 && (await service.isRunning())) await service.stop();
    });
  };
}

/** Marker file of a service that an operator stopped. */
const stoppedMarker = ({ folder }: Service) => join(folder, "stopped");

/** Restarts a joined service that died, unless an operator stopped it. */
export function reviveService(service: Service): Promise<void> {
  return exclusively(service.folder, async () => {
    if (!(await service.isRunning()) && !existsSync(stoppedMarker(service))) await service.start();
  });
}

/** Stops the service. @returns how many commands were still using it; undefined if it was not running */
export function stopService(service: Service): Promise<number | undefined> {
  return exclusively(service.folder, async () => {
    if (!(await service.isRunning())) return undefined;
    const userCount = (await users(service.folder)).length;
    await writeFile(stoppedMarker(service), "");
    await service.stop();
    return userCount;
  });
}
