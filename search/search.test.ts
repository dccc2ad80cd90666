/** What both engines must find: each test runs with PostgreSQL and with Meilisearch. */
import { expect, test } from "bun:test";
import { settle } from "@potstats/cli/testing/settle";
import type { PostHit, SearchRequest, Suggestion, ThreadHit } from "./contract.ts";
import { withBothEngines } from "./testing/both-engines.ts";
import { monstrous } from "./testing/corpus.ts";

const { eachEngine } = withBothEngines();

type Case = [typed: string, ids: number[], more?: Partial<SearchRequest>];

const numbers = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf";

const postsByText: Record<string, Case[]> = {
  "all words, in any order and case": [
    ["dampfer ", [1, 2, 3]],
    ["NEBEL dAmPfEr ", [3]],
    ["Dampfer Leuchtturm ", []],
  ],
  "the last word as a prefix, unless a space follows": [
    ["Dampfer Neb", [3]],
    ["Dampfer Neb ", []],
    ["Neb Dampfer", []],
    ["Leuchtt", [20]],
  ],
  "a hyphenated word while it is being typed, and as a phrase": [
    ...["E-M", "E-Mail", "E-Mail-Adr", "E-Mail-Adresse", "E-Mail-Adresse ", "e-mail "].map((typed): Case => [
      typed,
      [5],
    ]),
    ["Mail-E ", []],
  ],
  "phrases; an unbalanced quote ends with the text": [
    ['"liegt an der Straße"', [1]],
    ['"an liegt"', []],
    ['"an der Stra"', []],
    ['"liegt an', [1]],
    ['Dampfer "neue strasse', [2]],
    ['""', []],
    ['"', []],
  ],
  "excluded words and phrases": [
    ["Dampfer -Nebel", [1, 2]],
    ["-Nebel Dampfer", [1, 2]],
    ['Dampfer -"neue Straße"', [1, 3]],
    ['Dampfer -"Straße neue"', [1, 2, 3]],
    ["Dampfer -Koeln -Nebel", []],
    ["-Wiederholung -Akte", [1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 17, 18, 20]],
  ],
  "the exact word with +": [
    ["+Poeten", [4]],
    ["+Poete", []],
    ["+Poet ", []],
    ["+Dampfer +alten", [3]],
  ],
  "umlauts, ß and accents, both ways": [
    ...["Straße ", "strasse ", "STRASSE ", "STRAẞE "].map((typed): Case => [typed, [1, 2]]),
    ...["Köln ", "Koeln ", "Koln ", "ko\u0308ln ", "Kóln "].map((typed): Case => [typed, [1, 2]]),
    ["gruesse ", [4]],
    ["aktuelle ", [4]],
    ["aktue", [4]],
  ],
  "repaired text and titles; nothing quoted, hidden, gone or empty": [
    ["ärgerlich ", [12]],
    ["Überschrift Inhalt ", [11]],
    ["Fahrplan ", [5]],
    ...["versteckt ", "verschwunden ", "verschwand ", "quote ", "img "].map((typed): Case => [typed, []]),
    ["thread:100", [1, 2, 11, 12, 13, 15]],
  ],
  "every word of a long query": [
    [`${numbers} `, [17, 18]],
    [`${numbers} dreizehn `, [17]],
    [`${numbers} -dreizehn`, [18]],
    [`"${numbers} dreizehn"`, [17]],
    [`${"eins ".repeat(99)}fehlt`, []],
    [`${"-x ".repeat(150)}Leuchtturm`, [20]],
    ["x".repeat(500), []],
    [`"${"a ".repeat(249)}"`, []],
  ],
  "signs and numbers": [
    ["½ ", [15]],
    ["m² ", [15]],
    ["Sonderzeichen & | ! <-> :* ( ) \\ ' '' $ {} ", [15]],
    ["c++ Sonderzeichen", [15]],
    ["47110815 ", [19]],
    ["47110817 ", []],
  ],
  "repeated words and filters, which count once": [
    ["has:link ".repeat(50), [5, 7]],
    ["dampfer DAMPFER ".repeat(30), [1, 2, 3]],
    ["Nebel nebel Nebel", [3, 6]],
  ],
};

const postsByFilter: Record<string, Case[]> = {
  "user: anybody with that name or alias, in any case": [
    ["Dampfer user:karl", [1, 2]],
    ["user:KARL Dampfer", [1, 2]],
    ['user:"erna groß"', [3, 4]],
    ["user:ernestine", [3, 4]],
    ['user:"Alte ERNA" Dampfer', [3]],
    ["", [5, 6, 7], { user: monstrous }],
    ["", [2], { uid: 11 }],
    ["", [2], { uid: 11, user: "Karl" }],
    ["user:Jörg", [], { uid: 11 }],
    ["user:Karl user:Jörg", []],
  ],
  "board and thread": [
    ["Nebel board:allgemeines", []],
    ['board:"öffentliche räume" Nebel', [3, 6]],
    ["board:oeffentliche Nebel", [3, 6]],
    ["", [17, 18, 19], { board: "???" }],
    ["", [3, 4, 5, 6, 7], { bid: 2 }],
    ["board:allgemeines", [], { bid: 2 }],
    ["thread:101 Dampfer", [3]],
    ["thread:101 thread:102", []],
  ],
  "time, in the statistics' time zone, half-open": [
    ["Dampfer year:2011", [1]],
    ["Dampfer year:2012", [2, 3]],
    ["Dampfer after:2011 before:2012", [1]],
    ["Dampfer", [2, 3], { after: "2012" }],
    ["Dampfer", [1], { before: "2012-01-01" }],
    ["Dampfer after:2012-01-02", [], { before: "2012-05-01" }],
    ["after:2012-05-01 before:2012-05-02", [3, 4]],
    ["", [3, 4], { after: "2012-05", before: "2012-06" }],
    ["", [1], { year: 2011 }],
    ["year:0001", []],
    ["year:9999", []],
    ["Dampfer before:9999-12-31 after:0001", [1, 2, 3]],
    ["Dampfer year:2011 year:2012", []],
  ],
  "links, images and videos": [
    ["has:link", [5, 7]],
    ["HAS:Image", [6]],
    ["", [7], { has: "video" }],
    ["has:link has:video Hafen", [7]],
    ["has:link", [], { has: "image" }],
  ],
  "all kinds combined": [
    ["Nebel year:2012 board:öff thread:102 has:image after:2012-06 before:2012-07", [6], { uid: 13, bid: 2 }],
    ["-Nebel year:2012 board:öff thread:102 has:image after:2012-06 before:2012-07", []],
  ],
  "filters without a word: newest first": [
    ["user:karl", [15, 13, 12, 11, 2, 1], { sort: "score" }],
    ["-Nebel", [269, 268], { sort: "score", limit: 2 }],
  ],
};

const threads: Record<string, Case[]> = {
  "title, subtitle and tags": [
    ["Dampfer", [100, 103]],
    ["strassenbahn ", [100]],
    ["Schiffe ", [100, 102]],
    ["tag:schiffe", [100, 102]],
    ["tag:schiffe tag:wetter", [102]],
    ["tag:grosse", [100]],
    ['tag:"Große Fahrt" Elbe', [100]],
    ["Nebel Leuchtturm", []],
  ],
  filters: [
    ["user:ernestine", [101]],
    ["board:allg Dampfer -Elbe", [103]],
    ["after:2012-05 before:2012-06", [101]],
    ["year:2012 Köln", [101]],
    ["tag:wetter", [102, 101], { sort: "score" }],
  ],
};

eachEngine("finds", ({ ask, ids }, engine) => {
  const finds =
    (type: "post" | "thread") =>
    async (_: string, cases: Case[]): Promise<void> => {
      for (const [typed, expected, more = {}] of cases) {
        const found = await ids(typed, { type, ...more });
        expect({ typed, ...more, found }).toEqual({ typed, ...more, found: expected });
        if (more.limit === undefined) expect((await ask(typed, { type, ...more })).count).toBe(expected.length);
      }
    };
  test.each(Object.entries(postsByText))("posts: %s", finds("post"));
  test.each(Object.entries(postsByFilter))("posts by %s", finds("post"));
  test.each(Object.entries(threads))("threads by %s", finds("thread"));

  test("reports the engine that was used", async () => {
    expect(await ask("Dampfer")).toMatchObject({ engine, type: "post", count: 3, count_is_exact: true });
  });

  test.each(["🐳", "&", "' or 1=1 --", "%", "!!", ":*", "uid = 1", "+", "-", "+-", '-""', "uſer:karl"])(
    "%s is harmless",
    async (typed) => expect(Array.isArray(await ids(typed))).toBe(true),
  );

  test.each(["", "   ", "!?", "\t\n"])("nothing for %j", async (content) => {
    const answer = await ask(content);
    expect(answer).toMatchObject({ count: 0, results: [], count_is_exact: true });
    expect(answer.unknown_filter).toBeUndefined();
  });
});

eachEngine("names a filter that is unknown or does not apply", ({ ask }) => {
  test.each([
    "user:niemand",
    "board:keins",
    "thread:999",
    "thread:x",
    "thread:99999999999",
    "year:abcd",
    "year:0000",
    "year:5",
    "before:2012-02-30",
    "has:x",
    "tag:wetter",
  ])("%s", async (filter) => {
    expect(await ask(`Dampfer ${filter}`)).toMatchObject({ count: 0, results: [], unknown_filter: filter });
  });

  test.each(["tag:unbekannt", "has:link", "tag:!"])("%s of threads", async (filter) => {
    expect(await ask(filter, { type: "thread" })).toMatchObject({ count: 0, results: [], unknown_filter: filter });
  });

  test("given as a parameter", async () => {
    expect(await ask("Dampfer", { user: "niemand" })).toMatchObject({ count: 0, unknown_filter: "user:niemand" });
    expect(await ask("Dampfer", { after: "gestern" })).toMatchObject({ count: 0, unknown_filter: "after:gestern" });
  });

  test.each(['user:"%"', "user:'--"])("%s is not a pattern", async (filter) => {
    expect((await ask(`Dampfer ${filter}`)).count).toBe(0);
  });
});

eachEngine("refuses", ({ ids }) => {
  const words = (count: number) => Array.from({ length: count }, (_, n) => `wort${n}`).join(" ");
  const users = (count: number) => Array.from({ length: count }, (_, n) => `user:u${n}`).join(" ");

  test("more than 32 different words", async () => {
    expect(await ids(words(32))).toEqual([]);
    for (const typed of [words(33), `"${words(17)}" -"${words(34)}"`])
      expect(await settle(ids(typed))).toThrow(/at most 32 different words are allowed, this search has 3[34]/);
  });

  test("more than 8 different filters of one name", async () => {
    expect(await ids(users(8))).toEqual([]);
    expect(await settle(ids(users(8), { user: "karl" }))).toThrow(
      "at most 8 different user: filters are allowed, this search has 9",
    );
  });

  test("`next` when sorted by score", async () => {
    expect(await settle(ids("Dampfer", { sort: "score", next: 3 }))).toThrow(
      "next requires sort=date-desc or sort=date-asc",
    );
  });
});

eachEngine("returns", ({ ask }) => {
  test("a thread", async () => {
    expect((await ask("bilder", { type: "thread" })).results as ThreadHit[]).toEqual([
      {
        score: expect.any(Number),
        tid: 102,
        title: "Bilder <b>",
        subtitle: "",
        title_html: "<strong>Bilder</strong> &lt;b&gt;",
        subtitle_html: "",
        bid: 2,
        board: "Öffentliche Räume",
        user: { name: monstrous, uid: 13, aliases: [] },
        timestamp: Date.UTC(2012, 5, 1, 10) / 1000,
        post_count: 3,
        tags: ["Wetter", "Schiffe"],
      },
    ]);
  });

  test("a post, even in a thread without a board", async () => {
    expect((await ask("Leuchtturm ")).results as PostHit[]).toEqual([
      {
        score: expect.any(Number),
        pid: 20,
        poster_uid: 14,
        snippet: "Ein Thema ohne Brett: <strong>Leuchtturm</strong>",
        user: { name: "Jörg", uid: 14, aliases: [] },
        thread: { tid: 106, title: "Ohne Brett", subtitle: "" },
        timestamp: Date.UTC(2012, 5, 16, 10) / 1000,
        bid: null,
        board: null,
      },
    ]);
  });

  test.each([
    [
      "dampfboot ",
      "Das ist ärgerlich &amp;lt;b&amp;gt; &lt;script&gt;alert(&#39;<strong>Dampfboot</strong>&#39;)&lt;/script&gt;",
    ],
    ['"liegt an" koeln', "Der Dampfer <strong>liegt</strong> <strong>an</strong> der Straße in <strong>Köln</strong>."],
  ])("snippets as safe HTML: %s", async (typed, snippet) => {
    expect(((await ask(typed)).results[0] as PostHit).snippet).toBe(snippet);
  });

  test("facets: matches per board, year and user", async () => {
    const { facets } = await ask("Dampfer", { facets: true, limit: 1 });
    expect(facets).toEqual({
      boards: [
        { bid: 1, name: "Allgemeines", count: 2 },
        { bid: 2, name: "Öffentliche Räume", count: 1 },
      ],
      years: [
        { year: 2012, count: 2 },
        { year: 2011, count: 1 },
      ],
      users: [
        { uid: 10, name: "Karl", count: 1 },
        { uid: 11, name: "kARL", count: 1 },
        { uid: 12, name: "Erna Groß", count: 1 },
      ],
    });
    expect((await ask("Dampfer", { facets: true, type: "thread" })).facets).toMatchObject({
      boards: [{ bid: 1, count: 2 }],
    });
    expect((await ask("Leuchtturm", { facets: true })).facets?.boards).toEqual([]);
    expect((await ask("gibtesnicht", { facets: true })).facets).toEqual({ boards: [], years: [], users: [] });
  });
});

eachEngine("suggests", ({ search }) => {
  test.each<[typed: string, first: object]>([
    ["ernes", { type: "user", id: 12, text: "Erna Groß", alias: "Ernestine" }],
    ["erna g", { type: "user", id: 12, text: "Erna Groß" }],
    ["joe", { type: "user", id: 14, text: "Jörg" }],
    ["o'neil", { type: "user", id: 13, text: monstrous }],
    ["öff", { type: "board", id: 2, text: "Öffentliche Räume" }],
    ["dampfer auf", { type: "thread", id: 100, text: "Dampfer auf der Elbe" }],
  ])("for %s", async (typed, first) => {
    expect((await search.suggest(typed)).rows[0]).toEqual(first as never);
  });

  test("all that start as typed", async () => {
    expect((await search.suggest("KAR")).rows).toEqual([
      { type: "user", id: 10, text: "Karl" },
      { type: "user", id: 11, text: "kARL" },
    ]);
    expect((await search.suggest("o'neil")).rows).toHaveLength(1);
    expect((await search.suggest("öff")).rows).toHaveLength(1);
    expect(new Set((await search.suggest("damp")).rows.map(({ id }) => id))).toEqual(new Set([100, 103]));
    expect((await search.suggest("%")).rows).toEqual([]);
  });

  test.each(["", "  ", "%", "_", "\\", "🐳", "user:karl", '"', "x".repeat(500)])("at most eight: %j", async (typed) => {
    expect((await search.suggest(typed)).rows.length).toBeLessThanOrEqual(8);
  });
});

eachEngine("forgives typos", ({ ids, search }, engine) => {
  test.each<[typed: string, pids: number[]]>([
    ["Schifffahrt ", [13]],
    ["Schifffahrt Donau ", [13]],
    ["+Schifffahrt", []],
    ['"Donau Dampf"', []],
    ["+Donaudampf", []],
    ["+ruht +Dampf", []],
    ["+Donaudampfschifffahrt +ruht", [13]],
    ["Dampfre Nebel ", [3]],
    ["Damper Nebel ", [3]],
    ["+Damper Nebel ", []],
  ])("and finds parts of compounds: %s", async (typed, pids) => {
    expect(await ids(typed)).toEqual(pids);
  });

  test.each<[typed: string, suggestion: [Suggestion["type"], number]]>([
    ...(engine === "meilisearch" ? [["Ernstine", ["user", 12]] satisfies [string, [Suggestion["type"], number]]] : []),
    ["dapmfer", ["thread", 100]],
    ["öffetnl", ["board", 2]],
  ])("in suggestions: %s", async (typed, suggestion) => {
    expect((await search.suggest(typed)).rows.map(({ type, id }): typeof suggestion => [type, id])).toContainEqual(
      suggestion,
    );
  });
});
