/** How fast and how politely the crawler reads, with the simulated forum on the same machine. */
import { readFileSync } from "node:fs";
import { emptyDatabase, line, runCommand, startSimulator } from "./measure.ts";

interface Summary {
  time_s: number;
  posts_added: number;
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
}

/** @param posts in the simulated forum */
export async function benchCrawl(posts: number): Promise<void> {
  const database = await emptyDatabase("crawl");
  const forum = await startSimulator(posts);
  const crawl = async (...more: string[]) => {
    const run = await runCommand("crawler/main.ts", ["--json", "--forum", forum.url, ...more], {
      DATABASE_URL: database.url,
    });
    if (run.exitCode !== 0) throw new Error(`the crawl ended with ${run.exitCode}`);
    const summary = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Summary;
    return { ...run, summary };
  };
  try {
    console.log(`crawl of ${posts} simulated posts, delay 0, on ${navigator.hardwareConcurrency} cores (${cpu()})`);
    const fast = await crawl("--board", "all", "--delay", "0", "--concurrency", "8");
    const { summary } = fast;
    line("end to end into PostgreSQL", summary.posts_added / summary.time_s, "posts/s", "target: ≥ 15,000");
    line("posts", summary.posts_added, "");
    line("requests", summary.num_api_requests, "");
    line("received", summary.rx_bytes / 1e6, "MB");
    line("peak memory", fast.rss_mb, "MB", "target: ≤ 300 at 1,000,000 posts");

    const quiet = (await crawl("--board", "all", "--delay", "0", "--concurrency", "8")).summary;
    const [above] = await database.sql<{ threads: number; boards: number }[]>`
      select (select count(*)::int from threads where not is_complete) as threads,
             (select count(*)::int from boards) as boards`;
    console.log("update pass without news");
    line("new or changed posts", quiet.posts_added, "", "target: 0");
    line("requests", quiet.num_api_requests, "", "one per listing page and one per thread above the fixpoint");
    line("threads not complete", above?.threads ?? 0, "");
    line("time", quiet.time_s, "s");

    console.log("politeness: 20 requests a second allowed, all threads of one board read again");
    const polite = (await crawl("--board", "66", "--force-initial-pass", "--delay", "0.05")).summary;
    const share = (100 * (polite.num_api_requests - 1)) / (polite.time_s * 20);
    line("requests", polite.num_api_requests, "");
    line("share of the allowed rate", share, "%", "target: 97 to 100");
  } finally {
    await forum.stop();
    await database.close();
  }
}

/** Name of the processor. */
export function cpu(): string {
  try {
    return /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? process.arch;
  } catch {
    return process.arch;
  }
}
