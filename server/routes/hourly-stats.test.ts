import { afterAll, beforeAll, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

test("counts posts and distinct users by weekday and hour, in local time", async () => {
  for (const selection of [{}, { year: 2006 }, { bid: 14 }, { year: 2004, bid: 2 }, { year: 2008 }]) {
    const posts = naive.select(naive.counted(server.forum), selection);
    const slots = new Map<string, { weekday: string; hour: number; uids: number[] }>();
    for (const { weekday, hour, uid } of posts) {
      const key = `${weekday} ${String(hour).padStart(2, "0")}`;
      const slot = slots.get(key) ?? { weekday: String(weekday), hour, uids: [] };
      slot.uids.push(uid);
      slots.set(key, slot);
    }
    const rows = [...slots]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { weekday, hour, uids }]) => ({
        weekday,
        hour,
        post_count: uids.length,
        active_users: new Set(uids).size,
      }));
    expect(await server.json(`/api/hourly-stats?${queryOf(selection)}`)).toEqual({ rows });
  }
});
