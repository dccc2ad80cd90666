/** New posts in the database of `bench analyze`, as after an update pass of the crawler. */
import type { Sql } from "@potstats/db/connect";
import { runCommand } from "./measure.ts";

/** Adds copies of the latest posts, which have typical texts. */
export async function addPosts(sql: Sql, count: number): Promise<void> {
  await sql`
    with copied as (
      insert into posts (pid, poster_uid, tid, timestamp, edit_count, content_length, revision)
      select pid + ${count}::int, poster_uid, tid, timestamp + interval '1 hour', edit_count, content_length,
             (select nextval('crawl_revision'))
      from posts order by pid desc limit ${count}
      returning pid
    )
    insert into post_contents (pid, title, content)
    select copied.pid, title, content from copied join post_contents c on c.pid = copied.pid - ${count}::int`;
}

/** @throws Error if the analysis fails */
export async function analyzeAgain(environment: Record<string, string>): Promise<void> {
  const analysis = await runCommand("analytics/main.ts", [], environment);
  if (analysis.exitCode !== 0) throw new Error(`the analysis exited with ${analysis.exitCode}`);
}
