/** Readers who request at a steady rate, and whose responses are compared afterwards. */
import { bodyOf, stableResponses } from "../isolation.ts";
import { percentile } from "../measure.ts";

const readers = 8;
const pause_ms = 20;
/** A client gives up after that. */
const timeout_ms = 20_000;

/** What was received while something happened. */
export interface Received {
  requests: number;
  samples_ms: number[];
  /** Responses with status 429, or 500 and above, and connections that broke, with their number. */
  failures: Map<string, number>;
  /** For each target, the digests of all bodies that were received. */
  bodies: Map<string, Set<bigint>>;
}

/** For each target, the digest of its response with the data of one generation. */
export type Expected = Map<string, bigint>;

const digest = (text: string): bigint => Bun.hash.xxHash64(text);

/** Half of the requests may be answered from a cache. */
const cacheable = (target: string) => target.replace(/&?nocache$/, "").replace(/\?$/, "");

/** The comparable part of a response, which does not depend on the engine that searched. */
const comparable = async (response: Response) => digest((await bodyOf(response)).replace(/,?"fallback":true/, ""));

/** Requests whose responses depend on the data only, with and without the cache. */
export const targetsOf = async (url: string): Promise<string[]> =>
  [...(await stableResponses(url)).keys()].flatMap((target) => [target, cacheable(target)]);

/** What a server responds now. */
export async function expectedFrom(url: string, targets: string[]): Promise<Expected> {
  const expected: Expected = new Map();
  for (const target of targets) expected.set(target, await comparable(await fetch(url + target)));
  return expected;
}

/** Requests random targets while `work` runs. */
export async function readDuring(url: string, targets: string[], work: () => Promise<unknown>): Promise<Received> {
  const received: Received = { requests: 0, samples_ms: [], failures: new Map(), bodies: new Map() };
  let isOver = false;
  const read = async (headers: Record<string, string>): Promise<void> => {
    const target = targets[Math.floor(Math.random() * targets.length)] ?? "";
    const sent_ms = performance.now();
    const failed = (how: string) => void received.failures.set(how, (received.failures.get(how) ?? 0) + 1);
    received.requests++;
    try {
      const response = await fetch(url + target, { headers, signal: AbortSignal.timeout(timeout_ms) });
      const body = await comparable(response);
      // 4xx about the request itself are responses like any other.
      if (response.status >= 500 || response.status === 429) failed(`${response.status} ${target.split("?")[0]}`);
      else received.bodies.set(target, (received.bodies.get(target) ?? new Set()).add(body));
    } catch (error) {
      failed(error instanceof Error ? error.name : String(error));
    }
    received.samples_ms.push(performance.now() - sent_ms);
  };
  const reader = async (_: unknown, number: number) => {
    const headers = { "X-Forwarded-For": `198.51.100.${number + 1}` };
    while (!isOver) {
      await read(headers);
      await Bun.sleep(pause_ms);
    }
  };
  const running = Array.from({ length: readers }, reader);
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all(running);
  }
  return received;
}

/** Targets for which something else was received than is right before or after an event. */
export const wrongIn = ({ bodies }: Received, expected: Expected[]): string[] =>
  [...bodies]
    .filter(([target, digests]) => [...digests].some((each) => !expected.some((known) => known.get(target) === each)))
    .map(([target]) => target);

/** Numbers for a table. */
export function summaryOf({ requests, samples_ms, failures }: Received) {
  return {
    requests,
    failed: [...failures.values()].reduce((sum, each) => sum + each, 0),
    p50_ms: percentile(samples_ms, 0.5),
    p95_ms: percentile(samples_ms, 0.95),
    max_ms: Math.max(...samples_ms),
  };
}
