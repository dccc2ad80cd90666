/** The data generation as this server knows it: asked again at most twice a second, and only when somebody asks us. */
import type { Sql } from "@potstats/db/connect";
import { readGeneration } from "@potstats/db/generation";

/** Milliseconds for which an answer is believed. */
const fresh_ms = 500;

export interface Generations {
  /** The generation, at most half a second old; the last known one while the database is down. */
  current(): Promise<string>;
  /** Read from the database now. */
  read(): Promise<string>;
}

export function createGenerations(sql: Sql): Generations {
  let known: string | undefined;
  let asked_ms = -Infinity;
  let asking: Promise<string> | undefined;
  const read = async () => {
    known = await readGeneration(sql);
    asked_ms = performance.now();
    return known;
  };
  return {
    read,
    async current() {
      if (known !== undefined && performance.now() - asked_ms < fresh_ms) return known;
      asking ??= read().finally(() => (asking = undefined));
      try {
        return await asking;
      } catch (error) {
        if (known === undefined) throw error;
        asked_ms = performance.now();
        return known;
      }
    },
  };
}
