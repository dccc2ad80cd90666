import { expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import { insertPost } from "@potstats/db/testing/database";
import { InvalidSearchError, type Trends } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { withBothEngines } from "./testing/both-engines.ts";
import { runAnalysis } from "./testing/corpus.ts";

const { eachEngine, asking, corpus } = withBothEngines();

/** The period after this month or year. */
function following(period: string): string {
  const [year = 0, month] = period.split("-").map(Number);
  if (month === undefined) return String(year + 1).padStart(4, "0");
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
}

const countsOf = ({ periods }: Trends, at = 0) =>
  Object.fromEntries(periods.flatMap(({ period, counts }) => (counts[at] ? [[period, counts[at]]] : [])));

const texts = [
  "Dampfer",
  "Damp",
  "Dampfer ",
  '"liegt an der Straße"',
  "+Dampfer",
  "Dampfer -Nebel",
  "user:Karl",
  'board:"Öffentliche Räume" Dampfer',
  "has:image",
  "Wiederholung year:2013",
  "after:2012-06 before:2013",
  "-Wiederholung",
  "Leuchtturm",
  "nirgends",
];

eachEngine("trends", ({ search, ask }, engine) => {
  test("each number is that of a search for the period", async () => {
    for (const place of [{}, { bid: 1 }, { bid: 2 }, { uid: 10 }, { uid: 14, bid: 1 }])
      for (const per of ["month", "year"] as const)
        for (const [at, content] of texts.entries()) {
          const queries = [content, texts[(at + 1) % texts.length] ?? ""];
          const trends = await search.trends({ queries, per, ...place });
          expect(trends.queries.map(({ q }) => q)).toEqual(queries);
          expect(trends.queries[0]).toMatchObject({ count: (await ask(content, place)).count, count_is_exact: true });
          for (const { period, counts } of trends.periods) {
            const { count } = await ask(content, { ...place, after: period, before: following(period) });
            expect([content, place, period, counts[0]]).toEqual([content, place, period, count]);
          }
          const sum = trends.periods.reduce((total, { counts }) => total + (counts[0] ?? 0), 0);
          expect([content, place, sum]).toEqual([content, place, trends.queries[0]?.count ?? -1]);
        }
  });

  test("periods go from the first to the last with searchable posts, with their numbers", async () => {
    const { periods } = await search.trends({ queries: ["x"], per: "month" });
    const numbers = Object.fromEntries(periods.map(({ period, post_count }) => [period, post_count]));
    // In Berlin, 2012 begins at 23:00 UTC. Hidden and vanished posts are not found, nor those without own text.
    expect(numbers).toMatchObject({ "2011-12": 1, "2012-01": 1, "2012-02": 0, "2012-05": 2, "2012-06": 11 });
    expect(periods.map(({ period }) => period)).toEqual([
      "2011-12",
      ...Array.from({ length: 12 }, (_, at) => `2012-${String(at + 1).padStart(2, "0")}`),
      "2013-01",
      "2013-02",
      "2013-03",
    ]);
    const years = await search.trends({ queries: ["Dampfer"], per: "year" });
    expect(years.periods.map(({ period, counts }) => [period, counts[0]])).toEqual([
      ["2011", 1],
      ["2012", 2],
      ["2013", 0],
    ]);
    const ofBoard = await search.trends({ queries: ["Dampfer"], per: "month", bid: 2 });
    expect(ofBoard.periods.map(({ period, post_count }) => [period, post_count])).toEqual([
      ["2012-05", 2],
      ["2012-06", 3],
    ]);
    const empty = await search.trends({ queries: ["Dampfer", ""], per: "month", bid: 4711 });
    expect(empty).toMatchObject({ periods: [], queries: [{ count: 0 }, { count: 0 }] });
  });

  test("of a user, periods and their numbers are those of the posts that a search for the user finds", async () => {
    for (const place of [{ uid: 10 }, { uid: 14 }, { uid: 14, bid: 1 }]) {
      const { periods } = await search.trends({ queries: ["Dampfer"], per: "month", ...place });
      const ends = [periods[0], periods.at(-1)].map((row) => row?.post_count ?? 0);
      expect(Math.min(...ends)).toBeGreaterThan(0);
      for (const { period, post_count } of periods) {
        const { count } = await ask("", { ...place, after: period, before: following(period) });
        expect([place, period, post_count]).toEqual([place, period, count]);
      }
      const { count } = await ask("", place);
      expect(periods.reduce((sum, { post_count }) => sum + post_count, 0)).toBe(count);
    }
    expect(await search.trends({ queries: ["Dampfer"], per: "year", uid: 4711 })).toMatchObject({ periods: [] });
  });

  test("nothing to look for has no hits, also on a board; an unknown filter is named", async () => {
    for (const q of ["", " ", "!?", '""']) {
      const { queries, periods } = await search.trends({ queries: [q], per: "year", bid: 1 });
      expect(queries).toEqual([{ q, count: 0, count_is_exact: true }]);
      expect(periods.every(({ counts }) => counts[0] === 0)).toBe(true);
    }
    const { queries } = await search.trends({ queries: ["user:niemand Dampfer", "Dampfer", "Dampfer"], per: "year" });
    expect(queries).toEqual([
      { q: "user:niemand Dampfer", count: 0, count_is_exact: true, unknown_filter: "user:niemand" },
      { q: "Dampfer", count: 3, count_is_exact: true },
      { q: "Dampfer", count: 3, count_is_exact: true },
    ]);
  });

  test("a misspelled word is corrected only if nobody wrote it at any time, in trends as in searches", async () => {
    const corrected = await search.trends({ queries: ["Wiederhohlung "], per: "month" });
    expect(corrected.queries).toMatchObject([{ count: 70, typos: true }]);
    expect(countsOf(corrected)["2013-01"]).toBeGreaterThan(0);
    expect(await ask("Wiederhohlung ", { year: 2013 })).toMatchObject({ count: 70, typos: true });
  });

  test("too many words are an error, like in a search", async () => {
    const q = Array.from({ length: 33 }, (_, n) => `wort${n}`).join(" ");
    expect(await settle(search.trends({ queries: ["Dampfer", q], per: "month" }))).toThrow(InvalidSearchError);
  });

  test("the engine", async () => {
    expect((await search.trends({ queries: ["Dampfer"], per: "year" })).engine).toBe(engine);
    // Phrases are PostgreSQL's.
    expect((await search.trends({ queries: ["Dampfer", '"an der Straße"'], per: "year" })).engine).toBe("postgres");
  });
});

test("a word that is rarer than a similar one keeps its own numbers where it does not occur", async () => {
  const { database, meili } = corpus();
  const { sql } = database;
  // Seventy posts of 2013 have "Wiederholung".
  await insertPost(sql, {
    pid: 300,
    tid: 103,
    poster_uid: 14,
    timestamp: new Date("2012-07-01T10:00:00Z"),
    content: "Wiederhohlung",
    revision: 1000,
  });
  await sql`select setval('crawl_revision', 1000)`;
  await runAnalysis(database);
  await fillIndex({ sql, meili });
  for (const engine of ["postgres", "meilisearch"] as const) {
    const { search, ask } = asking(engine);
    const { queries, periods } = await search.trends({ queries: ["Wiederhohlung "], per: "year" });
    expect(queries).toEqual([{ q: "Wiederhohlung ", count: 1, count_is_exact: true }]);
    expect(periods.map(({ period, counts }) => [period, counts[0]])).toEqual([
      ["2011", 0],
      ["2012", 1],
      ["2013", 0],
    ]);
    for (const period of [{ year: 2013 }, { after: "2013" }, { year: 2013, bid: 1 }]) {
      const { count, typos } = await ask("Wiederhohlung ", period);
      expect([count, typos]).toEqual([0, undefined]);
    }
    // On another board nobody wrote it.
    expect(await ask("Wiederhohlung ", { bid: 2 })).toMatchObject({ count: 0 });
  }
});
