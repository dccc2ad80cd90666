/**
 * Measures an evening: many readers, one client that misbehaves, and update passes beside them, first with Redis, then
 * without. With the databases of `bench analyze` and `bench search`.
 */
import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { Sql } from "@potstats/db/connect";
import { startRedis } from "@potstats/server/testing/redis";
import { startServer } from "./api.ts";
import { attack } from "./attack.ts";
import { existingSearch, heading, line, median, percentile, runCommand } from "./measure.ts";
import { addPosts, analyzeAgain } from "./new-posts.ts";
import { drawPage, type Forum, look_ms, pages } from "./readers.ts";

const newPosts = 200;
const betweenUpdates_ms = 60_000;
/** While typing. */
const betweenKeystrokes_ms = 250;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Tally {
  samples: Map<string, number[]>;
  statuses: Record<string, number>;
  failures: string[];
  /** How many searches each engine answered. */
  engines: Record<string, number>;
}

export async function benchEvening({ readers, minutes }: { readers: number; minutes: number }): Promise<void> {
  const { sql, environment, close } = await existingSearch();
  try {
    const forum = await forumOf(sql);
    const redis = await startRedis();
    try {
      heading(`${readers} readers for ${minutes} minutes, one hostile client, an update each minute, with Redis`);
      await evening(sql, forum, { ...environment, REDIS_URL: redis.url }, { readers, minutes });
    } finally {
      await redis.drop();
    }
    heading("the same without Redis");
    await evening(sql, forum, environment, { readers, minutes });
  } finally {
    await close();
  }
}

async function forumOf(sql: Sql): Promise<Forum> {
  const column = async <T>(statement: string) => (await sql.unsafe(statement)).map((row) => Object.values(row)[0] as T);
  return {
    uids: await column("select uid from baked.poster_stats where year = 0 and bid = 0 order by post_count desc, uid"),
    years: await column("select year from baked.yearly_stats where year > 0 and bid = 0 order by year desc"),
    bids: await column("select bid from baked.yearly_stats where year = 0 and bid > 0 order by post_count desc"),
    days: await column("select day::text from baked.daily_stats where bid = 0 order by day desc limit 1000"),
    tids: await column("select tid from baked.thread_stats order by post_count desc, tid limit 10000"),
  };
}

async function evening(
  sql: Sql,
  forum: Forum,
  environment: Record<string, string>,
  { readers, minutes }: { readers: number; minutes: number },
): Promise<void> {
  const server = await startServer({ ...environment, TRUST_PROXY: "1", LOG_LEVEL: "error" });
  try {
    const end_ms = performance.now() + minutes * 60_000;
    const tally: Tally = { samples: new Map(), statuses: {}, failures: [], engines: {} };
    const hostile = attack(server.url, minutes * 60);
    const updates = update(sql, environment, end_ms);
    const everybody = Array.from({ length: readers }, (_, n) => read(server.url, forum, n, end_ms, tally));
    // The first minute fills caches and pools.
    await sleep(Math.min(60_000, (minutes * 60_000) / 4));
    const memory_mb = memoryOf(server.pid);
    await Promise.all(everybody);
    const atEnd_mb = memoryOf(server.pid);
    report(tally);
    line("updates beside them", await updates, "");
    line("memory of the server after a minute", memory_mb, "MB");
    line("at the end", atEnd_mb, "MB", `≤ ${Math.round(1.2 * memory_mb)}`);
    console.log("  responses to the hostile client:", await hostile);
  } finally {
    await server.stop();
  }
}

function report({ samples, statuses, failures, engines }: Tally): void {
  const all = [...samples.values()].flat();
  line("requests", all.length, "");
  for (const { name } of pages) {
    const ofPage = samples.get(name) ?? [];
    line(`${name}: median`, median(ofPage), "ms");
    line("p95", percentile(ofPage, 0.95), "ms");
  }
  line("all: median", median(all), "ms");
  line("p95", percentile(all, 0.95), "ms");
  line("p99", percentile(all, 0.99), "ms");
  const counted = Object.entries(statuses).filter(([status]) => status !== "200");
  line(`errors (${counted.map(([status, n]) => `${n} × ${status}`).join(", ") || "none"})`, failures.length, "", "0");
  for (const [engine, searches] of Object.entries(engines)) line(`searches answered by ${engine}`, searches, "");
  for (const failure of failures.slice(0, 5)) console.log("   ", failure);
}

/** Somebody who opens page after page, each from an own address. A page's requests are sent at a time, as a browser does. */
async function read(base: string, forum: Forum, number: number, end_ms: number, tally: Tally): Promise<void> {
  const headers = { "X-Forwarded-For": `198.51.${100 + (number >> 8)}.${number & 255}`, "Accept-Encoding": "br" };
  const ask = async (name: string, target: string) => {
    const from_ms = performance.now();
    const url = `${base}/api/${target}`;
    const outcome = await fetch(url, { headers, decompress: false } as RequestInit)
      .then(async (response) => {
        const body = await response.arrayBuffer();
        if (response.ok && name === "search") countEngine(tally, response, body);
        return response.ok ? "200" : `${response.status} ${new TextDecoder().decode(body)}`;
      })
      .catch((error: unknown) => String(error));
    const ofPage = tally.samples.get(name) ?? [];
    tally.samples.set(name, ofPage);
    ofPage.push(performance.now() - from_ms);
    tally.statuses[outcome] = (tally.statuses[outcome] ?? 0) + 1;
    if (outcome !== "200") tally.failures.push(`${target}: ${outcome}`);
  };
  await sleep(look_ms());
  while (performance.now() < end_ms) {
    const { name, requests, isTyped } = drawPage();
    const targets = requests(forum);
    if (isTyped) {
      for (const target of targets) {
        await ask(name, target);
        await sleep(betweenKeystrokes_ms);
      }
    } else await Promise.all(targets.map((target) => ask(name, target)));
    await sleep(Math.min(look_ms(), Math.max(0, end_ms - performance.now())));
  }
}

function countEngine({ engines }: Tally, response: Response, body: ArrayBuffer): void {
  const isBrotli = response.headers.get("Content-Encoding") === "br";
  const { engine } = JSON.parse(isBrotli ? brotliDecompressSync(body).toString() : new TextDecoder().decode(body));
  engines[engine] = (engines[engine] ?? 0) + 1;
}

/** New posts, analyzed and indexed, again and again. @returns how often */
async function update(sql: Sql, environment: Record<string, string>, end_ms: number): Promise<number> {
  let updates = 0;
  while (performance.now() + betweenUpdates_ms < end_ms) {
    await sleep(betweenUpdates_ms);
    await addPosts(sql, newPosts);
    await analyzeAgain(environment);
    const { exitCode } = await runCommand("search/main.ts", [], environment);
    if (exitCode !== 0) throw new Error(`the index run exited with ${exitCode}`);
    updates++;
  }
  return updates;
}

const memoryOf = (pid: number) =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
