/** One run of the analytics: everything derived is made anew beside what readers see, then published at once. */
import { silent, type Progress } from "@potstats/cli/progress";
import { bakedVersion } from "@potstats/db/baked";
import * as bakedTables from "@potstats/db/baked";
import { createIndexes, createTable, markSchema, tablesOf } from "@potstats/db/baked-ddl";
import type { Sql } from "@potstats/db/connect";
import { newGeneration } from "@potstats/db/generation";
import { withLock } from "@potstats/db/locks";
import { getTableName } from "drizzle-orm";
import type { Transaction } from "./copy.ts";
import { facts } from "./bake/facts.ts";
import { bakes, workingTables } from "./bake/index.ts";
import { bakeBoards, bakeThreads, bakeUsers } from "./names.ts";
import { bakePosts, type PostCounts } from "./posts.ts";
import { publish } from "./publish.ts";
import { together, withSnapshot } from "./snapshot.ts";

export interface AnalyzeOptions {
  sql: Sql;
  /** IANA name: decides years, days, weekdays and hours. */
  timezone: string;
  /** What stands before `/bb/…`, for relative addresses in posts. */
  forumUrl: string;
  /** Everything from scratch, also when nothing changed. */
  full?: boolean;
  progress?: Progress;
  signal?: AbortSignal;
}

export interface AnalyzeSummary extends Partial<PostCounts> {
  /** False when nothing had changed since the last run. */
  changed: boolean;
  generation: string;
  /** Rows per derived table. */
  rows: Record<string, number>;
  /** Seconds per phase. */
  seconds: Record<string, number>;
}

/**
 * Brings `baked` up to date with the crawled tables.
 * @throws AlreadyRunning when another run holds the lock
 */
export function analyze(options: AnalyzeOptions): Promise<AnalyzeSummary> {
  const { sql, timezone, progress = silent } = options;
  return withLock(sql, "analyze", async () => {
    const last = await lastRun(sql);
    if (
      !options.full &&
      last?.version === bakedVersion &&
      last.timezone === timezone &&
      last.revision === (await revisionNow(sql))
    ) {
      return { changed: false, generation: last.generation, rows: {}, seconds: {} };
    }
    return bakeEverything(options, progress);
  });
}

interface LastRun {
  version: number;
  timezone: string;
  revision: number;
  generation: string;
}

async function lastRun(sql: Sql): Promise<LastRun | undefined> {
  const [known] = await sql`select 1 from pg_tables where schemaname = 'baked' and tablename = 'analysis'`;
  if (!known) return undefined;
  const [run] = await sql<LastRun[]>`select version, timezone, revision, generation from baked.analysis`;
  return run;
}

/** The crawled tables' latest revision. */
async function revisionNow(sql: Sql | Transaction): Promise<number> {
  const [row] = await sql<{ revision: number }[]>`
    select greatest(
      (select coalesce(max(revision), 0) from posts), (select coalesce(max(revision), 0) from threads),
      (select coalesce(max(revision), 0) from users), (select coalesce(max(revision), 0) from boards)) as revision`;
  return row?.revision ?? 0;
}

async function bakeEverything(options: AnalyzeOptions, progress: Progress): Promise<AnalyzeSummary> {
  const { sql, timezone, signal } = options;
  const started = new Date();
  const seconds: Record<string, number> = {};
  const tables = tablesOf(bakedTables);
  /** Does a phase's work side by side and takes its time. */
  const inPhase = async (name: string, work: (() => Promise<unknown>)[]) => {
    signal?.throwIfAborted();
    const phase = progress.phase(name, { unit: "steps", total: work.length });
    const from = performance.now();
    await together(
      work.map((step) => async () => {
        await step();
        phase.add();
      }),
    );
    phase.done();
    seconds[name] = (performance.now() - from) / 1000;
  };
  const execute = (statement: string) => () => sql.unsafe(statement);

  // What a killed run left behind goes first.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(
    [
      "create schema baked_next",
      ...tables.map((table) => createTable(table, "baked_next")),
      markSchema("baked_next", tables),
    ].join(";\n"),
  );

  const { revision, counts } = await withSnapshot(sql, async (snapshot) => {
    const [{ count = 0 } = {}] = await snapshot.keeper<{ count: number }[]>`
      select greatest(reltuples, 0)::bigint as count from pg_class where oid = 'public.posts'::regclass`;
    const phase = progress.phase("posts", { unit: "posts", ...(count > 0 ? { total: count } : {}) });
    const from = performance.now();
    // With the one that holds the lock these are eight connections at a time: what the pool must have at least.
    const [postCounts, revisionRead] = await together([
      () => bakePosts(snapshot, options.forumUrl, phase, signal),
      () => revisionNow(snapshot.keeper),
      () => snapshot.read((reader) => reader.unsafe(facts(timezone))),
      () =>
        snapshot.write(async (writer) => {
          await bakeUsers(snapshot.keeper, writer);
          await bakeBoards(snapshot.keeper, writer);
          await bakeThreads(snapshot.keeper, writer);
        }),
    ]);
    phase.total(postCounts.posts);
    phase.done();
    seconds["posts"] = (performance.now() - from) / 1000;
    return { revision: revisionRead, counts: postCounts };
  });
  await sql.unsafe("analyze baked_next.facts, baked_next.post_quotes, baked_next.post_links");
  for (const [at, statements] of bakes.entries()) {
    await inPhase(`statistics ${at + 1}`, statements.map(execute));
    if (at === 0) await sql.unsafe("analyze baked_next.edges, baked_next.user_days");
  }
  await sql.unsafe(workingTables.map((table) => `drop table baked_next.${table}`).join(";\n"));
  await inPhase(
    "indexes",
    tables.flatMap((table) => createIndexes(table, "baked_next").map(execute)),
  );
  await sql.unsafe(`analyze ${tables.map((table) => `baked_next.${getTableName(table)}`).join(", ")}`);

  const rows: Record<string, number> = {};
  for (const table of tables) {
    const name = getTableName(table);
    const [row] = await sql.unsafe<{ count: number }[]>(`select count(*) as count from baked_next.${name}`);
    rows[name] = row?.count ?? 0;
  }
  delete rows["analysis"];
  const generation = newGeneration();
  await sql`
    insert into baked_next.analysis (singleton, version, generation, timezone, revision, started_at, finished_at, counts)
    values (0, ${bakedVersion}, ${generation}, ${timezone}, ${revision}, ${started}, ${new Date()},
            ${sql.json({ ...counts, threads: rows["threads"] ?? 0, users: rows["users"] ?? 0, boards: rows["boards"] ?? 0 })})`;
  signal?.throwIfAborted();
  await publish(sql);
  return { changed: true, generation, rows, seconds, ...counts };
}
