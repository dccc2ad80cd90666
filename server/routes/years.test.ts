import { afterAll, beforeAll, expect, test } from "bun:test";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("lists years with posts, ascending", async () => {
  for (const bid of [0, 14, 60]) {
    const rows = naive.years(server.forum, { bid }).map(({ year, post_count }) => ({ year, post_count }));
    expect(await server.json(`/api/years?bid=${bid}`)).toEqual({ rows });
  }
});
