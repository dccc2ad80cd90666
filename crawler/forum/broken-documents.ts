/** Keeps documents that could not be read, for inspection: the latest of each name, and a bounded number of names. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

const maxDocuments = 200;

/** @returns a function that keeps a document under a name in the folder; if that fails, it only says so */
export function keepBrokenIn(folder: string, note: (message: string) => void) {
  return async (name: string, bytes: Uint8Array): Promise<void> => {
    const path = join(folder, name.replace(/[^\w-]/g, "_"));
    try {
      await mkdir(folder, { recursive: true });
      if (!(await Bun.file(path).exists()) && (await readdir(folder)).length >= maxDocuments) return;
      await Bun.write(path, bytes);
      note(`kept as ${path}`);
    } catch (error) {
      note(`could not be kept as ${path}: ${String(error)}`);
    }
  };
}
