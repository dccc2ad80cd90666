/**
 * Databases that take long to fill: filled once, and kept in `data/test` for all test files of a run and for later runs,
 * until the code that they depend on changes.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "../connect.ts";
import { exclusively } from "../embedded/services.ts";
import { dropSaved, isSaved, saveAs, testDatabase, testFolder } from "./database.ts";

const root = join(import.meta.dirname, "../..");

/** What no test has used for this long is in nobody's use. */
const unused_ms = 3_600_000;

export interface Kept {
  /** Of the database. */
  name: string;
  /** For files that belong to it. */
  folder: string;
}

interface KeepOptions {
  /** Lower case letters. */
  kind: string;
  /** Glob patterns of the files in the repository that the contents depend on; tests do not count. */
  sources: string[];
  /** Fills a migrated, empty database, and an empty folder. */
  fill(sql: Sql, folder: string): Promise<void>;
  /** Whether the database is used by its name, and not cloned. */
  isReadOnly?: boolean;
  /** Stops what may still use a folder that is going to be removed. */
  release?(folder: string): Promise<void>;
}

/**
 * A digest of the files, of the day – because pages show how old the data is –, and of where everything is.
 * @throws Error if a pattern matches no file
 */
async function digestOf(patterns: string[]): Promise<string> {
  const today = new Date().toISOString().slice(0, 10);
  const hash = createHash("sha256").update(JSON.stringify([today, process.env["TEST_DATABASE_URL"], root]));
  for (const pattern of patterns) {
    const paths = await Array.fromAsync(new Bun.Glob(pattern).scan({ cwd: root }));
    if (paths.length === 0) throw new Error(`no file matches ${pattern}`);
    for (const path of paths.toSorted())
      if (!path.endsWith(".test.ts")) hash.update(`\0${path}\0`).update(await readFile(join(root, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** Returns a kept database, which is filled if it does not exist. Other processes wait meanwhile. */
export async function keptDatabase({ kind, sources, fill, isReadOnly, release }: KeepOptions): Promise<Kept> {
  const all = join(testFolder, kind);
  const name = `${kind}_${await digestOf(sources)}`;
  const folder = join(all, name);
  const remove = async (other: string) => {
    await dropSaved(other);
    await release?.(join(all, other));
    await rm(join(all, other), { recursive: true, force: true });
  };
  return exclusively(all, async () => {
    if (!existsSync(join(folder, "complete")) || !(await isSaved(name))) {
      await remove(name);
      for (const other of await readdir(all))
        if (other.startsWith(kind) && Date.now() - (await stat(join(all, other))).mtimeMs > unused_ms)
          await remove(other);
      await mkdir(folder);
      const database = await testDatabase();
      await fill(database.sql, folder);
      await saveAs(database, name, isReadOnly);
      await writeFile(join(folder, "complete"), "");
    }
    const now = new Date();
    await utimes(folder, now, now);
    return { name, folder };
  });
}
