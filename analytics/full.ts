/** A full run: everything is derived again in `baked_next`, beside what readers see, then published at once. */
import * as bakedTables from "@potstats/db/baked";
import { markSchema, tablesOf } from "@potstats/db/baked-ddl";
import { getTableName } from "drizzle-orm";
import { writeAnalysis } from "./last-run.ts";
import { countsFrom, type Faults } from "./counts.ts";
import { inputs } from "./inputs/index.ts";
import { bakeNames } from "./inputs/entities.ts";
import { postFacts } from "./inputs/post-facts.ts";
import { bakePosts, parsedTables } from "./inputs/posts.ts";
import { createTableBuilder, type TableBuilder } from "./table-builder.ts";
import { publish } from "./publish.ts";
import { createPhases, latestRevision, type Run, type Summary } from "./run.ts";
import { type Snapshot, withSnapshot } from "./snapshot.ts";
import { perform, type Task } from "./task-scheduler.ts";

export async function bakeEverything(run: Run): Promise<Summary> {
  const { sql, workers, signal } = run;
  const started_at = new Date();
  const { seconds, inPhase } = createPhases(run);
  const builder = createTableBuilder(sql, signal);
  const faults: Faults = { malformed_quotes: 0, unparsable_links: 0 };

  const readPosts = ({ read }: Snapshot) =>
    inPhase("posts", { unit: "posts" }, async (phase) => {
      Object.assign(faults, await read((reader) => bakePosts(reader, builder, run.forumUrl, phase, signal)));
    });

  // What a killed run left behind.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(`create schema baked_next; ${markSchema("baked_next", tablesOf(bakedTables))}`);
  const revision = await withSnapshot(sql, async (snapshot) => {
    const tasks = tasksOf(run, snapshot, builder, () => readPosts(snapshot));
    await inPhase("statistics", { unit: "steps", total: tasks.length }, (phase) =>
      perform(tasks, workers, () => phase.add()),
    );
    return latestRevision(snapshot.keeper);
  });
  for (const { name, isTable } of inputs) await sql.unsafe(`drop ${isTable ? "table" : "view"} baked_next.${name}`);
  for (const { name, isVacuumed } of run.statistics) {
    if (!isVacuumed) continue;
    await sql.unsafe(`alter table baked_next.${name} set (autovacuum_vacuum_scale_factor = 0.01)`);
    await sql.unsafe(`vacuum baked_next.${name}`);
  }

  const { rows } = builder;
  const counts = countsFrom(rows, faults);
  let generation = "";
  await builder.make(bakedTables.analysis, async (transaction) => {
    generation = await writeAnalysis(transaction, "baked_next", run, { revision, started_at, counts });
    return 1;
  });
  signal?.throwIfAborted();
  await publish(sql);
  return { kind: "full", changed: true, posts: counts.posts, counts, generation, rows, seconds };
}

function tasksOf(
  { timezone, statistics }: Run,
  { keeper, read }: Snapshot,
  builder: TableBuilder,
  readPosts: () => Promise<void>,
): Task[] {
  const parsed = parsedTables.map(getTableName);
  return [
    {
      makes: [getTableName(bakedTables.postFacts)],
      needs: [],
      work: () => read((reader) => builder.makeIn(reader, bakedTables.postFacts, postFacts(timezone))),
    },
    { makes: parsed, needs: [], work: readPosts },
    // This process is the bottleneck here, too: so neither beside the posts, nor at the end, when nothing else is left
    // to do.
    { makes: ["names"], needs: parsed, work: () => bakeNames(keeper, builder) },
    ...inputs.map(({ name, needs, full }) => ({ makes: [name], needs, work: () => builder.execute(full) })),
    ...statistics.map(({ name, table, query, needs, isSorted }) => ({
      makes: [name],
      needs: needs.map((source) => source.name),
      work: () => builder.make(table, query, { isSorted }),
    })),
  ];
}
