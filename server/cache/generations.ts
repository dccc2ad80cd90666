/** The server's copy of the data generation: read at most twice a second, and only when a request needs it. */
import type { Sql } from "@potstats/db/connect";
import { readGeneration } from "@potstats/db/generation";
import { timeout, TimeoutStrategy } from "cockatiel";
import { isUnreachable } from "../http/errors.ts";

/** Maximum age of a generation that is used without reading it again. */
const maxAge_ms = 500;
/** Milliseconds that a request waits for the current generation before it uses the last known one. */
const readTimeout_ms = 200;

/** How often a read is tried if the connection breaks. */
const maxAttempts = 3;

export interface Generations {
  /** The generation, if it was read less than half a second ago. */
  fresh(): string | undefined;
  /** The generation, at most half a second old; while the database is down or slow, the last known one. */
  current(): Promise<string>;
  /** Reads the generation from the database. */
  read(): Promise<string>;
}

/** @param sharesReads whether concurrent requests wait for the same read */
export function createGenerations(sql: Sql, sharesReads = true): Generations {
  let latest: string | undefined;
  let latestRead_ms = -Infinity;
  let reading: Promise<string> | undefined;
  const readTimeout = timeout(readTimeout_ms, TimeoutStrategy.Aggressive);

  /** A replica that is lost is replaced by the primary with the first failed query, also if it just came back. */
  async function readFrom(attempts: number): Promise<string> {
    return await readGeneration(sql).catch((error: unknown) => {
      if (attempts > 1 && isUnreachable(error)) return readFrom(attempts - 1);
      throw error;
    });
  }

  const read = async () => {
    const started_ms = performance.now();
    const generation = await readFrom(maxAttempts);
    // A slow read must not overwrite the result of a later one.
    if (started_ms >= latestRead_ms) {
      latest = generation;
      latestRead_ms = started_ms;
    }
    return generation;
  };

  const fresh = () => (performance.now() - latestRead_ms < maxAge_ms ? latest : undefined);

  return {
    read,
    fresh,
    async current() {
      const generation = fresh();
      if (generation !== undefined) return generation;
      const current = sharesReads ? (reading ??= read().finally(() => (reading = undefined))) : read();
      if (latest === undefined) return current;
      const lastKnown = latest;
      return readTimeout.execute(() => current).catch(() => lastKnown);
    },
  };
}
