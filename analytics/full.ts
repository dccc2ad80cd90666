/** A full run: everything derived is made anew beside what readers see, then published at once. */
import { bakedVersion } from "@potstats/db/baked";
import * as bakedTables from "@potstats/db/baked";
import { createIndexes, createTable, markSchema, tablesOf } from "@potstats/db/baked-ddl";
import { newGeneration } from "@potstats/db/generation";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { dailyThreads } from "./bake/daily-threads.ts";
import { edges, facts, links, postFacts } from "./bake/facts.ts";
import { type Bake, bakes } from "./bake/index.ts";
import { bakeNames } from "./names.ts";
import { bakePosts } from "./posts.ts";
import { publish } from "./publish.ts";
import { revisionOf, type Run, type Summary } from "./run.ts";
import { together, withSnapshot } from "./snapshot.ts";

/** Filled while posts are read, by several connections each, so they are there before. */
const { postFacts: postFactsTable, postTexts, postQuotes, postLinks, users, boards, threads, analysis } = bakedTables;
const filledFirst: PgTable[] = [postFactsTable, postTexts, postQuotes, postLinks, users, boards, threads, analysis];

/** As many statements run as there are workers: none of them needs helpers, and each may have its share of memory. */
const settings = `
  set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0;
  set local work_mem = '64MB'; set local maintenance_work_mem = '256MB'; set local synchronous_commit = off;
  set local default_statistics_target = 40`;

export async function bakeEverything({ sql, timezone, forumUrl, workers, progress, signal }: Run): Promise<Summary> {
  const started = new Date();
  const seconds: Record<string, number> = {};
  const rows: Record<string, number> = {};

  /** Makes derived tables one after the other, with indexes, in one transaction: PostgreSQL may spare itself their log. */
  const make = (chain: Bake[]) =>
    sql.begin(async (transaction) => {
      await transaction.unsafe(settings);
      for (const { table, statement } of chain) {
        signal?.throwIfAborted();
        if (table && !filledFirst.includes(table)) await transaction.unsafe(createTable(table, "baked_next"));
        const { count } = await transaction.unsafe(statement);
        if (table) await finish(transaction.unsafe.bind(transaction), table);
        if (table) rows[getTableName(table)] = count;
      }
    });
  /** Keys, indexes and the planner's statistics of a filled table. */
  const finish = async (execute: (statement: string) => PromiseLike<unknown>, table: PgTable) => {
    for (const statement of createIndexes(table, "baked_next")) {
      signal?.throwIfAborted();
      await execute(statement);
    }
    await execute(`analyze baked_next.${getTableName(table)}`);
  };
  /** Does a phase's work side by side and takes its time. */
  const inPhase = async (name: string, works: (() => Promise<unknown>)[]) => {
    signal?.throwIfAborted();
    const phase = progress.phase(name, { unit: "steps", total: works.length });
    const from = performance.now();
    await together(
      works.map((work) => async () => {
        await work();
        phase.add();
      }),
      workers,
    );
    phase.done();
    seconds[name] = (performance.now() - from) / 1000;
  };

  // What a killed run left behind goes first.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(
    [
      "create schema baked_next",
      ...filledFirst.map((table) => createTable(table, "baked_next")),
      markSchema("baked_next", tablesOf(bakedTables)),
    ].join(";\n"),
  );

  const { revision, counts } = await withSnapshot(sql, async (snapshot) => {
    const [{ count = 0 } = {}] = await snapshot.keeper<{ count: number }[]>`
      select greatest(reltuples, 0)::bigint as count from pg_class where oid = 'public.posts'::regclass`;
    const phase = progress.phase("posts", { unit: "posts", ...(count > 0 ? { total: count } : {}) });
    const from = performance.now();
    // These are eight connections at a time: what the pool must have at least.
    const [read, yielded, { count: factCount }] = await together([
      () => revisionOf(snapshot.keeper),
      () => bakePosts(snapshot, forumUrl, phase, signal),
      () => snapshot.read((reader) => reader.unsafe(postFacts(timezone))),
      () => snapshot.write((writer) => bakeNames(snapshot.keeper, writer)),
    ]);
    phase.done();
    seconds["posts"] = (performance.now() - from) / 1000;
    rows["post_facts"] = factCount;
    return { revision: read, counts: yielded };
  });
  await sql.unsafe("analyze baked_next.post_facts, baked_next.post_quotes, baked_next.post_links");
  await sql.unsafe(`create view baked_next.facts as ${facts(1, "baked_next")}`);
  await sql.unsafe(`create view baked_next.links as ${links(1, "baked_next")}`);
  const { first, chains } = bakes("count");
  const edgesFirst = { statement: `create unlogged table baked_next.edges as ${edges(1, "baked_next")}` };
  await inPhase(
    "facts",
    [...first, edgesFirst].map((bake) => () => make([bake])),
  );
  await sql.unsafe("analyze baked_next.edges, baked_next.of_hours");
  await inPhase("statistics", [
    ...chains.map((chain) => () => make(chain)),
    () => make([{ table: bakedTables.dailyThreads, statement: dailyThreads }]),
    ...filledFirst.map(
      (table) => () =>
        sql.begin(async (transaction) => {
          await transaction.unsafe(settings);
          await finish(transaction.unsafe.bind(transaction), table);
        }),
    ),
  ]);
  await sql.unsafe("drop view baked_next.facts, baked_next.links; drop table baked_next.edges, baked_next.of_hours");
  // Users' places are counted in an index alone, which takes a vacuumed table; after incremental runs PostgreSQL sees to that.
  await sql.unsafe("alter table baked_next.poster_stats set (autovacuum_vacuum_scale_factor = 0.01)");
  await sql.unsafe("vacuum baked_next.poster_stats");

  const [known] = await sql<{ threads: number; users: number; boards: number }[]>`
    select (select count(*) from baked_next.threads) as threads, (select count(*) from baked_next.users) as users,
           (select count(*) from baked_next.boards) as boards`;
  if (!known) throw new Error("PostgreSQL counts nothing");
  const all = { ...counts, ...known };
  Object.assign(rows, known, { post_texts: all.posts, post_quotes: all.quotes, post_links: all.links });
  const generation = newGeneration();
  await sql`
    insert into baked_next.analysis ${sql({
      singleton: 0,
      version: bakedVersion,
      generation,
      timezone,
      forum_url: forumUrl,
      revision,
      started_at: started,
      finished_at: new Date(),
      counts: sql.json(all),
    })}`;
  signal?.throwIfAborted();
  await publish(sql);
  return { kind: "full", changed: true, posts: all.posts, counts: all, generation, rows, seconds };
}
