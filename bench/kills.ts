/** Kills a crawl at random moments and restarts PostgreSQL among that: each run continues, and the end is that of an undisturbed crawl. */
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { contentsOf, emptyTables } from "@potstats/crawler/testing/staged-forum";
import { createForum } from "@potstats/simulator/forum";
import { mix, Random } from "@potstats/simulator/random";
import { emptyDatabase, heading, line, root } from "./measure.ts";

/** Milliseconds after its start at which a crawl is killed at the latest. */
const latest_ms = 2500;
/** Requests under way at most, and so pages in hand. */
const concurrency = 2;

/** @throws Error when the tables differ at the end, or more was read again than the pages in hand */
export async function benchKills(times: number): Promise<void> {
  const forum = createForum({ seed: 99, posts: 60_000, years: 10 });
  /** Pages of threads that were asked for, by earlier runs and by this one. */
  let read = new Set<string>();
  let again = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === "/bb/xml/thread.php" && url.searchParams.has("page")) {
        if (read.has(url.search)) again++;
        read.add(url.search);
      }
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
    const [undisturbed, twice] = [read.size, again];
    if (twice > 0) throw new Error(`an undisturbed crawl asked for ${twice} pages twice`);

    const startOver = async () => {
      await emptyTables(sql);
      read = new Set();
    };
    await startOver();
    const random = new Random(mix(times, 5));
    let [completed, restarts, most] = [0, 0, 0];
    for (let kill = 0; kill < times; kill++) {
      const before = again;
      const child = Bun.spawn(
        [process.execPath, join(root, "crawler/main.ts"), "--board", "all", "--delay", "0", "--forum", forumUrl].concat(
          "--concurrency",
          String(concurrency),
        ),
        { env: { ...process.env, DATABASE_URL: database.url }, stdin: "ignore", stdout: "ignore", stderr: "ignore" },
      );
      await Promise.race([child.exited, Bun.sleep(random.between(1, latest_ms))]);
      if (kill % 10 === 9) {
        restarts++;
        database.restart();
        await Promise.race([child.exited, Bun.sleep(random.between(1, 1500))]);
      }
      const isOver = child.exitCode === 0;
      child.kill("SIGKILL");
      await child.exited;
      most = Math.max(most, again - before);
      if (!isOver) continue;
      completed++;
      // So that there is always something left to read.
      await startOver();
    }
    await crawl(all);
    const isSame = Bun.deepEquals(await contentsOf(sql), expected);
    heading(`crawl of ${forum.history.posts.length} posts, killed ${times} times`);
    line("restarts of PostgreSQL in between", restarts, "times");
    line("runs that came to their end before", completed, "");
    line("thread pages of an undisturbed crawl", undisturbed, "");
    line("thread pages read again", again, "", `≤ ${concurrency * times}, one per reader and kill`);
    line("thread pages read again by one run at most", most, "");
    if (!isSame) throw new Error("the tables differ from those of an undisturbed crawl");
    console.log("  the tables are those of an undisturbed crawl");
    if (again > concurrency * times) throw new Error("more was read again than the pages in hand");
  } finally {
    await server.stop(true);
    await database.close();
  }
}
