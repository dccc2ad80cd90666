/** The index follows the analytics, survives interruptions and losses, and is never visible while incomplete. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { type Progress, silent } from "@potstats/cli/progress";
import { readGeneration } from "@potstats/db/generation";
import { AlreadyRunning, withLock } from "@potstats/db/locks";
import { insertPost, insertUser } from "@potstats/db/testing/database";
import type { Search, SearchRequest } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { clientOf } from "./index/meilisearch-client.ts";
import { createSearch } from "./search.ts";
import { indexes } from "./index/meilisearch-settings.ts";
import { runAnalysis, type Corpus, makeCorpus, repeated, timezone } from "./testing/corpus.ts";

let corpus: Corpus;
beforeAll(async () => {
  corpus = await makeCorpus();
});
afterAll(() => corpus.stop());

const sql = () => corpus.database.sql;
const fill = (more: Partial<Parameters<typeof fillIndex>[0]> = {}) =>
  fillIndex({ sql: sql(), meili: corpus.meili, ...more });
const changed = async (more: Partial<Parameters<typeof fillIndex>[0]> = {}): Promise<unknown[][]> =>
  (await fill(more)).engines.map(({ engine, changed: isChanged }) => [engine, isChanged]);
const both = (isChanged: boolean) => [
  ["postgres", isChanged],
  ["meilisearch", isChanged],
];

const engines = (): Search[] => [
  createSearch({ sql: sql(), timezone }),
  createSearch({ sql: sql(), meili: corpus.meili, timezone }),
];
const request = { content: "", type: "post", sort: "date-asc", offset: 0, limit: 100, facets: false } as const;

/** What both engines find; fails if they differ. */
async function find(content: string, more: Partial<SearchRequest> = {}): Promise<number[]> {
  const answers = await Promise.all(engines().map((search) => search.search({ ...request, content, ...more })));
  expect(answers.map(({ engine }) => engine)).toEqual(["postgres", "meilisearch"]);
  const [first, second] = answers.map((answer) =>
    answer.type === "post" ? answer.results.map(({ pid }) => pid) : answer.results.map(({ tid }) => tid),
  );
  expect(second).toEqual(first);
  return first ?? [];
}

/** The contents of both indexes. */
async function contents() {
  const client = clientOf(corpus.meili);
  const documents = async (index: string, key: string) =>
    (await client.index(index).getDocuments<Record<string, number>>({ limit: 1000 })).results.toSorted(
      (a, b) => (a[key] ?? 0) - (b[key] ?? 0),
    );
  return {
    posts: await sql()`select * from search.posts order by pid`,
    threads: await sql()`select * from search.threads order by tid`,
    names: await sql()`select * from search.names order by uid, name`,
    months: await sql()`select * from search.months order by bid, month`,
    meilisearch: [
      await documents(indexes.post, "pid"),
      await documents(indexes.thread, "tid"),
      await documents(indexes.user, "uid"),
    ],
  };
}

let revision = 1000;
/** Makes a change as the crawler would, and analyzes it. */
async function change(statement: (next: number) => Promise<unknown>): Promise<void> {
  const [row] = await sql()<{ next: number }[]>`select setval('crawl_revision', ${++revision}) as next`;
  await statement(row?.next ?? 0);
  await runAnalysis(corpus.database);
}

test("fills both engines, then only applies changes; the data generation changes accordingly", async () => {
  const before = await readGeneration(sql());
  expect(await changed()).toEqual(both(true));
  const after = await readGeneration(sql());
  expect(after).not.toBe(before);
  expect(await changed()).toEqual(both(false));
  expect(await readGeneration(sql())).toBe(after);
  const { engines: summaries } = await fill();
  expect(summaries.map(({ posts, threads }) => ({ posts, threads }))).toEqual([
    { posts: 85, threads: 6 },
    { posts: 85, threads: 6 },
  ]);
});

test("incremental runs with changes of all kinds equal a full run", async () => {
  await fill();
  await change((next) =>
    insertPost(sql(), { pid: 300, tid: 101, poster_uid: 10, content: "Ganz neu: Walfang", revision: next }),
  );
  await change(async (next) => {
    await sql()`update post_contents set content = 'Bearbeitet: Segelboot' where pid = 1`;
    await sql()`update posts set revision = ${next}, edit_count = 1 where pid = 1`;
    await sql()`update posts set is_hidden = true, revision = ${next} where pid = 2`;
    await sql()`update posts set gone_at = now(), revision = ${next} where pid = 6`;
  });
  await change((next) => sql()`update threads set bid = 1, revision = ${next} where tid = 102`);
  await change(async (next) => {
    await sql()`update users set name = 'Carlo', aliases = '["Karl"]', revision = ${next} where uid = 10`;
    await insertUser(sql(), 20, { name: "Neuling" });
    await sql()`update users set revision = ${next} where uid = 20`;
    await sql()`update threads set title = 'Wanderung', tags = '["Berge"]', revision = ${next} where tid = 105`;
    await sql()`update threads set gone_at = now(), revision = ${next} where tid = 101`;
  });
  expect(await changed()).toEqual(both(true));

  expect(await find("Walfang ")).toEqual([]);
  expect(await find("Segelboot ")).toEqual([1]);
  expect(await find("Dampfer liegt ")).toEqual([]);
  expect(await find("Koeln ")).toEqual([]);
  expect(await find("", { bid: 1, uid: 13 })).toEqual([5, 7]);
  expect(await find("", { bid: 2 })).toEqual([]);
  expect(await find("Fahrplan ", { facets: true })).toEqual([5]);
  expect(await find("user:carlo Segelboot")).toEqual([1]);
  expect(await find("user:karl Segelboot")).toEqual([1]);
  expect(await find("tag:berge", { type: "thread" })).toEqual([105]);
  expect(await find("Zahlen ", { type: "thread" })).toEqual([]);
  expect(await find("Nebel ", { type: "thread" })).toEqual([]);
  for (const search of engines()) {
    expect((await search.suggest("carl")).rows).toEqual([{ type: "user", id: 10, text: "Carlo" }]);
    expect((await search.suggest("karl")).rows[0]).toEqual({ type: "user", id: 10, text: "Carlo", alias: "Karl" });
    expect((await search.suggest("neuli")).rows[0]).toEqual({ type: "user", id: 20, text: "Neuling" });
  }

  await change((next) => sql()`update threads set gone_at = null, revision = ${next} where tid = 101`);
  await change((next) => sql()`update posts set is_hidden = null, revision = ${next} where pid = 2`);
  await fill();
  expect(await find("Walfang ")).toEqual([300]);
  expect(await find("Koeln ")).toEqual([2]);

  const incremental = await contents();
  await fill({ full: true });
  expect(await contents()).toEqual(incremental);
});

test("a user without posts any more is offered without posts, as after a full run", async () => {
  await insertUser(sql(), 21, { name: "Einmaliger" });
  await change(async (next) => {
    await sql()`update users set revision = ${next} where uid = 21`;
    await insertPost(sql(), { pid: 310, tid: 105, poster_uid: 21, content: "Nur dieser", revision: next });
  });
  await fill();
  const counted = async () => (await sql()`select post_count from search.names where uid = 21`)[0]?.["post_count"];
  expect(await counted()).toBe(1);
  await change((next) => sql()`update posts set poster_uid = 10, revision = ${next} where pid = 310`);
  await fill();
  expect(await counted()).toBe(0);
  const incremental = await contents();
  await fill({ full: true });
  expect(await contents()).toEqual(incremental);
});

test("posts per month are right after a killed run whose last statement was still running", async () => {
  await fill();
  await change((next) => insertPost(sql(), { pid: 311, tid: 105, poster_uid: 10, content: "Spät", revision: next }));
  const before = await contents();
  // As if the statement of the killed run had committed after this run's had read what there was before.
  await sql()`update search.months set post_count = post_count + 1`;
  await sql()`update search.state set is_changing = true where engine = 'postgres'`;
  await fill();
  expect((await contents()).months).not.toEqual(before.months);
  const incremental = await contents();
  await fill({ full: true });
  expect(await contents()).toEqual(incremental);
});

test("a rebuilt index and its state appear at once", async () => {
  await fill();
  // Read with a row of the table: its lock precedes the snapshot.
  const read = async () =>
    (
      await sql()`
        select generation, (select tableoid::int from search.posts limit 1) as file from search.state
        where engine = 'postgres'`
    )[0];
  const before = await read();
  const seen = new Set<string>();
  const rebuilt = fill({ full: true });
  const ended = rebuilt.then(
    () => true,
    () => true,
  );
  do {
    const now = await read();
    seen.add(JSON.stringify([now?.["generation"] === before?.["generation"], now?.["file"] === before?.["file"]]));
  } while (!(await Promise.race([ended, Bun.sleep(0).then(() => false)])));
  await rebuilt;
  expect([...seen]).toEqual(["[true,true]", "[false,false]"]);
});

/** Interrupts a run after some documents. */
function interrupting(after: number): { progress: Progress; signal: AbortSignal } {
  const controller = new AbortController();
  let count = 0;
  return {
    signal: controller.signal,
    progress: {
      note() {},
      phase: (name) => ({
        ...silent.phase(name),
        add: (n = 1) => {
          count += n;
          if (count >= after) controller.abort(new DOMException("interrupted", "AbortError"));
        },
      }),
    },
  };
}

test("an interrupted run leaves the old index in use, and the next run completes the new one", async () => {
  await fill();
  const before = await contents();
  for (const after of [1, 90, 110, 190]) {
    // 97 documents per engine: interrupted among the first posts and the last names of each.
    expect(await settle(fill({ full: true, ...interrupting(after) }))).toThrow("interrupted");
    expect(await find("Wiederholung ", { limit: 100 })).toEqual(repeated);
  }
  expect(await changed({ full: true })).toEqual(both(true));
  expect(await contents()).toEqual(before);
  // Nothing is left of the interrupted run.
  expect(await sql()`select 1 from pg_namespace where nspname = 'search_next'`).toHaveLength(0);
  const { results } = await clientOf(corpus.meili).getIndexes();
  expect(results.map(({ uid }) => uid).toSorted()).toEqual(Object.values(indexes).toSorted());
});

test("searches find everything while a rebuild is swapped in", async () => {
  await fill();
  for (const search of engines()) {
    const done = new AbortController();
    let searches = 0;
    const watching = (async () => {
      while (!done.signal.aborted) {
        const { count } = await search.search({ ...request, content: "Wiederholung ", limit: 10 });
        expect(count).toBe(repeated.length);
        searches++;
      }
    })();
    await fill({ full: true }).finally(() => done.abort());
    await watching;
    expect(searches).toBeGreaterThan(3);
  }
});

describe("an outdated index is rebuilt", () => {
  test("after a version change", async () => {
    await fill();
    await sql()`update search.state set version = version - 1`;
    expect(await changed()).toEqual(both(true));
  });

  test("after a time zone change", async () => {
    await fill();
    const year2012 = await find("Dampfer Strasse ", { year: 2012 });
    await sql()`update baked.analysis set timezone = 'UTC', generation = 'in UTC'`;
    expect(await changed()).toEqual(both(true));
    const facets = async () =>
      (
        await Promise.all(
          engines().map((search) => search.search({ ...request, content: "neue Strasse ", facets: true })),
        )
      ).map((answer) => answer.facets?.years);
    // PostgreSQL computes years when it searches, Meilisearch when it is filled.
    expect((await facets())[1]).toEqual([{ year: 2011, count: 1 }]);
    await sql()`update baked.analysis set timezone = ${timezone}, generation = 'in Berlin'`;
    expect(await changed()).toEqual(both(true));
    expect((await facets())[1]).toEqual([{ year: 2012, count: 1 }]);
    expect(await find("Dampfer Strasse ", { year: 2012 })).toEqual(year2012);
  });

  test("after an older database was restored", async () => {
    await fill();
    await sql()`update search.state set revision = 1000000`;
    expect(await changed()).toEqual(both(true));
  });

  test("after Meilisearch's data was lost or replaced", async () => {
    await fill();
    const client = clientOf(corpus.meili);
    await client.deleteIndex(indexes.post).waitTask({ timeout: 60_000, interval: 10 });
    expect(await changed()).toEqual([
      ["postgres", false],
      ["meilisearch", true],
    ]);
    await client.deleteIndex(indexes.post).waitTask({ timeout: 60_000, interval: 10 });
    await client.createIndex(indexes.post, { primaryKey: "pid" }).waitTask({ timeout: 60_000, interval: 10 });
    const search = createSearch({ sql: sql(), meili: corpus.meili, timezone });
    expect(await search.search({ ...request, content: "Wiederholung " })).toMatchObject({
      count: 70,
      engine: "postgres",
    });
    expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
    expect(await changed()).toEqual([
      ["postgres", false],
      ["meilisearch", true],
    ]);
    expect(await find("Wiederholung ")).toEqual(repeated);
  });
});

test("a second concurrent run is rejected", async () => {
  await withLock(sql(), "index", async () => {
    expect(await settle(fill())).toThrow(AlreadyRunning);
  });
});

test("a run that loses its lock stops", async () => {
  const running = fill({
    full: true,
    progress: {
      note() {},
      phase: (name) => {
        const begun = sql()`
          select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4 and classid = ${0x706f7473}
            and database = (select oid from pg_database where datname = current_database())`;
        begun.catch(() => {});
        return silent.phase(name);
      },
    },
  });
  expect(await settle(running)).toThrow("the lock of this index broke");
  await running.catch(() => {});
  await fill();
});

test("enormous posts are truncated in the index", async () => {
  const many = Array.from({ length: 120_000 }, (_, n) => `wort${n}x`).join(" ");
  await change(async (next) => {
    await insertPost(sql(), { pid: 400, tid: 100, poster_uid: 10, content: `Anfang ${many} Ende`, revision: next });
    await insertPost(sql(), { pid: 401, tid: 100, poster_uid: 10, content: "lang".repeat(250_000), revision: next });
    await insertPost(sql(), {
      pid: 402,
      tid: 100,
      poster_uid: 10,
      content: `${"ach ".repeat(20_000)}zuletzt hier`,
      revision: next,
    });
  });
  expect(await changed()).toEqual(both(true));
  expect(await find("wort5x ")).toEqual([400]);
  const [postgres] = engines();
  expect((await postgres!.search({ ...request, content: '"anfang wort0x wort1x"' })).count).toBe(1);
  expect(await find("zuletzt hier ")).toEqual([402]);
  await change((next) => sql()`update posts set gone_at = now(), revision = ${next} where pid >= 400`);
  await fill();
});

test("without an analysis, the error says what to run", async () => {
  await sql()`delete from baked.analysis`;
  expect(await settle(fill())).toThrow("run `bun run analyze` first");
});
