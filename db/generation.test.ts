import { afterAll, beforeEach, expect, test } from "bun:test";
import { newGeneration, readGeneration } from "./generation.ts";
import { testDatabase } from "./testing/database.ts";

const database = await testDatabase();
const { sql } = database;
afterAll(() => database.drop());
beforeEach(async () => {
  await sql`truncate baked.analysis, search.state`;
});

const setAnalysis = async (generation: string) => {
  const columns = await sql<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = 'baked.analysis'::regclass and attnum > 0 and attnotnull and not attisdropped`;
  // Only the generation matters here: the other required columns get any value.
  const fillers: Record<string, unknown> = {
    "timestamp without time zone": new Date(0),
    text: "x",
    jsonb: sql.json({}),
  };
  const row = Object.fromEntries(
    columns.map(({ name, type }) => [name, name === "generation" ? generation : (fillers[type] ?? 0)]),
  );
  await sql`truncate baked.analysis`;
  await sql`insert into baked.analysis ${sql(row)}`;
};

const setIndex = (engine: string, generation: string) => sql`
  insert into search.state ${sql({
    engine,
    version: 1,
    generation,
    index_id: "one",
    analysis_generation: "x",
    revision: 0,
    timezone: "UTC",
    post_count: 0,
    thread_count: 0,
    is_changing: false,
    finished_at: new Date(0),
  })} on conflict (engine) do update set generation = excluded.generation`;

test("changes with each commit of the analytics or of an index, and only then", async () => {
  const generations = [await readGeneration(sql)];
  expect(generations).toEqual(["-.-"]);
  const steps = [
    () => setAnalysis("a1"),
    () => setIndex("postgres", "p1"),
    () => setIndex("meilisearch", "m1"),
    () => setIndex("postgres", "p2"),
    () => setAnalysis("a2"),
    () => sql`delete from search.state where engine = 'meilisearch'`,
  ];
  for (const step of steps) {
    await step();
    generations.push(await readGeneration(sql));
    expect(await readGeneration(sql)).toBe(generations.at(-1) ?? "");
  }
  expect(generations.slice(1)).toEqual(["a1.-", "a1.p1", "a1.m1.p1", "a1.m1.p2", "a2.m1.p2", "a2.p2"]);
});

test("readers see the previous generation until the commit", async () => {
  await setAnalysis("a1");
  await sql.begin(async (transaction) => {
    await transaction`update baked.analysis set generation = 'a2'`;
    expect(await readGeneration(sql)).toBe("a1.-");
  });
  expect(await readGeneration(sql)).toBe("a2.-");
});

test("a database without tables: the error has a code that commands explain", async () => {
  const error = await sql
    .begin(async (transaction) => {
      await transaction`drop schema baked cascade`;
      await readGeneration(transaction as unknown as typeof sql);
    })
    .catch((e: unknown) => e);
  // cli/command.ts adds what to do about these codes.
  expect((error as { code?: string }).code).toMatch(/^(42P01|3F000)$/);
});

test("tokens are unique and fit into a key", () => {
  const tokens = Array.from({ length: 10_000 }, newGeneration);
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const token of tokens) if (!/^[0-9a-z]{12,24}$/.test(token)) throw new Error(`not a token: ${token}`);
});
