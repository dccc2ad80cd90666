/** A simulated forum that misbehaves in every known way: a crawl stores the same as from one that does not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { silent } from "@potstats/cli/progress";
import { testDatabase, type TestDatabase } from "@potstats/db/testing/database";
import { createForum } from "@potstats/simulator/forum";
import { persistent, type Mischief, extreme, transient, unreadable, withMischief } from "@potstats/simulator/mischief";
import { crawl, type CrawlSummary } from "./crawl.ts";
import { contentsOf, emptyTables } from "./testing/staged-forum.ts";

const forum = createForum({ seed: 21, posts: 1000, years: 1 });
const calm = (request: Request): Response | Promise<Response> => forum.fetch(request);
let answer = calm;
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", idleTimeout: 5, fetch: (request) => answer(request) });
let database: TestDatabase;
let expected: Awaited<ReturnType<typeof contentsOf>>;

const crawlAll = (more: Partial<Parameters<typeof crawl>[0]> = {}): Promise<CrawlSummary> =>
  crawl({
    sql: database.sql,
    forumUrl: server.url.origin,
    profilesUrl: server.url.origin,
    boards: "all",
    delay_ms: 0,
    concurrency: 4,
    patience: { attempts: 8, base_ms: 2, cap_ms: 20, timeout_ms: 400, pause_ms: 5 },
    progress: silent,
    ...more,
  });

beforeAll(async () => {
  database = await testDatabase();
  await crawlAll();
  expected = await contentsOf(database.sql);
}, 30_000);
beforeEach(async () => {
  answer = calm;
  await emptyTables(database.sql);
});
afterAll(async () => {
  await server.stop(true);
  await database.drop();
});

describe("a crawl stores the same despite temporary failures and oddities", () => {
  test.each([1, 2, 3])("in a tenth of all responses (seed %d)", async (seed) => {
    answer = withMischief(calm, { seed, share: 0.1, kinds: [...transient, ...persistent] });
    const summary = await crawlAll();
    expect(summary.failures).toEqual([]);
    expect(summary.retries).toBeGreaterThan(10);
    expect(await contentsOf(database.sql)).toEqual(expected);
  });

  test.each([...persistent])("in every response: %s", async (kind: Mischief) => {
    answer = withMischief(calm, { seed: 1, share: 1, kinds: [kind] });
    const summary = await crawlAll();
    expect(summary.failures).toEqual([]);
    expect(await contentsOf(database.sql)).toEqual(expected);
  });
});

test("profiles are the same despite temporary failures", async () => {
  const profiles = () => database.sql`
    select uid, users.name, registered, last_seen, online_status, account_state, locked_until, user_tiers.name as tier, bars
    from users left join user_tiers using (tied) order by uid`;
  await crawlAll({ profiles: true });
  const undisturbed = [...(await profiles())];
  await emptyTables(database.sql);
  answer = withMischief(calm, { seed: 9, share: 0.2, kinds: transient });
  await crawlAll({ profiles: true });
  expect(undisturbed.length).toBeGreaterThan(30);
  expect([...(await profiles())]).toEqual(undisturbed);
});

test("an unreadable document counts as one failure, and a later run reads it", async () => {
  answer = withMischief(calm, { seed: 4, share: 0.25, kinds: unreadable, absurd_bytes: 80_000_000 });
  let failures = 0;
  for (let run = 0; run < 3; run++) {
    await crawlAll().then(
      (summary) => (failures += summary.failures.length),
      () => failures++,
    );
  }
  answer = calm;
  const summary = await crawlAll({ forceInitialPass: true });
  expect(summary.failures).toEqual([]);
  expect(await contentsOf(database.sql)).toEqual(expected);
});

test.each([1, 2, 3])(
  "extreme values and documents affect nothing else, and a pass over the well-behaved forum repairs them (seed %d)",
  async (seed) => {
    const notes: string[] = [];
    answer = withMischief(calm, { seed: seed + Number(process.env["MISCHIEF_SEED"] ?? 0), share: 0.3, kinds: extreme });
    const progress = { ...silent, note: (text: string) => void notes.push(text) };
    const { values_cut, failures } = await crawlAll({ profiles: true, progress });
    expect(values_cut).toBeGreaterThan(0);
    expect(notes.filter((note) => note.includes("truncated"))).not.toEqual([]);
    expect(Math.max(...notes.map((note) => note.length), ...failures.map(({ reason }) => reason.length))).toBeLessThan(
      400,
    );
    expect(failures.filter(({ reason }) => /index row|out of range|refused/.test(reason))).toEqual([]);
    answer = calm;
    expect((await crawlAll({ forceInitialPass: true })).failures).toEqual([]);
    // A name stays an alias forever.
    const { users: _, ...others } = await contentsOf(database.sql);
    const { users: __, ...expectedOthers } = expected;
    expect(others).toEqual(expectedOthers);
  },
  60_000,
);
