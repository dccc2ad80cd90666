/** The folder of an export: written beside its place, and moved there when it is complete. */
import { existsSync, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "@potstats/cli/command";

/** The file by which an export is recognized. */
export const markerName = "export.json";

/** The name of an unfinished export. */
const partialOf = (path: string): string => `${path}.partial`;
const formerOf = (path: string): string => `${path}.former`;

/** @throws CommandError if there is something else than an export */
async function refuseOthers(path: string): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there === null) return;
  if (!there.isDirectory()) throw new CommandError(`${path} is a file: name a folder`);
  const isEmpty = (await readdir(path)).length === 0;
  if (!isEmpty && !existsSync(join(path, markerName)))
    throw new CommandError(`${path} is not empty, and not an export: choose another folder`);
}

/**
 * Fills a folder. Until `fill` has ended, the former export stays as it was; if it fails or the process is told to end,
 * nothing is left of the new one.
 * @param path absolute
 * @throws CommandError if something else is there, or the folder cannot be written
 */
export async function fillFolder<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  await refuseOthers(path);
  const partial = partialOf(path);
  // Left by a process that was killed.
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true }).catch((error: unknown) => {
    throw new CommandError(`the folder cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  });
  const discard = () => rmSync(partial, { recursive: true, force: true });
  process.once("exit", discard);
  try {
    const result = await fill(partial);
    // Somebody else may have put something there meanwhile.
    await refuseOthers(path);
    const former = formerOf(path);
    await rm(former, { recursive: true, force: true });
    if (existsSync(path)) await rename(path, former);
    await rename(partial, path);
    await rm(former, { recursive: true, force: true });
    return result;
  } finally {
    discard();
    process.off("exit", discard);
  }
}
