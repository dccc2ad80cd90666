/**
 * For tests: one simulated forum, crawled, analyzed and indexed once for all test files that only read it. It is kept in
 * `data/test/forums` for later runs, until the code that it depends on changes.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exclusively } from "@potstats/db/embedded/services";
import { dropShared, sharedDatabase, testFolder } from "@potstats/db/testing/database";
import { openMeilisearch, stopMeilisearch, type OpenMeilisearch } from "@potstats/search/embedded";
import { createForum, type ForumOptions } from "@potstats/simulator/forum";
import { fillForum } from "./stages.ts";

const options: ForumOptions = { seed: 11, posts: 4000, years: 4 };

const root = join(import.meta.dirname, "../..");
const forums = join(testFolder, "forums");

/** A forum that no test has opened for this long is in nobody's use. */
const unused_ms = 3_600_000;

/** What the tables and the index depend on. */
const sources = new Bun.Glob(
  "{bun.lock,patches/*,{analytics,bbcode,cli,crawler,db,search,simulator}/**/*.{ts,sql,txt},pipeline/testing/stages.ts}",
);

/** A digest of the code, the day – pages show when the data was crawled –, the server and the checkout. */
async function digest(): Promise<string> {
  const paths = await Array.fromAsync(sources.scan({ cwd: root }));
  const hash = createHash("sha256");
  hash.update(JSON.stringify([options, new Date().toISOString().slice(0, 10), process.env["TEST_DATABASE_URL"], root]));
  for (const path of paths.toSorted()) {
    if (!path.endsWith(".test.ts")) hash.update(`\0${path}\0`).update(await readFile(join(root, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

const databaseOf = (name: string) => `forum_${name}`;

async function remove(name: string): Promise<void> {
  const folder = join(forums, name);
  await dropShared(databaseOf(name));
  await stopMeilisearch({ DATA_DIR: folder });
  await rm(folder, { recursive: true, force: true });
}

/** Removes forums of other code that nobody uses any more. */
async function removeUnused(current: string): Promise<void> {
  for (const entry of await readdir(forums, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === current) continue;
    const { mtimeMs } = await stat(join(forums, entry.name));
    if (Date.now() - mtimeMs > unused_ms) await remove(entry.name);
  }
}

export interface SharedForum {
  databaseUrl: string;
  meili: OpenMeilisearch;
  /** Folder of the index. */
  folder: string;
  close(): Promise<void>;
}

/** Opens the forum, which is filled if it does not exist. Its database is read-only; nothing may change its index. */
export async function openSharedForum(): Promise<SharedForum> {
  const name = await digest();
  const folder = join(forums, name);
  return exclusively(forums, async () => {
    await removeUnused(name);
    if (!existsSync(join(folder, "complete"))) await remove(name);
    await mkdir(folder, { recursive: true });
    const now = new Date();
    await utimes(folder, now, now);
    const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
    if (!meili) throw new Error("there is no Meilisearch for this machine");
    try {
      const database = await sharedDatabase(databaseOf(name), async (sql) => {
        await fillForum({ forum: createForum(options), sql, meili });
      });
      await writeFile(join(folder, "complete"), "");
      return {
        databaseUrl: database.url,
        meili,
        folder,
        close: async () => {
          await meili.close();
          await database.close();
        },
      };
    } catch (error) {
      await meili.close();
      throw error;
    }
  });
}
