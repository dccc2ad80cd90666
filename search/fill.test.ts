/** The index follows the analytics, survives what happens to it, and searches never see a half of it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Progress, silent } from "@potstats/cli/progress";
import { readGeneration } from "@potstats/db/generation";
import { AlreadyRunning, withLock } from "@potstats/db/locks";
import { insertPost, insertUser } from "@potstats/db/testing/database";
import type { Search, SearchRequest } from "./engine.ts";
import { fillIndex } from "./fill.ts";
import { clientOf } from "./meilisearch.ts";
import { createSearch } from "./search.ts";
import { indexes } from "./settings.ts";
import { bake, type Corpus, makeCorpus, repeated, timezone } from "./testing/corpus.ts";

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

/** What both engines find: the same, or the test fails. */
async function found(content: string, more: Partial<SearchRequest> = {}): Promise<number[]> {
  const answers = await Promise.all(engines().map((search) => search.search({ ...request, content, ...more })));
  expect(answers.map(({ engine }) => engine)).toEqual(["postgres", "meilisearch"]);
  const [first, second] = answers.map((answer) =>
    answer.type === "post" ? answer.results.map(({ pid }) => pid) : answer.results.map(({ tid }) => tid),
  );
  expect(second).toEqual(first);
  return first ?? [];
}

/** Everything that both engines hold. */
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
    meilisearch: [
      await documents(indexes.post, "pid"),
      await documents(indexes.thread, "tid"),
      await documents(indexes.user, "uid"),
    ],
  };
}

let revision = 1000;
/** One change as the crawler makes it, and the analytics after it. */
async function change(statement: (next: number) => Promise<unknown>): Promise<void> {
  const [row] = await sql()<{ next: number }[]>`select setval('crawl_revision', ${++revision}) as next`;
  await statement(row?.next ?? 0);
  await bake(corpus.database);
}

test("fills both, then only what is new, and says so; the data generation moves with it", async () => {
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

test("new, edited, hidden and vanished posts, moved threads and renamed users: the same as everything anew", async () => {
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

  expect(await found("Walfang ")).toEqual([]);
  expect(await found("Segelboot ")).toEqual([1]);
  expect(await found("Dampfer liegt ")).toEqual([]);
  expect(await found("Koeln ")).toEqual([]);
  expect(await found("", { bid: 1, uid: 13 })).toEqual([5, 7]);
  expect(await found("", { bid: 2 })).toEqual([]);
  expect(await found("Fahrplan ", { facets: true })).toEqual([5]);
  expect(await found("user:carlo Segelboot")).toEqual([1]);
  expect(await found("user:karl Segelboot")).toEqual([1]);
  expect(await found("tag:berge", { type: "thread" })).toEqual([105]);
  expect(await found("Zahlen ", { type: "thread" })).toEqual([]);
  expect(await found("Nebel ", { type: "thread" })).toEqual([]);
  for (const search of engines()) {
    expect(await search.suggest("carl")).toEqual([{ type: "user", id: 10, text: "Carlo" }]);
    expect((await search.suggest("karl"))[0]).toEqual({ type: "user", id: 10, text: "Carlo", alias: "Karl" });
    expect((await search.suggest("neuli"))[0]).toEqual({ type: "user", id: 20, text: "Neuling" });
  }

  await change((next) => sql()`update threads set gone_at = null, revision = ${next} where tid = 101`);
  await change((next) => sql()`update posts set is_hidden = null, revision = ${next} where pid = 2`);
  await fill();
  expect(await found("Walfang ")).toEqual([300]);
  expect(await found("Koeln ")).toEqual([2]);

  const incremental = await contents();
  await fill({ full: true });
  expect(await contents()).toEqual(incremental);
});

/** Interrupts a fill after some documents. */
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

test("an interrupted fill leaves the old index to searches, and the next one ends like one that was not", async () => {
  await fill();
  const before = await contents();
  for (const after of [1, 90, 110, 190]) {
    // 97 documents each: in the first posts, the last names, and the same in Meilisearch.
    expect(fill({ full: true, ...interrupting(after) })).rejects.toThrow("interrupted");
    expect(await found("Wiederholung ", { limit: 100 })).toEqual(repeated);
  }
  expect(await changed({ full: true })).toEqual(both(true));
  expect(await contents()).toEqual(before);
  // Nothing is left over.
  expect(await sql()`select 1 from pg_namespace where nspname = 'search_next'`).toHaveLength(0);
  const { results } = await clientOf(corpus.meili).getIndexes();
  expect(results.map(({ uid }) => uid).toSorted()).toEqual(Object.values(indexes).toSorted());
});

test("a rebuild is swapped in without a moment in which less is found", async () => {
  await fill();
  for (const search of engines()) {
    const over = new AbortController();
    let searches = 0;
    const watching = (async () => {
      while (!over.signal.aborted) {
        const { count } = await search.search({ ...request, content: "Wiederholung ", limit: 10 });
        expect(count).toBe(repeated.length);
        searches++;
      }
    })();
    await fill({ full: true }).finally(() => over.abort());
    await watching;
    expect(searches).toBeGreaterThan(3);
  }
});

describe("an index that does not fit is made anew", () => {
  test("another version", async () => {
    await fill();
    await sql()`update search.state set version = version - 1`;
    expect(await changed()).toEqual(both(true));
  });

  test("another time zone", async () => {
    await fill();
    const year2012 = await found("Dampfer Strasse ", { year: 2012 });
    await sql()`update baked.analysis set timezone = 'UTC', generation = 'in UTC'`;
    expect(await changed()).toEqual(both(true));
    const facets = async () =>
      (
        await Promise.all(
          engines().map((search) => search.search({ ...request, content: "neue Strasse ", facets: true })),
        )
      ).map((answer) => answer.facets?.years);
    // PostgreSQL's years are the searching one's, Meilisearch's were made when it was filled.
    expect((await facets())[1]).toEqual([{ year: 2011, count: 1 }]);
    await sql()`update baked.analysis set timezone = ${timezone}, generation = 'in Berlin'`;
    expect(await changed()).toEqual(both(true));
    expect((await facets())[1]).toEqual([{ year: 2012, count: 1 }]);
    expect(await found("Dampfer Strasse ", { year: 2012 })).toEqual(year2012);
  });

  test("an older database that was put back", async () => {
    await fill();
    await sql()`update search.state set revision = 1000000`;
    expect(await changed()).toEqual(both(true));
  });

  test("Meilisearch's data that are lost, or another database's", async () => {
    await fill();
    const client = clientOf(corpus.meili);
    await client.deleteIndex(indexes.post).waitTask({ timeout: 60_000 });
    expect(await changed()).toEqual([
      ["postgres", false],
      ["meilisearch", true],
    ]);
    await client.deleteIndex(indexes.post).waitTask({ timeout: 60_000 });
    await client.createIndex(indexes.post, { primaryKey: "pid" }).waitTask({ timeout: 60_000 });
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
    expect(await found("Wiederholung ")).toEqual(repeated);
  });
});

test("two fills at once: the second refuses", async () => {
  await withLock(sql(), "index", async () => {
    expect(fill()).rejects.toThrow(AlreadyRunning);
  });
});

test("a fill whose lock is lost stops", async () => {
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
  expect(running).rejects.toThrow("the lock of this index broke");
  await running.catch(() => {});
  await fill();
});

test("what is monstrous is indexed as far as it goes", async () => {
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
  expect(await found("wort5x ")).toEqual([400]);
  const [postgres] = engines();
  expect((await postgres!.search({ ...request, content: '"anfang wort0x wort1x"' })).count).toBe(1);
  expect(await found("zuletzt hier ")).toEqual([402]);
  await change((next) => sql()`update posts set gone_at = now(), revision = ${next} where pid >= 400`);
  await fill();
});

test("nothing was analysed: says what to do", async () => {
  await sql()`delete from baked.analysis`;
  expect(fill()).rejects.toThrow("run `bun run analyze` first");
});
