/**
 * Embedded services outlive the command that started them and are shared by commands in different terminals. Each command
 * registers its pid in the service's folder; the last one out stops the service. Pids of dead processes don't count, so
 * after a kill the next command adopts what is still running.
 */
import { Database } from "bun:sqlite";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Service {
  /** Where the register lies; made when missing. */
  folder: string;
  isRunning(): Promise<boolean>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** When a process began, to tell it from a later one with the same pid; "" where the system does not say. */
async function startOf(pid: number): Promise<string> {
  try {
    const facts = await readFile(`/proc/${pid}/stat`, "utf8");
    return facts.slice(facts.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** Whether a process exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the process that wrote "<pid> <start>" still lives. */
async function lives(entry: string): Promise<boolean> {
  const [pid = "", start = ""] = entry.trim().split(" ");
  if (!/^\d+$/.test(pid) || !isAlive(Number(pid))) return false;
  return start === "" || start === (await startOf(Number(pid)));
}

const self = async () => `${process.pid} ${await startOf(process.pid)}`;

/**
 * Does `work` while no other process does. The lock is SQLite's upon an empty file: the system lets go of it when its owner
 * dies, so there is nothing stale to be judged (and judged at once by two).
 */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
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

/** Registered commands that still live; forgets the dead. */
async function users(folder: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".user")) continue;
    const path = join(folder, name);
    if (await lives(await readFile(path, "utf8").catch(() => ""))) living.push(name);
    else await rm(path, { force: true });
  }
  return living;
}

/**
 * Registers this process and starts the service unless it runs.
 * @returns leaves again; stops the service when nobody else uses it
 */
export async function joinService(service: Service): Promise<() => Promise<void>> {
  const entry = join(service.folder, `${process.pid}-${crypto.randomUUID().slice(0, 8)}.user`);
  await alone(service.folder, async () => {
    await writeFile(entry, await self());
    try {
      await rm(stopped(service), { force: true });
      if (!(await service.isRunning())) await service.start();
    } catch (error) {
      await rm(entry, { force: true });
      throw error;
    }
  });
  let left = false;
  return async () => {
    if (left) return;
    left = true;
    await alone(service.folder, async () => {
      await rm(entry, { force: true });
      if ((await users(service.folder)).length === 0 && (await service.isRunning())) await service.stop();
    });
  };
}

/** Made when somebody stops the service by hand. */
const stopped = ({ folder }: Service) => join(folder, "stopped");

/** Starts the service again if it died; not if somebody stopped it. For who has joined it and stays. */
export function reviveService(service: Service): Promise<void> {
  return alone(service.folder, async () => {
    if (!(await service.isRunning()) && !existsSync(stopped(service))) await service.start();
  });
}

/** Stops the service if it runs. @returns how many commands were still using it, or undefined if it did not run */
export function stopService(service: Service): Promise<number | undefined> {
  return alone(service.folder, async () => {
    if (!(await service.isRunning())) return undefined;
    const using = (await users(service.folder)).length;
    await writeFile(stopped(service), "");
    await service.stop();
    return using;
  });
}
