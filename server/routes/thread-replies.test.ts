import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import { threadReplies } from "../testing/naive-threads.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test.each([{}, { bid: 2 }, { bid: 14 }, { bid: 53 }, { year: 2004 }, { year: 2006, bid: 14 }])(
  "%j",
  async (selection) => {
    const expected = threadReplies(server.forum, selection);
    expect(expected.total.threads).toBeGreaterThan(0);
    expect(await server.json(`/api/thread-replies?${queryOf(selection)}`)).toEqual(expected);
  },
);

test("zeros and nulls for a year or board without threads", async () => {
  for (const query of ["year=1999", "bid=60", "bid=4711", "year=2006&bid=60"])
    expect(await server.json(`/api/thread-replies?${query}`)).toEqual({
      rows: [],
      total: {
        threads: 0,
        unanswered: 0,
        first_reply_p50_s: null,
        first_reply_p90_s: null,
        lifetime_p50_s: null,
        lifetime_p90_s: null,
      },
    });
});

test("a malformed year or board is an error", async () => {
  for (const query of ["year=x", "year=10000", "bid=-1"])
    expect((await server.ask(`/api/thread-replies?${query}`)).status).toBe(400);
});
