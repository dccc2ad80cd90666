/** A full run: recomputes every table in `baked_next`, which readers do not see, then publishes all of them at once. */
import * as bakedTables from "@potstats/db/baked";
import { markSchema, tablesOf } from "@potstats/db/baked-ddl";
import { getTableName } from "drizzle-orm";
import { writeLastRun } from "./last-run.ts";
import { countsFrom, type Faults } from "./counts.ts";
import { inputs } from "./inputs/index.ts";
import { deriveEntities } from "./inputs/entities.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { intermediates } from "./intermediates/index.ts";
import { deriveMarkupTables, markupTables } from "./inputs/posts.ts";
import { createTableBuilder, type TableBuilder } from "./table-builder.ts";
import { publish } from "./publish.ts";
import { adviceFor, readSettings } from "./server-settings.ts";
import { createCosts, createPhases, latestRevision, type Run, type Summary } from "./run.ts";
import { type Snapshot, withSnapshot } from "./snapshot.ts";
import { runTasks, type Task } from "./task-scheduler.ts";

export async function runFull(run: Run): Promise<Summary> {
  const { sql, workers, signal } = run;
  const started_at = new Date();
  const { seconds, inPhase } = createPhases(run);
  const { costs, timed } = createCosts();
  const builder = createTableBuilder(sql, workers, signal);
  const faults: Faults = { malformed_quotes: 0, unparsable_links: 0 };

  const readPosts = ({ read }: Snapshot) =>
    inPhase("posts", { unit: "posts" }, async (phase) => {
      Object.assign(faults, await read((reader) => deriveMarkupTables(reader, builder, run.forumUrl, phase, signal)));
    });

  // Left behind by a killed run.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(`create schema baked_next; ${markSchema("baked_next", tablesOf(bakedTables))}`);
  const revision = await withSnapshot(sql, async (snapshot) => {
    const tasks = tasksOf(run, snapshot, builder, () => readPosts(snapshot)).map((task): Task => ({
      ...task,
      work: () => timed(task.provides.join(", "), task.work),
    }));
    await inPhase("statistics", { unit: "steps", total: tasks.length }, (phase) =>
      runTasks(tasks, workers, () => phase.add()),
    );
    return latestRevision(snapshot.keeper);
  });
  await sql.unsafe(intermediates.map(({ name }) => `drop table baked_next.${name}`).join("; "));
  for (const { name, isTable } of inputs) await sql.unsafe(`drop ${isTable ? "table" : "view"} baked_next.${name}`);
  for (const { name } of run.statistics.filter(({ vacuum }) => vacuum)) {
    await sql.unsafe(`alter table baked_next.${name} set (autovacuum_vacuum_scale_factor = 0.01)`);
    await sql.unsafe(`vacuum baked_next.${name}`);
  }

  const { rows } = builder;
  const counts = countsFrom(rows, faults);
  let generation = "";
  await builder.create(bakedTables.analysis, async (transaction) => {
    generation = await writeLastRun(transaction, "baked_next", run, { revision, started_at, counts });
    return 1;
  });
  signal?.throwIfAborted();
  await publish(sql);
  const advice = adviceFor(await readSettings(sql), counts.posts);
  if (advice) run.progress.note(advice);
  return { kind: "full", changed: true, posts: counts.posts, counts, generation, rows, seconds, costs };
}

function tasksOf(
  { timezone, statistics }: Run,
  { keeper, read }: Snapshot,
  builder: TableBuilder,
  readPosts: () => Promise<void>,
): Task[] {
  const markup = markupTables.map(getTableName);
  return [
    {
      provides: [getTableName(bakedTables.postFacts)],
      needs: [],
      work: () => read((reader) => builder.createIn(reader, bakedTables.postFacts, postFacts(timezone))),
    },
    { provides: markup, needs: [], work: readPosts },
    // Like reading the posts, this is bound by our own CPU time. So the two run one after the other, and this one
    // early, while PostgreSQL still has work to do.
    { provides: ["entities"], needs: markup, work: () => deriveEntities(keeper, builder) },
    ...inputs.map(({ name, tables, full }) => ({ provides: [name], needs: tables, work: () => builder.execute(full) })),
    ...intermediates.map(({ name, needs, full }) => ({
      provides: [name],
      needs: needs.map((source) => source.name),
      work: () => builder.execute(full),
    })),
    ...statistics.map(({ name, table, query, needs, groupBySorting }) => ({
      provides: [name],
      needs: needs.map((source) => source.name),
      work: () => builder.create(table, query, { groupBySorting }),
    })),
  ];
}
