/** Requests to Meilisearch, counted by a fake server. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import { fillMeilisearch } from "./fill-meilisearch.ts";
import { fillPostgres } from "./fill-postgres.ts";
import { clientOf } from "../index/meilisearch-client.ts";
import { runAnalysis, timezone } from "../testing/corpus.ts";

const sizes: number[] = [];
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/documents")) sizes.push((await request.arrayBuffer()).byteLength);
    const now = new Date().toISOString();
    return Response.json({
      taskUid: 1,
      uid: 1,
      status: "succeeded",
      type: "documentAdditionOrUpdate",
      enqueuedAt: now,
      createdAt: now,
      numberOfDocuments: sizes.length,
    });
  },
});
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await server.stop(true);
  await database.drop();
});

test("long posts are split into several requests, because Meilisearch rejects more than 100 MB", async () => {
  const { sql } = database;
  await insertBoard(sql, 14);
  await insertUser(sql, 1);
  await insertThread(sql, 1, { bid: 14 });
  // About 285 kB of different words, just below the limit per document. Cyrillic letters make the longest tokens.
  const content = Array.from({ length: 5000 }, (_, n) => "ы".repeat(26) + (1000 + n)).join(" ");
  for (let pid = 1; pid <= 100; pid++) await insertPost(sql, { pid, tid: 1, poster_uid: 1, content, revision: 1 });
  await runAnalysis(database);
  const phase = silent.phase("index");
  const analysis = { revision: 1, timezone };
  await fillPostgres(sql, { previous: undefined, analysis, phase, save: async () => {} });
  const client = clientOf({ url: server.url.origin, key: "k" });
  await fillMeilisearch(client, sql, {
    previous: { revision: 0, post_count: 0, thread_count: 0, is_changing: false },
    analysis,
    phase,
  });
  const posts = sizes.filter((size) => size > 1_000_000);
  expect(posts.length).toBe(5);
  expect(Math.max(...posts)).toBeLessThan(100_000_000);
}, 60_000);
