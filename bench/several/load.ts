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
  /** For each target, the bodies that were received and differ from the one before. */
  bodies: Map<string, Set<string>>;
  /** Bodies after which the same reader received the one from before the event again. */
  returns: Body[];
}

/** For each target, the body of its response with the data of one generation. */
type Expected = Map<string, string>;

interface Body {
  target: string;
  body: string;
}

/** Servers notice new data up to half a second apart, so within this time an older response may follow a newer one. */
const noticed_ms = 1000;

/** Half of the requests may be answered from a cache. */
const cacheable = (target: string) => target.replace(/&?nocache$/, "").replace(/\?$/, "");

/** The comparable part of a response, which does not depend on the engine that searched. */
const comparable = async (response: Response) => (await bodyOf(response)).replace(/,?"fallback":true/, "");

/** Requests whose responses depend on the data only, with and without the cache. */
export const targetsOf = async (url: string): Promise<string[]> =>
  [...(await stableResponses(url)).keys()].flatMap((target) => [target, cacheable(target)]);

/** What a server responds now. */
export async function expectedFrom(url: string, targets: string[]): Promise<Expected> {
  const expected: Expected = new Map();
  for (const target of targets) expected.set(target, await comparable(await fetch(url + target)));
  return expected;
}

/** For each target, the first body that a reader received and that differs from the one before, and when. */
type Seen = Map<string, { body: string; received_ms: number }>;

/** Keeps a body unless it is the one from before the event; that one, only if it should not have come again. */
export function keep(
  { bodies, returns }: Pick<Received, "bodies" | "returns">,
  { target, body }: Body,
  { before, seen, sent_ms }: { before: Expected; seen: Seen; sent_ms: number },
): void {
  const newer = seen.get(target);
  if (before.get(target) === body) {
    if (newer && sent_ms > newer.received_ms + noticed_ms) returns.push({ target, body: newer.body });
    return;
  }
  bodies.set(target, (bodies.get(target) ?? new Set()).add(body));
  if (!newer) seen.set(target, { body, received_ms: performance.now() });
}

/** Requests random targets while `work` runs. @param before responses as they were before, whose bodies are not kept */
export async function readDuring(url: string, before: Expected, work: () => Promise<unknown>): Promise<Received> {
  const targets = [...before.keys()];
  const received: Received = { requests: 0, samples_ms: [], failures: new Map(), bodies: new Map(), returns: [] };
  const over = new AbortController();
  const read = async (headers: Record<string, string>, seen: Seen): Promise<void> => {
    const target = targets[Math.floor(Math.random() * targets.length)] ?? "";
    const sent_ms = performance.now();
    const failed = (how: string) => void received.failures.set(how, (received.failures.get(how) ?? 0) + 1);
    received.requests++;
    try {
      const response = await fetch(url + target, { headers, signal: AbortSignal.timeout(timeout_ms) });
      const body = await comparable(response);
      // 4xx about the request itself are responses like any other.
      if (response.status >= 500 || response.status === 429) failed(`${response.status} ${target.split("?")[0]}`);
      else keep(received, { target, body }, { before, seen, sent_ms });
    } catch (error) {
      failed(error instanceof Error ? error.name : String(error));
    }
    received.samples_ms.push(performance.now() - sent_ms);
  };
  const reader = async (_: unknown, number: number) => {
    const headers = { "X-Forwarded-For": `198.51.100.${number + 1}` };
    const seen: Seen = new Map();
    while (!over.signal.aborted) {
      await read(headers, seen);
      await Bun.sleep(pause_ms);
    }
  };
  const running = Array.from({ length: readers }, reader);
  try {
    await work();
  } finally {
    over.abort();
    await Promise.all(running);
  }
  return received;
}

/** Bodies that were received although they are not right after an event. */
export const wrongIn = ({ bodies }: Received, after: Expected): Body[] =>
  [...bodies].flatMap(([target, received]) =>
    [...received].filter((body) => body !== after.get(target)).map((body) => ({ target, body })),
  );

/** How often a reader got older data after newer. A wrong body is none of newer data. */
export const returnsIn = ({ returns }: Received, after: Expected): number =>
  returns.filter(({ target, body }) => body === after.get(target)).length;

/** Where a body begins to differ from another one, and what either has there. */
export function differenceOf(body: string, right: string): string {
  const at = [...body].findIndex((character, index) => character !== right[index]);
  const [start, end] = [Math.max(0, at - 100), at + 200];
  return `    received …${body.slice(start, end)}…\n    right    …${right.slice(start, end)}…`;
}

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
