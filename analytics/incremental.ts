/**
 * An incremental run: what changed posts had added to the statistics is taken off, and what they add now is added. It
 * is one transaction, so readers see the old numbers until all new ones are there, and a killed run leaves nothing
 * behind. Its cost follows the changes; its result equals that of a full run.
 */
import { postFacts as postFactsTable } from "@potstats/db/baked";
import { createTableAs } from "@potstats/db/baked-ddl";
import type { Transaction } from "@potstats/db/connect";
import { getTableName } from "drizzle-orm";
import { type Analysis, writeAnalysis } from "./last-run.ts";
import { countChanged, countsAfter } from "./counts.ts";
import { inputs, perPost } from "./inputs/index.ts";
import { isChanged } from "./inputs/input.ts";
import { bakeChangedNames, replaceBoards, replaceNames } from "./inputs/entities.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { bakeChangedPosts } from "./inputs/posts.ts";
import { createPhases, latestRevision, type Run, type Summary } from "./run.ts";
import type { Statistic } from "./statistic.ts";

/** Beyond this many changed posts a full run is faster. */
const limit = (posts: number) => 10_000 + posts / 50;

/**
 * Threads that changed; then posts: those that changed, those of threads that were moved, vanished or came back, and
 * the former and present opening posts of threads whose opening post or board changed.
 */
export const findChanges = (since: number) => `
  create table baked_next.changed_threads as
  select t.tid, t.bid, t.first_pid, known.bid as old_bid, known.first_pid as old_first_pid,
         t.bid is distinct from known.bid or (t.gone_at is not null) is distinct from known.is_gone as concerns_posts
  from public.threads t left join baked.threads known using (tid)
  where t.revision > ${since};
  create table baked_next.changed_posts as
  select pid from public.posts where revision > ${since}
  union select p.pid from public.posts p join baked_next.changed_threads using (tid) where concerns_posts
  union select opening.pid from baked_next.changed_threads, unnest(array[first_pid, old_first_pid]) as opening (pid)
    where (bid, first_pid) is distinct from (old_bid, old_first_pid) and opening.pid is not null;
  analyze baked_next.changed_threads, baked_next.changed_posts`;

export interface Step {
  /** What happens to the table, in words. */
  stage: string;
  table: string;
  statement: string;
  /** Whether the rows that it writes or deletes are reported. */
  isCounted: boolean;
}

const stage =
  (name: string, isCounted = false) =>
  (table: string, statements: string[]): Step[] =>
    statements.map((statement) => ({ stage: name, table, statement, isCounted }));

const takeOff = stage("as they were, taken off");
const replace = stage("replaced by what the changed posts yield now", true);
const addUp = stage("as they are now, added");
const change = stage("what the changes add, while the statistics are as they were");
const prepare = stage("what is read from statistics that are up to date");
const apply = stage("brought up to date", true);
const rename = stage("replaced", true);

/** The steps from changed posts to statistics. */
export const stepsOf = (statistics: readonly Statistic[]): Step[] => [
  ...inputs.flatMap((input) => takeOff(input.name, [input.takeOff])),
  ...perPost
    .map(getTableName)
    .flatMap((table) =>
      replace(table, [
        `delete from baked.${table} where pid ${isChanged}`,
        `insert into baked.${table} select * from baked_next.${table}`,
      ]),
    ),
  ...inputs.flatMap(({ name, add }) => addUp(name, [add, `analyze baked_next.${name}`])),
  ...statistics.flatMap(({ name, steps }) => change(name, steps.changes)),
  ...statistics.flatMap(({ name, steps }) => [...prepare(name, steps.prepare), ...apply(name, steps.apply)]),
  ...replaceNames.flatMap(({ name, statements }) => rename(name, statements)),
];

/** @returns undefined when so much has changed that a full run is faster */
export async function bakeChanges(run: Run, last: Analysis): Promise<Summary | undefined> {
  // Repeatable read: what a crawl writes meanwhile is for the next run.
  return run.sql.begin("isolation level repeatable read", (transaction) => inTransaction(transaction, run, last));
}

async function inTransaction(sql: Transaction, run: Run, last: Analysis): Promise<Summary | undefined> {
  const started_at = new Date();
  const rows: Record<string, number> = {};
  const { seconds, inPhase } = createPhases(run);

  const revision = await latestRevision(sql);
  await sql.unsafe("drop schema if exists baked_next cascade; create schema baked_next");
  await sql.unsafe(findChanges(last.revision));
  const [{ posts = 0 } = {}] = await sql<{ posts: number }[]>`select count(*) as posts from baked_next.changed_posts`;
  if (posts > limit(last.counts.posts)) return undefined;

  await inPhase("posts", { unit: "posts", total: posts }, async (phase) => {
    await bakeChangedPosts(sql, run.forumUrl, phase, run.signal);
    await sql.unsafe(createTableAs(postFactsTable, "baked_next", postFacts(run.timezone, isChanged)));
  });
  const [before, after] = [await countChanged(sql, "baked"), await countChanged(sql, "baked_next")];
  await bakeChangedNames(sql, last.revision);
  const steps = stepsOf(run.statistics);
  await inPhase("statistics", { unit: "steps", total: steps.length }, async (phase) => {
    for (const { table, statement, isCounted } of steps) {
      run.signal?.throwIfAborted();
      const { count } = await sql.unsafe(statement);
      if (isCounted) rows[table] = (rows[table] ?? 0) + count;
      phase.add();
    }
  });
  await replaceBoards(sql);

  const counts = await countsAfter(sql, last.counts, before, after);
  const generation = await writeAnalysis(sql, "baked", run, { revision, started_at, counts });
  await sql.unsafe("drop schema baked_next cascade");
  run.signal?.throwIfAborted();
  return { kind: "incremental", changed: true, posts, counts, generation, rows, seconds };
}
