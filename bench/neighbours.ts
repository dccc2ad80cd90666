/**
 * Whether readers get their own answers, and soon, while others misbehave: over the database that the analytics' bench left behind.
 * First one client does its worst; then tables are locked now and then, and bursts of readers leave before their answer.
 */
import type { Sql } from "@potstats/db/connect";
import { requests, startServer } from "./api.ts";
import { heading, knownDatabase, line, median, percentile } from "./measure.ts";

/** Readers who ask one request after the other, each from an address of its own. */
const readers = 6;
const think_ms = 20;
const phase_s = 60;
/** Endpoints whose answers change by themselves. */
const changing = /^\/api\/(backend-stats|status|docs|openapi\.json)?(\?|$)/;
const searches = ["wetter", "grafikkarten", "user:nutzer", "kuchen -musik", '"auf der"', "has:link rechner"].map(
  (text) => `/api/search?type=post&content=${encodeURIComponent(text)}&nocache`,
);

const addressOf = (reader: number) => ({ "X-Forwarded-For": `198.51.100.${reader}` });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)]!;

/** What matters of an answer: an error's text, or the body without the time that a search took. */
async function bodyOf(response: Response): Promise<string> {
  return (await response.text()).replace(/"(elapsed|engine)":("\w+"|[\d.e-]+)/g, "");
}

interface Tally {
  samples: number[];
  statuses: Record<number, number>;
  wrong: string[];
}

export async function benchNeighbours(minutes: number): Promise<void> {
  const database = await knownDatabase("analyze");
  if (!database) throw new Error("there is no database yet: run `bun run bench analyze` first");
  const server = await startServer({ DATABASE_URL: database.url, TRUST_PROXY: "1", LOG_LEVEL: "error" });
  try {
    const right = await rightAnswers(server.url);
    heading(`${readers} readers, ${right.size} different requests, nothing from the cache`);
    const quiet = await read(server.url, right, phase_s);
    report(quiet, "quiet");
    const attack = attackFor(server.url, phase_s + 5);
    await sleep(2000);
    const attacked = await read(server.url, right, phase_s);
    report(attacked, "one client does its worst", ["0", "0"]);
    line("p95 of that to quiet", percentile(attacked.samples, 0.95) / percentile(quiet.samples, 0.95), "times", "≤ 4");
    console.log("  the attacker's answers:", await attack);
    await mixing(server.url, database.sql, right, minutes * 60);
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
  line(`${when}: answers that were not right`, wrong.length, "", targets[1]);
  for (const one of wrong.slice(0, 5)) console.log("   ", one);
}

/** Every request whose answer stays the same, asked twice while nothing else happens. */
async function rightAnswers(url: string): Promise<Map<string, string>> {
  const right = new Map<string, string>();
  const targets = [...(await requests(url)).values()].flat().filter((target) => !changing.test(target));
  for (const target of [...targets, ...searches]) {
    const first = await bodyOf(await fetch(url + target));
    if (first === (await bodyOf(await fetch(url + target)))) right.set(target, first);
  }
  return right;
}

/** Readers who ask at random and compare. */
async function read(url: string, right: Map<string, string>, seconds: number, query = ""): Promise<Tally> {
  const tally: Tally = { samples: [], statuses: {}, wrong: [] };
  const until_ms = performance.now() + seconds * 1000;
  const targets = [...right.keys()];
  const reader = async (_: unknown, number: number) => {
    while (performance.now() < until_ms) {
      const target = oneOf(targets);
      const begun_ms = performance.now();
      const response = await fetch(url + target + query, { headers: addressOf(number + 1) });
      const body = await bodyOf(response);
      tally.samples.push(performance.now() - begun_ms);
      tally.statuses[response.status] = (tally.statuses[response.status] ?? 0) + 1;
      if (response.ok && body !== right.get(target)) tally.wrong.push(`${target}: ${body.slice(0, 100)}`);
      await sleep(think_ms);
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
  return tally;
}

async function attackFor(url: string, seconds: number): Promise<string> {
  const child = Bun.spawn(
    [
      "nice",
      "-n",
      "19",
      process.execPath,
      new URL("./attacker.ts", import.meta.url).pathname,
      url,
      "203.0.113.9",
      String(seconds),
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  );
  return (await new Response(child.stdout).text()).trim();
}

/** Locks and bursts of readers who leave; afterwards everything is asked again, from the cache where it is kept. */
async function mixing(url: string, sql: Sql, right: Map<string, string>, seconds: number): Promise<void> {
  heading(`${seconds / 60} minutes of locked tables and bursts of readers who leave`);
  const until_ms = performance.now() + seconds * 1000;
  const cached = [...right.keys()].map((target) => target.replace(/&?nocache$/, "").replace(/\?$/, ""));
  let left = 0;
  const leave = async (reader: number) => {
    const target = oneOf(Math.random() < 0.5 ? [...right.keys()] : cached);
    const signal = AbortSignal.timeout(5 + Math.random() * 200);
    await fetch(url + target, { headers: addressOf(reader), signal })
      .then((response) => response.arrayBuffer())
      .catch(() => left++);
  };
  const bursts = async () => {
    while (performance.now() < until_ms) {
      // Of 30 people, so that nobody is held up by a share of one.
      await Promise.all(Array.from({ length: 120 }, (_, n) => leave(100 + (n % 30))));
      await sleep(Math.random() * 500);
    }
  };
  const locks = async () => {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('baked', 'search')`;
    while (performance.now() < until_ms) {
      await sql.begin(async (transaction) => {
        await transaction.unsafe(`lock table ${oneOf(tables).name} in access exclusive mode`);
        await sleep(200 + Math.random() * 2500);
      });
      await sleep(Math.random() * 3000);
    }
  };
  const [tally] = await Promise.all([read(url, right, seconds), bursts(), locks()]);
  line("requests given up by their readers", left, "");
  report(tally, "meanwhile", ["", "0"]);
  line("meanwhile: 500", tally.statuses[500] ?? 0, "", "0");
  let wrong = 0;
  for (const target of right.keys()) {
    const plain = target.replace(/&?nocache$/, "").replace(/\?$/, "");
    if ((await bodyOf(await fetch(url + plain))) !== right.get(target)) wrong++;
  }
  line("wrong afterwards, from the cache", wrong, "", "0");
}
