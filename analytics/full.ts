/** A full run: everything derived is made anew beside what readers see, then published at once. */
import { bakedVersion } from "@potstats/db/baked";
import * as bakedTables from "@potstats/db/baked";
import { createIndexes, createTable, markSchema, tablesOf } from "@potstats/db/baked-ddl";
import { newGeneration } from "@potstats/db/generation";
import { getTableName } from "drizzle-orm";
import { dailyThreads } from "./bake/daily-threads.ts";
import { edges, facts, links, postFacts } from "./bake/facts.ts";
import { bakes } from "./bake/index.ts";
import { bakeNames } from "./names.ts";
import { bakePosts } from "./posts.ts";
import { publish } from "./publish.ts";
import { revisionOf, type Run, type Summary } from "./run.ts";
import { together, withSnapshot } from "./snapshot.ts";

export async function bakeEverything({ sql, timezone, forumUrl, progress, signal }: Run): Promise<Summary> {
  const started = new Date();
  const seconds: Record<string, number> = {};
  const tables = tablesOf(bakedTables);
  const names = tables.map(getTableName);
  /** Does a phase's work side by side and takes its time. */
  const inPhase = async (name: string, statements: string[]) => {
    signal?.throwIfAborted();
    const phase = progress.phase(name, { unit: "steps", total: statements.length });
    const from = performance.now();
    await together(
      statements.map((statement) => async () => {
        await sql.unsafe(statement);
        phase.add();
      }),
    );
    phase.done();
    seconds[name] = (performance.now() - from) / 1000;
  };

  // What a killed run left behind goes first.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(
    [
      "create schema baked_next",
      ...tables.map((table) => createTable(table, "baked_next")),
      markSchema("baked_next", tables),
    ].join(";\n"),
  );

  const revision = await withSnapshot(sql, async (snapshot) => {
    const [{ count = 0 } = {}] = await snapshot.keeper<{ count: number }[]>`
      select greatest(reltuples, 0)::bigint as count from pg_class where oid = 'public.posts'::regclass`;
    const phase = progress.phase("posts", { unit: "posts", ...(count > 0 ? { total: count } : {}) });
    const from = performance.now();
    // With the one that holds the lock these are eight connections at a time: what the pool must have at least.
    const [read] = await together([
      () => revisionOf(snapshot.keeper),
      () => bakePosts(snapshot, forumUrl, phase, signal),
      () => snapshot.read((reader) => reader.unsafe(postFacts(timezone))),
      () => snapshot.write((writer) => bakeNames(snapshot.keeper, writer)),
    ]);
    phase.done();
    seconds["posts"] = (performance.now() - from) / 1000;
    return read;
  });
  await sql.unsafe("analyze baked_next.post_facts, baked_next.post_quotes, baked_next.post_links");
  await sql.unsafe(`create view baked_next.facts as ${facts(1, "baked_next")}`);
  await sql.unsafe(`create view baked_next.links as ${links(1, "baked_next")}`);
  const [first = [], ...rest] = bakes("count(*)");
  await inPhase("statistics 1", [
    ...first,
    `create unlogged table baked_next.edges as ${edges(1, "baked_next")}`,
    dailyThreads,
  ]);
  await sql.unsafe("analyze baked_next.edges, baked_next.user_days");
  for (const [at, statements] of rest.entries()) await inPhase(`statistics ${at + 2}`, statements);
  await sql.unsafe("drop view baked_next.facts, baked_next.links; drop table baked_next.edges, baked_next.user_days");
  await inPhase(
    "indexes",
    tables.flatMap((table) => createIndexes(table, "baked_next")),
  );
  await sql.unsafe(`analyze ${names.map((name) => `baked_next.${name}`).join(", ")}`);

  const rows: Record<string, number> = {};
  for (const name of names) {
    if (name === "analysis") continue;
    const [row] = await sql.unsafe<{ count: number }[]>(`select count(*) as count from baked_next.${name}`);
    rows[name] = row?.count ?? 0;
  }
  const [problems] = await sql<{ malformed_quotes: number; unparsable_links: number }[]>`
    select coalesce(sum(malformed_quotes), 0)::int as malformed_quotes, coalesce(sum(unparsable_links), 0)::int as unparsable_links
    from baked_next.post_texts`;
  const counts = {
    posts: rows["post_texts"] ?? 0,
    threads: rows["threads"] ?? 0,
    users: rows["users"] ?? 0,
    boards: rows["boards"] ?? 0,
    quotes: rows["post_quotes"] ?? 0,
    malformed_quotes: problems?.malformed_quotes ?? 0,
    links: rows["post_links"] ?? 0,
    unparsable_links: problems?.unparsable_links ?? 0,
  };
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
      counts: sql.json(counts),
    })}`;
  signal?.throwIfAborted();
  await publish(sql);
  return { kind: "full", changed: true, posts: counts.posts, counts, generation, rows, seconds };
}
