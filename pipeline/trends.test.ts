/** What people of a simulated forum talked about in some years is what trends show, with both engines. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { analyze } from "@potstats/analytics/analyze";
import { ownText } from "@potstats/bbcode/parse";
import { type TestDatabase, testDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "@potstats/search/fill";
import { createSearch } from "@potstats/search/search";
import { startMeilisearch, type TestMeilisearch } from "@potstats/search/testing/corpus";
import { askApp } from "@potstats/server/testing/server";
import { fads } from "@potstats/simulator/fads";
import { createForum } from "@potstats/simulator/forum";
import { forumUrl, timezone } from "./testing/stages.ts";
import { storeHistory } from "./testing/stored-history.ts";

const forum = createForum({ posts: 12_000 });
const words = Object.keys(fads);

let database: TestDatabase;
let meili: TestMeilisearch;
beforeAll(async () => {
  [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  await storeHistory(database, forum);
  await analyze({ sql, timezone, forumUrl, full: true });
  await fillIndex({ sql, meili });
}, 240_000);
afterAll(async () => {
  await meili?.close();
  await database?.drop();
});

const clock = new Intl.DateTimeFormat("sv", { timeZone: timezone, year: "numeric", month: "2-digit" });
const posts = forum.history.posts.map((post) => ({
  month: clock.format(new Date(post.time * 1000)),
  text: ownText(forum.contentOf(post)),
}));

/** Posts with the word per month or year. */
function countsOf(word: string, length: 4 | 7): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { month, text } of posts)
    if (new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, "u").test(text))
      counts.set(month.slice(0, length), (counts.get(month.slice(0, length)) ?? 0) + 1);
  return counts;
}

interface Trends {
  engine: string;
  fallback?: boolean;
  queries: { count: number; count_is_exact: boolean }[];
  periods: { period: string; counts: number[]; per_10000: number[] }[];
}

describe.each(["postgres", "meilisearch"] as const)("%s", (engine) => {
  async function trendsOf(per: "month" | "year"): Promise<Trends> {
    const search = createSearch({ sql: database.sql, meili: engine === "meilisearch" ? meili : undefined, timezone });
    const ask = askApp(database, { search });
    const query = words.map((word) => `q=${encodeURIComponent(`${word} `)}`).join("&");
    for (let attempt = 0; attempt < 100; attempt++) {
      const trends = (await (await ask(`/api/trends?${query}&per=${per}`)).json()) as Trends;
      if (!trends.fallback) return trends;
      await Bun.sleep(50);
    }
    throw new Error("Meilisearch does not answer in time");
  }

  test("each word is found in the months in which it was written, as often as it was", async () => {
    const { engine: answered, queries, periods } = await trendsOf("month");
    expect(answered).toBe(engine);
    for (const [at, word] of words.entries()) {
      const expected = countsOf(word, 7);
      const found = periods.flatMap(({ period, counts }) => (counts[at] ? [[period, counts[at]] as const] : []));
      expect([word, new Map(found)]).toEqual([word, expected]);
      expect(queries[at]).toMatchObject({
        count: [...expected.values()].reduce((sum, n) => sum + n, 0),
        count_is_exact: true,
      });
    }
  });

  test("one rises and falls, one rises to the end, one returns every winter", async () => {
    const { periods } = await trendsOf("year");
    const shares = (word: string) =>
      new Map(periods.map((one) => [one.period, one.per_10000[words.indexOf(word)] ?? 0]));
    const [ringtone, bike] = [shares("Klingelton"), shares("Lastenrad")];
    const peak = [...ringtone].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "";
    expect(["2006", "2007", "2008"]).toContain(peak);
    expect(ringtone.get("2004") ?? 0).toBeLessThan((ringtone.get(peak) ?? 0) / 4);
    expect(ringtone.get("2014") ?? 0).toBeLessThan((ringtone.get(peak) ?? 0) / 4);
    expect(bike.get("2017") ?? 0).toBeGreaterThan(4 * (bike.get("2012") ?? 0));
    const { periods: months } = await trendsOf("month");
    const inMonths = (names: string[]) =>
      months
        .filter(({ period }) => names.includes(period.slice(5)))
        .reduce((sum, { counts }) => sum + (counts[words.indexOf("Glühwein")] ?? 0), 0);
    expect(inMonths(["11", "12"])).toBeGreaterThan(50);
    expect(inMonths(["04", "05", "06", "07", "08"])).toBe(0);
  });
});
