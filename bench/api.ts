/** Latency and throughput of the server over the database that the analytics' bench left behind. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startRedis } from "@potstats/server/testing/redis";
import { heading, existingDatabase, line, median, percentile, root } from "./measure.ts";

/** What is asked of endpoints that need something, or whose parameters make other queries. */
const variants: Record<string, string[]> = {
  "/api/poster-stats": [
    "post_count",
    "edit_count",
    "avg_post_length",
    "threads_created",
    "quoted_count",
    "quotes_count",
  ].flatMap((column) =>
    ["asc", "desc"].flatMap((order) => [
      `order_by=${column}&order=${order}`,
      `order_by=${column}&order=${order}&following_uid=2500&following_ob=20`,
    ]),
  ),
  "/api/poster-development": ["uid=1", "user=nutzer%207"],
  "/api/daily-stats": ["year=2012&statistic=active_users", "year=2012&statistic=avg_post_length"],
  "/api/user-domains": ["", "type=link", "uid=1", "domain=host0.example"],
  "/api/domains": ["", "type=image"],
  "/api/day-stats": ["day=2012-05-01"],
  "/api/domain-years": ["domain=host0.example"],
  "/api/users": ["q=n", "q=nutzer%2012", "q=x"],
  "/api/user-stats": ["uid=1", "uid=2500"],
  "/api/user-daily-stats": ["uid=1", "uid=2500"],
  "/api/user-hourly-stats": ["uid=1", "uid=2500"],
  "/api/user-quotes": ["uid=1", "uid=1&direction=quoted_by", "uid=2500"],
};

/** Connections at once. */
const connections = 16;
/** Seconds of one measurement of throughput. */
const turn_s = 3;

export async function benchApi(): Promise<void> {
  const database = await existingDatabase("analyze");
  if (!database) throw new Error("there is no database yet: run `bun run bench analyze` first");
  const environment = { DATABASE_URL: database.url };
  try {
    const starts: number[] = [];
    for (let n = 0; n < 5; n++) {
      const server = await startServer(environment);
      starts.push(server.started_ms);
      await server.stop();
    }
    line("start to first answer", median(starts), "ms", "≤ 300");
    const server = await startServer(environment);
    try {
      await uncached(server.url);
      await cached(server.url, environment);
      line("greatest memory of the server in all that", server.peak_mb(), "MB", "≤ 200");
      const columns = ["post_count", "edit_count", "avg_post_length", "quotes_count"];
      await flood(
        "different answers of 1,000 rows, computed, compressed and kept",
        (n) =>
          `${server.url}/api/poster-stats?order_by=${columns[n % 4]}&following_uid=${n}&following_ob=${100_000 - n}`,
      );
      line("greatest memory of the server in that", server.peak_mb(), "MB", "≤ 200");
    } finally {
      await server.stop();
    }
    const other = await startServer(environment);
    try {
      await flood(
        "the same with up to 10,000 rows",
        (n) => `${other.url}/api/poster-stats?limit=${1 + ((n * 37) % 10_000)}`,
      );
      line("greatest memory of the server in that", other.peak_mb(), "MB");
    } finally {
      await other.stop();
    }
  } finally {
    await database.close();
  }
}

interface Description {
  paths: Record<string, { get: { parameters?: { name: string }[] } }>;
}

/** Every endpoint but the search, in every kind of selection. */
export async function requests(url: string): Promise<Map<string, string[]>> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as Description;
  const all = new Map<string, string[]>();
  for (const [path, { get }] of Object.entries(paths)) {
    if (path.startsWith("/api/search")) continue;
    const takes = (name: string) => get.parameters?.some((parameter) => parameter.name === name);
    const queries = (variants[path] ?? [""]).flatMap((variant) => {
      const years = takes("year") && !variant.includes("year=") ? ["", "year=2012"] : [""];
      const boards = takes("bid") ? ["", "bid=1"] : [""];
      return years.flatMap((year) => boards.map((bid) => [variant, year, bid, "nocache"].filter(Boolean).join("&")));
    });
    all.set(
      path,
      queries.map((query) => `${path}?${query}`),
    );
  }
  return all;
}

/** One request at a time, default limits. */
async function uncached(url: string): Promise<void> {
  heading("computed anew, one request at a time, default limits");
  const all: number[] = [];
  const worst = { ms: 0, path: "" };
  for (const [path, targets] of await requests(url)) {
    const samples: number[] = [];
    // The first round fills PostgreSQL's own memory.
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
  const begun_ms = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return performance.now() - begun_ms;
}

/** An answer of about 5 kB compressed. */
const sampled = "/api/poster-stats?limit=300";

/** A cached answer, from memory and from Redis, against a bare `Bun.serve` with the same body and headers. */
async function cached(url: string, environment: Record<string, string>): Promise<void> {
  const sample = await fetch(url + sampled, asBrotli);
  const body = await sample.arrayBuffer();
  const same = [...sample.headers];
  const bare = Bun.spawn([process.execPath, new URL("./bare-server.ts", import.meta.url).pathname], {
    stdin: new Blob([JSON.stringify({ headers: same, body: Buffer.from(body).toString("base64") })]),
    stdout: "pipe",
  });
  const { value } = await bare.stdout.getReader().read();
  const bareUrl = new TextDecoder().decode(value).trim();
  heading(`a cached answer of ${body.byteLength} compressed bytes, ${connections} connections, in turns`);
  const [theirs, near, far]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let turn = 0; turn < 5; turn++) {
      theirs.push(await throughput(() => bareUrl + sampled));
      near.push(await throughput(() => url + sampled));
      far.push(await fromRedis(environment));
    }
  } finally {
    bare.kill();
    await bare.exited;
  }
  line("bare Bun.serve", median(theirs), "req/s");
  line("ours, from the process's cache", median(near), "req/s");
  line("ratio", (100 * median(near)) / median(theirs), "%", "≥ 70");
  line("ours, first answers from Redis", median(far), "req/s");
  line("ratio", (100 * median(far)) / median(theirs), "%", "≥ 25");
}

/** A server that has just started, asked for what another one left in Redis: each answer once. */
async function fromRedis(environment: Record<string, string>): Promise<number> {
  const redis = await startRedis();
  const shared = { ...environment, REDIS_URL: redis.url };
  // All users have fewer posts than this: the answer is that of the first page.
  const first = 1_000_000;
  const target = (n: number) => `${sampled}&following_uid=1&following_ob=${first + n}`;
  try {
    const filler = await startServer(shared);
    await (await fetch(filler.url + target(0), asBrotli)).arrayBuffer();
    await filler.stop();
    const [key] = (await redis.send("KEYS", `*${first}*`)) as [string];
    const answers = 15_000;
    // Copied, for computing so many would take minutes.
    await redis.send(
      "EVAL",
      "for n = 1, tonumber(ARGV[2]) do redis.call('COPY', KEYS[1], (string.gsub(KEYS[1], ARGV[1], tostring(ARGV[1] + n)))) end",
      "1",
      key,
      String(first),
      String(answers),
    );
    const server = await startServer(shared);
    try {
      let asked = 0;
      const begun_ms = performance.now();
      const client = async () => {
        while (asked < answers) await (await fetch(server.url + target(++asked), asBrotli)).arrayBuffer();
      };
      await Promise.all(Array.from({ length: connections }, client));
      const rate = (1000 * answers) / (performance.now() - begun_ms);
      const stats = (await (await fetch(`${server.url}/api/backend-stats`)).json()) as {
        poster_stats: { cache: { miss: number } };
      };
      const { miss } = stats.poster_stats.cache;
      if (miss > 0.1 * answers) throw new Error(`of ${answers} answers ${miss} did not come from Redis`);
      return rate;
    } finally {
      await server.stop();
    }
  } finally {
    await redis.drop();
  }
}

/** Answers that nobody asked for before: 16 connections, ten seconds. */
async function flood(what: string, target: (n: number) => string): Promise<void> {
  let asked = 0;
  heading(what);
  line("throughput", await throughput(() => target(asked++), 10), "req/s");
}

const asBrotli = { headers: { "accept-encoding": "br" }, decompress: false } as RequestInit;

/** Requests a second over some seconds. */
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

/** Our server in a process of its own, that has answered once. Without a Meilisearch unless it is given. */
export async function startServer(environment: Record<string, string>) {
  const begun_ms = performance.now();
  const child = Bun.spawn([process.execPath, join(root, "server/main.ts")], {
    env: { ...process.env, PORT: "0", MEILI_URL: "http://127.0.0.1:9", ...environment },
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
      started_ms: performance.now() - begun_ms,
      peak_mb: () => {
        const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
        return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1000;
      },
      stop: async () => {
        child.kill("SIGTERM");
        await child.exited;
      },
    };
  }
  throw new Error(`the server did not start:\n${said}`);
}
