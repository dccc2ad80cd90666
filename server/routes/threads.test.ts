import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import { threadColumns, threadRows } from "../testing/naive-threads.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const orders = ["desc", "asc"] as const;

test("lists every thread with posts in the selection, most posts first", async () => {
  for (const selection of [{}, { year: 2006 }, { bid: 14 }, { year: 2004, bid: 2 }, { year: 1999 }, { bid: 60 }]) {
    expect(await server.json(`/api/threads?${queryOf(selection)}`)).toEqual({
      rows: threadRows(server.forum, selection, "post_count", "desc"),
    });
  }
});

/** All rows, page by page. */
async function walk(path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page = await server.json(next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

test("following `next` visits every thread once, for every sort column, both orders and several page sizes", async () => {
  for (const order_by of threadColumns)
    for (const order of orders) {
      const expected = threadRows(server.forum, {}, order_by, order);
      for (const limit of [1, 7, expected.length - 1])
        expect(await walk(`/api/threads?${queryOf({ order_by, order, limit })}`)).toEqual(expected);
    }
});

test("pages begin and end within ties, in every kind of selection", async () => {
  const ties = threadRows(server.forum, {}, "participants", "desc").map(({ participants }) => participants);
  expect(new Set(ties).size).toBeLessThan(ties.length / 2);
  for (const selection of [{ year: 2004 }, { bid: 14 }, { year: 2004, bid: 14 }])
    for (const order of orders)
      expect(
        await walk(`/api/threads?${queryOf({ ...selection, order_by: "participants", order, limit: 2 })}`),
      ).toEqual(threadRows(server.forum, selection, "participants", order));
});

test("threads without a value are left out in both orders", async () => {
  const all = await server.json("/api/threads");
  const silent = await server.json("/api/threads?order_by=longest_silence_s&order=asc");
  const single = all.rows.filter(({ post_count }: { post_count: number }) => post_count === 1);
  expect(silent.rows).toHaveLength(all.rows.length - single.length);
});

test("following_ob may be fractional, negative or larger than any count", async () => {
  const rows = async (order: string, value: string) =>
    (await server.json(`/api/threads?order=${order}&following_tid=0&following_ob=${value}`)).rows;
  const [down, up] = orders.map((order) => threadRows(server.forum, {}, "post_count", order));
  const some = down![5]!.post_count;
  expect(await rows("desc", `${some}.5`)).toEqual(down!.filter((row) => row.post_count <= some));
  expect(await rows("asc", `${some}.5`)).toEqual(up!.filter((row) => row.post_count > some));
  expect(await rows("asc", String(some))).toEqual(up!.filter((row) => row.post_count >= some));
  expect(await rows("desc", "999999999999999")).toEqual(down!);
  expect(await rows("asc", "999999999999999")).toEqual([]);
  expect(await rows("asc", "-999999999999999.5")).toEqual(up!);
  expect(await rows("desc", "-1")).toEqual([]);
});

test("following_tid and following_ob must be given together; unknown columns are errors", async () => {
  for (const query of ["following_tid=3", "following_ob=3", "order_by=title", "order=up", "limit=0", "bid=x"]) {
    const response = await server.ask(`/api/threads?${query}`);
    expect([query, response.status]).toEqual([query, 400]);
  }
  expect(await (await server.ask("/api/threads?following_tid=3")).json()).toEqual({
    error: expect.stringContaining("following_tid and following_ob must be given together"),
  });
});

test("CSV has the same rows; null is an empty field", async () => {
  const response = await server.ask("/api/threads?csv&order_by=opened&order=asc");
  expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="threads.csv"');
  const [header, ...lines] = (await response.text()).trimEnd().split("\r\n");
  expect(header).toBe(
    "tid,title,subtitle,bid,uid,name,opened,post_count,participants,first_reply_s,lifetime_s,half_life_s,longest_silence_s,times_quoted",
  );
  const rows = threadRows(server.forum, {}, "opened", "asc");
  expect(lines).toHaveLength(rows.length);
  for (const [at, { thread, bid, user, ...values }] of rows.entries()) {
    const numbers = Object.values(values).map((value) => value ?? "");
    expect(lines[at]).toStartWith(`${thread.tid},${thread.title},${thread.subtitle},${bid},${user.uid},`);
    expect(lines[at]).toEndWith(`,${numbers.join(",")}`);
  }
});
