/** For tests: one simulated forum, crawled, analyzed and indexed once for all test files that only read it. */
import { openSaved } from "@potstats/db/testing/database";
import { keptDatabase } from "@potstats/db/testing/kept";
import { openMeilisearch, stopMeilisearch, type OpenMeilisearch } from "@potstats/search/embedded";
import { createForum } from "@potstats/simulator/forum";
import { fillForum } from "./stages.ts";

export interface SharedForum {
  databaseUrl: string;
  meili: OpenMeilisearch;
  /** Folder of the index. */
  folder: string;
  close(): Promise<void>;
}

async function openIndex(folder: string): Promise<OpenMeilisearch> {
  const meili = await openMeilisearch({ MEILI_URL: undefined, MEILI_MASTER_KEY: undefined, DATA_DIR: folder });
  if (!meili) throw new Error("there is no Meilisearch for this machine");
  return meili;
}

/** Opens the forum, which is filled if it does not exist. Its database is read-only; nothing may change its index. */
export async function openSharedForum(): Promise<SharedForum> {
  const { name, folder } = await keptDatabase({
    kind: "forum",
    sources: [
      "bun.lock",
      "patches/*",
      "{analytics,bbcode,cli,crawler,db,search,simulator}/**/*.{ts,sql,txt}",
      "pipeline/testing/*.ts",
    ],
    isReadOnly: true,
    fill: async (sql, index) => {
      const meili = await openIndex(index);
      await fillForum({ forum: createForum({ seed: 11, posts: 4000, years: 4 }), sql, meili });
      await meili.close();
    },
    release: async (index) => {
      await stopMeilisearch({ DATA_DIR: index });
    },
  });
  const meili = await openIndex(folder);
  const database = await openSaved(name);
  return {
    databaseUrl: database.url,
    meili,
    folder,
    close: async () => {
      await meili.close();
      await database.close();
    },
  };
}
