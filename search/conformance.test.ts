/**
 * Both engines find exactly what a naive computation finds that checks every post and thread: a random forum, and random
 * searches in its words.
 *
 * A failed run prints its seed; `CONFORMANCE_SEED` repeats it. `CONFORMANCE_QUERIES` sets the number of searches per
 * engine.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { mix, Random } from "@potstats/simulator/random";
import type { EngineName, SearchResponse } from "./contract.ts";
import type { OpenMeilisearch } from "./embedded.ts";
import { fillIndex } from "./fill.ts";
import { createSearch } from "./search.ts";
import { changeForum } from "./testing/conformance/changes.ts";
import { check, checkTrends, ask, describe } from "./testing/conformance/check.ts";
import { type Forum, randomForum } from "./testing/conformance/forum.ts";
import { archiveOf } from "./testing/conformance/naive.ts";
import { type Question, requestOf } from "./testing/conformance/question.ts";
import { questions } from "./testing/conformance/questions.ts";
import { insertForum } from "./testing/conformance/store.ts";
import { runAnalysis, startMeilisearch, timezone } from "./testing/corpus.ts";

const seed = Number(process.env["CONFORMANCE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const queries = Number(process.env["CONFORMANCE_QUERIES"] ?? 150);
/** Concurrent searches. */
const concurrency = 3;
/** Failures that are collected before a test fails. */
const maxFailures = 3;
const timeout_ms = 120_000 + queries * 200;

const engines = ["postgres", "meilisearch"] as const;
let database: TestDatabase;
let meili: OpenMeilisearch;
let forum: Forum;

beforeAll(async () => {
  [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  forum = randomForum(seed);
  await insertForum(database.sql, forum);
  await runAnalysis(database, true);
  await fillIndex({ sql: database.sql, meili });
}, 300_000);
afterAll(async () => {
  await meili.close();
  await database.drop();
});

const searchOf = (engine: EngineName) =>
  createSearch({ sql: database.sql, meili: engine === "meilisearch" ? meili : undefined, timezone });

function* drawn(count: number, variant: number): Generator<Question> {
  const all = questions(archiveOf(forum, timezone), new Random(mix(seed, variant)));
  for (let at = 0; at < count; at++) yield all.next().value;
}

/** Asks an engine the same questions as the other. */
async function checkAll(engine: EngineName, count: number, variant: number, checkOne = check): Promise<void> {
  const search = searchOf(engine);
  const archive = archiveOf(forum, timezone);
  const failures: string[] = [];
  let withHits = 0;
  const asked = drawn(count, variant);
  const worker = async () => {
    for (const question of asked) {
      const { count: hits, problem } = await checkOne(search, archive, question);
      if (hits > 0) withHits++;
      if (problem) failures.push(await describe(search, archive, problem));
      if (failures.length >= maxFailures) return;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw new Error([`CONFORMANCE_SEED=${seed}, ${engine}`, ...failures].join("\n\n"));
  // Of a few questions, most may happen to match nothing.
  expect(withHits).toBeGreaterThan(count < 100 ? 0 : count / 3);
}

test.each(engines)(
  "%s finds exactly what matches",
  async (engine) => {
    await checkAll(engine, queries, 2);
  },
  timeout_ms,
);

test.each(engines)(
  "%s counts exactly the posts of each month that match",
  async (engine) => {
    await checkAll(engine, Math.ceil(queries / 6), 5, checkTrends);
  },
  timeout_ms,
);

/**
 * The responses to some questions, without the time they took. If nothing matches as typed, only what was understood:
 * how words are corrected depends on how often they were indexed.
 */
async function responses(engine: EngineName, count: number): Promise<Partial<SearchResponse>[]> {
  const search = searchOf(engine);
  const all: Partial<SearchResponse>[] = [];
  for (const question of drawn(count, 3)) {
    const { elapsed: _, ...response } = await ask(search, requestOf(question));
    const { typos, count: hits, understood } = response;
    all.push(typos || hits === 0 ? { understood } : response);
  }
  return all;
}

test(
  "after changes of all kinds, an incremental run finds the same as a full one",
  async () => {
    const { sql } = database;
    const random = new Random(mix(seed, 4));
    for (const count of [11, 60, 150]) {
      await changeForum(sql, forum, random, count);
      await runAnalysis(database);
      await fillIndex({ sql, meili });
    }
    const count = Math.max(60, Math.ceil(queries / 10));
    for (const engine of engines) {
      await checkAll(engine, count, 3);
      await checkAll(engine, Math.ceil(count / 3), 6, checkTrends);
    }
    const incremental = await Promise.all(engines.map((engine) => responses(engine, count)));
    await fillIndex({ sql, meili, full: true });
    for (const [at, engine] of engines.entries()) {
      await checkAll(engine, count, 3);
      const full = await responses(engine, count);
      for (const [n, response] of full.entries())
        expect({ seed, response }).toEqual({ seed, response: incremental[at]?.[n] as never });
    }
  },
  timeout_ms,
);
