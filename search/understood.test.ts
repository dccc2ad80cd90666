/** What a query was understood as, and the users whose name is part of it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { Part, PostHit, SearchRequest, Understood } from "./contract.ts";
import { parseQuery } from "./query/syntax.ts";
import { idsOf, withBothEngines } from "./testing/both-engines.ts";
import { monstrous } from "./testing/corpus.ts";
import { type RandomForum, randomForum } from "./testing/random-forum.ts";
import { queries } from "./testing/random-queries.ts";

const { eachEngine, asking } = withBothEngines();

const seed = Math.floor(Math.random() * 2 ** 31);
let forum: RandomForum;
beforeAll(async () => {
  forum = await randomForum(200, seed);
}, 120_000);
afterAll(() => forum.stop());

const pidsOf = async (content: string) => {
  const request = { content, type: "post", sort: "date-asc", offset: 0, limit: 1000, facets: false } as const;
  const { understood, ...response } = await forum.searches.postgres.search(request);
  return { understood, pids: (response.results as PostHit[]).map(({ pid }) => pid) };
};

/** Text with everything that has a meaning in a query. */
const anyQuery = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'user: board: thread: year: before: after: has: tag: USER: - + -- " "" \u00a0 \n 2012 1'.split(" "),
      ),
      fc.constantFrom(
        "brett1",
        'Nutzer "10"',
        'Nutzer ""11""',
        "haus",
        "Straße",
        "E-Mail",
        "C++",
        "😂",
        "\ud83d",
        "(",
        ":",
        " ",
        " ",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));

const meaningOf = (content: string) => {
  const { terms, filters } = parseQuery(content);
  return { terms, filters: filters.map(({ name, value }) => `${name}:${value.toLowerCase()}`) };
};

describe("understood", () => {
  test("typed again, it finds the same posts", async () => {
    for (const { typed } of fc.sample(queries, { numRuns: 300, seed })) {
      const { understood, pids } = await pidsOf(typed);
      expect({ seed, typed, pids: (await pidsOf(understood.content)).pids }).toEqual({ seed, typed, pids });
    }
  }, 120_000);

  test("for any text, it means itself, and each part means itself", async () => {
    const check = async (typed: string) => {
      const { understood, pids } = await pidsOf(typed);
      const again = await pidsOf(understood.content);
      expect(again).toEqual({ understood, pids });
      const whole = meaningOf(understood.content);
      const parts = understood.parts.map(({ kind, content }) =>
        meaningOf(kind === "word" || kind === "exact" ? `${content} ` : content),
      );
      expect(parts.flatMap(({ terms }) => terms)).toEqual(whole.terms);
      expect(parts.flatMap(({ filters }) => filters)).toEqual(whole.filters);
    };
    await fc.assert(fc.asyncProperty(anyQuery, check), { numRuns: 500, seed });
  }, 120_000);

  test("a text of 10,000 characters is understood in time", async () => {
    for (const unit of ["x", '"', 'user:"', "user:a ", "-", '""', "\ud83d", "\u0301"]) {
      const started = performance.now();
      await pidsOf(unit.repeat(Math.ceil(10_000 / unit.length))).catch((error: Error) =>
        expect(error.name).toBe("InvalidSearchError"),
      );
      expect(performance.now() - started).toBeLessThan(5000);
    }
  }, 60_000);
});

eachEngine("understood", ({ ask }) => {
  const understood = async (content: string, more: Partial<SearchRequest> = {}): Promise<Understood> =>
    (await ask(content, more)).understood;
  const parts = async (content: string, more: Partial<SearchRequest> = {}) =>
    (await understood(content, more)).parts.map(({ kind, text, content: written }) => [kind, text, written]);

  test("words are shown as typed", async () => {
    expect(await parts('Dampfer, +Nebel -"alte Elbe" -Wal "auf der" "Elbe" E-Mail Stra')).toEqual([
      ["word", "Dampfer,", "Dampfer,"],
      ["exact", "Nebel", "+Nebel"],
      ["excluded", "alte Elbe", '-"alte Elbe"'],
      ["excluded", "Wal", "-Wal"],
      ["phrase", "auf der", '"auf der"'],
      ["exact", "Elbe", '"Elbe"'],
      ["word", "E-Mail", "E-Mail"],
      ["prefix", "Stra", "Stra"],
    ]);
    expect(await understood("")).toEqual({ content: "", parts: [] });
    expect(await parts('-user:karl x"')).toEqual([
      ["excluded", "user karl", '-"user karl"'],
      ["word", "x", "x"],
    ]);
  });

  test("names are shown as they are written now", async () => {
    expect(await parts("user:karl user:ernestine board:allg thread:100 HAS:Link YEAR:2012")).toEqual([
      ["user", "Karl", "user:Karl"],
      ["user", "Erna Groß", 'user:"Erna Groß"'],
      ["board", "Allgemeines", "board:Allgemeines"],
      ["thread", "Dampfer auf der Elbe", "thread:100"],
      ["has", "link", "has:link"],
      ["year", "2012", "year:2012"],
    ]);
    expect(await parts(`user:"${monstrous.replaceAll('"', '""')}"`)).toEqual([
      ["user", monstrous, `user:"${monstrous.replaceAll('"', '""')}"`],
    ]);
    expect(await parts("tag:große after:2012-05", { type: "thread" })).toEqual([
      ["tag", "große", "tag:große"],
      ["after", "2012-05", "after:2012-05"],
    ]);
  });

  test("repetitions are left out, and what is unknown stays as typed", async () => {
    expect(await understood('Dampfer user:"ALTE Erna"  Dampfer user:ernestine damp "Elbe')).toEqual({
      content: 'Dampfer user:"Erna Groß" damp "Elbe"',
      parts: expect.any(Array),
    });
    expect((await understood("Dampfer Dampfer")).content).toBe("Dampfer ");
    expect((await understood("user:Niemand Dampfer ")).content).toBe("user:Niemand Dampfer ");
  });

  test("filters in other parameters are not part of it", async () => {
    expect((await understood("Dampfer", { uid: 10, bid: 1, year: 2012, has: "link" })).content).toBe("Dampfer");
  });
});

eachEngine("authors", ({ ask }) => {
  const authors = async (content: string, more: Partial<SearchRequest> = {}) => (await ask(content, more)).authors;

  test("a name of up to three words is found anywhere in the query", async () => {
    const erna = { uid: 12, name: "Erna Groß", count: 2 };
    expect(await authors("Dampfer erna groß Nebel")).toEqual([{ ...erna, content: 'Dampfer user:"Erna Groß" Nebel' }]);
    expect(await authors("ernestine")).toEqual([{ ...erna, content: 'user:"Erna Groß"' }]);
    expect(await authors("alte Erna Dampfer ")).toEqual([{ ...erna, content: 'user:"Erna Groß" Dampfer ' }]);
    expect(await authors("jörg karl ")).toEqual([
      expect.objectContaining({ uid: 14, content: "user:Jörg karl " }),
      expect.objectContaining({ uid: 10, content: "jörg user:Karl" }),
    ]);
  });

  test("it finds the user's posts", async () => {
    for (const { content } of (await authors("jörg karl ernestine "))!) {
      const user = (await ask(content)).understood.parts.filter(({ kind }: Part) => kind === "user");
      expect(user).toHaveLength(1);
    }
    const [{ content } = { content: "" }] = (await authors("ernestine "))!;
    expect(idsOf(await ask(content))).toEqual([4, 3].toSorted((a, b) => a - b));
  });

  test("none for marked words, other filters of users, later pages and strangers", async () => {
    expect(await authors("+karl")).toBeUndefined();
    expect(await authors('"karl"')).toBeUndefined();
    expect(await authors("-karl")).toBeUndefined();
    expect(await authors("user:jörg karl")).toBeUndefined();
    expect(await authors("karl", { uid: 10 })).toBeUndefined();
    expect(await authors("erna board:allgemeines groß")).toBeUndefined();
    expect(await authors("karl", { offset: 1 })).toBeUndefined();
    expect(await authors("kar")).toBeUndefined();
  });
});

test("the last filter is being typed if it is the beginning of something known", async () => {
  const { ask } = asking("postgres");
  const isCompleting = async (content: string, type: "post" | "thread" = "post") => {
    const { unknown_filter, is_completing } = await ask(content, { type });
    expect(unknown_filter).toBeDefined();
    return is_completing ?? false;
  };
  for (const content of [
    "user:kar",
    "Dampfer user:ernest",
    'user:"erna gr',
    "board:räume",
    "year:201",
    "after:2012-",
    "before:2012-0",
    "has:vid",
  ])
    expect([content, await isCompleting(content)]).toEqual([content, true]);
  for (const content of [
    "user:kar ",
    "user:kar Dampfer",
    "user:niemand",
    "board:niemand",
    "year:19",
    "after:2012-13-",
    "has:x",
    "tag:wett",
    "thread:9",
    "user:niemand user:kar",
  ])
    expect([content, await isCompleting(content)]).toEqual([content, false]);
  expect(await isCompleting("tag:wett", "thread")).toBe(true);
  expect((await ask("user:karl")).is_completing).toBeUndefined();
});
