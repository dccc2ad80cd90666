/** A small forum of random posts, indexed for both engines. */
import { insertBoard, insertPost, insertThread, insertUser, testDatabase } from "@potstats/db/testing/database";
import type { EngineName, Search } from "../contract.ts";
import { fillIndex } from "../fill.ts";
import { createSearch } from "../search.ts";
import { runAnalysis, startMeilisearch, timezone } from "./corpus.ts";
import { type RandomPost, randomPosts } from "./random-queries.ts";

export interface RandomForum {
  posts: RandomPost[];
  searches: Record<EngineName, Search>;
  stop(): Promise<void>;
}

/** Deterministic for a seed. */
export async function randomForum(count: number, seed: number): Promise<RandomForum> {
  const posts = randomPosts(count, seed);
  const [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  for (const bid of [1, 2, 3]) await insertBoard(sql, bid, { name: `brett${bid}` });
  for (const uid of [10, 11, 12, 13, 14]) await insertUser(sql, uid, { name: `Nutzer "${uid}"` });
  for (let tid = 1; tid <= 7; tid++) await insertThread(sql, tid, { bid: 1 + (tid % 3), title: `Thema ${tid}` });
  await Promise.all(
    posts.map(({ pid, tid, uid, time, content }) =>
      insertPost(sql, { pid, tid, poster_uid: uid, timestamp: time, content }),
    ),
  );
  await runAnalysis(database, true);
  await fillIndex({ sql, meili });
  return {
    posts,
    searches: { postgres: createSearch({ sql, timezone }), meilisearch: createSearch({ sql, meili, timezone }) },
    stop: async () => {
      await meili.close();
      await database.drop();
    },
  };
}
