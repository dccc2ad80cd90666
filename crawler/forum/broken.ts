/** Documents that could not be read are kept for inspection: the newest of each, a bounded number. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Documents kept at most. */
const most = 200;

/** @returns a function that keeps a document in the folder, under its name; a folder that cannot be written ends nothing */
export function keepBrokenIn(folder: string, note: (message: string) => void) {
  return async (name: string, bytes: Uint8Array): Promise<void> => {
    const path = join(folder, name.replace(/[^\w-]/g, "_"));
    try {
      await mkdir(folder, { recursive: true });
      if (!(await Bun.file(path).exists()) && (await readdir(folder)).length >= most) return;
      await Bun.write(path, bytes);
      note(`kept as ${path}`);
    } catch (error) {
      note(`could not be kept as ${path}: ${String(error)}`);
    }
  };
}
