/**
 * Measures whether readers get correct responses quickly while others misbehave, with the database of `bench analyze`.
 * First, one client is hostile. Then tables are locked occasionally, and bursts of requests are canceled.
 */
import type { Sql } from "@potstats/db/connect";
import { requests, startServer } from "./api.ts";
import { attack } from "./attack.ts";
import { heading, existingDatabase, line, median, percentile } from "./measure.ts";

/** Concurrent readers, each with its own address and one request at a time. */
const readers = 6;
const pause_ms = 20;
const phase_s = 60;
/** Endpoints whose responses change over time. */
const volatile = /^\/api\/(backend-stats|status|docs|openapi\.json)?(\?|$)/;
const searches = ["wetter", "grafikkarten", "user:nutzer", "kuchen -musik", '"auf der"', "has:link rechner"].map(
  (text) => `/api/search?type=post&content=${encodeURIComponent(text)}&nocache`,
);

const addressOf = (reader: number) => ({ "X-Forwarded-For": `198.51.100.${reader}` });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!;

/** The comparable part of a response: the body without a search's duration and engine. */
export async function bodyOf(response: Response): Promise<string> {
  return (await response.text()).replace(/"(elapsed|engine)":("\w+"|[\d.e-]+)/g, "");
}

interface Tally {
  samples: number[];
  statuses: Record<number, number>;
  wrong: string[];
}

export async function benchIsolation(minutes: number): Promise<void> {
  const database = await existingDatabase("analyze");
  if (!database) throw new Error("there is no database: run `bun run bench analyze` first");
  const server = await startServer({ DATABASE_URL: database.url, TRUST_PROXY: "1", LOG_LEVEL: "error" });
  try {
    const expected = await stableResponses(server.url);
    heading(`${readers} readers, ${expected.size} different requests, nothing from the cache`);
    const quiet = await read(server.url, expected, phase_s);
    report(quiet, "quiet");
    const attacker = attack(server.url, phase_s + 5);
    await sleep(2000);
    const attacked = await read(server.url, expected, phase_s);
    report(attacked, "one hostile client", ["0", "0"]);
    line("p95, hostile to quiet", percentile(attacked.samples, 0.95) / percentile(quiet.samples, 0.95), "times", "≤ 4");
    console.log("  responses to the attacker:", await attacker);
    await disturb(server.url, database.sql, expected, minutes * 60);
  } finally {
    await server.stop();
    await database.close();
  }
}

function report({ samples, statuses, wrong }: Tally, when: string, targets: [string, string] | [] = []): void {
  line(`${when}: median`, median(samples), "ms");
  line(`${when}: p95`, percentile(samples, 0.95), "ms");
  line(`${when}: slowest`, Math.max(...samples), "ms");
  line(`${when}: requests`, samples.length, "");
  const failed = Object.entries(statuses).filter(([status]) => Number(status) >= 500);
  line(
    `${when}: 5xx (${failed.map(([status, n]) => `${n} × ${status}`).join(", ") || "none"})`,
    failed.reduce((sum, [, n]) => sum + n, 0),
    "",
    targets[0],
  );
  line(`${when}: wrong responses`, wrong.length, "", targets[1]);
  for (const example of wrong.slice(0, 5)) console.log("   ", example);
}

/** Requests and their responses, if two identical requests get the same response. */
export async function stableResponses(url: string): Promise<Map<string, string>> {
  const responses = new Map<string, string>();
  const targets = [...(await requests(url)).values()].flat().filter((target) => !volatile.test(target));
  for (const target of [...targets, ...searches]) {
    const first = await bodyOf(await fetch(url + target));
    if (first === (await bodyOf(await fetch(url + target)))) responses.set(target, first);
  }
  return responses;
}

/** Readers send random requests and compare the responses. */
async function read(url: string, expected: Map<string, string>, seconds: number, query = ""): Promise<Tally> {
  const tally: Tally = { samples: [], statuses: {}, wrong: [] };
  const end_ms = performance.now() + seconds * 1000;
  const targets = [...expected.keys()];
  const reader = async (_: unknown, number: number) => {
    while (performance.now() < end_ms) {
      const target = oneOf(targets);
      const started_ms = performance.now();
      const response = await fetch(url + target + query, { headers: addressOf(number + 1) });
      const body = await bodyOf(response);
      tally.samples.push(performance.now() - started_ms);
      tally.statuses[response.status] = (tally.statuses[response.status] ?? 0) + 1;
      if (response.ok && body !== expected.get(target)) tally.wrong.push(`${target}: ${body.slice(0, 100)}`);
      await sleep(pause_ms);
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return tally;
}

/** Locks tables and cancels bursts of requests, then checks all responses from the cache. */
async function disturb(url: string, sql: Sql, expected: Map<string, string>, seconds: number): Promise<void> {
  heading(`${seconds / 60} minutes of locked tables and bursts of canceled requests`);
  const end_ms = performance.now() + seconds * 1000;
  const cached = [...expected.keys()].map((target) => target.replace(/&?nocache$/, "").replace(/\?$/, ""));
  let canceled = 0;
  const cancelEarly = async (reader: number) => {
    const target = oneOf(Math.random() < 0.5 ? [...expected.keys()] : cached);
    const signal = AbortSignal.timeout(5 + Math.random() * 200);
    await fetch(url + target, { headers: addressOf(reader), signal })
      .then((response) => response.arrayBuffer())
      .catch(() => canceled++);
  };
  const bursts = async () => {
    while (performance.now() < end_ms) {
      // From 30 addresses, so that none reaches its rate limit.
      await Promise.all(Array.from({ length: 120 }, (_, n) => cancelEarly(100 + (n % 30))));
      await sleep(Math.random() * 500);
    }
  };
  const locks = async () => {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('baked', 'search')`;
    while (performance.now() < end_ms) {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(`lock table ${oneOf(tables).name} in access exclusive mode`);
        await sleep(200 + Math.random() * 2500);
      });
      await sleep(Math.random() * 3000);
    }
  };
  const [tally] = await Promise.all([read(url, expected, seconds), bursts(), locks()]);
  line("canceled requests", canceled, "");
  report(tally, "disturbed", ["", "0"]);
  line("disturbed: 500", tally.statuses[500] ?? 0, "", "0");
  let wrong = 0;
  for (const target of expected.keys()) {
    const plain = target.replace(/&?nocache$/, "").replace(/\?$/, "");
    if ((await bodyOf(await fetch(url + plain))) !== expected.get(target)) wrong++;
  }
  line("wrong responses afterwards, from the cache", wrong, "", "0");
}
