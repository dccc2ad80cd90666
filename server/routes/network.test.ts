import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

/** Edges by uid, and the users that they join with their posts, most posts first. */
function network(year: number, isShown: (from: number, to: number) => boolean, center: number[] = []) {
  const graph = naive.socialGraph(server.forum, year).filter(({ from, to }) => isShown(from.uid, to.uid));
  const uids = new Set([...graph.flatMap(({ from, to }) => [from.uid, to.uid]), ...center]);
  const posts = naive.select(naive.counted(server.forum), { year });
  const users = server.forum.users
    .filter(({ uid }) => uids.has(uid))
    .map((user) => ({ User: naive.userOf(user), post_count: posts.filter(({ uid }) => uid === user.uid).length }))
    .toSorted((a, b) => b.post_count - a.post_count || a.User.uid - b.User.uid);
  return { users, edges: graph.map(({ from, to, count }) => ({ from: from.uid, to: to.uid, count })) };
}

test("edges are those of the social graph; users are those that they join, with the posts of the selection", async () => {
  for (const year of [0, 2004, 2006, 2009, 1999]) {
    expect(await server.json(`/api/network?year=${year}`)).toEqual(network(year, () => true));
  }
  const { edges } = (await server.json("/api/network?limit=3")) as { edges: unknown[] };
  expect(edges).toEqual(network(0, () => true).edges.slice(0, 3));
});

test("around a user are those who share quotes with the user, and the quotes among them", async () => {
  for (const { uid } of server.forum.users) {
    for (const year of [0, 2006]) {
      const own = naive.socialGraph(server.forum, year).filter(({ from, to }) => [from.uid, to.uid].includes(uid));
      const among = new Set([uid, ...own.flatMap(({ from, to }) => [from.uid, to.uid])]);
      expect(await server.json(`/api/network?uid=${uid}&year=${year}`)).toEqual(
        network(year, (from, to) => among.has(from) && among.has(to), [uid]),
      );
    }
  }
});

test("of many partners those with the most quotes in common are kept, whoever quotes whom", async () => {
  const { sql } = server.database;
  await sql`insert into baked.users (uid, name, name_lower, aliases)
            select 70000 + n, 'Partner ' || n, 'partner ' || n, '[]' from generate_series(0, 60) n`;
  // User 70000 quotes user 70000 + n and is quoted in turn, 2 n + 1 times in all.
  await sql`insert into baked.quote_graph (year, bid, quoter_uid, quoted_uid, count)
            select 0, 0, 70000, 70000 + n, n from generate_series(1, 60) n
            union all select 0, 0, 70000 + n, 70000, n + 1 from generate_series(1, 60) n`;
  const { users, edges } = (await server.json("/api/network?uid=70000&nocache")) as ReturnType<typeof network>;
  expect(users.map(({ User }) => User.uid)).toEqual([70000, ...Array.from({ length: 40 }, (_, at) => 70021 + at)]);
  expect(edges).toHaveLength(80);
  await sql`delete from baked.quote_graph where quoter_uid >= 70000 or quoted_uid >= 70000`;
  await sql`delete from baked.users where uid >= 70000`;
});

test("a partner is found whose quotes are many only together", async () => {
  const { sql } = server.database;
  await sql`insert into baked.users (uid, name, name_lower, aliases)
            select 70000 + n, 'Partner ' || n, 'partner ' || n, '[]' from generate_series(0, 1201) n`;
  // 600 are quoted 10 times, 600 others quote 10 times, and the last one does both 9 times.
  await sql`insert into baked.quote_graph (year, bid, quoter_uid, quoted_uid, count)
            select 0, 0, 70000, 70000 + n, 10 from generate_series(1, 600) n
            union all select 0, 0, 70000 + n, 70000, 10 from generate_series(601, 1200) n
            union all values (0, 0, 70000, 71201, 9), (0, 0, 71201, 70000, 9)`;
  const { users } = (await server.json("/api/network?uid=70000&nocache")) as ReturnType<typeof network>;
  const uids = users.map(({ User }) => User.uid);
  expect(uids).toEqual([70000, ...Array.from({ length: 39 }, (_, at) => 70001 + at), 71201]);
  await sql`delete from baked.quote_graph where quoter_uid >= 70000 or quoted_uid >= 70000`;
  await sql`delete from baked.users where uid >= 70000`;
});

test("an unknown user is an error; as CSV every edge has names", async () => {
  const response = await server.ask("/api/network?uid=99999999");
  expect([response.status, await response.json()]).toEqual([400, { error: "no user has the id 99999999" }]);
  const csv = await (await server.ask("/api/network?limit=1&csv")).text();
  const [first] = naive.socialGraph(server.forum);
  expect(csv.split("\r\n").slice(0, 2)).toEqual([
    "from_uid,from_name,to_uid,to_name,count",
    `${first!.from.uid},${first!.from.name},${first!.to.uid},${first!.to.name},${first!.count}`,
  ]);
});
