/** Kills a crawl at random moments and restarts PostgreSQL among that: each run continues, and the end is that of an undisturbed crawl. */
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { contentsOf, emptyTables } from "@potstats/crawler/testing";
import { createForum } from "@potstats/simulator/forum";
import { mix, Random } from "@potstats/simulator/random";
import { emptyDatabase, line, root } from "./measure.ts";

/** Milliseconds after its start at which a crawl is killed at the latest. */
const latest_ms = 2500;

/** @throws Error when the tables differ at the end */
export async function benchKills(times: number): Promise<void> {
  const forum = createForum({ seed: 99, posts: 60_000, years: 10 });
  let pages = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      if (new URL(request.url).pathname === "/bb/xml/thread.php") pages++;
      await Bun.sleep(1);
      return forum.fetch(request);
    },
  });
  const forumUrl = server.url.origin;
  const database = await emptyDatabase("kills");
  const { sql } = database;
  try {
    const all = { sql, forumUrl, profilesUrl: forumUrl, boards: "all" as const, delay_ms: 0, progress: silent };
    await crawl(all);
    const expected = await contentsOf(sql);
    const undisturbed = pages;

    await emptyTables(sql);
    pages = 0;
    const random = new Random(mix(times, 5));
    let completed = 0;
    let restarts = 0;
    for (let kill = 0; kill < times; kill++) {
      const child = Bun.spawn(
        [process.execPath, join(root, "crawler/main.ts"), "--board", "all", "--delay", "0", "--forum", forumUrl],
        { env: { ...process.env, DATABASE_URL: database.url }, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
      );
      await Promise.race([child.exited, Bun.sleep(random.between(1, latest_ms))]);
      // Every connection ends, as when PostgreSQL restarts.
      if (kill % 10 === 9) {
        restarts++;
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
        await Promise.race([child.exited, Bun.sleep(random.between(1, 500))]);
      }
      if (child.exitCode === 0) completed++;
      child.kill("SIGKILL");
      await child.exited;
      // So that there is always something left to read.
      if (child.exitCode === 0) await emptyTables(sql);
    }
    await crawl(all);
    const isSame = Bun.deepEquals(await contentsOf(sql), expected);
    console.log(`crawl of ${forum.history.posts.length} posts, killed ${times} times`);
    line("connections dropped in between", restarts, "times");
    line("runs that came to their end before", completed, "");
    line("thread pages of an undisturbed crawl", undisturbed, "");
    line("thread pages asked for altogether", pages, "");
    if (!isSame) throw new Error("the tables differ from those of an undisturbed crawl");
    console.log("  the tables are those of an undisturbed crawl");
  } finally {
    await server.stop(true);
    await database.close();
  }
}
