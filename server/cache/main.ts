/** `bun run cache`: inspects or clears the shared cache. */
import { CommandError, exitCodes, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { timeout, TimeoutStrategy } from "cockatiel";
import { Command } from "@commander-js/extra-typings";
import { addCounters, invalidate, nested } from "./counters.ts";
import { openStore } from "./open-store.ts";
import type { RedisLike } from "./redis.ts";
import { type Store, type StoreUsage, usageOf } from "./store.ts";

/** Milliseconds before a command times out. */
const timeout_ms = 30_000;

/** Opens the store for some work and closes it. @throws CommandError with advice */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env, ["REDIS_URL", "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
  const redis = (url: string) =>
    new Bun.RedisClient(url, { connectionTimeout: 5000, autoReconnect: false }) as unknown as RedisLike;
  const store = openStore(settings, redis, timeout_ms);
  if (!store) {
    throw new CommandError(
      "no shared cache is configured: each server caches responses only in its own memory.\n" +
        "Set REDIS_URL, or UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN; a server's own counters are at /api/backend-stats.",
      exitCodes.usage,
    );
  }
  const [name, question] =
    store.name === "redis"
      ? ["Redis", "is REDIS_URL right?"]
      : ["Upstash", "are UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN right?"];
  try {
    return await timeout(timeout_ms, TimeoutStrategy.Aggressive).execute(() => work(store));
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    throw new CommandError(`${name} failed: ${reason}; is it running, and ${question}`);
  } finally {
    store.close();
  }
}

const number = new Intl.NumberFormat("en");
const size = (bytes: number) => `${number.format(Math.ceil(bytes / 1024))} KiB`;
const print = (line: string) => process.stdout.write(`${line}\n`);

interface CacheCounters {
  hits?: number;
  miss?: number;
  size?: number;
  size_gzipped?: number;
}

function printStats(backend: string, usage: StoreUsage, counters: Record<string, unknown>) {
  const generations = usage.generations === 1 ? "one data generation" : `${usage.generations} data generations`;
  print(
    `${backend}: ${number.format(usage.answers)} ${usage.answers === 1 ? "response" : "responses"}, ${size(usage.size_bytes)}, of ${generations}`,
  );
  const views = Object.entries(counters).filter(([, view]) => typeof view === "object");
  if (views.length === 0) return;
  print(`\n${"".padEnd(28)}${["hits", "misses", "hit rate", "compressed"].map((name) => name.padStart(12)).join("")}`);
  for (const [name, view] of views.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const { hits = 0, miss = 0, size: plain = 0, size_gzipped = 0 } = (view as { cache?: CacheCounters }).cache ?? {};
    const share = (part: number, whole: number) => (whole === 0 ? "–" : `${Math.round((part / whole) * 100)} %`);
    const cells = [number.format(hits), number.format(miss), share(hits, hits + miss), share(size_gzipped, plain)];
    print(`${name.padEnd(28)}${cells.map((cell) => cell.padStart(12)).join("")}`);
  }
}

const program = new Command("bun run cache")
  .description("Inspects or clears the cache of responses that servers share in Redis or Upstash.")
  .addHelpText(
    "after",
    `
Entries never go stale, because keys contain the data generation; invalidate only to reclaim memory.

Examples:
  bun run cache stats
  bun run cache stats --json
  bun run cache invalidate

Exit codes: 0 done, 1 failed, 2 usage or no shared cache`,
  );

program
  .command("stats")
  .description("Shows the number and size of cached responses, and hits and misses since counting began.")
  .option("--json", "print progress and summary as JSON, one object per line")
  .action((options) =>
    withStore(async (store) => {
      const usage = await usageOf(store);
      const counters = nested(await addCounters(store, []));
      if (options.json) print(JSON.stringify({ backend: store.name, ...usage, counters }));
      else printStats(store.name, usage, counters);
    }),
  );

program
  .command("invalidate")
  .description(
    "Removes all cached responses, including those in the memory of running servers; other keys are left alone.",
  )
  .option("--json", "print progress and summary as JSON, one object per line")
  .action((options) =>
    withStore(async (store) => {
      const removed = await invalidate(store);
      print(
        options.json
          ? JSON.stringify({ backend: store.name, removed })
          : `${number.format(removed)} ${removed === 1 ? "response" : "responses"} removed`,
      );
    }),
  );

await run(program);
