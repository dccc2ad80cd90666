/** What counts as a match, with both engines: whole words, inflections, compounds, signs, invisible characters. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  insertBoard,
  insertPost,
  insertThread,
  insertUser,
  testDatabase,
  type TestDatabase,
} from "@potstats/db/testing/database";
import type { OpenMeilisearch } from "./embedded.ts";
import type { PostHit, Search, SearchResponse, SearchSort } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { createSearch } from "./search.ts";
import { runAnalysis, startMeilisearch, timezone } from "./testing/corpus.ts";

const texts: Record<number, string> = {
  1: "Stau auf der Autobahn nach Hamburg",
  2: "Stau, denn ein Auto brennt",
  3: "Neue Grafikkarte eingebaut, läuft",
  4: "Karte eingebaut, läuft",
  5: "Die neuen Karten sind da",
  6: "Heute kamen neun Karten",
  7: "Frauen im Fußball",
  8: "Kinder spielen Fußball",
  9: "Steuern im Herbst",
  10: "Die blauen Autos",
  11: "Die Häuser am See sind teuer",
  12: "Ein Haus am Hang ist teuer",
  13: "Der Drucker hat 192.168.1.7 bekommen",
  14: "Das Telefon hat 192.168.1.77, nicht 192.168.71.7",
  15: "E wie Emil, und die Mailbox ist voll",
  16: "Schick mir eine E-Mail",
  17: "In C++ geschrieben, früher in C",
  18: "C# kann das auch, C kann es nicht",
  19: "Vitamin C ist gesund 😂",
  20: "Das Donau\u00addampf\u00adschiff legt an",
  21: "Man muss das ver\u200bsteckte \ufb01nden: ＧＡＮＺ",
  22: "Hört mal: [url=https://lieder.example/watch?v=aB-3]guter Song[/url]",
  23: '[quote=1,1,"X"][url=https://zitiert.example]dort[/url][/quote] Das [url="https://Lampen.example/C++"][/url] auch',
  // PostgreSQL keeps 255 positions of a word.
  24: `${"Regen ".repeat(300)}und dann Hagel`,
};

let database: TestDatabase;
let meili: OpenMeilisearch;
const searches: Partial<Record<string, Search>> = {};
beforeAll(async () => {
  [database, meili] = await Promise.all([testDatabase(), startMeilisearch()]);
  const { sql } = database;
  await insertBoard(sql, 1, { name: "Allerlei" });
  await insertUser(sql, 1, { name: 'Der "Boss"' });
  await insertThread(sql, 1, {
    bid: 1,
    title: "Häuserkauf",
    subtitle: "Blaue Karten",
    tags: ["Alte Schiffe", "Wetter"],
  });
  await insertThread(sql, 2, { bid: 1, title: "Grafikkarten", subtitle: "Was taugen sie" });
  for (const [pid, content] of Object.entries(texts))
    await insertPost(sql, { pid: Number(pid), tid: 1, poster_uid: 1, content });
  await runAnalysis(database, true);
  await fillIndex({ sql, meili });
  searches["postgres"] = createSearch({ sql, timezone });
  searches["meilisearch"] = createSearch({ sql, meili, timezone });
});
afterAll(async () => {
  await meili.close();
  await database.drop();
});

describe.each(["postgres", "meilisearch"] as const)("%s", (engine) => {
  const ask = (
    content: string,
    sort: SearchSort = "date-asc",
    type: "post" | "thread" = "post",
  ): Promise<SearchResponse> => searches[engine]!.search({ content, type, sort, offset: 0, limit: 100, facets: false });

  test.each<[typed: string, pids: number[]]>([
    // Exclusions, +word and phrases match whole words, whatever else is in the query.
    ["Stau -Auto", [1]],
    ["Autobahn -Auto", [1]],
    ["Grafikkarte -Karte", [3]],
    ["eingebaut -Karte", [3]],
    ["Karte -Karten", [3, 4]],
    ["+Auto Stau", [2]],
    ["Stau +Auto", [2]],
    ['"Auto" Stau', [2]],
    ["+Karten neu ", [5]],
    // The "ue" of "neuen" is not an umlaut.
    ["+neun", [6]],
    ['"neun Karten"', [6]],
    ["Frau Fussball", [7]],
    ["Steuer Herbst", [9]],
    ["blau Autos", [10]],
    // Inflections and compounds.
    ["Haus teuer", [11, 12]],
    ["Häuser teuer", [11, 12]],
    ["teuer Haeuser", [11, 12]],
    ["Kind Fußball", [8]],
    ["Karte", [3, 4, 5, 6]],
    ["Karten ", [3, 4, 5, 6]],
    ["Autos ", [1, 2, 10]],
    ["Schiff ", [20]],
    // A token with dots or hyphens is a phrase, even while it is typed.
    ["192.168.1.7", [13, 14]],
    ["192.168.1.7 ", [13]],
    ["192.168.7", [14]],
    ["E-Mail", [16]],
    ["E-Ma", [16]],
    ['"Regen und dann"', [24]],
    ["Regen-und-da", [24]],
    ['"dann Regen"', []],
    // Signs and emoji.
    ["C++", [17, 23]],
    ["C++ ", [17, 23]],
    ["+C++ geschrieben", [17]],
    ["C#", [18]],
    ["C ", [17, 18, 19]],
    ["😂", [19]],
    // Invisible characters.
    ["Donaudampfschiff", [20]],
    ["Donau\u00addampfschiff", [20]],
    ["versteckte ", [21]],
    ["finden ganz ", [21]],
    // Addresses of links, but not of quoted ones; no phrase spans text and address.
    ["https://lieder.example/watch?v=aB-3", [22]],
    ["lieder.example", [22]],
    ["lampen ", [23]],
    ["zitiert ", []],
    ['"auch https"', []],
    ['user:"Der "Boss"" Herbst', [9]],
    ['user:"Der ""Boss""" Herbst', [9]],
  ])("%s", async (typed, pids) => {
    const { results, count } = await ask(typed);
    expect(results.map((hit) => (hit as PostHit).pid)).toEqual(pids);
    expect(count).toBe(pids.length);
    expect(new Set((await ask(typed, "score")).results.map((hit) => (hit as PostHit).pid))).toEqual(new Set(pids));
  });

  test("threads match the same way; no phrase spans title, subtitle and tags", async () => {
    const threads = async (typed: string) =>
      (await ask(typed, "date-asc", "thread")).results.map((hit) => (hit as { tid: number }).tid);
    for (const typed of ["Haus ", "Kauf blau ", '"blaue Karten"', "altes Schiff ", '"alte Schiffe"', "+Wetter"])
      expect([typed, await threads(typed)]).toEqual([typed, [1]]);
    expect(await threads("Karte")).toEqual([1, 2]);
    expect(await threads("Karte -Karten")).toEqual([2]);
    for (const typed of ['"Häuserkauf blaue"', '"Karten alte"', '"Schiffe Wetter"', "+Karte"])
      expect([typed, await threads(typed)]).toEqual([typed, []]);
  });

  test("matches are marked in the original text", async () => {
    const snippet = async (typed: string) => ((await ask(typed)).results[0] as PostHit).snippet;
    expect(await snippet("Haus see ")).toBe("Die <strong>Häuser</strong> am <strong>See</strong> sind teuer");
    expect(await snippet("Karte Grafik ")).toBe("Neue <strong>Grafikkarte</strong> eingebaut, läuft");
    expect(await snippet("Donaudampfschiff")).toBe("Das <strong>Donau\u00addampf\u00adschiff</strong> legt an");
    expect(await snippet("lieder ")).toBe("Hört mal: guter Song\nhttps://<strong>lieder</strong>.example/watch?v=aB-3");
    expect(await snippet("Song ")).toBe("Hört mal: guter <strong>Song</strong>");
  });
});

describe("Meilisearch alone", () => {
  const ask = (content: string, more: { offset?: number; next?: number; sort?: SearchSort } = {}) =>
    searches["meilisearch"]!.search({
      content,
      type: "post",
      sort: "score",
      offset: 0,
      limit: 2,
      facets: true,
      ...more,
    });

  test("forgives typos only if nothing matches as typed, and reports it", async () => {
    expect(await ask("Autobhan ")).toMatchObject({
      count: 1,
      typos: true,
      engine: "meilisearch",
      results: [{ pid: 1 }],
    });
    expect(await ask("Autobhanen ")).toMatchObject({ count: 1, typos: true, results: [{ pid: 1 }] });
    expect(await ask("Herbts Steuer")).toMatchObject({ count: 1, typos: true, results: [{ pid: 9 }] });
    expect((await ask("Autobahn ")).typos).toBeUndefined();
    for (const typed of ["+Autobhan", "Autobhan +Auto", "-Autobhan Herbst", '"Autobhan"', "19216817"])
      expect([typed, (await ask(typed)).typos]).toEqual([typed, undefined]);
  });

  test("pages and facets work with typos as well", async () => {
    const first = await ask("Fußbal ", { sort: "date-asc" });
    expect(first).toMatchObject({ count: 2, typos: true, facets: { users: [{ uid: 1, count: 2 }] } });
    expect(await ask("Fußbal ", { sort: "date-asc", offset: 1 })).toMatchObject({ count: 2, results: [{ pid: 8 }] });
  });

  test("the page after the last match is empty and has no typos", async () => {
    const page = await ask("Autobahn ", { sort: "date-desc", next: 1 });
    expect(page).toMatchObject({ count: 1, results: [] });
    expect(page.typos).toBeUndefined();
    expect(await ask("Autobhan ", { sort: "date-desc", next: 2 })).toMatchObject({ count: 1, results: [{ pid: 1 }] });
  });

  test("an index filled by another version is not used", async () => {
    const { sql } = database;
    await sql`update search.state set version = version - 1 where engine = 'meilisearch'`;
    const search = createSearch({ sql, meili, timezone });
    expect(
      await search.search({ content: "Herbst", type: "post", sort: "score", offset: 0, limit: 9, facets: false }),
    ).toMatchObject({
      engine: "postgres",
      count: 1,
    });
    expect(await search.health()).toEqual({ engine: "postgres", reachable: false });
    await sql`update search.state set version = version + 1 where engine = 'meilisearch'`;
  });
});
