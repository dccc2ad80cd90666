/** A run that was killed while it filled Meilisearch is continued by the next one. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { insertPost } from "@potstats/db/testing/database";
import { fillIndex } from "./fill.ts";
import { clientOf } from "./index/meilisearch-client.ts";
import { storedPosts } from "./index/meilisearch-documents.ts";
import { indexes } from "./index/meilisearch-settings.ts";
import { type Corpus, makeCorpus, runAnalysis, timezone } from "./testing/corpus.ts";
import { failures, type Proxy, startProxy } from "./testing/proxy.ts";

let corpus: Corpus;
let proxy: Proxy;
beforeAll(async () => {
  corpus = await makeCorpus();
  proxy = startProxy(corpus.meili);
});
beforeEach(() => fill());
afterEach(() => proxy.failWith(undefined));
afterAll(async () => {
  await proxy.stop();
  await corpus.stop();
});

const sql = () => corpus.database.sql;
const client = () => clientOf(corpus.meili);
const fill = (more: Partial<Parameters<typeof fillIndex>[0]> = {}) =>
  fillIndex({ sql: sql(), meili: proxy.meili, ...more });

const messageOfFailure = (more: Partial<Parameters<typeof fillIndex>[0]> = {}) =>
  fill(more).then(
    () => "no error",
    (error: unknown) => String(error),
  );

/** Fails at the documents of one index, as late as a kill could: what was sent before is in Meilisearch. */
async function breakOffAt(index: string, more: Partial<Parameters<typeof fillIndex>[0]> = {}): Promise<void> {
  proxy.failWith((answer, path) => (path === `/indexes/${index}/documents` ? failures["of status 500"]() : answer()));
  expect(await messageOfFailure(more)).toContain("internal");
  proxy.failWith(undefined);
}

/** Fills the indexes. @returns to which of them it sent documents */
async function recorded(more: Partial<Parameters<typeof fillIndex>[0]> = {}): Promise<string[]> {
  const paths = new Set<string>();
  proxy.failWith((answer, path) => {
    const index = /^\/indexes\/(\w+)\/documents$/.exec(path)?.[1];
    if (index) paths.add(index);
    return answer();
  });
  await fill(more);
  proxy.failWith(undefined);
  return [...paths].toSorted();
}

async function documents() {
  const all = [];
  for (const [index, key] of [
    [indexes.post, "pid"],
    [indexes.thread, "tid"],
    [indexes.user, "uid"],
  ] as const) {
    const { results } = await client().index(index).getDocuments<Record<string, number>>({ limit: 1000 });
    all.push(results.toSorted((a, b) => (a[key] ?? 0) - (b[key] ?? 0)));
  }
  return all;
}

/** The indexes hold what a run without interruption would have put there. */
async function expectComplete(): Promise<void> {
  const continued = await documents();
  await fill({ full: true });
  expect(continued).toEqual(await documents());
  expect(continued[0]?.length).toBeGreaterThan(80);
  expect(await sql()`select * from search.build`).toHaveLength(0);
}

let nextPid = 9000;
/** A change of the forum: a new post, and another that vanishes. */
async function changeForum(): Promise<void> {
  const [{ revision } = { revision: 0 }] = await sql()<{ revision: number }[]>`
    select nextval('crawl_revision')::int8 as revision`;
  await insertPost(sql(), { pid: nextPid, tid: 100, poster_uid: 10, content: `Walfang ${nextPid}`, revision });
  await sql()`
    update posts set gone_at = now(), revision = ${revision}
    where pid = (select min(pid) from posts where gone_at is null and tid = 103)`;
  nextPid++;
  await runAnalysis(corpus.database);
}

const next = (index: string) => `${index}_next`;

/** While the previous index is in use, there would be nothing to do. */
const forgetPrevious = () => sql()`delete from search.state where engine = 'meilisearch'`;

test("a build that has sent its posts does not send them again", async () => {
  await breakOffAt(next(indexes.thread), { full: true });
  expect(await sql()`select 1 from search.build where page > 0`).toHaveLength(1);
  await forgetPrevious();
  expect(await recorded()).toEqual([next(indexes.thread), next(indexes.user)].toSorted());
  await expectComplete();
});

test("what changed in the meantime is added to the continued build", async () => {
  await breakOffAt(next(indexes.thread), { full: true });
  await forgetPrevious();
  await changeForum();
  expect(await recorded()).toEqual([next(indexes.post), next(indexes.thread), next(indexes.user)].toSorted());
  await expectComplete();
});

test.each([
  ["is to be built from scratch", async () => {}, { full: true }],
  ["was lost", () => client().deleteIndex(next(indexes.post)).waitTask({ timeout: 60_000, interval: 10 }), {}],
  ["was of another version", () => sql()`update search.build set version = version - 1`, {}],
  ["was of another time zone", () => sql()`update search.build set timezone = 'UTC'`, {}],
  ["was of a newer database", () => sql()`update search.build set revision = 1000000000`, {}],
  ["was of rows that were moved", () => sql().unsafe("vacuum full search.posts"), {}],
])("a build begins again if it %s", async (_, prepare, more) => {
  await breakOffAt(next(indexes.thread), { full: true });
  await forgetPrevious();
  await prepare();
  expect(await recorded(more)).toContain(next(indexes.post));
  await expectComplete();
});

/** Breaks off an update that has already changed the posts. */
async function breakOffUpdate(): Promise<void> {
  await sql()`update threads set revision = (select nextval('crawl_revision'))`;
  await changeForum();
  await breakOffAt(indexes.thread);
}

test("an update that was broken off is completed, without a new build", async () => {
  await breakOffUpdate();
  const sent = await recorded();
  expect(sent).toContain(indexes.post);
  expect(sent.filter((index) => index.endsWith("_next"))).toEqual([]);
  await expectComplete();
});

test("a document that disappears after an update was broken off is noticed, and the next run builds a new index", async () => {
  await breakOffUpdate();
  // This one did not change.
  await client().index(indexes.post).deleteDocument(1).waitTask({ timeout: 60_000, interval: 10 });
  expect(await messageOfFailure()).toMatch(/instead of .* run `bun run index` again/);
  expect(await recorded()).toContain(next(indexes.post));
  await expectComplete();
});

test("an index that was replaced after an update was broken off is built again", async () => {
  await breakOffUpdate();
  await client().deleteIndex(indexes.post).waitTask({ timeout: 60_000, interval: 10 });
  await client().createIndex(indexes.post, { primaryKey: "pid" }).waitTask({ timeout: 60_000, interval: 10 });
  expect(await recorded()).toContain(next(indexes.post));
  await expectComplete();
});

test("an update of the previous index drops a build that nobody continues, with all that it holds", async () => {
  await breakOffAt(next(indexes.thread), { full: true });
  await changeForum();
  await fill();
  const { results } = await client().getRawIndexes();
  expect(results.map(({ uid }) => uid).toSorted()).toEqual(Object.values(indexes).toSorted());
  await expectComplete();
});

test("stored posts are read from a page on, each once", async () => {
  const read = async (page: number) => {
    const pids: unknown[] = [];
    for await (const batch of storedPosts(sql(), timezone, page)) pids.push(...batch.documents.map(({ pid }) => pid));
    return pids;
  };
  await sql()`create table if not exists kept as select * from search.posts`;
  await sql()`insert into search.posts select pid + 100000, tid, bid, uid, timestamp, repeat(words, 50), forms from kept`;
  const rows = await sql()<{ pid: number; page: number }[]>`
    select pid, (ctid::text::point)[0]::int as page from search.posts`;
  expect(Math.max(...rows.map(({ page }) => page))).toBeGreaterThan(10);
  for (const page of [0, 1, 7])
    expect((await read(page)).toSorted()).toEqual(
      rows
        .filter((row) => row.page >= page)
        .map(({ pid }) => pid)
        .toSorted(),
    );
  await sql()`delete from search.posts where pid >= 100000`;
  await sql()`drop table kept`;
});
