/**
 * An incremental run: what changed posts had added to the statistics is taken off, what they add now is added. One
 * transaction does it, so readers see the old numbers until all new ones are there, and a killed run leaves nothing.
 * Its cost follows the changes; its result is that of a full run.
 */
import { bakedVersion } from "@potstats/db/baked";
import * as bakedTables from "@potstats/db/baked";
import { createTable, createTableAs } from "@potstats/db/baked-ddl";
import type { Transaction } from "@potstats/db/connect";
import { newGeneration } from "@potstats/db/generation";
import { usersCome, usersGo, usersOfYears } from "./bake/active-users.ts";
import { dailyThreadsAnew } from "./bake/daily-threads.ts";
import { edges, facts, links, postFacts } from "./bake/facts.ts";
import { bakes } from "./bake/index.ts";
import { merges } from "./bake/merge.ts";
import { mergeUserHours } from "./bake/user-hours.ts";
import { bakeChangedNames, boardsChanged, putBoards, readBoards } from "./names.ts";
import { bakeChangedPosts } from "./posts.ts";
import { type Counts, createPhases, type LastRun, revisionOf, type Run, type Summary } from "./run.ts";

/** Beyond this many changed posts a full run is quicker. */
const worthwhile = (posts: number) => 10_000 + posts / 50;

/** Threads that changed, then posts: those that did, those whose thread was moved or came or went, and opening posts, old and new. */
const findChanges = (since: number) => `
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

const changed = "in (select pid from baked_next.changed_posts)";

/** Edges whose quoting or quoted post changed. */
const changedEdges = `(
  select * from baked.post_quotes where pid ${changed}
  union all
  select * from baked.post_quotes q
  where quoted_pid ${changed} and not exists (select from baked_next.changed_posts c where c.pid = q.pid)
)`;
const changedLinks = `(select * from baked.post_links where pid ${changed})`;

/** Tables whose rows are not those of one query. */
const { postQuotes, postLinks, postFaults, users, threads, dailyThreads } = bakedTables;
const writtenInto = [postQuotes, postLinks, postFaults, users, threads, dailyThreads];

/** Rows of one post each: those of changed posts are replaced. */
const perPost = ["post_facts", "post_quotes", "post_links", "post_faults"];

const mergesOf = (which: (table: string) => boolean) =>
  merges
    .filter(({ table }) => which(table))
    .flatMap(({ table, statements: merging }) => merging.map((statement) => ({ statement, table })));

/** In this order: facts, edges and links as they were; then as they are; then what that adds to the statistics. */
const statements = (timezone: string): { statement: string; table?: string }[] => [
  {
    statement: `
      create table baked_next.facts as
      ${facts(-1, "baked", `(select * from baked.post_facts where pid ${changed})`)}
      union all ${facts(1, "baked_next")}`,
  },
  { statement: `create table baked_next.edges as ${edges(-1, "baked", changedEdges)}` },
  { statement: `create table baked_next.links as ${links(-1, "baked", changedLinks)}` },
  { statement: "analyze baked_next.facts" },
  ...perPost.map((table) => ({ statement: `delete from baked.${table} where pid ${changed}`, table })),
  ...perPost.map((table) => ({ statement: `insert into baked.${table} select * from baked_next.${table}`, table })),
  { statement: `insert into baked_next.edges ${edges(1, "baked", changedEdges)}` },
  { statement: `insert into baked_next.links ${links(1, "baked", changedLinks)}` },
  { statement: "analyze baked_next.edges, baked_next.links" },
  ...bakes("leave").map(({ table, query }) => ({ statement: createTableAs(table, "baked_next", query) })),
  { statement: `analyze baked_next.user_hours, ${merges.map(({ table }) => `baked_next.${table}`).join(", ")}` },
  { statement: usersOfYears },
  ...usersCome.map((statement) => ({ statement })),
  ...mergesOf((table) => table === "user_days"),
  ...mergeUserHours.map((statement) => ({ statement, table: "user_hours" })),
  ...usersGo.map((statement) => ({ statement })),
  ...mergesOf((table) => table !== "user_days"),
  ...dailyThreadsAnew(timezone).map((statement) => ({ statement, table: "daily_threads" })),
  ...(["users", "threads"] as const).flatMap((table) => {
    const id = { users: "uid", threads: "tid" }[table];
    return [
      { statement: `delete from baked.${table} where ${id} in (select ${id} from baked_next.${table})`, table },
      { statement: `insert into baked.${table} select * from baked_next.${table}`, table },
    ];
  }),
];

/** @returns undefined when so much has changed that a full run is due */
export async function bakeChanges(run: Run, last: LastRun): Promise<Summary | undefined> {
  // Repeatable read: crawls that go on meanwhile are for the next run.
  const summary = await run.sql.begin("isolation level repeatable read", (transaction) =>
    inTransaction(transaction, run, last),
  );
  return summary as Summary | undefined;
}

async function inTransaction(sql: Transaction, run: Run, last: LastRun): Promise<Summary | undefined> {
  const started = new Date();
  const rows: Record<string, number> = {};
  const { seconds, inPhase } = createPhases(run);

  const revision = await revisionOf(sql);
  await sql.unsafe(
    [
      "drop schema if exists baked_next cascade",
      "create schema baked_next",
      ...writtenInto.map((table) => createTable(table, "baked_next")),
      findChanges(last.revision),
    ].join(";\n"),
  );
  const [{ posts = 0 } = {}] = await sql<{ posts: number }[]>`select count(*) as posts from baked_next.changed_posts`;
  if (posts > worthwhile(last.counts.posts)) return undefined;

  await inPhase("posts", { unit: "posts", total: posts }, async (phase) => {
    await bakeChangedPosts(sql, run.forumUrl, phase, run.signal);
    await sql.unsafe(createTableAs(bakedTables.postFacts, "baked_next", postFacts(run.timezone, changed)));
  });
  const before = await countsOf(sql, "baked");
  const after = await countsOf(sql, "baked_next");
  await bakeChangedNames(sql, last.revision);
  const steps = statements(run.timezone);
  await inPhase("statistics", { unit: "steps", total: steps.length }, async (phase) => {
    for (const { statement, table } of steps) {
      run.signal?.throwIfAborted();
      const { count } = await sql.unsafe(statement);
      if (table) rows[table] = (rows[table] ?? 0) + count;
      phase.add();
    }
  });
  if (await boardsChanged(sql)) {
    await sql`delete from baked.boards`;
    await putBoards(sql, "baked", await readBoards(sql));
  }

  const counts = { ...last.counts, ...(await sizes(sql)) };
  for (const name of ["posts", "quotes", "malformed_quotes", "links", "unparsable_links"] as const)
    counts[name] += after[name] - before[name];
  const generation = newGeneration();
  await sql`
    update baked.analysis set ${sql({
      version: bakedVersion,
      generation,
      revision,
      started_at: started,
      finished_at: new Date(),
      counts: sql.json(counts),
    })}`;
  await sql.unsafe("drop schema baked_next cascade");
  run.signal?.throwIfAborted();
  return { kind: "incremental", changed: true, posts, counts, generation, rows, seconds };
}

type PostCounts = Omit<Counts, "threads" | "users" | "boards">;

/** What changed posts had yielded, or yield now. */
async function countsOf(sql: Transaction, schema: "baked" | "baked_next"): Promise<PostCounts> {
  const which = schema === "baked" ? `where pid ${changed}` : "";
  const [counts] = await sql.unsafe<PostCounts[]>(`
    select coalesce(sum(malformed_quotes), 0)::int as malformed_quotes,
           coalesce(sum(unparsable_links), 0)::int as unparsable_links,
           (select count(*) from ${schema}.post_facts ${which}) as posts,
           (select count(*) from ${schema}.post_quotes ${which}) as quotes,
           (select count(*) from ${schema}.post_links ${which}) as links
    from ${schema}.post_faults ${which}`);
  if (!counts) throw new Error("PostgreSQL counts nothing");
  return counts;
}

async function sizes(sql: Transaction): Promise<Partial<Counts>> {
  const [row] = await sql<Partial<Counts>[]>`
    select (select count(*) from baked.threads) as threads, (select count(*) from baked.users) as users,
           (select count(*) from baked.boards) as boards`;
  return row ?? {};
}
