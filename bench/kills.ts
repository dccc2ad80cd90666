/**
 * Kills a crawl at random moments and restarts PostgreSQL in between. Each run resumes the previous one, and the result
 * equals an undisturbed crawl.
 */
import { join } from "node:path";
import { silent } from "@potstats/cli/progress";
import { crawl } from "@potstats/crawler/crawl";
import { contentsOf, emptyTables } from "@potstats/crawler/testing/staged-forum";
import { createForum, type Forum } from "@potstats/simulator/forum";
import { mix, Random } from "@potstats/simulator/random";
import { type BenchDatabase, emptyDatabase, heading, line, root } from "./measure.ts";

/** A crawl is killed within this time after its start. */
const maxLifetime_ms = 2500;
/** Concurrent requests, and so the maximum number of pages that have to be reread after a kill. */
const concurrency = 2;

/** @throws Error if the tables differ at the end, or more pages were reread than kills can explain */
export async function benchKills(times: number): Promise<void> {
  const forum = createForum({ seed: 99, posts: 60_000, years: 10 });
  const server = serveCounting(forum);
  const database = await emptyDatabase("kills");
  const { sql } = database;
  try {
    const { forumUrl } = server;
    const options = { sql, forumUrl, profilesUrl: forumUrl, boards: "all" as const, delay_ms: 0, progress: silent };
    await crawl(options);
    const expected = await contentsOf(sql);
    const undisturbed = server.pages();
    if (server.repeats() > 0) throw new Error(`an undisturbed crawl read ${server.repeats()} pages twice`);

    await startOver();
    const { completed, restarts, maxRepeats } = await killRepeatedly(times, database, server, startOver);
    await crawl(options);
    const isSame = Bun.deepEquals(await contentsOf(sql), expected);
    heading(`crawl of ${forum.history.posts.length} posts, killed ${times} times`);
    line("restarts of PostgreSQL in between", restarts, "times");
    line("runs that completed before the kill", completed, "");
    line("thread pages of an undisturbed crawl", undisturbed, "");
    line("thread pages reread", server.repeats(), "", `≤ ${concurrency * times}, one per reader and kill`);
    line("maximum thread pages reread by a run", maxRepeats, "");
    if (!isSame) throw new Error("the tables differ from an undisturbed crawl");
    console.log("  the tables equal an undisturbed crawl");
    if (server.repeats() > concurrency * times) throw new Error("more pages were reread than kills can explain");
  } finally {
    await server.stop();
    await database.close();
  }

  async function startOver(): Promise<void> {
    await emptyTables(sql);
    server.forgetPages();
  }
}

type CountingServer = ReturnType<typeof serveCounting>;

/** Serves the forum and counts pages of threads and repeated requests for them. */
function serveCounting(forum: Forum) {
  let pages = new Set<string>();
  let repeats = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === "/bb/xml/thread.php" && url.searchParams.has("page")) {
        if (pages.has(url.search)) repeats++;
        pages.add(url.search);
      }
      await Bun.sleep(1);
      return forum.fetch(request);
    },
  });
  return {
    forumUrl: server.url.origin,
    pages: () => pages.size,
    repeats: () => repeats,
    forgetPages: () => void (pages = new Set()),
    stop: () => server.stop(true),
  };
}

/** @param startOver empties the tables after a completed crawl, so that there is always something to read */
async function killRepeatedly(
  times: number,
  database: BenchDatabase,
  { forumUrl, repeats }: CountingServer,
  startOver: () => Promise<void>,
): Promise<{ completed: number; restarts: number; maxRepeats: number }> {
  const random = new Random(mix(times, 5));
  const options = ["--board", "all", "--delay", "0", "--forum", forumUrl, "--concurrency", String(concurrency)];
  let [completed, restarts, maxRepeats] = [0, 0, 0];
  for (let kill = 0; kill < times; kill++) {
    const before = repeats();
    const child = Bun.spawn([process.execPath, join(root, "crawler/main.ts"), ...options], {
      env: { ...process.env, DATABASE_URL: database.url },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await Promise.race([child.exited, Bun.sleep(random.between(1, maxLifetime_ms))]);
    if (kill % 10 === 9) {
      restarts++;
      await database.restart();
      await Promise.race([child.exited, Bun.sleep(random.between(1, 1500))]);
    }
    const isCompleted = child.exitCode === 0;
    child.kill("SIGKILL");
    await child.exited;
    maxRepeats = Math.max(maxRepeats, repeats() - before);
    if (!isCompleted) continue;
    completed++;
    await startOver();
  }
  return { completed, restarts, maxRepeats };
}
