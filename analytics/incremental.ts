/**
 * An incremental run: subtracts what changed posts had contributed to the statistics and adds what they contribute
 * now. It is one transaction, so readers see the old numbers until all new ones are complete, and a killed run leaves
 * nothing behind. Its cost is proportional to the changes; its result equals a full run's.
 */
import { postFacts as postFactsTable } from "@potstats/db/baked";
import { createTableAs } from "@potstats/db/baked-ddl";
import type { Transaction } from "@potstats/db/connect";
import { getTableName } from "drizzle-orm";
import { type LastRun, writeLastRun } from "./last-run.ts";
import { countChanged, countsAfter } from "./counts.ts";
import { inputs, postTables } from "./inputs/index.ts";
import { isChanged } from "./inputs/input.ts";
import { deriveChangedEntities, replaceBoards, replaceEntities } from "./inputs/entities.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { findRegroupedThreads } from "./intermediates/changed-threads.ts";
import { intermediates } from "./intermediates/index.ts";
import { deriveChangedMarkupTables } from "./inputs/posts.ts";
import { createCosts, createPhases, latestRevision, type Run, type Summary } from "./run.ts";
import type { Statistic } from "./statistic.ts";
import type { Statement } from "./steps.ts";

/** With more changed posts, a full run is faster. */
const maxChangedPosts = (posts: number) => 10_000 + posts / 50;

/**
 * Creates two tables. `changed_threads` has the threads that changed. `changed_posts` has the posts that changed, all
 * posts of threads that were moved, vanished or reappeared, and the old and the new opening post of threads whose
 * opening post or board changed.
 */
export const findChanges = (since: number) => `
  create table baked_next.changed_threads as
  select t.tid, t.bid, t.first_pid, existing.bid as old_bid, existing.first_pid as old_first_pid,
         t.bid is distinct from existing.bid
           or (t.gone_at is not null) is distinct from existing.is_gone as affects_posts
  from public.threads t left join baked.threads existing using (tid)
  where t.revision > ${since};
  create table baked_next.changed_posts as
  select pid from public.posts where revision > ${since}
  union select p.pid from public.posts p join baked_next.changed_threads using (tid) where affects_posts
  union select opening.pid from baked_next.changed_threads, unnest(array[first_pid, old_first_pid]) as opening (pid)
    where (bid, first_pid) is distinct from (old_bid, old_first_pid) and opening.pid is not null;
  analyze baked_next.changed_threads, baked_next.changed_posts`;

/** Statements that are sent together, because waiting for each would take longer than many of them do. */
export interface Step {
  /** What the statements do to the table, for `incremental.sql`. */
  stage: string;
  table: string;
  statements: string[];
  /** They are only executed if each of these tables has rows. */
  ifAny: readonly string[];
  /** Whether the rows that it writes or deletes are part of the run's summary. Then it is a single statement. */
  isReported: boolean;
}

const stage =
  (name: string, isReported = false) =>
  (table: string, statements: readonly Statement[]): Step[] => {
    const steps: Step[] = [];
    for (const each of statements) {
      const { statement, ifAny } = typeof each === "string" ? { statement: each, ifAny: [] } : each;
      const last = steps.at(-1);
      if (last?.ifAny.join() === ifAny.join() && !isReported) last.statements.push(statement);
      else steps.push({ stage: name, table, statements: [statement], ifAny, isReported });
    }
    return steps;
  };

const subtract = stage("old contributions, subtracted");
const replace = stage("changed rows, replaced", true);
const add = stage("new contributions, added");
const lookUp = stage("of changed threads");
const change = stage("changes, computed before any statistic is updated");
const prepare = stage("changes, computed after its sources are updated");
const apply = stage("updated", true);

/** All statements between the parsed posts and the up-to-date statistics, in order. */
export const stepsOf = (statistics: readonly Statistic[]): Step[] => [
  ...inputs.flatMap((input) => subtract(input.name, [input.subtract])),
  ...postTables
    .map(getTableName)
    .flatMap((table) =>
      replace(table, [
        `delete from baked.${table} where pid ${isChanged}`,
        `insert into baked.${table} select * from baked_next.${table}`,
      ]),
    ),
  ...inputs.flatMap((input) => add(input.name, [input.add, `analyze baked_next.${input.name}`])),
  ...lookUp("regrouped_threads", findRegroupedThreads),
  ...intermediates.flatMap(({ name, incremental }) => lookUp(name, incremental)),
  ...statistics.flatMap(({ name, steps }) => change(name, steps.changes)),
  ...statistics.flatMap(({ name, steps }) => [...prepare(name, steps.prepare), ...apply(name, steps.apply)]),
  ...replaceEntities.flatMap(({ name, statements }) => replace(name, statements)),
];

/** @returns the number of rows that a single statement writes or deletes */
async function execute(sql: Transaction, { statements, ifAny }: Step): Promise<number> {
  for (const table of ifAny) if ((await sql.unsafe(`select from ${table} limit 1`)).length === 0) return 0;
  return (await sql.unsafe(statements.join(";\n"))).count;
}

/** @returns undefined if so many posts changed that a full run is faster */
export async function runIncremental(run: Run, last: LastRun): Promise<Summary | undefined> {
  // Repeatable read: what a crawl writes in the meantime is left to the next run.
  return run.sql.begin("isolation level repeatable read", (transaction) => inTransaction(transaction, run, last));
}

async function inTransaction(sql: Transaction, run: Run, last: LastRun): Promise<Summary | undefined> {
  const started_at = new Date();
  const rows: Record<string, number> = {};
  const { seconds, inPhase } = createPhases(run);
  const { costs, timed } = createCosts();

  const revision = await latestRevision(sql);
  // Small samples suffice for the planner, and there are many small tables to analyze.
  await sql.unsafe("set local default_statistics_target = 10");
  await sql.unsafe("drop schema if exists baked_next cascade; create schema baked_next");
  await sql.unsafe(findChanges(last.revision));
  const [{ posts = 0 } = {}] = await sql<{ posts: number }[]>`select count(*) as posts from baked_next.changed_posts`;
  if (posts > maxChangedPosts(last.counts.posts)) return undefined;

  await inPhase("posts", { unit: "posts", total: posts }, async (phase) => {
    await deriveChangedMarkupTables(sql, run.forumUrl, phase, run.signal);
    await sql.unsafe(createTableAs(postFactsTable, "baked_next", postFacts(run.timezone, isChanged)));
  });
  const [before, after] = [await countChanged(sql, "baked"), await countChanged(sql, "baked_next")];
  await deriveChangedEntities(sql, last.revision);
  const steps = stepsOf(run.statistics);
  await inPhase("statistics", { unit: "steps", total: steps.length }, async (phase) => {
    for (const step of steps) {
      run.signal?.throwIfAborted();
      const count = await timed(step.table, () => execute(sql, step));
      if (step.isReported) rows[step.table] = (rows[step.table] ?? 0) + count;
      phase.add();
    }
  });
  await replaceBoards(sql);

  const counts = await countsAfter(sql, last.counts, before, after);
  const generation = await writeLastRun(sql, "baked", run, { revision, started_at, counts });
  await sql.unsafe("drop schema baked_next cascade");
  run.signal?.throwIfAborted();
  return { kind: "incremental", changed: true, posts, counts, generation, rows, seconds, costs };
}
