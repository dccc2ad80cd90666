/** In whatever state Meilisearch and its indexes are: right answers, at once, and the response says which engine gave them. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { insertPost } from "@potstats/db/testing/database";
import type { Search } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { clientOf, indexId, type MeilisearchServer } from "./index/meilisearch-client.ts";
import { createSearch } from "./search.ts";
import { indexes } from "./index/meilisearch-settings.ts";
import { runAnalysis, timezone } from "./testing/corpus.ts";
import { askAll, type Forum, forumDatabase, makeForum, mixedQuestions, type Question } from "./testing/forum.ts";
import { type Failure, failures, type Proxy, startProxy } from "./testing/proxy.ts";
import { changeStates, failureStates, tolerable } from "./testing/states.ts";

const seed = Math.floor(Math.random() * 2 ** 31);

let forum: Forum;
let proxy: Proxy;
let questions: Question[];
/** The engine of each answer while all is well. */
let usual: (string | undefined)[];
beforeAll(async () => {
  forum = await makeForum(400, seed);
  proxy = startProxy(forum.meili);
  questions = mixedQuestions(forum.posts, 40, seed);
  const search = open();
  await recovered(search);
  usual = (await askAll(search, questions)).engines.map((engine) => (engine === "fallback" ? "meilisearch" : engine));
});
afterEach(() => {
  proxy.failWith(undefined);
  proxy.leadTo(forum.meili);
  forum.meili.kill("SIGCONT");
});
afterAll(async () => {
  await proxy.stop();
  await forum.stop();
});

const open = () => createSearch({ sql: forum.database.sql, meili: proxy.meili, timezone });
const ask = (search: Search, content = "haus ") =>
  search.search({ content, type: "post", sort: "score", offset: 0, limit: 3, facets: false });

/** Waits until Meilisearch answers. */
async function recovered(search: Search): Promise<void> {
  while (!(await search.health()).reachable || (await ask(search)).engine !== "meilisearch") await Bun.sleep(20);
}

/** Waits until a search that trusts the index has noticed that it must not: a second, at most. */
async function noticed(search: Search): Promise<void> {
  while ((await search.health()).reachable) await Bun.sleep(20);
}

/** Before any timeout; on an idle machine, answers take less than 300 ms. */
const maxWait_ms = 1900;

/**
 * Expects quick answers in one of some attempts: a busy machine may delay any answer, but not in each.
 * @param late how many answers of an attempt may be late nevertheless
 */
async function expectQuick(attempt: () => Promise<number[]>, late = 0): Promise<void> {
  const slow: number[][] = [];
  for (let at = 0; at < 3; at++) {
    const times_ms = await attempt();
    if (times_ms.filter((time_ms) => time_ms >= maxWait_ms).length <= late) return;
    slow.push(times_ms.filter((time_ms) => time_ms > 1000));
  }
  throw new Error(`slow in each attempt, in milliseconds: ${JSON.stringify(slow)}`);
}

/** Asks everything; PostgreSQL must stand in for Meilisearch. @returns the times */
async function fallbackTimes(search: Search): Promise<number[]> {
  const { wrong, engines, times_ms } = await askAll(search, questions);
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  expect(engines).toEqual(usual.map((engine) => (engine === "meilisearch" ? "fallback" : engine)));
  return times_ms;
}

/** Asks everything, of a search in use and of one that starts in this state. */
async function expectFallback(search: Search): Promise<void> {
  await fallbackTimes(search);
  await expectQuick(() => fallbackTimes(open()), 1);
}

/** Makes the database believe that the index is as it was filled, to try the next state without a repair. */
async function believe(): Promise<void> {
  const id = await indexId(clientOf(forum.meili));
  await forum.database.sql`update search.state set index_id = ${id} where engine = 'meilisearch'`;
}

test("while all is well, both engines answer, each what it can", async () => {
  const { wrong } = await askAll(open(), questions, 2);
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  expect(usual.filter((engine) => engine === "meilisearch").length).toBeGreaterThan(8);
  expect(usual.filter((engine) => engine === "postgres").length).toBeGreaterThan(3);
});

test.each(Object.keys(failureStates))("Meilisearch is %s", async (name) => {
  await expectQuick(async () => {
    const search = open();
    await recovered(search);
    const end = await failureStates[name]!.begin({ forum, proxy });
    if (/another|empty data/.test(name)) await noticed(search);
    const times_ms = [...(await fallbackTimes(search)), ...(await fallbackTimes(open()))];
    await end?.();
    await recovered(search);
    return times_ms;
  }, 1);
});

test.each(tolerable)("Meilisearch is %s: either engine answers, and is right", async (name) => {
  await expectQuick(async () => {
    proxy.failWith(undefined);
    const search = open();
    await recovered(search);
    proxy.failWith(failures[name]);
    const { wrong, times_ms } = await askAll(search, questions);
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    return times_ms;
  });
});

test.each(Object.keys(changeStates))("Inside Meilisearch, %s", async (name) => {
  const search = open();
  await recovered(search);
  await changeStates[name]!.begin({ forum, proxy });
  await noticed(search);
  await expectFallback(search);
  if (name === Object.keys(changeStates).at(-1)) await fillIndex({ sql: forum.database.sql, meili: forum.meili });
  else await believe();
});

test("Meilisearch freezes while it is asked: nobody waits longer than the head start", async () => {
  const search = open();
  await expectQuick(async () => {
    await recovered(search);
    const answers = askAll(search, questions, questions.length);
    forum.meili.kill("SIGSTOP");
    const { wrong, times_ms } = await answers;
    forum.meili.kill("SIGCONT");
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    return times_ms;
  });
  await recovered(search);
  expect((await askAll(search, questions)).wrong).toEqual([]);
});

const fill = (meili: MeilisearchServer = forum.meili) => fillIndex({ sql: forum.database.sql, meili });

/** Makes a change as the crawler would, and analyzes it. */
async function change(statement: (revision: number) => Promise<unknown>): Promise<void> {
  const [row] = await forum.database.sql<{ revision: number }[]>`select nextval('crawl_revision') as revision`;
  await statement(row!.revision);
  await runAnalysis(forum.database);
}

/** Has every third post indexed again, which changes no answer. */
const touchPosts = () =>
  change((revision) => forum.database.sql`update posts set revision = ${revision} where pid % 3 = 0`);

/** A post that no question finds, because its word, user, board and time are its own. */
const newWord = "walfang";
const insertNewPost = (pid: number) =>
  change(async (revision) => {
    await insertPost(forum.database.sql, { pid, tid: 1, poster_uid: 10, content: newWord, revision });
  });
const deletePost = (pid: number) =>
  change((revision) => forum.database.sql`update posts set gone_at = now(), revision = ${revision} where pid = ${pid}`);

/** Asks until something has happened. Most answers are quick; a busy machine, which also fills an index, delays some. */
async function expectRightUntil(event: Promise<unknown>): Promise<void> {
  const search = open();
  const done = new AbortController();
  const all_ms: number[] = [];
  void event.finally(() => done.abort()).catch(() => {});
  do {
    const { wrong, times_ms } = await askAll(search, questions);
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    all_ms.push(...times_ms);
  } while (!done.signal.aborted);
  expect(all_ms.toSorted((a, b) => a - b)[Math.floor(all_ms.length / 2)]).toBeLessThan(maxWait_ms);
  await event;
}

test("Meilisearch is killed and restarted with its data, and is used again", async () => {
  const search = open();
  await recovered(search);
  forum.meili.kill("SIGKILL");
  await expectFallback(search);
  await forum.meili.revive();
  await recovered(search);
  expect((await askAll(search, questions)).wrong).toEqual([]);
});

test("people search while runs update the index, and while Meilisearch freezes in the middle", async () => {
  await touchPosts();
  await expectRightUntil(fill());
  await touchPosts();
  const frozen = fill();
  await Bun.sleep(50);
  forum.meili.kill("SIGSTOP");
  await expectRightUntil(Bun.sleep(500));
  forum.meili.kill("SIGCONT");
  await expectRightUntil(frozen);
  await recovered(open());
});

/** Fails at requests that write to one index. */
const failingAt =
  (index: string, failure: Failure): Failure =>
  (answer, path) =>
    path.startsWith(`/indexes/${index}/documents`) ? failure(answer, path) : answer();

test("a run is killed in the middle: PostgreSQL answers until the next one has repaired the index", async () => {
  await touchPosts();
  const arrived = Promise.withResolvers<void>();
  const hanging = () => {
    arrived.resolve();
    return new Promise<Response>(() => {});
  };
  await change((revision) => forum.database.sql`update threads set revision = ${revision}`);
  proxy.failWith(failingAt(indexes.thread, hanging));
  const run = Bun.spawn([process.execPath, join(import.meta.dirname, "main.ts")], {
    env: {
      ...process.env,
      DATABASE_URL: forum.database.url,
      MEILI_URL: proxy.meili.url,
      MEILI_MASTER_KEY: proxy.meili.key,
      STATS_TIMEZONE: timezone,
    },
    stdout: "ignore",
    stderr: "ignore",
  });
  await arrived.promise;
  run.kill("SIGKILL");
  await run.exited;
  proxy.failWith(undefined);
  const search = open();
  await expectFallback(search);
  expect((await fill()).engines).toMatchObject([{ changed: false }, { changed: true }]);
  await recovered(search);
  expect((await askAll(search, questions)).wrong).toEqual([]);
});

test("a run cannot fill Meilisearch, whose disk is full: PostgreSQL answers, because its index is newer", async () => {
  await insertNewPost(5000);
  proxy.failWith(failingAt(indexes.post, failures.full));
  expect(await settle(fill(proxy.meili))).toThrow("No space left on device");
  await fill(proxy.meili).catch(() => {});
  proxy.failWith(undefined);
  const search = open();
  expect(await ask(search, newWord)).toMatchObject({ engine: "postgres", fallback: true, count: 1 });
  await fill();
  await recovered(search);
  expect(await ask(search, newWord)).toMatchObject({ engine: "meilisearch", count: 1 });
  await deletePost(5000);
  await fill();
});

test("Meilisearch is older than the database, after a backup of it was restored", async () => {
  const { folder, kill, revive } = forum.meili;
  const [data, backup] = [join(folder, "db"), join(folder, "backup")];
  kill("SIGKILL");
  await cp(data, backup, { recursive: true });
  await revive();
  await touchPosts();
  await fill();
  const search = open();
  await recovered(search);
  kill("SIGKILL");
  await rm(data, { recursive: true });
  await cp(backup, data, { recursive: true });
  await revive();
  await noticed(search);
  await expectFallback(search);
  await fill();
  await recovered(search);
});

test("Meilisearch is newer than the database, after a backup of that was restored", async () => {
  const posts = forum.posts.slice(0, 50);
  const restored = await forumDatabase(posts);
  await fillIndex({ sql: restored.sql });
  const [state] = await forum.database.sql`select * from search.state where engine = 'meilisearch'`;
  const [own] = await restored.sql`select analysis_generation from search.state`;
  await restored.sql`insert into search.state ${restored.sql({ ...state, ...own })}`;
  const search = createSearch({ sql: restored.sql, meili: proxy.meili, timezone });
  await recovered(search);
  await insertNewPost(5001);
  await fill();
  await noticed(search);
  expect(await ask(search, newWord)).toMatchObject({ engine: "postgres", fallback: true, count: 0 });
  const { wrong } = await askAll(search, mixedQuestions(posts, 20, seed));
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  await restored.drop();
});

test("something else deletes a post while a run fills the index: the run fails, and the next one repairs it", async () => {
  await insertNewPost(5002);
  const deleting: Failure = async (answer) => {
    proxy.failWith(undefined);
    await clientOf(forum.meili).index(indexes.post).deleteDocument(5001).waitTask({ timeout: 60_000, interval: 10 });
    return answer();
  };
  proxy.failWith(failingAt(indexes.post, deleting));
  expect(await settle(fill(proxy.meili))).toThrow("something else changed Meilisearch's index during this run");
  await fill(proxy.meili).catch(() => {});
  const search = open();
  await fill();
  await recovered(search);
  expect(await ask(search, newWord)).toMatchObject({ engine: "meilisearch", count: 2 });
});
