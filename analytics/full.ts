/** A full run: everything derived is made anew beside what readers see, then published at once. */
import { bakedVersion } from "@potstats/db/baked";
import * as bakedTables from "@potstats/db/baked";
import { markSchema, tablesOf } from "@potstats/db/baked-ddl";
import { newGeneration } from "@potstats/db/generation";
import { getTableName } from "drizzle-orm";
import { dailyThreads } from "./bake/daily-threads.ts";
import { edges, facts, links, postFacts } from "./bake/facts.ts";
import { type Bake, bakes } from "./bake/index.ts";
import { createMaker } from "./make.ts";
import { bakeNames } from "./names.ts";
import { bakePosts, type Faults } from "./posts.ts";
import { publish } from "./publish.ts";
import { createPhases, revisionOf, type Run, type Summary } from "./run.ts";
import { type Snapshot, withSnapshot } from "./snapshot.ts";
import { perform, type Task } from "./tasks.ts";

/** What statistics are made from: views, and tables that go when they are made. */
const fromPosts = [
  { name: "facts", statement: `create view baked_next.facts as ${facts(1, "baked_next")}`, needs: ["post_facts"] },
  {
    name: "edges",
    statement: `create unlogged table baked_next.edges as ${edges(1, "baked_next")}; analyze baked_next.edges`,
    needs: ["post_facts", "posts"],
  },
  {
    name: "links",
    statement: `create view baked_next.links as ${links(1, "baked_next")}`,
    needs: ["post_facts", "posts"],
  },
];

/** An incremental run makes the busiest threads otherwise. */
const statistics: Bake[] = [
  { table: bakedTables.dailyThreads, query: dailyThreads, needs: ["facts"], isSorted: true },
  ...bakes("count"),
];

export async function bakeEverything(run: Run): Promise<Summary> {
  const { sql, timezone, forumUrl, workers, signal } = run;
  const started = new Date();
  const { seconds, inPhase } = createPhases(run);
  const maker = createMaker(sql, signal);
  const { rows, make, makeIn, execute } = maker;
  const faults: Faults = { malformed_quotes: 0, unparsable_links: 0 };

  const tasks = ({ keeper, read }: Snapshot): Task[] => [
    {
      name: "post_facts",
      needs: [],
      work: () => read((reader) => makeIn(reader, bakedTables.postFacts, postFacts(timezone))),
    },
    {
      name: "posts",
      needs: [],
      work: () =>
        inPhase("posts", { unit: "posts" }, async (phase) => {
          Object.assign(faults, await read((reader) => bakePosts(reader, maker, forumUrl, phase, signal)));
        }),
    },
    // Like the posts they are this process's work: neither beside them, nor at the end, when nothing else is left to do.
    { name: "names", needs: ["posts"], work: () => bakeNames(keeper, maker) },
    ...fromPosts.map(({ statement, ...task }) => ({ ...task, work: () => execute(statement) })),
    ...statistics.map(({ table, query, needs, isSorted }) => ({
      name: getTableName(table),
      needs,
      work: () => make(table, query, { isSorted }),
    })),
  ];

  // What a killed run left behind goes first.
  await sql.unsafe("drop schema if exists baked_next cascade");
  await sql.unsafe(`create schema baked_next; ${markSchema("baked_next", tablesOf(bakedTables))}`);
  const revision = await withSnapshot(sql, async (snapshot) => {
    const all = tasks(snapshot);
    await inPhase("statistics", { unit: "steps", total: all.length }, (phase) =>
      perform(all, workers, () => phase.add()),
    );
    return revisionOf(snapshot.keeper);
  });
  await sql.unsafe("drop view baked_next.facts, baked_next.links; drop table baked_next.edges");
  // Users' places are counted in an index alone, which takes a vacuumed table; after incremental runs PostgreSQL sees to that.
  await sql.unsafe("alter table baked_next.poster_stats set (autovacuum_vacuum_scale_factor = 0.01)");
  await sql.unsafe("vacuum baked_next.poster_stats");

  const { post_facts = 0, post_quotes = 0, post_links = 0, threads = 0, users = 0, boards = 0 } = rows;
  const counts = { ...faults, posts: post_facts, quotes: post_quotes, links: post_links, threads, users, boards };
  const generation = newGeneration();
  await make(bakedTables.analysis, async (transaction) => {
    const row = {
      singleton: 0,
      version: bakedVersion,
      generation,
      timezone,
      forum_url: forumUrl,
      revision,
      started_at: started,
      finished_at: new Date(),
      counts: transaction.json(counts),
    };
    return (await transaction`insert into baked_next.analysis ${transaction(row)}`).count;
  });
  signal?.throwIfAborted();
  await publish(sql);
  return { kind: "full", changed: true, posts: counts.posts, counts, generation, rows, seconds };
}
