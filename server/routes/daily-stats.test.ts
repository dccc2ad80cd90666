import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { queryOf } from "../testing/examples.ts";
import * as naive from "../testing/naive.ts";
import { testServer, type TestServer } from "../testing/server.ts";
import { weeks } from "./daily-stats.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

const statistics = ["post_count", "edit_count", "threads_created", "active_users", "avg_post_length"] as const;

test("returns calendar weeks with their days in descending order, for every statistic", async () => {
  for (const statistic of statistics) {
    for (const selection of [{ year: 2004 }, { year: 2006 }, { year: 2009, bid: 14 }, { year: 2008 }]) {
      expect(await server.json(`/api/daily-stats?${queryOf({ statistic, ...selection })}`)).toEqual({
        series: naive.weeks(server.forum, selection, statistic),
      });
    }
  }
});

test("an unknown year or board has no weeks", async () => {
  for (const query of ["year=1", "year=9999", "year=2004&bid=4711"]) {
    expect(await server.json(`/api/daily-stats?statistic=post_count&${query}`)).toEqual({ series: [] });
  }
});

test("a year (at least 1) and a statistic are required", async () => {
  for (const [query, message] of [
    ["statistic=post_count", "parameter year is missing: it must be a whole number from 1 to 9999"],
    ["year=0&statistic=post_count", "parameter year must be a whole number from 1 to 9999"],
    ["year=2004", "parameter statistic is missing: it must be post_count, edit_count"],
    ["year=2004&statistic=posts_length", "parameter statistic must be post_count, edit_count"],
  ]) {
    const response = await server.ask(`/api/daily-stats?${query}`);
    expect([query, response.status, await response.json()]).toEqual([
      query,
      400,
      { error: expect.stringContaining(message!) },
    ]);
  }
});

describe("weeks", () => {
  const day = (text: string, value = 1) => ({ day: text, value });
  const names = (days: { day: string; value: number }[]) =>
    weeks(days).map(({ name, series }) => [
      name,
      series.map((cell) => `${cell.name.slice(0, 2)}${cell.value}`).join(" "),
    ]);

  test("are empty if there are no days", () => expect(weeks([])).toEqual([]));

  test("range from the first to the last day, even if both are in one week", () => {
    expect(names([day("2007-01-02", 5), day("2007-01-05", 7)])).toEqual([[1, "Fr7 Do0 Mi0 Di5"]]);
    expect(names([day("2007-01-03", 5)])).toEqual([[1, "Mi5"]]);
  });

  test("days before the first Monday are in week 0; a year that begins on Monday has none", () => {
    expect(names([day("2006-01-01"), day("2006-01-02")])).toEqual([
      [0, "So1"],
      [1, "Mo1"],
    ]);
    expect(names([day("2007-01-01"), day("2007-12-31")])).toEqual([
      [1, "So0 Sa0 Fr0 Do0 Mi0 Di0 Mo1"],
      [53, "Mo1"],
    ]);
  });

  test("weeks without posts are omitted, full weeks have seven days", () => {
    expect(names([day("2004-02-29"), day("2004-03-10"), day("2004-03-30")])).toEqual([
      [8, "So1"],
      [10, "So0 Sa0 Fr0 Do0 Mi1 Di0 Mo0"],
      [13, "Di1 Mo0"],
    ]);
  });

  test("daylight saving time does not shift days", () => {
    expect(
      names([day("2006-03-26"), day("2006-03-27"), day("2006-10-29"), day("2006-10-30")]).map(([name]) => name),
    ).toEqual([12, 13, 43, 44]);
  });
});
