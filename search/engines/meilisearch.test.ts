/** What Meilisearch could answer only in part is left to PostgreSQL. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { insertBoard, insertPost, insertThread, insertUser, testDatabase } from "@potstats/db/testing/database";
import type { TestDatabase } from "@potstats/db/testing/database";
import type { Search } from "../contract.ts";
import type { OpenMeilisearch } from "../embedded.ts";
import { fillIndex } from "../fill.ts";
import { createSearch } from "../search.ts";
import { runAnalysis, startMeilisearch, timezone } from "../testing/corpus.ts";
import { searchPatiently } from "../testing/judged/judge.ts";

/** Posts, each with a word of its own; more than the 1,000 words per prefix at which Meilisearch looks. */
const common = 1200;
const rare = 300;

let database: TestDatabase;
let meili: OpenMeilisearch;
let search: Search;
beforeAll(async () => {
  [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  await insertBoard(sql, 1);
  await insertUser(sql, 1);
  await insertThread(sql, 1, { bid: 1 });
  const words = [
    ...Array.from({ length: common }, (_, n) => `kennung${n}`),
    ...Array.from({ length: rare }, (_, n) => `kuerzel${n}`),
  ];
  for (const [at, word] of words.entries())
    await insertPost(sql, { pid: at + 1, tid: 1, poster_uid: 1, content: word });
  await runAnalysis(database, true);
  await fillIndex({ sql, meili });
  search = createSearch({ sql, meili, timezone });
}, 60_000);
afterAll(async () => {
  await meili.close();
  await database.drop();
});

const ask = async (content: string) => {
  const { count, engine } = await searchPatiently(search, {
    content,
    type: "post",
    sort: "date-desc",
    offset: 0,
    limit: 1,
    facets: false,
  });
  return { count, engine };
};

test("PostgreSQL finds words that begin like too many others", async () => {
  for (const typed of ["kenn", "kennung"])
    expect({ typed, ...(await ask(typed)) }).toEqual({ typed, count: common, engine: "postgres" });
});

test("Meilisearch finds words that begin like few others, and all words by their first letters", async () => {
  for (const [typed, count] of [
    ["kurz", rare],
    ["kuerzel29", 11],
    ["kennung119 ", 1],
    ["ken", common],
    ["ke", common],
    ["k", common + rare],
  ] as const)
    expect({ typed, ...(await ask(typed)) }).toEqual({ typed, count, engine: "meilisearch" });
});

test("PostgreSQL finds words exactly as typed, phrases, and queries of many words", async () => {
  for (const [typed, count] of [
    ["+kennung7", 1],
    ['"kennung7"', 1],
    ["kennung7 -kennung8", 1],
    ["kennung7 kennung8 ", 0],
  ] as const)
    expect({ typed, ...(await ask(typed)) }).toMatchObject({ typed, count });
  expect(await ask('"kennung7"')).toEqual({ count: 1, engine: "postgres" });
  const many = Array.from({ length: 11 }, (_, n) => `kennung${n}`).join(" ");
  expect(await ask(`${many} `)).toEqual({ count: 0, engine: "postgres" });
});
