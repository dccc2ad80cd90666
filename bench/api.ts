/** Measures latency and throughput of the server, with the database of `bench analyze`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Endpoint, findSubjects, readEndpoints, type Subjects } from "@potstats/server/testing/examples";
import { startRedis } from "@potstats/server/testing/redis";
import { heading, existingDatabase, line, median, percentile, root } from "./measure.ts";

/** Concurrent connections. */
const connections = 16;
/** The duration of a throughput measurement. */
const turn_s = 3;

export async function benchApi(): Promise<void> {
  const database = await existingDatabase("analyze");
  if (!database) throw new Error("there is no database: run `bun run bench analyze` first");
  const environment = { DATABASE_URL: database.url };
  try {
    await startUp(environment);
    await withServer(environment, async (server) => {
      await uncached(server.url);
      await cached(server.url, environment);
      line("peak memory of the server up to here", server.peak_mb(), "MB", "≤ 200");
      const columns = ["post_count", "edit_count", "avg_post_length", "quotes_count"];
      await flood(
        "distinct responses of 1,000 rows, computed, compressed and cached",
        (n) =>
          `${server.url}/api/poster-stats?order_by=${columns[n % 4]}&following_uid=${n}&following_ob=${100_000 - n}`,
      );
      line("peak memory of the server up to here", server.peak_mb(), "MB", "≤ 200");
    });
    await withServer(environment, async (server) => {
      await flood(
        "the same with up to 10,000 rows",
        (n) => `${server.url}/api/poster-stats?limit=${1 + ((n * 37) % 10_000)}`,
      );
      line("peak memory of this server", server.peak_mb(), "MB");
    });
  } finally {
    await database.close();
  }
}

type Environment = Record<string, string>;
type Server = Awaited<ReturnType<typeof startServer>>;

async function withServer<T>(environment: Environment, work: (server: Server) => Promise<T>): Promise<T> {
  const server = await startServer(environment);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function startUp(environment: Environment): Promise<void> {
  const starts: number[] = [];
  for (let n = 0; n < 5; n++) starts.push(await withServer(environment, async ({ started_ms }) => started_ms));
  line("start to first response", median(starts), "ms", "≤ 300");
}

/** All uncached requests to measure, by endpoint: every endpoint except the search, with every kind of selection. */
export async function requests(url: string): Promise<Map<string, string[]>> {
  const fetchTarget = (target: string) => fetch(url + target);
  const all = new Map<string, string[]>();
  // For the user with the most posts, and for one with few.
  for (const rank of [1, 1000]) {
    const subjects = await findSubjects(fetchTarget, rank);
    for (const endpoint of await readEndpoints(fetchTarget, subjects)) {
      // Searches have a limit of their own, and a bench.
      if (/^\/api\/(?:(?:feeds\/)?search|trends)/.test(endpoint.path)) continue;
      const targets = selections(endpoint, subjects);
      const nextPages = await Promise.all(targets.map((target) => nextPage(fetchTarget, target)));
      all.set(endpoint.path, [...new Set([...(all.get(endpoint.path) ?? []), ...targets, ...nextPages.flat()])]);
    }
  }
  return all;
}

/**
 * An endpoint's examples with every value of its enumerations, with and without year and board, with default limits.
 */
function selections({ path, examples, parameters = [] }: Endpoint, { year, bid }: Subjects): string[] {
  const usual: Record<string, string[]> = { year: ["", year], bid: ["", bid], limit: [""], csv: [""], lang: [""] };
  let queries = examples.map((target) => Object.fromEntries(new URLSearchParams(target.split("?")[1])));
  for (const { name, required, schema } of parameters) {
    const values = (required ? undefined : usual[name]) ?? schema.enum ?? [];
    if (values.length > 0) queries = queries.flatMap((query) => values.map((value) => ({ ...query, [name]: value })));
  }
  // A recap is of a user or of a board.
  const isAllowed = (query: Record<string, string>) => path !== "/api/recap" || !query["uid"] || !query["bid"];
  return queries.filter(isAllowed).map((query) => {
    const given = Object.entries(query).filter(([, value]) => value !== "");
    return `${path}?${[new URLSearchParams(given), "nocache"].join("&").replace(/^&/, "")}`;
  });
}

/** The next page, if there is one. */
async function nextPage(fetchTarget: (target: string) => Promise<Response>, target: string): Promise<string[]> {
  const response = await fetchTarget(target);
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return [];
  const { next } = (await response.json()) as { next?: string };
  return next === undefined ? [] : [`${next}&nocache`];
}

/** Measures one request at a time, with default limits. */
async function uncached(url: string): Promise<void> {
  heading("uncached, one request at a time, default limits");
  const all: number[] = [];
  const worst = { ms: 0, path: "" };
  for (const [path, targets] of await requests(url)) {
    const samples: number[] = [];
    // The first round warms PostgreSQL's buffers.
    for (const target of targets) await timed(url + target);
    for (let round = 0; round < 5; round++) {
      for (const target of targets) {
        const ms = await timed(url + target);
        samples.push(ms);
        if (ms > worst.ms) Object.assign(worst, { ms, path: target });
      }
    }
    line(`p95 of ${path} (${targets.length})`, percentile(samples, 0.95), "ms");
    all.push(...samples);
  }
  line("median of all", median(all), "ms");
  line("p95 of all", percentile(all, 0.95), "ms", "≤ 15");
  line("p99 of all", percentile(all, 0.99), "ms", "≤ 40");
  line(`slowest: ${worst.path}`, worst.ms, "ms");
  for (const path of ["poster-stats", "social-graph", "user-domains", "domains"]) {
    const large: number[] = [];
    for (let round = 0; round < 5; round++) large.push(await timed(`${url}/api/${path}?limit=10000&nocache`));
    line(`${path} with limit=10000`, median(large), "ms", "≤ 150");
  }
}

async function timed(url: string): Promise<number> {
  const from_ms = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return performance.now() - from_ms;
}

/** Its response has about 5 kB compressed. */
const sampled = "/api/poster-stats?limit=300";

/** Measures cached responses, from memory and from Redis, and a bare `Bun.serve` with the same body and headers. */
async function cached(url: string, environment: Record<string, string>): Promise<void> {
  const sample = await fetch(url + sampled, asBrotli);
  const body = await sample.arrayBuffer();
  const headers = [...sample.headers];
  const bare = Bun.spawn([process.execPath, new URL("./bare-server.ts", import.meta.url).pathname], {
    stdin: new Blob([JSON.stringify({ headers, body: Buffer.from(body).toString("base64") })]),
    stdout: "pipe",
  });
  const { value } = await bare.stdout.getReader().read();
  const bareUrl = new TextDecoder().decode(value).trim();
  heading(`a cached response of ${body.byteLength} compressed bytes, ${connections} connections, alternating`);
  const rates = { bare: [] as number[], memory: [] as number[], redis: [] as number[] };
  try {
    for (let turn = 0; turn < 5; turn++) {
      rates.bare.push(await throughput(() => bareUrl + sampled));
      rates.memory.push(await throughput(() => url + sampled));
      rates.redis.push(await fromRedis(environment));
    }
  } finally {
    bare.kill();
    await bare.exited;
  }
  line("bare Bun.serve", median(rates.bare), "req/s");
  line("the server, from its memory", median(rates.memory), "req/s");
  line("ratio", (100 * median(rates.memory)) / median(rates.bare), "%", "≥ 70");
  line("the server, first responses from Redis", median(rates.redis), "req/s");
  line("ratio", (100 * median(rates.redis)) / median(rates.bare), "%", "≥ 25");
}

/**
 * Measures requests per second of a server that has just started, for responses that another server has put into Redis.
 * Each is requested once.
 */
async function fromRedis(environment: Record<string, string>): Promise<number> {
  const redis = await startRedis();
  const shared = { ...environment, REDIS_URL: redis.url };
  // No user has that many posts, so every response is the first page.
  const first = 1_000_000;
  const target = (n: number) => `${sampled}&following_uid=1&following_ob=${first + n}`;
  try {
    const filler = await startServer(shared);
    await (await fetch(filler.url + target(0), asBrotli)).arrayBuffer();
    await filler.stop();
    const [key] = (await redis.send("KEYS", `*${first}*`)) as [string];
    const responses = 15_000;
    // Copied, because computing all of them would take minutes.
    await redis.send(
      "EVAL",
      "for n = 1, tonumber(ARGV[2]) do redis.call('COPY', KEYS[1], (string.gsub(KEYS[1], ARGV[1], tostring(ARGV[1] + n)))) end",
      "1",
      key,
      String(first),
      String(responses),
    );
    const server = await startServer(shared);
    try {
      let sent = 0;
      const from_ms = performance.now();
      const client = async () => {
        while (sent < responses) await (await fetch(server.url + target(++sent), asBrotli)).arrayBuffer();
      };
      await Promise.all(Array.from({ length: connections }, client));
      const rate = (1000 * responses) / (performance.now() - from_ms);
      const stats = (await (await fetch(`${server.url}/api/backend-stats`)).json()) as {
        poster_stats: { cache: { miss: number } };
      };
      const { miss } = stats.poster_stats.cache;
      if (miss > 0.1 * responses) throw new Error(`${miss} of ${responses} responses did not come from Redis`);
      return rate;
    } finally {
      await server.stop();
    }
  } finally {
    await redis.drop();
  }
}

/** Measures requests that all miss the cache, for ten seconds. */
async function flood(what: string, target: (n: number) => string): Promise<void> {
  let sent = 0;
  heading(what);
  line("throughput", await throughput(() => target(sent++), 10), "req/s");
}

const asBrotli = { headers: { "accept-encoding": "br" }, decompress: false } as RequestInit;

/** Measures requests per second. */
async function throughput(url: () => string, seconds = turn_s): Promise<number> {
  const until_ms = performance.now() + seconds * 1000;
  let count = 0;
  const client = async () => {
    while (performance.now() < until_ms) {
      const response = await fetch(url(), asBrotli);
      await response.arrayBuffer();
      count++;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return count / seconds;
}

/**
 * Starts the server as a process and waits for its first response. Without Meilisearch unless `environment` has one.
 */
export async function startServer(environment: Record<string, string>) {
  const from_ms = performance.now();
  const child = Bun.spawn([process.execPath, join(root, "server/main.ts")], {
    env: { ...process.env, PORT: "0", MEILI_URL: "http://127.0.0.1:9", ...environment },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let output = "";
  for await (const chunk of child.stderr) {
    output += new TextDecoder().decode(chunk);
    const url = /serving at (\S+)/.exec(output)?.[1];
    if (!url) continue;
    await timed(`${url}/api/weekday-stats`);
    return {
      url,
      pid: child.pid,
      started_ms: performance.now() - from_ms,
      peak_mb: () => {
        const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
        return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1000;
      },
      stop: async () => {
        child.kill("SIGTERM");
        await child.exited;
      },
      kill: async () => {
        child.kill("SIGKILL");
        await child.exited;
      },
    };
  }
  throw new Error(`the server did not start:\n${output}`);
}
