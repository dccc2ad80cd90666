/** The data generation as this server knows it: asked again at most twice a second, and only when somebody asks us. */
import type { Sql } from "@potstats/db/connect";
import { readGeneration } from "@potstats/db/generation";

/** Milliseconds for which an answer is believed. */
const fresh_ms = 500;
/** Milliseconds that a request waits for a newer one, when there is an older one to go on with. */
const patience_ms = 200;

export interface Generations {
  /** The generation, if it is at most half a second old. */
  fresh(): string | undefined;
  /** The generation, at most half a second old; the last known one while the database is down or slow. */
  current(): Promise<string>;
  /** Read from the database now. */
  read(): Promise<string>;
}

export function createGenerations(sql: Sql): Generations {
  let known: string | undefined;
  let asked_ms = -Infinity;
  let asking: Promise<string> | undefined;
  const read = async () => {
    const from_ms = performance.now();
    const generation = await readGeneration(sql);
    // An answer that was long on its way does not replace a younger one.
    if (from_ms >= asked_ms) {
      known = generation;
      asked_ms = from_ms;
    }
    return generation;
  };
  const fresh = () => (performance.now() - asked_ms < fresh_ms ? known : undefined);
  return {
    read,
    fresh,
    async current() {
      const believed = fresh();
      if (believed !== undefined) return believed;
      asking ??= read().finally(() => (asking = undefined));
      if (known === undefined) return asking;
      const older = known;
      asking.catch(() => {});
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tired = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(older), patience_ms);
      });
      try {
        return await Promise.race([asking, tired]);
      } catch {
        return older;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
