/** Latency and throughput of the server over the database that the analytics' bench left behind. */
import { cpu } from "./crawl.ts";
import { knownDatabase, line, median, percentile, root } from "./measure.ts";
import { join } from "node:path";

const endpoints = [
  "boards",
  "poster-stats",
  "poster-stats?order_by=quotes_count&order=asc",
  "poster-stats?order_by=avg_post_length",
  "poster-development?uid=7",
  "year-over-year-stats",
  "weekday-stats",
  "daily-stats?year=2012&statistic=active_users",
  "social-graph",
  "user-domains",
  "domains",
];
const selections = ["", "year=2012", "bid=1", "year=2012&bid=1"];
/** Which endpoints take a board. */
const takesBoard = (path: string) => !/^(boards|social-graph|user-domains|domains)/.test(path);

/** Connections at once. */
const connections = 16;

export async function benchApi(): Promise<void> {
  const database = await knownDatabase("analyze");
  if (!database) throw new Error("there is no database yet: run `bun run bench analyze` first");
  const begun_ms = performance.now();
  const server = await startServer({ DATABASE_URL: database.url });
  try {
    const started_ms = performance.now() - begun_ms;
    console.log(`API on ${navigator.hardwareConcurrency} cores (${cpu()})`);
    line("start to first answer", started_ms, "ms", "target: ≤ 300");
    await uncached(server.url);
    await cached(server.url);
    line("memory of the server after that", server.rss_mb(), "MB", "target: ≤ 200");
  } finally {
    await server.stop();
    await database.close();
  }
}

async function uncached(url: string): Promise<void> {
  const samples: number[] = [];
  const worst = { ms: 0, path: "" };
  for (let round = 0; round < 5; round++) {
    for (const endpoint of endpoints) {
      for (const selection of selections) {
        if (selection.includes("bid") && !takesBoard(endpoint)) continue;
        if (selection.includes("year") && /^(year-over|poster-dev|daily)/.test(endpoint)) continue;
        const path = `/api/${endpoint}${endpoint.includes("?") ? "&" : "?"}${selection}`;
        const ms = await timed(`${url}${path}&nocache`);
        // The first round fills PostgreSQL's own memory.
        if (round === 0) continue;
        samples.push(ms);
        if (ms > worst.ms) Object.assign(worst, { ms, path });
      }
    }
  }
  console.log("computed anew, one request at a time, default limits");
  line("median", median(samples), "ms");
  line("p95", percentile(samples, 0.95), "ms", "target: ≤ 15");
  line("p99", percentile(samples, 0.99), "ms", "target: ≤ 40");
  line("slowest", worst.ms, "ms", worst.path);
  const large: number[] = [];
  for (let round = 0; round < 5; round++) large.push(await timed(`${url}/api/poster-stats?limit=10000&nocache`));
  line("poster-stats with limit=10000", median(large), "ms", "target: ≤ 150");
}

async function timed(url: string): Promise<number> {
  const begun_ms = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return performance.now() - begun_ms;
}

/** A cached answer against a bare `Bun.serve` with the same body and headers. */
async function cached(url: string): Promise<void> {
  const path = "/api/poster-stats?limit=150";
  const headers = { "accept-encoding": "br" };
  const sample = await fetch(url + path, { headers, decompress: false } as RequestInit);
  const body = await sample.arrayBuffer();
  const same = [...sample.headers];
  const bare = Bun.spawn([process.execPath, new URL("./bare-server.ts", import.meta.url).pathname], {
    stdin: new Blob([JSON.stringify({ headers: same, body: Buffer.from(body).toString("base64") })]),
    stdout: "pipe",
  });
  const { value } = await bare.stdout.getReader().read();
  const bareUrl = new TextDecoder().decode(value).trim();
  console.log(`a cached answer of ${body.byteLength} compressed bytes, ${connections} connections, in turns`);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    theirs.push(await throughput(bareUrl + path));
    ours.push(await throughput(url + path));
  }
  bare.kill();
  await bare.exited;
  line("bare Bun.serve", median(theirs), "req/s");
  line("ours, from the process's cache", median(ours), "req/s");
  line("ratio", (100 * median(ours)) / median(theirs), "%", "target: ≥ 70");
}

/** Requests a second over three seconds. */
async function throughput(url: string): Promise<number> {
  const until_ms = performance.now() + 3000;
  let count = 0;
  const client = async () => {
    while (performance.now() < until_ms) {
      const response = await fetch(url, { headers: { "accept-encoding": "br" }, decompress: false } as RequestInit);
      await response.arrayBuffer();
      count++;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return count / 3;
}

async function startServer(environment: Record<string, string>) {
  const child = Bun.spawn([process.execPath, join(root, "server/main.ts")], {
    env: { ...process.env, PORT: "0", LOG_LEVEL: "error", ...environment },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let said = "";
  for await (const chunk of child.stderr) {
    said += new TextDecoder().decode(chunk);
    const url = /serving at (\S+)/.exec(said)?.[1];
    if (!url) continue;
    await timed(`${url}/api/weekday-stats`);
    return {
      url,
      rss_mb: () => {
        const status = Bun.spawnSync(["ps", "-o", "rss=", "-p", String(child.pid)]).stdout.toString();
        return Number(status) / 1000;
      },
      stop: async () => {
        child.kill("SIGTERM");
        await child.exited;
      },
    };
  }
  throw new Error(`the server did not start:\n${said}`);
}
