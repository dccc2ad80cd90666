/** Profiles whose host does not answer, while the forum does. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { crawl } from "../crawl.ts";
import { crawlOptions, StagedForum, staged } from "../testing/staged-forum.ts";

let database: TestDatabase;
const forum = new StagedForum();
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await forum.stop();
  await database.drop();
});

test("if the profiles' host is down, the pass is complete except for profiles", async () => {
  const { sql } = database;
  forum.stage({ tid: 1, bid: 14, posts: staged(100, 3) });
  // Nothing listens on this port.
  const options = crawlOptions(sql, forum, { profiles: true, profilesUrl: "http://127.0.0.1:1" });
  const { failures, posts_added } = await crawl(options);
  expect({ failures, posts_added }).toEqual({
    failures: [{ what: "profiles", reason: expect.stringContaining("http://127.0.0.1:1 does not answer") }],
    posts_added: 3,
  });
  const [state] = await sql`select last_crawl_finished_at is not null as is_finished from worldeater_state`;
  expect(state).toEqual({ is_finished: true });
});

test("if the profiles' host goes down for good after some profiles, the pass is complete except for the rest", async () => {
  const { sql } = database;
  forum.stage({
    tid: 2,
    bid: 14,
    posts: [
      { ...staged(200, 1)[0]!, uid: 7 },
      { ...staged(201, 1)[0]!, uid: 8 },
    ],
  });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => {
      void server.stop();
      return new Response("Benutzer gibt es hier nicht gefunden!");
    },
  });
  const { origin } = server.url;
  const options = crawlOptions(sql, forum, { profiles: true, profilesUrl: origin, concurrency: 1 });
  const { failures, posts_added } = await crawl(options);
  expect({ failures, posts_added }).toEqual({
    failures: [{ what: "profiles", reason: expect.stringContaining(`${origin} does not answer any more`) }],
    posts_added: 2,
  });
});
