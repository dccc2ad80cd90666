/** Measures time, memory and disk usage of the analytics on a synthetic database, and checks the API's query plans. */
import type { AnalyzeSummary } from "@potstats/analytics/analyze";
import { ownText, parsePost } from "@potstats/bbcode/parse";
import type { Sql } from "@potstats/db/connect";
import { checkQueryPlans } from "./query-plans.ts";
import { emptyDatabase, heading, line, median, runCommand } from "./measure.ts";
import { ClusteredForum } from "./clustered.ts";
import { ScatteredForum } from "./scattered.ts";

/** Targets for a full run in seconds, by number of posts. */
const fullTargets: Record<number, string> = { 1_000_000: "≤ 10", 10_000_000: "≤ 120", 17_000_000: "≤ 200" };
/** The same for a scattered forum. */
const scatteredTargets: Record<number, string> = { 1_000_000: "≤ 15" };

export interface AnalyzeOptions {
  /** The size of the synthetic database. */
  posts: number;
  /** Whether anybody posts anywhere at any time. */
  isScattered: boolean;
  /** The address of a PostgreSQL server to measure on, instead of the bench's own. */
  server?: string | undefined;
}

export async function benchAnalyze({ posts, isScattered, server }: AnalyzeOptions): Promise<void> {
  const database = await emptyDatabase(isScattered ? "scattered" : "analyze", server);
  const { sql } = database;
  const analyze = async (...arguments_: string[]) => {
    const run = await runCommand("analytics/main.ts", [...arguments_, "--json"], { DATABASE_URL: database.url });
    if (run.exitCode !== 0) throw new Error(`the analysis exited with ${run.exitCode}\n${run.stdout}`);
    const summary = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as AnalyzeSummary;
    return { ...run, summary };
  };
  const timed = async (what: string, target = "", ...arguments_: string[]) => {
    const run = await analyze(...arguments_);
    const { kind, posts: read, seconds } = run.summary;
    line(`${what}: ${kind} run, ${new Intl.NumberFormat("en").format(read)} posts read`, run.seconds, "s", target);
    for (const [phase, spent] of Object.entries(seconds)) line(`phase ${phase}`, spent, "s");
    line("peak memory of the command", run.rss_mb, "MB", "≤ 500");
    return run;
  };
  try {
    heading(
      `analysis of ${new Intl.NumberFormat("en").format(posts)} ${isScattered ? "scattered" : "synthetic"} posts`,
    );
    const from_ms = performance.now();
    const forum = isScattered ? new ScatteredForum(posts) : new ClusteredForum(posts);
    await forum.load(sql);
    line("loading the crawled tables", (performance.now() - from_ms) / 1000, "s");
    line("parser alone, one core", await parserSpeed(sql), "posts/s", "≥ 400,000");

    const full = await timed("everything", (isScattered ? scatteredTargets : fullTargets)[posts], "--full");
    line("throughput of that", posts / full.seconds, "posts/s");
    await sizes(sql, { posts, isScattered, costs: full.summary.costs });
    const { requests, statements, max, problems } = await checkQueryPlans(sql);
    line("API requests examined", requests, "");
    line("statements examined", statements, "");
    line("maximum pages read by a statement, and its rows", max.buffers, `for ${max.rows}`, "≤ 400 + 12 per row");
    line("statements that read more, or scan a table", problems.length, "", "0");
    for (const problem of problems) console.log(problem);

    await timed("without changes");
    await forum.append(sql, 1000);
    const target = posts > 10_000_000 ? "≤ 1.5" : "≤ 1";
    await timed("after 1,000 new posts", target);
    await editPosts(sql, 1000);
    await timed("after 1,000 edits anywhere", target);
    await forum.append(sql, 10_000);
    await timed("after 10,000 new posts");
  } finally {
    await database.close();
  }
}

/** Measures the parser in posts per second: the median of several passes over the same posts. */
async function parserSpeed(sql: Sql): Promise<number> {
  const posts = await sql<{ content: string }[]>`select content from post_contents limit 200000`;
  const speeds = Array.from({ length: 7 }, () => {
    const from_ms = performance.now();
    for (const { content } of posts) {
      parsePost(content, "http://forum.example");
      ownText(content);
    }
    return (1000 * posts.length) / (performance.now() - from_ms);
  });
  return median(speeds);
}

interface Sized {
  posts: number;
  isScattered: boolean;
  /** Seconds per table. */
  costs: Record<string, number>;
}

async function sizes(sql: Sql, { posts, isScattered, costs }: Sized): Promise<void> {
  const tables = await sql<{ schema: string; name: string; bytes: number }[]>`
    select n.nspname as schema, c.relname as name, pg_total_relation_size(c.oid)::float8 as bytes
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname in ('public', 'baked') order by bytes desc`;
  const sum = (schema: string) =>
    tables.filter((table) => table.schema === schema).reduce((bytes, table) => bytes + table.bytes, 0) / posts;
  line("crawled tables on disk", sum("public"), "B/post");
  line("derived tables on disk", sum("baked"), "B/post", isScattered ? "≤ 500" : "≤ 350");
  heading("cost of each table: seconds with its indexes, two at a time, and bytes per post");
  const bytesOf = new Map(tables.filter(({ schema }) => schema === "baked").map(({ name, bytes }) => [name, bytes]));
  const names = new Set([...Object.keys(costs), ...bytesOf.keys()]);
  const sorted = [...names].toSorted((a, b) => (costs[b] ?? 0) - (costs[a] ?? 0));
  for (const name of sorted) {
    const bytes = bytesOf.get(name);
    line(name, costs[name] ?? 0, bytes === undefined ? "s" : `s, ${perPost.format(bytes / posts)} B/post`);
  }
}

const perPost = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** Edits posts spread over all years, with their contents. */
async function editPosts(sql: Sql, count: number): Promise<void> {
  await sql`
    with edited as (
      update posts set edit_count = coalesce(edit_count, 0) + 1, content_length = content_length + 5,
                       revision = (select nextval('crawl_revision'))
      where pid in (select pid from posts order by hashint4(pid) limit ${count})
      returning pid
    )
    update post_contents set content = content || ' Edit' where pid in (select pid from edited)`;
  await sql.unsafe("analyze posts");
}
