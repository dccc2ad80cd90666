/** The states that Meilisearch may be in, each with what brings it about. */
import type { EnqueuedTaskPromise, Index, Meilisearch } from "meilisearch";
import { clientOf } from "../index/meilisearch-client.ts";
import { indexes, postSettings, threadSettings, userSettings } from "../index/meilisearch-settings.ts";
import { startMeilisearch, type TestMeilisearch } from "./corpus.ts";
import { failures, type FailureName, type Proxy } from "./proxy.ts";
import type { Forum } from "./forum.ts";

export interface World {
  forum: Forum;
  /** Searches reach Meilisearch through it. */
  proxy: Proxy;
}

export interface State {
  /** @returns what ends it; nothing if the next index run must repair the index */
  begin(world: World): Promise<(() => Promise<void> | void) | undefined>;
}

const waiting = { timeout: 60_000, interval: 20 };
const done = (task: EnqueuedTaskPromise) => task.waitTask(waiting);

const failing = (name: FailureName): State => ({
  begin: async ({ proxy }) => {
    proxy.failWith(failures[name]);
    return () => proxy.failWith(undefined);
  },
});

/** Another client changes the index of posts. */
const changing = (change: (posts: Index, client: Meilisearch, world: World) => Promise<unknown>): State => ({
  begin: async (world) => {
    const client = clientOf(world.forum.meili);
    await change(client.index(indexes.post), client, world);
    return undefined;
  },
});

const deleting = (count: number): State =>
  changing((posts, _, { forum }) => done(posts.deleteDocuments(forum.posts.slice(-count).map(({ pid }) => pid))));

type Document = Record<string, unknown>;

/** Fills a Meilisearch with as many documents of the same ids, whose texts belong to others. */
async function copyShuffled(from: Meilisearch, to: Meilisearch): Promise<void> {
  for (const [type, settings] of Object.entries({ post: postSettings, thread: threadSettings, user: userSettings })) {
    const uid = indexes[type as keyof typeof indexes];
    const { results } = await from.index(uid).getDocuments<Document>({ limit: 10_000 });
    const others = results.map((document, at) => ({ ...document, ...textOf(results[(at + 1) % results.length]) }));
    await to.createIndex(uid, { primaryKey: { post: "pid", thread: "tid", user: "uid" }[type] ?? "" });
    await to.index(uid).updateSettings(settings);
    await done(to.index(uid).addDocuments(others));
  }
}

const textOf = (document: Document | undefined): Document =>
  Object.fromEntries(
    ["words", "names"].flatMap((name) => {
      const value = document?.[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Slow, but not too slow, or wrong in a way that not every answer shows: either engine may answer. */
export const tolerable: FailureName[] = [
  "delayed by 100 ms",
  "naming the facets differently",
  "returning hits without their keys",
];

/** Does not wait until it has closed its connections. */
async function end(meili: TestMeilisearch): Promise<void> {
  meili.kill("SIGKILL");
  await meili.close();
}

/** States in which PostgreSQL must answer, and at once. */
export const failureStates: Record<string, State> = {
  "frozen (SIGSTOP)": {
    begin: async ({ forum }) => {
      forum.meili.kill("SIGSTOP");
      return () => forum.meili.kill("SIGCONT");
    },
  },
  "not listening": {
    begin: async ({ proxy }) => {
      await proxy.stop();
      return proxy.restart;
    },
  },
  "resetting connections": { begin: ({ proxy }) => proxy.reset() },
  ...Object.fromEntries(
    Object.keys(failures)
      .filter((name) => !tolerable.includes(name as FailureName))
      .map((name) => [name, failing(name as FailureName)]),
  ),
  "another one, with as many documents of the same ids": {
    begin: async ({ forum, proxy }) => {
      const other = await startMeilisearch();
      await copyShuffled(clientOf(forum.meili), clientOf(other));
      proxy.leadTo(other);
      return async () => {
        proxy.leadTo(forum.meili);
        await end(other);
      };
    },
  },
  "killed, and restarted with an empty data folder": {
    begin: async ({ forum, proxy }) => {
      const empty = await startMeilisearch();
      proxy.leadTo(empty);
      return async () => {
        proxy.leadTo(forum.meili);
        await end(empty);
      };
    },
  },
};

/** States in which PostgreSQL must answer until the next index run. */
export const changeStates: Record<string, State> = {
  "1 post was deleted inside": deleting(1),
  "most posts were deleted inside": deleting(300),
  "posts were replaced inside by others": changing(async (posts, _, { forum }) => {
    await done(posts.deleteDocuments(forum.posts.slice(0, 5).map(({ pid }) => pid)));
    await done(posts.addDocuments([1, 2, 3, 4, 5].map((pid) => ({ pid, words: ["_haus _kind"] }))));
  }),
  "texts were replaced inside": changing(async (posts, client) => {
    const { results } = await posts.getDocuments<Document>({ limit: 20 });
    await done(
      client.index(indexes.post).updateDocuments(results.map(({ pid }, at) => ({ pid, ...textOf(results[19 - at]) }))),
    );
  }),
  "a thread was deleted inside": changing((_, client) => done(client.index(indexes.thread).deleteDocument(4))),
  "the ranking rules were changed": changing((posts) => done(posts.updateRankingRules(["pid:asc", "sort"]))),
  "the searchable attributes were changed": changing((posts) => done(posts.updateSearchableAttributes(["has"]))),
  "typos were allowed": changing((posts) =>
    done(posts.updateTypoTolerance({ enabled: true, minWordSizeForTypos: { oneTypo: 1, twoTypos: 2 } })),
  ),
  "the index of users was deleted": changing((_, client) => done(client.deleteIndex(indexes.user))),
};
