/** What every engine has to find; Meilisearch and PostgreSQL are asked the same. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PostHit, Search, SearchAnswer, SearchRequest, ThreadHit } from "./contract.ts";
import { fillIndex } from "./fill.ts";
import { createSearch } from "./search.ts";
import { type Corpus, makeCorpus, monstrous, repeated, timezone } from "./testing/corpus.ts";

let corpus: Corpus;
const searches: Partial<Record<string, Search>> = {};
beforeAll(async () => {
  corpus = await makeCorpus();
  const { sql } = corpus.database;
  await fillIndex({ sql, meili: corpus.meili });
  searches["postgres"] = createSearch({ sql, timezone });
  searches["meilisearch"] = createSearch({ sql, meili: corpus.meili, timezone });
});
afterAll(() => corpus.stop());

describe.each(["postgres", "meilisearch"] as const)("%s", (engine) => {
  const search = () => searches[engine]!;

  async function ask(content: string, more: Partial<SearchRequest> = {}): Promise<SearchAnswer> {
    const request = { content, type: "post", sort: "date-asc", offset: 0, limit: 100, facets: false, ...more } as const;
    const answer = await search().search(request);
    expect({ content, count: answer.count }).toEqual({
      content,
      count: answer.results.length === 0 || answer.next_offset ? answer.count : request.offset + answer.results.length,
    });
    return answer;
  }
  const ids = async (content: string, more: Partial<SearchRequest> = {}): Promise<number[]> => {
    const { type, results } = await ask(content, more);
    return type === "post" ? results.map(({ pid }) => pid) : results.map(({ tid }) => tid);
  };
  const threads = (content: string, more: Partial<SearchRequest> = {}) => ids(content, { type: "thread", ...more });

  test("says which engine answered", async () => {
    expect(await ask("Dampfer")).toMatchObject({ engine, type: "post", count: 3, count_is_exact: true });
  });

  test("finds posts with all words, in any order and case", async () => {
    expect(await ids("dampfer ")).toEqual([1, 2, 3]);
    expect(await ids("NEBEL dAmPfEr ")).toEqual([3]);
    expect(await ids("Dampfer Leuchtturm ")).toEqual([]);
    expect(await ids("der ")).toContain(1);
  });

  test("takes the last word for a beginning, but not when a blank follows", async () => {
    expect(await ids("Dampfer Neb")).toEqual([3]);
    expect(await ids("Dampfer Neb ")).toEqual([]);
    expect(await ids("Neb Dampfer")).toEqual([]);
    expect(await ids("Leuchtt")).toEqual([20]);
  });

  test("finds a word with a hyphen while it is being typed, and as a phrase", async () => {
    for (const typed of ["E-M", "E-Mail", "E-Mail-Adr", "E-Mail-Adresse", "E-Mail-Adresse ", "e-mail "])
      expect([typed, await ids(typed)]).toEqual([typed, [5]]);
    expect(await ids("Mail-E ")).toEqual([]);
  });

  test("finds phrases; an unbalanced quote closes itself", async () => {
    expect(await ids('"liegt an der Straße"')).toEqual([1]);
    expect(await ids('"an liegt"')).toEqual([]);
    expect(await ids('"an der Stra"')).toEqual([]);
    expect(await ids('"liegt an')).toEqual([1]);
    expect(await ids('Dampfer "neue strasse')).toEqual([2]);
    expect(await ids('""')).toEqual([]);
    expect(await ids('"')).toEqual([]);
  });

  test("excludes words and phrases", async () => {
    expect(await ids("Dampfer -Nebel")).toEqual([1, 2]);
    expect(await ids("-Nebel Dampfer")).toEqual([1, 2]);
    expect(await ids('Dampfer -"neue Straße"')).toEqual([1, 3]);
    expect(await ids('Dampfer -"Straße neue"')).toEqual([1, 2, 3]);
    expect(await ids("Dampfer -Koeln -Nebel")).toEqual([]);
    expect(await ids("-Wiederholung -Akte", { limit: 100 })).toEqual([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 17, 18, 20]);
  });

  test("finds exactly the word with +", async () => {
    expect(await ids("+Poeten")).toEqual([4]);
    expect(await ids("+Poete")).toEqual([]);
    expect(await ids("+Poet ")).toEqual([]);
    expect(await ids("+Dampfer +alten")).toEqual([3]);
  });

  test("folds umlauts, ß and accents both ways", async () => {
    for (const typed of ["Straße ", "strasse ", "STRASSE ", "STRAẞE "]) expect(await ids(typed)).toEqual([1, 2]);
    for (const typed of ["Köln ", "Koeln ", "Koln ", "ko\u0308ln ", "Kóln "]) expect(await ids(typed)).toEqual([1, 2]);
    expect(await ids("gruesse ")).toEqual([4]);
    expect(await ids("aktuelle ")).toEqual([4]);
    expect(await ids("aktue")).toEqual([4]);
  });

  test("finds repaired text and titles, and nothing that was quoted, hidden, gone or empty", async () => {
    expect(await ids("ärgerlich ")).toEqual([12]);
    expect(await ids("Überschrift Inhalt ")).toEqual([11]);
    expect(await ids("Fahrplan ")).toEqual([5]);
    for (const word of ["versteckt", "verschwunden", "verschwand", "quote", "img"])
      expect(await ids(`${word} `)).toEqual([]);
    expect(await ids("thread:100")).toEqual([1, 2, 11, 12, 13, 15]);
  });

  test("minds every word of a long query", async () => {
    const numbers = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf";
    expect(await ids(`${numbers} `)).toEqual([17, 18]);
    expect(await ids(`${numbers} dreizehn `)).toEqual([17]);
    expect(await ids(`${numbers} -dreizehn`)).toEqual([18]);
    expect(await ids(`"${numbers} dreizehn"`)).toEqual([17]);
    expect(await ids(`${"eins ".repeat(99)}fehlt`)).toEqual([]);
    expect(await ids(`${"-x ".repeat(150)}Leuchtturm`)).toEqual([20]);
    expect(await ids("x".repeat(500))).toEqual([]);
    expect(await ids(`"${"a ".repeat(249)}"`)).toEqual([]);
  });

  test("signs, other languages' operators and pictures are no danger", async () => {
    expect(await ids("½ ")).toEqual([15]);
    expect(await ids("m² ")).toEqual([15]);
    expect(await ids("Sonderzeichen & | ! <-> :* ( ) \\ ' '' $ {} ")).toEqual([15]);
    expect(await ids("c++ Sonderzeichen")).toEqual([15]);
    for (const typed of ["🐳", "&", "' or 1=1 --", "%", "!!", ":*", "uid = 1", "+", "-", "+-", '-""', "uſer:karl"])
      expect(Array.isArray(await ids(typed))).toBe(true);
    expect(await ids("47110815 ")).toEqual([19]);
    expect(await ids("47110817 ")).toEqual([]);
  });

  test("filters by user: any of that name, in any case, by alias too", async () => {
    expect(await ids("Dampfer user:karl")).toEqual([1, 2]);
    expect(await ids("user:KARL Dampfer")).toEqual([1, 2]);
    expect(await ids('user:"erna groß"')).toEqual([3, 4]);
    expect(await ids("user:ernestine")).toEqual([3, 4]);
    expect(await ids('user:"Alte ERNA" Dampfer')).toEqual([3]);
    expect(await ids("", { user: monstrous })).toEqual([5, 6, 7]);
    expect(await ids("", { uid: 11 })).toEqual([2]);
    expect(await ids("", { uid: 11, user: "Karl" })).toEqual([2]);
    expect(await ids("user:Jörg", { uid: 11 })).toEqual([]);
    expect(await ids("user:Karl user:Jörg")).toEqual([]);
  });

  test("filters by board and thread", async () => {
    expect(await ids("Nebel board:allgemeines")).toEqual([]);
    expect(await ids('board:"öffentliche räume" Nebel')).toEqual([3, 6]);
    expect(await ids("board:oeffentliche Nebel")).toEqual([3, 6]);
    expect(await ids("", { board: "???" })).toEqual([17, 18, 19]);
    expect(await ids("", { bid: 2 })).toEqual([3, 4, 5, 6, 7]);
    expect(await ids("board:allgemeines", { bid: 2 })).toEqual([]);
    expect(await ids("thread:101 Dampfer")).toEqual([3]);
    expect(await ids("thread:101 thread:102")).toEqual([]);
  });

  test("filters by time, in the statistics' time zone, half-open", async () => {
    expect(await ids("Dampfer year:2011")).toEqual([1]);
    expect(await ids("Dampfer year:2012")).toEqual([2, 3]);
    expect(await ids("Dampfer after:2011 before:2012")).toEqual([1]);
    expect(await ids("Dampfer", { after: "2012" })).toEqual([2, 3]);
    expect(await ids("Dampfer", { before: "2012-01-01" })).toEqual([1]);
    expect(await ids("Dampfer after:2012-01-02", { before: "2012-05-01" })).toEqual([]);
    expect(await ids("after:2012-05-01 before:2012-05-02")).toEqual([3, 4]);
    expect(await ids("", { after: "2012-05", before: "2012-06" })).toEqual([3, 4]);
    expect(await ids("", { year: 2011 })).toEqual([1]);
    expect(await ids("year:0001")).toEqual([]);
    expect(await ids("year:9999")).toEqual([]);
    expect(await ids("Dampfer before:9999-12-31 after:0001")).toEqual([1, 2, 3]);
    expect(await ids("Dampfer year:2011 year:2012")).toEqual([]);
    expect(await threads("after:2012-05 before:2012-06")).toEqual([101]);
    expect(await threads("year:2012 Köln")).toEqual([101]);
  });

  test("filters by what posts hold", async () => {
    expect(await ids("has:link")).toEqual([5, 7]);
    expect(await ids("HAS:Image")).toEqual([6]);
    expect(await ids("", { has: "video" })).toEqual([7]);
    expect(await ids("has:link has:video Hafen")).toEqual([7]);
    expect(await ids("has:link", { has: "image" })).toEqual([]);
  });

  test("combines filters of all kinds", async () => {
    const filters = "year:2012 board:öff thread:102 has:image after:2012-06 before:2012-07";
    expect(await ids(`Nebel ${filters}`, { uid: 13, bid: 2 })).toEqual([6]);
    expect(await ids(`-Nebel ${filters}`)).toEqual([]);
  });

  test("names the filter that names nothing known or does not fit", async () => {
    const posts = [
      "user:niemand",
      "board:keins",
      "thread:999",
      "thread:x",
      "year:abcd",
      "before:2012-02-30",
      "has:x",
      "tag:wetter",
    ];
    for (const filter of posts)
      expect(await ask(`Dampfer ${filter}`)).toMatchObject({ count: 0, results: [], unknown_filter: filter });
    for (const filter of ["tag:unbekannt", "has:link", "tag:!"])
      expect(await ask(filter, { type: "thread" })).toMatchObject({ count: 0, results: [], unknown_filter: filter });
    expect(await ask("Dampfer", { user: "niemand" })).toMatchObject({ count: 0, unknown_filter: "user:niemand" });
    expect(await ask("Dampfer", { after: "gestern" })).toMatchObject({ count: 0, unknown_filter: "after:gestern" });
    for (const filter of ["thread:99999999999", "year:0000", "year:5", 'user:"%"', "user:'--"])
      expect((await ask(`Dampfer ${filter}`)).count).toBe(0);
  });

  test("operators alone give the newest first", async () => {
    expect(await ids("user:karl", { sort: "score" })).toEqual([15, 13, 12, 11, 2, 1]);
    expect(await ids("-Nebel", { sort: "score", limit: 2 })).toEqual([269, 268]);
    expect(await threads("tag:wetter", { sort: "score" })).toEqual([102, 101]);
  });

  test("searches threads by title, subtitle and tags", async () => {
    expect(await threads("Dampfer")).toEqual([100, 103]);
    expect(await threads("strassenbahn ")).toEqual([100]);
    expect(await threads("Schiffe ")).toEqual([100, 102]);
    expect(await threads("tag:schiffe")).toEqual([100, 102]);
    expect(await threads("tag:schiffe tag:wetter")).toEqual([102]);
    expect(await threads("tag:grosse")).toEqual([100]);
    expect(await threads('tag:"Große Fahrt" Elbe')).toEqual([100]);
    expect(await threads("Nebel Leuchtturm")).toEqual([]);
    expect(await threads("user:ernestine")).toEqual([101]);
    expect(await threads("board:allg Dampfer -Elbe")).toEqual([103]);
    const answer = await ask("bilder", { type: "thread" });
    expect(answer.results as ThreadHit[]).toEqual([
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

  test("a thread without a board is found too", async () => {
    expect((await ask("Leuchtturm ")).results).toEqual([
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
    ] as PostHit[]);
  });

  test("highlights what was found, safely", async () => {
    const snippet = async (content: string) => ((await ask(content)).results[0] as PostHit).snippet;
    expect(await snippet("dampfboot ")).toBe(
      "Das ist ärgerlich &amp;lt;b&amp;gt; &lt;script&gt;alert(&#39;<strong>Dampfboot</strong>&#39;)&lt;/script&gt;",
    );
    expect(await snippet('"liegt an" koeln')).toBe(
      "Der Dampfer <strong>liegt</strong> <strong>an</strong> der Straße in <strong>Köln</strong>.",
    );
  });

  test("sorts by number in both directions, by score otherwise", async () => {
    expect(await ids("Dampfer", { sort: "date-desc" })).toEqual([3, 2, 1]);
    expect(await threads("Dampfer", { sort: "date-desc" })).toEqual([103, 100]);
    const scores = (await ask("Dampfer", { sort: "score" })).results.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    // What says it twice in few words is not beaten.
    expect(new Set(await ids("Dampfer", { sort: "score" }))).toEqual(new Set([1, 2, 3]));
  });

  test("of equal hits the newest come first", async () => {
    expect(await ids("Wiederholung ", { sort: "score" })).toEqual(repeated.toReversed());
    const { results } = await ask("der", { sort: "score" });
    const order = (results as PostHit[]).map(({ score, pid }) => [score, pid] as const);
    expect(order).toEqual(order.toSorted(([a, x], [b, y]) => b - a || y - x));
  });

  test("a walk by `next` or next_offset meets every hit once, also while posts vanish", async () => {
    const { sql } = corpus.database;
    const contents = ["Wiederholung ", "Wiederholung -250", "-Nebel", "user:Jörg", "Dampfer"];
    const sorts = ["score", "date-asc", "date-desc"] as const;
    const walks = contents.flatMap((content) =>
      sorts.flatMap((sort) => [1, 7, 100].map((limit) => ({ content, sort, limit }))),
    );
    for (const [at, request] of walks.entries()) {
      const gone = repeated.filter((pid) => (pid * 37 + at * at) % 5 < at % 4);
      const all = (await ids(request.content, { sort: request.sort })).filter((id) => !gone.includes(id));
      await sql`update public.posts set gone_at = now() where pid = any(${gone})`;
      try {
        expect([request, await walked(request)]).toEqual([request, all]);
      } finally {
        await sql`update public.posts set gone_at = null where pid = any(${gone})`;
      }
    }
  }, 60_000);

  /** All pages, each full but the last. */
  async function walked(request: Pick<SearchRequest, "content" | "sort" | "limit">): Promise<number[]> {
    const seen: number[] = [];
    let place: { offset: number; next?: number } | undefined = { offset: 0 };
    while (place) {
      const page: SearchAnswer = await search().search({ type: "post", facets: false, ...request, ...place });
      seen.push(...page.results.map((hit) => (hit as PostHit).pid));
      const { next, next_offset } = page;
      place =
        next !== undefined ? { offset: 0, next } : next_offset !== undefined ? { offset: next_offset } : undefined;
      if (place) expect(page.results).toHaveLength(request.limit);
    }
    return seen;
  }

  test("`next` leads through threads, too, and counts and facets are those of all hits on every page", async () => {
    const request = {
      content: "Dampfer",
      type: "thread",
      sort: "date-desc",
      offset: 0,
      limit: 1,
      facets: true,
    } as const;
    const first = await search().search(request);
    expect(first).toMatchObject({ count: 2, results: [{ tid: 103 }], next: 103, next_offset: 1 });
    const second = await search().search({ ...request, next: 103 });
    expect(second).toMatchObject({ count: 2, count_is_exact: true, results: [{ tid: 100 }], facets: first.facets });
    expect(Object.keys(second)).not.toContainAnyValues(["next", "next_offset"]);
  });

  test("what is repeated counts once; too many words or filters are refused", async () => {
    expect(await ids("has:link ".repeat(50))).toEqual([5, 7]);
    expect(await ids(`${"dampfer DAMPFER ".repeat(30)}`)).toEqual([1, 2, 3]);
    expect(await ids("Nebel nebel Nebel")).toEqual([3, 6]);
    const words = (count: number) => Array.from({ length: count }, (_, n) => `wort${n}`).join(" ");
    expect(await ids(words(32))).toEqual([]);
    for (const typed of [words(33), `"${words(17)}" -"${words(34)}"`])
      expect(ids(typed)).rejects.toThrow(/a search may have 32 different words, and this one has 3[34]/);
    const users = (count: number) => Array.from({ length: count }, (_, n) => `user:u${n}`).join(" ");
    expect(await ids(users(8))).toEqual([]);
    expect(ids(users(8), { user: "karl" })).rejects.toThrow(
      "a search may have 8 different filters user: – this one has 9",
    );
    expect(ids("Dampfer", { sort: "score", next: 3 })).rejects.toThrow("next needs an order of date");
  });

  test.each(["score", "date-asc", "date-desc"] as const)("pages by %s without gaps or repeats", async (sort) => {
    const seen: number[] = [];
    const pages: number[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page: SearchAnswer = await ask("Wiederholung ", { sort, offset, limit: 30 });
      expect(page).toMatchObject({ count: 70, count_is_exact: true });
      pages.push(page.results.length);
      seen.push(...page.results.map((hit) => (hit as PostHit).pid));
      offset = page.next_offset;
    }
    expect(pages).toEqual([30, 30, 10]);
    expect(seen.toSorted((a, b) => a - b)).toEqual(repeated);
    if (sort === "date-asc") expect(seen).toEqual(repeated);
    if (sort === "date-desc") expect(seen).toEqual(repeated.toReversed());
    for (const offset of [70, 1000, 2 ** 31 - 1])
      expect(await ask("Wiederholung ", { sort, offset })).toMatchObject({ count: 70, results: [] });
  });

  test("fills pages when posts are gone, and does not call the count exact then", async () => {
    const { sql } = corpus.database;
    const gone = repeated.slice(0, 50);
    await sql`update public.posts set gone_at = now() where pid = any(${gone})`;
    try {
      const page = await search().search({
        content: "Wiederholung ",
        type: "post",
        sort: "date-asc",
        offset: 0,
        limit: 5,
        facets: false,
      });
      expect(page.results.map((hit) => (hit as PostHit).pid)).toEqual([250, 251, 252, 253, 254]);
      expect(page).toMatchObject({ next_offset: 55, count_is_exact: false });
    } finally {
      await sql`update public.posts set gone_at = null where pid = any(${gone})`;
    }
  });

  test("counts the hit set by board, year and user", async () => {
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

  test("finds nothing when nothing is asked", async () => {
    for (const content of ["", "   ", "!?", "\t\n"])
      expect(await ask(content)).toMatchObject({ count: 0, results: [], count_is_exact: true });
    expect((await ask("")).unknown_filter).toBeUndefined();
  });

  test("suggests users, boards and threads that begin as typed, eight at most", async () => {
    const suggest = (typed: string) => search().suggest(typed);
    expect(await suggest("KAR")).toEqual([
      { type: "user", id: 10, text: "Karl" },
      { type: "user", id: 11, text: "kARL" },
    ]);
    expect((await suggest("ernes"))[0]).toEqual({ type: "user", id: 12, text: "Erna Groß", alias: "Ernestine" });
    expect((await suggest("erna g"))[0]).toEqual({ type: "user", id: 12, text: "Erna Groß" });
    expect((await suggest("joe"))[0]).toEqual({ type: "user", id: 14, text: "Jörg" });
    expect(await suggest("o'neil")).toEqual([{ type: "user", id: 13, text: monstrous }]);
    expect(await suggest("öff")).toEqual([{ type: "board", id: 2, text: "Öffentliche Räume" }]);
    expect((await suggest("dampfer auf")).at(0)).toEqual({ type: "thread", id: 100, text: "Dampfer auf der Elbe" });
    expect(new Set((await suggest("damp")).map(({ id }) => id))).toEqual(new Set([100, 103]));
    for (const typed of ["", "  ", "%", "_", "\\", "🐳", "user:karl", '"', "x".repeat(500)])
      expect((await suggest(typed)).length).toBeLessThanOrEqual(8);
    expect(await suggest("%")).toEqual([]);
  });
});

describe("Meilisearch alone", () => {
  const found = async (content: string) =>
    (
      await searches["meilisearch"]!.search({
        content,
        type: "post",
        sort: "date-asc",
        offset: 0,
        limit: 30,
        facets: false,
      })
    ).results.map((hit) => (hit as PostHit).pid);

  test("finds parts of compounds, and forgives typos", async () => {
    expect(await found("Schifffahrt ")).toEqual([13]);
    expect(await found("Schifffahrt Donau ")).toEqual([13]);
    for (const whole of ["+Schifffahrt", '"Donau Dampf"', "+Donaudampf", "+ruht +Dampf"])
      expect(await found(whole)).toEqual([]);
    expect(await found("+Donaudampfschifffahrt +ruht")).toEqual([13]);
    expect(await found("Dampfre Nebel ")).toEqual([3]);
    expect(await found("Damper Nebel ")).toEqual([3]);
    expect(await found("+Damper Nebel ")).toEqual([]);
  });

  test("forgives typos in suggestions", async () => {
    const suggest = async (typed: string) =>
      (await searches["meilisearch"]!.suggest(typed)).map(({ type, id }) => [type, id]);
    expect(await suggest("Ernstine")).toContainEqual(["user", 12]);
    expect(await suggest("dapmfer")).toContainEqual(["thread", 100]);
    expect(await suggest("öffetnl")).toContainEqual(["board", 2]);
  });
});
