/** Completion of the filter at the caret. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { insertBoard, insertPost, insertThread, insertUser } from "@potstats/db/testing/database";
import * as fc from "fast-check";
import type { Completion, CompletionRequest, Search, SearchType } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { parseTokens } from "./query/syntax.ts";
import { createSearch } from "./search.ts";
import { type Corpus, makeCorpus, monstrous, runAnalysis, timezone } from "./testing/corpus.ts";
import { foldWords } from "@potstats/bbcode/fold";

let corpus: Corpus;
let search: Search;
beforeAll(async () => {
  corpus = await makeCorpus();
  const { sql } = corpus.database;
  await insertBoard(sql, 4, { name: 'Der "große" Saal' });
  await insertUser(sql, 15, { name: "erster  Spaß", aliases: ["Karlsson", '"'] });
  await runAnalysis(corpus.database, true);
  await fillIndex({ sql });
  search = createSearch({ sql, timezone });
}, 60_000);
afterAll(() => corpus.stop());

/** Completes at "|", by default at the end. */
function complete(marked: string, type: SearchType = "post"): Promise<Completion> {
  const at = marked.indexOf("|");
  const request: CompletionRequest = { content: marked.replace("|", ""), type };
  return search.complete(at === -1 ? request : { ...request, at });
}
const textsOf = async (marked: string, type?: SearchType) =>
  (await complete(marked, type)).values.map(({ text }) => text);
const contentsOf = async (marked: string, type?: SearchType) =>
  (await complete(marked, type)).values.map(({ content }) => content);

describe("values", () => {
  test("users start as typed, also by a former name, most active first", async () => {
    const { values, ...place } = await complete("Dampfer user:KAR");
    expect(place).toEqual({ filter: "user", from: 8, to: 16 });
    expect(values[0]).toEqual({ value: "Karl", text: "Karl", count: 10, content: "Dampfer user:Karl " });
    expect(await textsOf("user:karls")).toEqual(["erster  Spaß (Karlsson)"]);
    expect(await contentsOf("user:karls")).toEqual(['user:"erster  Spaß" ']);
    expect(await textsOf("user:joer")).toEqual(["Jörg"]);
    expect(await textsOf('user:"erna g')).toEqual(["Erna Groß"]);
    expect(await contentsOf("user:o'n")).toEqual([`user:"${monstrous.replaceAll('"', '""')}" `]);
    expect(await textsOf("user:niemand")).toEqual([]);
    expect((await textsOf("user:"))[0]).toBe("Jörg");
  });

  test("boards have a word that starts as typed", async () => {
    expect(await complete("board:raeu")).toMatchObject({
      filter: "board",
      values: [{ value: "Öffentliche Räume", count: 5, content: 'board:"Öffentliche Räume" ' }],
    });
    expect((await complete("board:raeu", "thread")).values[0]?.count).toBe(2);
    expect(await contentsOf("board:gros")).toEqual(['board:"Der ""große"" Saal" ']);
    expect(await contentsOf("board:?")).toEqual(["board:??? "]);
    expect((await textsOf("board:"))[0]).toBe("Allgemeines");
  });

  test("years are those with data, newest first", async () => {
    const { values } = await complete("after:");
    expect(values.map(({ value, count }) => [value, count])).toEqual([
      ["2013", 70],
      ["2012", expect.any(Number)],
      ["2011", 1],
    ]);
    expect(await contentsOf("year:2012")).toEqual(["year:2012 "]);
    expect(await textsOf("before:19")).toEqual([]);
  });

  test("kinds of links belong to posts, tags to threads", async () => {
    expect((await complete("has:")).values.map(({ value, count }) => [value, count])).toEqual([
      ["link", 2],
      ["image", 1],
      ["video", 1],
    ]);
    expect(await textsOf("has:V")).toEqual(["video"]);
    expect((await complete("tag:", "thread")).values.map(({ value, count }) => [value, count])).toEqual([
      ["Schiffe", 2],
      ["Wetter", 2],
      ["Große Fahrt", 1],
    ]);
    expect(await contentsOf("tag:grosse", "thread")).toEqual(['tag:"Große Fahrt" ']);
    const nothing = { filter: null, values: [] };
    expect(await complete("has:", "thread")).toMatchObject(nothing);
    expect(await complete("tag:")).toMatchObject(nothing);
  });

  test("counts follow changes", async () => {
    const { sql } = corpus.database;
    const timestamp = new Date("2014-02-01T12:00:00Z");
    await insertThread(sql, 107, { bid: 1, title: "Neu", tags: ["wetter", "Brandneu"] });
    const content = "[img]http://example.org/neu.png[/img] Neues Bild";
    await insertPost(sql, { pid: 900, tid: 107, poster_uid: 11, timestamp, content, revision: 50 });
    await runAnalysis(corpus.database);
    await fillIndex({ sql });
    expect((await complete("has:im")).values[0]?.count).toBe(2);
    const tags = async (typed: string) =>
      (await complete(typed, "thread")).values.map(({ text, count }) => [text, count]);
    expect(await tags("tag:w")).toEqual([["Wetter", 3]]);
    expect(await tags("tag:brand")).toEqual([["Brandneu", 1]]);
    expect((await textsOf("year:"))[0]).toBe("2014");
  });
});

describe("the caret", () => {
  test("only what is being typed is completed", async () => {
    const nothing = [
      "",
      "Dampfer",
      "user:karl |",
      "|user:karl",
      "-user:kar|",
      "+user:kar",
      '"user:kar',
      "xuser:kar",
      "thread:1",
      "u",
      "u|ser:karl",
      "users",
      "us|lar",
      '"us',
    ];
    for (const marked of nothing) expect([marked, (await complete(marked)).values]).toEqual([marked, []]);
  });

  test("the whole filter at the caret is replaced, and nothing else", async () => {
    expect(await contentsOf("Dampfer user:joer| Nebel")).toEqual(["Dampfer user:Jörg Nebel"]);
    expect(await contentsOf("user:jo|xyz Nebel")).toEqual(["user:Jörg Nebel"]);
    expect(await contentsOf('user:"erna g|roß" Nebel')).toEqual(['user:"Erna Groß" Nebel']);
    expect(await contentsOf('user:"erna g| Nebel')).toEqual(['user:"Erna Groß" Nebel']);
    expect(await contentsOf('"Elbe"user:jo|"Wal"')).toEqual(['"Elbe"user:Jörg "Wal"']);
    expect((await complete("user:|jo")).to).toBe(7);
  });

  test("the beginning of an operator's name is completed", async () => {
    expect(await complete("Dampfer us")).toEqual({
      filter: null,
      from: 8,
      to: 10,
      values: [{ value: "user:", text: "user:", count: null, content: "Dampfer user:" }],
    });
    expect(await contentsOf("BE| Dampfer")).toEqual(["before: Dampfer"]);
    expect(await contentsOf("us|er:karl")).toEqual(["user:karl"]);
    expect([await textsOf("ha"), await textsOf("ta")]).toEqual([["has:"], []]);
    expect([await textsOf("ha", "thread"), await textsOf("ta", "thread")]).toEqual([[], ["tag:"]]);
  });
});

const typed = fc
  .array(
    fc.oneof(
      fc.constantFrom("user:", "board:", "year:", "before:", "after:", "has:", "tag:", "USER:", "us", "boa"),
      fc.constantFrom('"', '""', " ", " ", "-", "+", ":", "karl", "erna g", "räume", "20", "li", "w", "?", "o'neil"),
      fc.constantFrom("😂", "\ud83d", "\u00ad", "\u00a0", "\u0301", "%", "\\", "_"),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));

describe("any text at any caret", () => {
  const requests = fc.record({
    content: typed,
    at: fc.nat(40),
    type: fc.constantFrom("post" as const, "thread" as const),
  });

  test("the query with a value has this filter, in this place, and finds something known", async () => {
    let chosen = 0;
    const check = async ({ content, at, type }: { content: string; at: number; type: SearchType }) => {
      const { filter, from, to, values } = await search.complete({ content, at, type });
      expect(from <= Math.min(at, content.length) && to >= from && to <= content.length).toBe(true);
      expect(values.length).toBeLessThanOrEqual(8);
      expect(new Set(values.map((value) => value.content)).size).toBe(values.length);
      for (const value of values) {
        expect(value.content.startsWith(content.slice(0, from))).toBe(true);
        if (filter === null) continue;
        const token = parseTokens(value.content).find(({ start }) => start === from);
        expect(token?.filter).toEqual({ name: filter, value: value.value });
        chosen++;
        const alone = value.content.slice(from, token?.end);
        const request = { content: alone, type, sort: "date-desc", offset: 0, limit: 1, facets: false } as const;
        expect((await search.search(request)).unknown_filter).toBeUndefined();
      }
    };
    await fc.assert(fc.asyncProperty(requests, check), { numRuns: 4000 });
    expect(chosen).toBeGreaterThan(100);
  }, 120_000);

  test("10,000 characters are completed in time", async () => {
    for (const unit of ["x", '"', 'user:"', "user:a ", "a-", "\ud83d", "\u0301", "user:"]) {
      const started = performance.now();
      await search.complete({ content: unit.repeat(Math.ceil(10_000 / unit.length)), type: "post" });
      expect(performance.now() - started).toBeLessThan(5000);
    }
  }, 60_000);
});

describe("compared with a check of every name", () => {
  test("users and boards", async () => {
    const names = {
      user: ["Karl", "kARL", "Erna Groß", "Ernestine", "ALTE Erna", monstrous, "Jörg", "erster  Spaß", "Karlsson", '"'],
      board: ["Allgemeines", "Öffentliche Räume", "???", 'Der "große" Saal'],
    };
    for (const prefix of ["k", "ka", "karls", "e", "er", "erna", "a", "al", "o", "oe", "ö", "r", "g", "s", "d", "j"]) {
      const starts = (name: string) => foldWords(name).join(" ").startsWith(foldWords(prefix).join(" "));
      const hasWord = (name: string) => foldWords(name).some((word) => word.startsWith(foldWords(prefix)[0]!));
      const users = (await textsOf(`user:${prefix}`)).map((text) => /\((.*)\)$/.exec(text)?.[1] ?? text);
      for (const name of users) expect([prefix, name, starts(name)]).toEqual([prefix, name, true]);
      expect([prefix, users.length > 0]).toEqual([prefix, names.user.some(starts)]);
      const boards = (await textsOf(`board:${prefix}`)).toSorted();
      expect([prefix, boards]).toEqual([prefix, names.board.filter(hasWord).toSorted()]);
    }
  });
});
