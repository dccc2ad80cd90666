/** Which words are corrected, and when: misspelled ones are replaced by similar ones of `search.words`. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertBoard, insertPost, insertThread, insertUser, testDatabase } from "@potstats/db/testing/database";
import type { TestDatabase } from "@potstats/db/testing/database";
import { fillIndex } from "../fill.ts";
import { createSearch } from "../search.ts";
import { runAnalysis, timezone } from "../testing/corpus.ts";
import { parseQuery } from "./syntax.ts";
import { correctTypos } from "./typos.ts";

const counts: Record<string, number> = {
  autobahn: 500,
  werkstatt: 300,
  wohnung: 200,
  wohnungen: 20,
  zahnriemen: 100,
  // As frequent as its neighbor, or nearly so.
  schnecke: 100,
  schnecken: 90,
  schmecken: 60,
  // Misspelled: one too rare to be a word of its own, one not.
  werkstat: 30,
  wohnugn: 21,
  haus: 900,
  "12346": 900,
  abc12345: 900,
  москва: 900,
  // Similar to a word that nobody wrote: the more frequent one is meant.
  leiter: 40,
  weiter: 400,
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const rows = Object.entries(counts).map(([word, count]) => ({ word, count }));
  await database.sql`insert into search.words ${database.sql(rows)}`;
});
afterAll(() => database.drop());

/** The corrected words; undefined if nothing is corrected. */
async function corrected(typed: string): Promise<string | undefined> {
  const terms = await correctTypos(database.sql, parseQuery(typed).terms);
  return terms?.map(({ words }) => words.join(" ")).join(" ");
}

test.each([
  ["swapped", "werkstatt", ["Wekrstatt", "ewrkstatt", "Werksttat"]],
  ["missing", "werkstatt", ["Wrkstatt", "erkstatt"]],
  ["added", "werkstatt", ["Werkstattt", "Weerkstatt", "xWerkstatt"]],
  ["replaced", "werkstatt", ["Wetkstatt", "Qerkstatt", "Werkstatz"]],
  ["swapped", "zahnriemen", ["Zahnreimen", "Zahnrimeen"]],
  ["missing", "autobahn", ["Autoban", "Autobhn"]],
  ["with an umlaut", "wohnung", ["Wöhnungg"]],
])("one letter %s: %s", async (_, word, misspellings) => {
  for (const misspelling of misspellings)
    expect([misspelling, await corrected(`${misspelling} `)]).toEqual([misspelling, word]);
});

test.each(["Autobhanen", "Autobhane", "Autobhans"])(
  "inflected words are corrected to their dictionary form: %s",
  async (word) => {
    expect(await corrected(`${word} `)).toBe("autobahn");
    // Still being typed, or complete: it does not end with a space.
    expect(await corrected(word)).toBe("autobahn");
  },
);

test("the most frequent similar word is meant", async () => {
  expect(await corrected("Keiter ")).toBe("weiter");
  expect(await corrected("Lleiter ")).toBe("leiter");
  expect(await corrected("eiter ")).toBe("weiter");
  expect(await corrected("schmeckeen ")).toBe("schmecken");
});

test("a word that is being typed is corrected to the beginning of a word", async () => {
  expect(await corrected("Wekrst")).toBe("werkst");
  expect(await corrected("Zahnire")).toBe("zahnrie");
  expect(await corrected("Wekrst ")).toBeUndefined();
  const terms = await correctTypos(database.sql, parseQuery("Haus Wekrst").terms);
  expect(terms?.map(({ words, prefix }) => [words, prefix])).toEqual([
    [["haus"], false],
    [["werkst"], true],
  ]);
});

test("two letters are too many", async () => {
  for (const word of ["Wekrsttat ", "Autobhaan ", "Wrkztatt ", "Wekrtsa"])
    expect([word, await corrected(word)]).toEqual([word, undefined]);
});

test.each(["12345 ", "12345", "abd12345 ", "hasu ", "hsus ", "москвв "])(
  "numbers, short words and other scripts are never corrected: %s",
  async (typed) => expect(await corrected(typed)).toBeUndefined(),
);

test.each(["schmecken ", "schnecken ", "Autobahn ", "Autobahnen ", "autob", "Wohnungen ", "wohnugn "])(
  "words that are frequent enough themselves are not corrected: %s",
  async (typed) => expect(await corrected(typed)).toBeUndefined(),
);

test("a word that occurs is corrected if the other one is ten times as frequent", async () => {
  expect(await corrected("Werkstat ")).toBe("werkstatt");
});

test.each(["+Wekrstatt ", '"Wekrstatt"', '"neue Wekrstatt"', "-Wekrstatt", "Wekr-Statt "])(
  "words to be found as written are not corrected: %s",
  async (typed) => expect(await corrected(typed)).toBeUndefined(),
);

test("of several words, only the misspelled ones are replaced", async () => {
  expect(await corrected("Haus Wekrstatt +Wekrstatt Zahnreimen ")).toBe("haus werkstatt wekrstatt zahnriemen");
  expect(await corrected("Haus Wohnung ")).toBeUndefined();
});

describe("in a search", () => {
  let forum: TestDatabase;
  beforeAll(async () => {
    forum = await testDatabase();
    const { sql } = forum;
    await insertBoard(sql, 1);
    await insertUser(sql, 1);
    await insertThread(sql, 1, { bid: 1 });
    const contents = [
      ...Array.from({ length: 10 }, () => "Termin in der Werkstatt"),
      "Keine Wekrstatt offen",
      ...Array.from({ length: 9 }, () => "Morgen zum Tierarzt"),
      "Der Tieratzt rief an",
      "Neue Autobahnbrücke gesperrt",
    ];
    for (const [at, content] of contents.entries())
      await insertPost(sql, { pid: at + 1, tid: 1, poster_uid: 1, content });
    await runAnalysis(forum, true);
    await fillIndex({ sql });
  });
  afterAll(() => forum.drop());

  const ask = async (content: string) => {
    const { search } = createSearch({ sql: forum.sql, timezone });
    const { count, typos } = await search({
      content,
      type: "post",
      sort: "date-asc",
      offset: 0,
      limit: 30,
      facets: false,
    });
    return { count, typos: typos === true };
  };

  test("a misspelled word that occurs is only corrected if nothing matches as typed", async () => {
    expect(await ask("Wekrstatt ")).toEqual({ count: 1, typos: false });
    expect(await ask("offen Wekrstatt ")).toEqual({ count: 1, typos: false });
    expect(await ask("Termin Wekrstatt ")).toEqual({ count: 10, typos: true });
  });

  test("not if the other word is less than ten times as frequent", async () => {
    expect(await ask("Morgen Tieratzt ")).toEqual({ count: 0, typos: false });
    expect(await ask("Morgen Tierartz ")).toEqual({ count: 9, typos: true });
  });

  test("what matches the correction is marked, parts of compounds included", async () => {
    const { search } = createSearch({ sql: forum.sql, timezone });
    const request = { type: "post", offset: 0, limit: 30, facets: false } as const;
    for (const [content, sort, group] of [
      ["Autobhan ", "date-desc", undefined],
      ["Autobhan", "score", undefined],
      ["Autobhan ", "score", "thread"],
    ] as const) {
      const { results } = await search({ ...request, content, sort, group });
      expect(results).toMatchObject([{ snippet: "Neue <strong>Autobahnbrücke</strong> gesperrt" }]);
    }
  });

  test("if similar words do not match either, nothing is found", async () => {
    expect(await ask("Nebel Wekrstatt ")).toEqual({ count: 0, typos: false });
  });
});
