import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const selections = [{}, { year: 2006 }, { bid: 14 }, { year: 2009, bid: 2 }] as { year?: number; bid?: number }[];
/** Users with many posts, with few, and with none. */
const uids = [3, 9, 31, 120, 139, 999];

test("returns counts, rank by posts, and boards in the selection", async () => {
  const { forum } = server;
  for (const uid of uids) {
    for (const selection of selections) {
      const numbers = naive.userNumbers(forum, uid, selection);
      const ranking = naive.posterStats(forum, selection, "post_count", "desc");
      const boards = forum.boards
        .flatMap(({ bid, name }) => {
          const { year } = selection;
          const inBoard = naive.userNumbers(forum, uid, { bid, ...(year ? { year } : {}) });
          return inBoard ? [{ bid, name, post_count: inBoard.post_count }] : [];
        })
        .toSorted((a, b) => b.post_count - a.post_count || a.bid - b.bid);
      const rank = 1 + ranking.filter(({ post_count }) => post_count > (numbers?.post_count ?? 0)).length;
      expect(await server.json(`/api/user-stats?${queryOf({ uid, ...selection })}`)).toEqual({
        user: naive.userOf(forum.users.find((user) => user.uid === uid)!),
        stats: numbers ? { ...numbers, rank } : null,
        boards,
        profile: null,
      });
    }
  }
});

test("returns the profile as its page shows it, times without a time zone", async () => {
  const { sql } = server.database;
  await sql`insert into user_tiers (tied, name, bars, type) values (1, 'enos', 'ggggggggg', 'standard')`;
  await sql`insert into avatars (avid, path) values (7, 'avatare/upload/U7.gif')`;
  await sql`
    update users set user_profile_exists = true, tied = 1, avid = 7, registered = '2003-05-01 23:30:00', last_seen = null,
      online_status = 'offline', account_state = 'locked_temp', locked_until = '2030-01-01 00:00:00' where uid = 20`;
  expect((await server.json("/api/user-stats?uid=20")).profile).toEqual({
    registered: "2003-05-01T23:30:00",
    last_seen: null,
    online_status: "offline",
    account_state: "locked_temp",
    locked_until: "2030-01-01 00:00:00",
    tier: "enos",
    bars: "ggggggggg",
    avatar: "avatare/upload/U7.gif",
  });
});

test("lists the days and hours in which a user posted", async () => {
  for (const uid of uids) {
    for (const selection of selections) {
      const posts = naive.select(naive.counted(server.forum), selection).filter((post) => post.uid === uid);
      const days = [...Map.groupBy(posts, ({ day }) => day)]
        .map(([day, { length }]) => ({ day, post_count: length }))
        .toSorted((a, b) => (a.day < b.day ? -1 : 1));
      expect(await server.json(`/api/user-daily-stats?${queryOf({ uid, ...selection })}`)).toEqual({ rows: days });
      const hours = [...Map.groupBy(posts, ({ weekday, hour }) => weekday * 24 + hour)]
        .toSorted(([a], [b]) => a - b)
        .map(([, [post, ...rest]]) => ({
          weekday: String(post!.weekday),
          hour: post!.hour,
          post_count: 1 + rest.length,
        }));
      expect(await server.json(`/api/user-hourly-stats?${queryOf({ uid, ...selection })}`)).toEqual({ rows: hours });
    }
  }
});

test("lists quotes in a board, whether a pair met in one board of the year or in several", async () => {
  const { sql } = server.database;
  await sql`insert into baked.quote_graph (year, bid, quoter_uid, quoted_uid, count, only_bid)
    values (2030, 0, 3, 9, 5, null), (2030, 14, 3, 9, 2, null), (2030, 2, 3, 9, 3, null), (2030, 0, 3, 31, 4, 14)`;
  const counts = async (query: string) => {
    const { rows } = (await server.json(`/api/user-quotes?year=2030&${query}`)) as {
      rows: { User: { uid: number }; count: number }[];
    };
    return rows.map(({ User, count }) => [User.uid, count]);
  };
  expect(await counts("uid=3")).toEqual([
    [9, 5],
    [31, 4],
  ]);
  expect(await counts("uid=3&bid=14")).toEqual([
    [31, 4],
    [9, 2],
  ]);
  expect(await counts("uid=3&bid=2")).toEqual([[9, 3]]);
  expect(await counts("uid=31&bid=14&direction=quoted_by")).toEqual([[3, 4]]);
  expect(await counts("uid=31&bid=2&direction=quoted_by")).toEqual([]);
  await sql`delete from baked.quote_graph where year = 2030`;
});

test("lists whom a user quotes, and who quotes the user", async () => {
  const { forum } = server;
  for (const uid of uids) {
    for (const selection of [...selections, { year: 2006, bid: 14 }, { bid: 2 }]) {
      const edges = naive.socialGraph(forum, selection.year, selection.bid);
      const order = (a: { User: { uid: number }; count: number }, b: { User: { uid: number }; count: number }) =>
        b.count - a.count || a.User.uid - b.User.uid;
      const quoting = edges
        .filter(({ from }) => from.uid === uid)
        .map(({ to, count }) => ({ User: to, count }))
        .toSorted(order);
      const quotedBy = edges
        .filter(({ to }) => to.uid === uid)
        .map(({ from, count }) => ({ User: from, count }))
        .toSorted(order);
      expect(await server.json(`/api/user-quotes?${queryOf({ uid, ...selection })}`)).toEqual({ rows: quoting });
      const path = `/api/user-quotes?${queryOf({ uid, direction: "quoted_by", ...selection })}`;
      expect(await server.json(path)).toEqual({ rows: quotedBy });
      expect(await server.json(`${path}&limit=2`)).toEqual({ rows: quotedBy.slice(0, 2) });
    }
  }
});

test("an unknown user is rejected", async () => {
  for (const path of ["user-stats", "user-daily-stats", "user-hourly-stats", "user-quotes"]) {
    const response = await server.ask(`/api/${path}?uid=4711`);
    expect([path, response.status, await response.json()]).toEqual([path, 400, { error: "no user has the id 4711" }]);
  }
});
