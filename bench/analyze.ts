/** Time, memory and disk of the analytics on a synthetic database. */
import { cpu } from "./crawl.ts";
import { emptyDatabase, line, runCommand } from "./measure.ts";
import { appendPosts, fillTables } from "./synthetic.ts";

/** @param posts in the synthetic database */
export async function benchAnalyze(posts: number): Promise<void> {
  const database = await emptyDatabase("analyze");
  const { sql } = database;
  const analyze = async (...arguments_: string[]) => {
    const run = await runCommand("analytics/main.ts", arguments_, { DATABASE_URL: database.url });
    if (run.exitCode !== 0) throw new Error(`the analysis ended with ${run.exitCode}\n${run.stdout}`);
    return run;
  };
  try {
    const begun_ms = performance.now();
    await fillTables(sql, posts);
    console.log(`analysis of ${posts} synthetic posts on ${navigator.hardwareConcurrency} cores (${cpu()})`);
    line("loading the tables", (performance.now() - begun_ms) / 1000, "s");
    const full = await analyze("--full");
    line("full run", full.seconds, "s");
    line("", posts / full.seconds, "posts/s");
    line("peak memory of the command", full.rss_mb, "MB");
    const [size] = await sql<{ public: number; baked: number }[]>`
      select sum(pg_total_relation_size(c.oid)) filter (where n.nspname = 'public')::float8 as public,
             sum(pg_total_relation_size(c.oid)) filter (where n.nspname = 'baked')::float8 as baked
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where c.relkind in ('r', 'm')`;
    line("crawled tables on disk", (size?.public ?? 0) / posts, "B/post");
    line("derived tables on disk", (size?.baked ?? 0) / posts, "B/post");
    const quiet = await analyze();
    line("run without news", quiet.seconds, "s");
    for (const news of [100, 10_000]) {
      await appendPosts(sql, posts + news, news);
      const run = await analyze();
      line(`run after ${news} new posts`, run.seconds, "s");
      line("peak memory of the command", run.rss_mb, "MB");
    }
  } finally {
    await database.close();
  }
}
