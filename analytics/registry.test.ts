import { describe, expect, test } from "bun:test";
import * as baked from "@potstats/db/baked";
import { createTableAs, tablesOf } from "@potstats/db/baked-ddl";
import { integer, primaryKey } from "drizzle-orm/pg-core";
import { facts } from "./inputs/facts.ts";
import { inputs, perPost } from "./inputs/index.ts";
import { same, statistic } from "./statistic.ts";
import { userStreaks } from "./testing/example-statistics.ts";
import { ordered, statistics } from "./registry.ts";
import type { Statistic } from "./statistic.ts";

const tablesIn = (sql: string) => new Set([...sql.matchAll(/\bbaked_next\.(\w+)/g)].map((match) => match[1] ?? ""));

describe.each(statistics.map((one) => [one.name, one] as const))("%s", (name, one) => {
  const needs = one.needs.map((source) => source.name);

  test("reads what it needs, and nothing else", () => {
    expect([...tablesIn(one.query.from)].toSorted()).toEqual(needs.toSorted());
    const own = new Set([...needs, name, `changed_${name}`]);
    const steps = Object.values(one.steps).flat();
    expect([...tablesIn(steps.join("\n"))].filter((table) => !own.has(table))).toEqual([]);
  });

  test("comes after what it needs", () => {
    const before = statistics.slice(0, statistics.indexOf(one)).map((other) => other.name);
    expect(needs.filter((need) => ![...before, ...inputs.map((input) => input.name)].includes(need))).toEqual([]);
  });
});

test("every derived table is a statistic's, an input's, a name's or the run's own", () => {
  const others = [...perPost, baked.users, baked.boards, baked.threads, baked.analysis];
  const declared = [...statistics.map(({ table }) => table), ...others];
  expect(new Set(declared)).toEqual(new Set(tablesOf(baked)));
});

test("a column that is missing or misspelled does not pass the type check, and is an error", () => {
  const declare = () =>
    statistic(baked.userDays, {
      needs: { facts },
      // @ts-expect-error posts_length is missing
      columns: { ...same("uid", "bid", "day", "post_count", "edit_count", "threads_created"), posts_lenght: "0" },
      // @ts-expect-error edges are not needed
      from: (sources) => sources.edges,
      maintain: "add",
    });
  expect(declare).toThrow("the query for user_days lacks posts_length");
  expect(() => createTableAs(baked.userDays, "baked_next", { columns: {}, from: "facts" })).toThrow("lacks uid");
});

test("groups that no index finds are an error, not a scan of all posts", () => {
  const table = baked.baked.table("user_facts", { uid: integer().notNull() }, (t) => [
    primaryKey({ columns: [t.uid] }),
  ]);
  const declare = () =>
    statistic(table, {
      needs: { facts },
      columns: same("uid"),
      from: ({ facts: from }) => from,
      maintain: { recompute: "uid" },
    });
  expect(declare).toThrow("no index finds the facts of a uid");
});

test("a statistic cannot add up what another one recomputes", () => {
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

test("statistics that are made from each other are an error", () => {
  const [one] = statistics;
  const circle = { ...one, name: "circle", needs: [] as unknown[] };
  circle.needs.push(circle);
  expect(() => ordered([circle as unknown as Statistic])).toThrow("made from each other: circle");
});
