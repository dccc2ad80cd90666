/** `bun run cache`: what the shared cache holds, and emptying it. */
import { CommandError, exitCodes, run } from "@potstats/cli/command";
import { readSettings } from "@potstats/cli/settings";
import { Command } from "@commander-js/extra-typings";
import { nested } from "../watch/backend-stats.ts";
import type { RedisLike } from "./redis.ts";
import { addCounters, invalidate, openStore, type Store, stored, within } from "./store.ts";

/** Milliseconds for the whole command's talk with the store. */
const patience_ms = 30_000;

/** Opens the store, does the work, closes it. @throws CommandError with what to do */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env, ["REDIS_URL", "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"]);
  const redis = (url: string) =>
    new Bun.RedisClient(url, { connectionTimeout: 5000, autoReconnect: false }) as unknown as RedisLike;
  const store = openStore(settings, redis, patience_ms);
  if (!store) {
    throw new CommandError(
      "no shared cache is configured: each server keeps answers in its own memory, which ends with it.\n" +
        "Set REDIS_URL, or UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN; /api/backend-stats has a server's own counters.",
      exitCodes.usage,
    );
  }
  const [name, right] =
    store.name === "redis"
      ? ["Redis", "is REDIS_URL right?"]
      : ["Upstash", "are UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN right?"];
  try {
    return await within(patience_ms, work(store));
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    throw new CommandError(`${name} does not do it: ${reason}; is it running, and ${right}`);
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

function printStats(backend: string, held: Awaited<ReturnType<typeof stored>>, counters: Record<string, unknown>) {
  const of = held.generations === 1 ? "one data generation" : `${held.generations} data generations`;
  print(`${backend}: ${number.format(held.answers)} answers, ${size(held.size_bytes)}, of ${of}`);
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
  .description("The cache of answers that servers share in Redis or Upstash Redis.")
  .addHelpText(
    "after",
    "\nNothing has to be invalidated for freshness: keys hold the data generation.\n\nExamples:\n  bun run cache stats\n  bun run cache stats --json\n  bun run cache invalidate",
  );

program
  .command("stats")
  .description("answers held, hits and misses since counting began")
  .option("--json", "one JSON object")
  .action((options) =>
    withStore(async (store) => {
      const held = await stored(store);
      const counters = nested(await addCounters(store, []));
      if (options.json) print(JSON.stringify({ backend: store.name, ...held, counters }));
      else printStats(store.name, held, counters);
    }),
  );

program
  .command("invalidate")
  .description("removes every answer of ours, also from the memory of running servers; nothing else is touched")
  .option("--json", "one JSON object")
  .action((options) =>
    withStore(async (store) => {
      const removed = await invalidate(store);
      print(
        options.json ? JSON.stringify({ backend: store.name, removed }) : `${number.format(removed)} answers removed`,
      );
    }),
  );

await run(program);
