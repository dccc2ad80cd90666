import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRandom } from "@potstats/bbcode/testing/random";
import { settle } from "@potstats/cli/testing/settle";
import { type Progress, silent } from "@potstats/cli/progress";
import { connect } from "@potstats/db/connect";
import { AlreadyRunning, LockLost, withLock } from "@potstats/db/locks";
import { readGeneration } from "@potstats/db/generation";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  type TestDatabase,
  testDatabase,
} from "@potstats/db/testing/database";
import { analyze } from "./analyze.ts";
import { History } from "./testing/history.ts";
import { abortAfter } from "./testing/abort-after.ts";
import { deriveNaively } from "./testing/naive/index.ts";
import { lines, readBaked, type Row } from "./testing/tables.ts";

const forumUrl = "http://forum.example";

describe("every derived table equals a naive computation", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database?.drop());

  const expectNaive = async (timezone: string) => {
    const baked = await readBaked(database.sql);
    const naive = await deriveNaively(database.sql, timezone, forumUrl);
    for (const [table, rows] of Object.entries(naive)) {
      expect(rows.length).toBeGreaterThan(0);
      expect([table, ...lines(baked[table]!)]).toEqual([table, ...lines(rows)]);
    }
  };

  test("a random forum in UTC, in Berlin, with half an hour of offset, and where a day begins twice", async () => {
    const { sql } = database;
    const history = new History(sql, 4);
    await history.populate(400);
    for (let at = 0; at < 60; at++) await history.step();
    for (const timezone of ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]) {
      expect((await analyze({ sql, timezone, forumUrl })).changed).toBe(true);
      await expectNaive(timezone);
    }
  });

  test("threads that grow long, with silences that are longer than, as long as, and shorter than those at first", async () => {
    const { sql } = database;
    const random = createRandom(5);
    for (let uid = 1001; uid <= 1009; uid++) await insertUser(sql, uid);
    let pid = 10_000;
    for (const [tid, count] of [31, 32, 33, 34, 35, 200].entries()) {
      await insertThread(sql, 1000 + tid, { bid: 1 });
      let time_ms = Date.UTC(2012, 5, 1);
      for (let at = 0; at < count; at++) {
        const timestamp = new Date(time_ms);
        await insertPost(sql, { pid: pid++, tid: 1000 + tid, poster_uid: 1001 + Math.floor(random() * 9), timestamp });
        time_ms += 60_000 * Math.floor(random() * (at < 20 ? 4 : 4 + at / 10));
      }
    }
    await analyze({ sql, timezone: "UTC", forumUrl });
    await expectNaive("UTC");
    const longest =
      await sql`select from baked.thread_stats where tid >= 1000 and silence_pids[cardinality(silence_pids)] - first_pid > 32`;
    expect(longest.length).toBeGreaterThan(0);
  });
});

describe("a forum small enough to count by hand", () => {
  let database: TestDatabase;
  const timezone = "Europe/Berlin";
  const analyzed = async (zone = timezone) => {
    await analyze({ sql: database.sql, timezone: zone, forumUrl, full: true });
    return readBaked(database.sql);
  };
  const at = (time: string) => new Date(`${time}Z`);

  beforeAll(async () => {
    database = await testDatabase();
    const { sql } = database;
    for (const bid of [1, 2]) await insertBoard(sql, bid);
    await insertUser(sql, 11, { name: "Anna", aliases: ["½nna"] });
    await insertUser(sql, 12, { name: "&#196;nne" });
    await insertUser(sql, 13, { name: "Stumm" });
    await insertThread(sql, 1, { bid: 1 });
    await insertThread(sql, 2, { bid: 2 });
    // It is 2011 in UTC and 2012 in Berlin.
    await insertPost(sql, { pid: 1, tid: 1, poster_uid: 11, timestamp: at("2011-12-31T23:00:00"), content: "abc" });
    // Hidden, but opens its thread; on the same day in the other board.
    await insertPost(sql, {
      pid: 2,
      tid: 2,
      poster_uid: 11,
      timestamp: at("2011-12-31T23:30:00"),
      content: '[quote=1,2,"Anna"]selbst[/quote] [quote=1,1,"Anna"]x[/quote][quote=1,1,"Anna"]y[/quote]',
      is_hidden: true,
      edit_count: 2,
    });
    // On a leap day; quotes an unknown post and one without a poster.
    await insertPost(sql, {
      pid: 3,
      tid: 2,
      poster_uid: 12,
      timestamp: at("2012-02-29T12:00:00"),
      content: '[quote=1,999,"Wer"]x[/quote][quote=1,4,"Niemand"]x[/quote][quote=1,1,"Anna"]x[/quote]',
      gone_at: at("2013-01-01T00:00:00"),
    });
    await insertPost(sql, { pid: 4, tid: 2, poster_uid: null, timestamp: at("2012-02-29T12:00:00") });
    await insertPost(sql, { pid: 5, tid: 2, poster_uid: 12, timestamp: null });
  });
  afterAll(() => database?.drop());

  const find = (rows: Row[] | undefined, key: Row) =>
    rows?.filter((row) => Object.entries(key).every(([column, value]) => row[column] === value));

  test("a user active in two boards on one day counts once; New Year is Berlin's", async () => {
    const { daily_stats, yearly_stats } = await analyzed();
    expect(
      find(daily_stats, { day: "2012-01-01" })?.map((row) => [row["bid"], row["post_count"], row["active_users"]]),
    ).toEqual(
      expect.arrayContaining([
        [0, 2, 1],
        [1, 1, 1],
        [2, 1, 1],
      ]),
    );
    expect(find(yearly_stats, { year: 2012, bid: 0 })).toMatchObject([{ post_count: 3, active_users: 2 }]);
    expect(find(yearly_stats, { year: 2011 })).toEqual([]);
  });

  test("in UTC the posts fall into the previous year", async () => {
    const { yearly_stats, hourly_stats } = await analyzed("UTC");
    expect(find(yearly_stats, { year: 2011, bid: 0 })).toMatchObject([{ post_count: 2, active_users: 1 }]);
    expect(find(hourly_stats, { year: 2011, bid: 0 })).toMatchObject([{ weekday: 6, hour: 23, post_count: 2 }]);
  });

  test("hidden and vanished posts count, and so does a thread that a hidden post opens", async () => {
    const { poster_stats } = await analyzed();
    expect(find(poster_stats, { year: 0, bid: 0, uid: 11 })).toEqual([
      expect.objectContaining({ post_count: 2, threads_created: 2, edit_count: 2, quoted_count: 3, quotes_count: 2 }),
    ]);
    expect(find(poster_stats, { year: 0, bid: 0, uid: 12 })).toMatchObject([{ post_count: 1, quotes_count: 1 }]);
  });

  test("quoting oneself counts in the quote graph, quoting an unknown post does not", async () => {
    const { quote_graph, post_quotes } = await analyzed();
    expect(find(quote_graph, { year: 0, bid: 0 })).toEqual(
      expect.arrayContaining([
        { year: 0, bid: 0, quoter_uid: 11, quoted_uid: 11, count: 3, only_bid: null },
        { year: 0, bid: 0, quoter_uid: 12, quoted_uid: 11, count: 1, only_bid: null },
      ]),
    );
    expect(find(quote_graph, { year: 0, bid: 0 })).toHaveLength(2);
    expect(find(post_quotes, { pid: 3 })).toHaveLength(3);
  });

  test("users without posts have a name but no statistics", async () => {
    const { users, poster_stats } = await analyzed();
    expect(find(users, { uid: 13 })).toHaveLength(1);
    expect(find(poster_stats, { uid: 13 })).toEqual([]);
    expect(find(users, { uid: 12 })).toEqual([
      { uid: 12, name: "Änne", name_lower: "änne", aliases: [], registered: null },
    ]);
    expect(find(users, { uid: 11 })).toMatchObject([{ aliases: ["œnna"] }]);
  });

  test("the average is rounded half up", async () => {
    await insertUser(database.sql, 20);
    for (const [pid, content] of [
      [21, "a"],
      [22, "ab"],
    ] as const)
      await insertPost(database.sql, { pid, tid: 1, poster_uid: 20, content });
    const { poster_stats } = await analyzed();
    expect(find(poster_stats, { year: 0, bid: 0, uid: 20 })).toMatchObject([{ posts_length: 3, avg_post_length: 2 }]);
  });
});

describe("a run", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    const { sql } = database;
    await insertBoard(sql, 1);
    await insertUser(sql, 11);
    await insertThread(sql, 1, { bid: 1 });
    await insertPost(sql, { pid: 1, tid: 1, poster_uid: 11, content: "[url=http://a.example]" });
  });
  afterAll(() => database?.drop());
  const run = (options: Partial<Parameters<typeof analyze>[0]> = {}) =>
    analyze({ sql: database.sql, timezone: "UTC", forumUrl, ...options });
  const posts = async () => {
    const [row] = await database.sql<{ count: number }[]>`
      select post_count as count from baked.yearly_stats where year = 0 and bid = 0`;
    return row?.count ?? 0;
  };

  test("returns a summary", async () => {
    const summary = await run();
    expect(summary).toMatchObject({ changed: true, kind: "full", posts: 1, counts: { posts: 1, quotes: 0, links: 1 } });
    expect(summary.rows).toMatchObject({ post_facts: 1, domains: 4, daily_threads: 2 });
  });

  test("keeps the forum's credentials out of the addresses of links", async () => {
    const [last] = await database.sql<{ forum_url: string }[]>`select forum_url from baked.analysis`;
    const withPassword = last!.forum_url.replace("://", "://reader:secret@");
    expect(await run({ forumUrl: withPassword })).toMatchObject({ changed: false });
  });

  test("does nothing and keeps the generation if nothing changed", async () => {
    const before = await readGeneration(database.sql);
    expect(await run()).toMatchObject({ changed: false });
    expect(await readGeneration(database.sql)).toBe(before);
  });

  test("updates the time of the analysis even if nothing changed: the statistics are current", async () => {
    await database.sql`update baked.analysis set finished_at = ${new Date(0)}`;
    const begun_ms = Date.now();
    expect(await run()).toMatchObject({ changed: false });
    const [row] = await database.sql<{ finished_at: Date }[]>`select finished_at from baked.analysis`;
    expect(row?.finished_at.getTime()).toBeWithin(begun_ms, Date.now() + 1);
  });

  test("drops the tables that a killed full run left behind, even if nothing changed", async () => {
    const left = () => database.sql`select from pg_namespace where nspname like 'baked\\_old%'`;
    await database.sql`create schema baked_old_1`;
    await database.sql`create table baked_old_1.posts (pid int)`;
    expect(await run()).toMatchObject({ changed: false });
    expect((await left()).length).toBe(0);
  });

  test("includes changes, with a new generation", async () => {
    const before = await readGeneration(database.sql);
    await insertPost(database.sql, { pid: 2, tid: 1, poster_uid: 11, revision: 1 });
    expect(await run()).toMatchObject({ changed: true });
    expect(await readGeneration(database.sql)).not.toBe(before);
    expect(await posts()).toBe(2);
  });

  test("is a full run on request and in another time zone", async () => {
    expect(await run({ full: true })).toMatchObject({ changed: true });
    expect(await run({ timezone: "Europe/Berlin" })).toMatchObject({ changed: true });
    expect(await run({ timezone: "Europe/Berlin" })).toMatchObject({ changed: false });
    expect(await run()).toMatchObject({ changed: true });
  });

  test("falls back to a full run when the definitions of derived tables changed", async () => {
    await database.sql`update baked.analysis set version = version - 1`;
    expect(await run()).toMatchObject({ changed: true });
    expect(await run()).toMatchObject({ changed: false });
  });

  test("is rejected while another run is active", async () => {
    await withLock(database.sql, "analyze", async () => {
      expect(await settle(run())).toThrow(AlreadyRunning);
    });
    const both = await Promise.allSettled([run({ full: true }), run({ full: true })]);
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")?.reason).toBeInstanceOf(AlreadyRunning);
  });

  test("stops when it loses its lock, because another run may have started", async () => {
    const before = await readGeneration(database.sql);
    const freeLocks = `
      import { connect } from "@potstats/db/connect";
      const sql = connect(process.argv[1]);
      await sql\`select pg_terminate_backend(l.pid, 5000) from pg_locks as l join pg_database as d on d.oid = l.database
        where locktype = 'advisory' and datname = current_database()\`;
      await sql.end();`;
    const progress: Progress = {
      ...silent,
      phase: (...arguments_) => {
        Bun.spawnSync([process.execPath, "-e", freeLocks, database.url], { cwd: import.meta.dirname });
        return silent.phase(...arguments_);
      },
    };
    expect(await settle(run({ full: true, progress }))).toThrow(LockLost);
    expect(await readGeneration(database.sql)).toBe(before);
  });

  test("that is aborted at any step leaves the previous results, and nothing that impedes the next run", async () => {
    const before = await readGeneration(database.sql);
    await insertPost(database.sql, { pid: 3, tid: 1, poster_uid: 11, revision: 2 });
    for (let steps = 0; ; steps++) {
      const outcome = await run({ full: true, ...abortAfter(steps) }).catch((error: Error) => error.message);
      if (typeof outcome !== "string") {
        expect(steps).toBeGreaterThan(15);
        break;
      }
      expect(outcome).toBe("aborted");
      expect(await readGeneration(database.sql)).toBe(before);
      expect(await posts()).toBe(2);
    }
    expect(await posts()).toBe(3);
    expect(await database.sql`select nspname from pg_namespace where nspname like 'baked\\_%'`).toHaveLength(0);
  });

  test("shows readers either old or new numbers, and never makes them wait for a lock", async () => {
    const { sql } = database;
    const state = { done: false };
    const seen = new Set<string>();
    // Like a server, uses what it read only if the generation is still the same.
    const read = async () => {
      const reader = connect(database.url, { max: 1 });
      // Waiting longer for a lock fails the test.
      await reader`set lock_timeout = '50ms'`;
      while (!state.done) {
        const before = await readGeneration(reader);
        const [row] = await reader<{ yearly: number; daily: number; poster: number; days: number; posts: number }[]>`
          select (select post_count from baked.yearly_stats where year = 0 and bid = 0) as yearly,
                 (select sum(post_count) from baked.daily_stats where bid = 0) as daily,
                 (select sum(post_count) from baked.poster_stats where year = 0 and bid = 0) as poster,
                 (select sum(post_count) from baked.user_days) as days,
                 (select counts ->> 'posts' from baked.analysis)::int as posts`;
        if (before !== (await readGeneration(reader))) continue;
        expect([row?.daily, row?.poster, row?.days, row?.posts]).toEqual(Array(4).fill(row?.yearly));
        seen.add(before);
      }
      await reader.end();
    };
    const reading = Promise.all([read(), read()]);
    const kinds = new Set<string>();
    try {
      for (let pid = 10; pid < 18; pid++) {
        await insertPost(sql, { pid, tid: 1, poster_uid: 11, revision: pid });
        kinds.add((await run({ full: pid % 2 === 0 })).kind);
      }
    } finally {
      state.done = true;
      await reading;
    }
    expect([...kinds].toSorted()).toEqual(["full", "incremental"]);
    expect(seen.size).toBeGreaterThan(1);
  });
});
