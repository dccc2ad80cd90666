import { describe, expect, test } from "bun:test";
import * as baked from "@potstats/db/baked";
import { createTableAs, tablesOf } from "@potstats/db/baked-ddl";
import { integer, primaryKey } from "drizzle-orm/pg-core";
import { countedPosts } from "./inputs/counted-posts.ts";
import { inputs, postTables } from "./inputs/index.ts";
import { intermediates } from "./intermediates/index.ts";
import { same, statistic } from "./statistic.ts";
import { userStreaks } from "./testing/example-statistics.ts";
import { sortTopologically, statistics } from "./registry.ts";
import type { Source } from "./source.ts";
import type { Statistic } from "./statistic.ts";

/** A source and, if it is an intermediate table, what that is derived from. */
const withNeeds = (source: Source): Source[] =>
  statistics.includes(source as Statistic) ? [source] : [source, ...(source.needs ?? []).flatMap(withNeeds)];

const tablesIn = (sql: string) => new Set([...sql.matchAll(/\bbaked_next\.(\w+)/g)].map((match) => match[1] ?? ""));

describe.each(statistics.map((one) => [one.name, one] as const))("%s", (name, one) => {
  const needs = one.needs.map((source) => source.name);

  test("reads exactly the tables that it needs", () => {
    expect([...tablesIn(one.query.from)].toSorted()).toEqual(needs.toSorted());
    const sources = one.needs.flatMap(withNeeds);
    const changes = sources.map((source) => source.changes.replace("baked_next.", ""));
    // An incremental run finds these before it maintains any statistic.
    const found = [...inputs.map((input) => input.name), "regrouped_threads", "regrouped_posts"];
    const known = new Set([...sources.map((source) => source.name), ...changes, ...found, name]);
    const isKnown = (table: string) =>
      known.has(table) ||
      known.has(table.replace(/^(changed|items|diminished)_/, "")) ||
      table.startsWith(`changed_${name}`);
    const others = [...tablesIn(JSON.stringify(one.steps))].filter((table) => !isKnown(table));
    expect(others).toEqual([]);
  });

  test("comes after what it needs", () => {
    const before: Source[] = [...inputs, ...intermediates, ...statistics.slice(0, statistics.indexOf(one))];
    const names = new Set(before.map((source) => source.name));
    const sources = one.needs.flatMap(withNeeds).map((source) => source.name);
    expect(sources.filter((source) => !names.has(source))).toEqual([]);
  });
});

test("every derived table is written by a statistic or by the run itself", () => {
  const others = [...postTables, baked.users, baked.boards, baked.threads, baked.analysis];
  const declared = [...statistics.map(({ table }) => table), ...others];
  expect(new Set(declared)).toEqual(new Set(tablesOf(baked)));
});

test("a missing or misspelled column is an error, at compile time and at run time", () => {
  const declare = () =>
    statistic(baked.userDays, {
      needs: { countedPosts },
      // @ts-expect-error posts_length is missing
      columns: { ...same("uid", "bid", "day", "post_count", "edit_count", "threads_created"), posts_lenght: "0" },
      // @ts-expect-error quotes are not needed
      from: (sources) => sources.quotes,
      maintain: "add",
    });
  expect(declare).toThrow("the query for user_days lacks posts_length");
  expect(() => createTableAs(baked.userDays, "baked_next", { columns: {}, from: "counted_posts" })).toThrow(
    "lacks uid",
  );
});

test("recomputing groups that no index finds is an error, not a scan of all posts", () => {
  const table = baked.baked.table("user_facts", { uid: integer().notNull() }, (t) => [
    primaryKey({ columns: [t.uid] }),
  ]);
  const declare = () =>
    statistic(table, {
      needs: { countedPosts },
      columns: same("uid"),
      from: (sources) => sources.countedPosts,
      maintain: { recompute: "uid" },
    });
  expect(declare).toThrow("no index finds the counted posts of a uid");
});

test("adding up a source that is itself recomputed is an error", () => {
  const table = baked.baked.table("user_count", { uid: integer().notNull() }, (t) => [
    primaryKey({ columns: [t.uid] }),
  ]);
  const declare = () =>
    statistic(table, {
      needs: { userStreaks },
      columns: same("uid"),
      from: () => "example_user_streaks",
      maintain: "add",
    });
  expect(declare).toThrow("user_count cannot add up what is recomputed: example_user_streaks");
});

test("a circular dependency between statistics is an error", () => {
  const [one] = statistics;
  const cycle = { ...one, name: "cycle", needs: [] as unknown[] };
  cycle.needs.push(cycle);
  expect(() => sortTopologically([cycle as unknown as Statistic])).toThrow(
    "circular dependency between statistics: cycle",
  );
});
