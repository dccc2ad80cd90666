/** Measures speed and politeness of the crawler, with the simulated forum on the same machine. */
import { defaultPatrol } from "@potstats/crawler/crawl";
import { createForum, type Forum } from "@potstats/simulator/forum";
import { type BenchDatabase, emptyDatabase, heading, line, runCommand, startForum } from "./measure.ts";

interface Summary {
  time_s: number;
  posts_added: number;
  threads_added: number;
  num_api_requests: number;
  retries: number;
  rx_bytes: number;
}

/** Crawls in a separate process. @throws Error if it fails */
async function crawl(database: BenchDatabase, forumUrl: string, ...more: string[]) {
  const run = await runCommand("crawler/main.ts", ["--json", "--forum", forumUrl, ...more], {
    DATABASE_URL: database.url,
  });
  if (run.exitCode !== 0) throw new Error(`the crawl ended with ${run.exitCode}`);
  const summary = JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "") as Summary;
  return { ...run, summary };
}

/** The highest concurrency that a crawl allows. */
const fastest = ["--board", "all", "--delay", "0", "--concurrency", "128"];

/** Makes the forum generate and cache every response, so that its own time is not measured. */
async function warmUp(url: string): Promise<void> {
  const database = await emptyDatabase("crawl");
  try {
    await crawl(database, url, ...fastest);
  } finally {
    await database.close();
  }
}

/**
 * @param posts the number of posts in the simulated forum
 * @throws Error if an update pass without changes makes more requests than allowed
 */
export async function benchCrawl(posts: number): Promise<void> {
  const server = await startForum(posts);
  await warmUp(server.url);
  const database = await emptyDatabase("crawl");
  try {
    heading(`crawl of ${posts} simulated posts, delay 0`);
    const fast = await crawl(database, server.url, ...fastest);
    const { summary } = fast;
    line("end to end into PostgreSQL", summary.posts_added / summary.time_s, "posts/s", "≥ 15,000");
    line("posts", summary.posts_added, "");
    line("requests", summary.num_api_requests, "");
    line("posts per thread, on average", summary.posts_added / summary.threads_added, "");
    line("received", summary.rx_bytes / 1e6, "MB");
    line("peak memory", fast.rss_mb, "MB", "≤ 300 at 1,000,000 posts");

    const forum = createForum({ posts, isProportioned: true });
    const allowed = await requestsWithoutChanges(database, forum);
    const quiet = (await crawl(database, server.url, ...fastest)).summary;
    heading("update pass without changes");
    line("new posts", quiet.posts_added, "", "0");
    // The patrol reads at least one listing page and ten threads, with two requests each, or as much as its share allows.
    const withPatrol = allowed + Math.max(21, Math.ceil(allowed * defaultPatrol) + 2);
    line("requests", quiet.num_api_requests, "", `≤ ${withPatrol}`);
    line("time", quiet.time_s, "s");
    await server.stop();
    await measurePoliteness(database, forum);
    if (quiet.posts_added > 0 || quiet.num_api_requests > withPatrol)
      throw new Error("an update pass made too many requests");
  } finally {
    await server.stop();
    await database.close();
  }
}

/**
 * The number of requests that an update pass may make if nothing changed, computed from the forum's lists and the
 * complete threads in the tables: the list of boards, each listing page down to the fixpoint, and each thread above it
 * once.
 */
async function requestsWithoutChanges({ sql }: BenchDatabase, { state, history }: Forum): Promise<number> {
  const rows = await sql<{ bid: number; existing: number; fixpoint: number | null }[]>`
    select bid, count(*)::int as existing,
      (array_agg(tid order by last_pid desc) filter (where is_complete and gone_at is null and last_pid is not null))[1] as fixpoint
    from threads group by bid`;
  const boards = new Map(rows.map((row) => [row.bid, row]));
  const above = new Set<number>();
  let pages = 1;
  for (const board of history.boards) {
    const list = board.isRestricted ? [] : state.list(board);
    const { existing = 0, fixpoint = null } = boards.get(board.bid) ?? {};
    const end = existing > 30 && fixpoint !== null ? list.findIndex((thread) => thread.tid === fixpoint) : -1;
    // Without a fixpoint, the last page is the first that is not full.
    pages += Math.floor((end < 0 ? list.length : end) / 30) + 1;
    for (const thread of end < 0 ? list : list.slice(0, end)) above.add(thread.tid);
  }
  return pages + above.size;
}

/** Crawls with twenty requests per second allowed, and records when they arrive at the forum. */
async function measurePoliteness(database: BenchDatabase, forum: Forum): Promise<void> {
  const [allowed, delay_s] = [20, "0.05"];
  const starts: number[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      starts.push(performance.now());
      return forum.fetch(request);
    },
  });
  try {
    await crawl(database, server.url.origin, "--board", "66", "--force-initial-pass", "--delay", delay_s);
  } finally {
    await server.stop(true);
  }
  const elapsed_s = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000;
  const within = (index: number) =>
    starts.filter((time) => time >= (starts[index] ?? 0) && time < (starts[index] ?? 0) + 1000);
  heading(`politeness: ${allowed} requests per second allowed, rereading all threads of one board`);
  line("requests", starts.length, "");
  line("share of the allowed rate", (100 * (starts.length - 1)) / (elapsed_s * allowed), "%", "97 to 100");
  line("maximum in a second", Math.max(...starts.map((_, index) => within(index).length)), "", `≤ ${allowed + 1}`);
}
