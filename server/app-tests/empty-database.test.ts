/** Responses on an empty database, and on one from an older version. */
import { expect, test } from "bun:test";
import { testDatabase } from "@potstats/db/testing/database";
import { askApp } from "../testing/server.ts";

test("an empty database gives empty responses; with an outdated one, the error says which command to run", async () => {
  const database = await testDatabase();
  try {
    const ask = askApp(database);
    for (const path of [
      "boards",
      "poster-stats",
      "year-over-year-stats",
      "weekday-stats",
      "social-graph",
      "domains",
      "user-domains",
    ]) {
      const response = await ask(`/api/${path}`);
      expect([path, response.status, await response.json()]).toMatchObject([path, 200, { rows: [] }]);
    }
    expect(await (await ask("/api/daily-stats?year=2004&statistic=post_count")).json()).toEqual({ series: [] });
    expect(await (await ask("/api/status")).json()).toMatchObject({
      generation: "-.-",
      last_crawl_at: null,
      last_analysis_at: null,
      timezone: null,
    });
    expect((await ask("/readyz")).status).toBe(200);
    const unindexed = await ask("/api/search?content=wal&type=post");
    expect([200, 503]).toContain(unindexed.status);
    await database.sql`alter table baked.yearly_stats rename active_users to users`;
    expect((await ask("/api/boards?year=2005")).status).toBe(200);
    const older = await ask("/api/weekday-stats?year=2005");
    expect(older.status).toBe(200);
    const renamed = await ask("/api/overview?year=2005");
    expect([renamed.status, await renamed.json()]).toEqual([
      503,
      { error: expect.stringContaining("bun run db migrate") },
    ]);
    await database.sql`drop schema baked cascade`;
    const response = await ask("/api/boards?year=2004");
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: expect.stringContaining("bun run update") },
    ]);
    expect((await ask("/readyz")).status).toBe(503);
  } finally {
    await database.drop();
  }
});
