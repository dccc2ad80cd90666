/**
 * Counters in potstats2's shape. A request only adds to a map; once a second what was added goes to the store that
 * servers share, if there is one, and comes back as everybody's total.
 */
import { addCounters, invalidations, type Store, within } from "./cache-store.ts";

/** potstats2's names of its views where they differ from the path. */
const viewNames: Record<string, string> = { "poster-development": "poster_developmental_issues", "": "api" };

/** `/api/user-domains` → `user_domains`. */
export const viewOf = (path: string): string => {
  const name = path.replace(/^\/api\/?/, "");
  return viewNames[name] ?? name.replaceAll(/[/-]/g, "_");
};

/** `boards/cache/hits` → `{boards: {cache: {hits}}}`. */
export function nested(counters: Iterable<[string, number]>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of counters) {
    if (name === invalidations) continue;
    const path = name.split("/");
    const last = path.pop() ?? "";
    let at = root;
    for (const step of path) at = (at[step] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  return root;
}

/** Milliseconds between two exchanges with the store, and for each of them. */
const interval_ms = 1000;
const patience_ms = 1000;

const increase = (counters: Map<string, number>, name: string, by: number) =>
  counters.set(name, (counters.get(name) ?? 0) + by);

export class BackendStats {
  /** What this server counted since it began. */
  private readonly own = new Map<string, number>();
  /** What the store does not have yet. */
  private pending = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private exchanging: Promise<Map<string, number>> | undefined;
  /** Invalidations by operators as far as this server knows. */
  private seen: number | undefined;

  /** @param onInvalidate told when an operator invalidated the cache */
  constructor(
    private readonly store?: Store | undefined,
    private readonly onInvalidate: () => void = () => {},
  ) {}

  private add(name: string, by = 1): void {
    increase(this.own, name, by);
    if (!this.store) return;
    increase(this.pending, name, by);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.exchange().catch(() => {});
    }, interval_ms);
  }

  /** An answered request. @param view undefined for a path that does not exist */
  response(view: string | undefined, status: number, size_bytes: number): void {
    if (view === undefined) {
      this.add("404_hits");
      return;
    }
    this.add(`${view}/hits`);
    this.add(`${view}/responses/${status}`);
    this.add(`${view}/responses_size`, size_bytes);
  }

  cacheHit(view: string): void {
    this.add(`${view}/cache/hits`);
  }

  /** @param size_bytes of the answer as computed; `compressed_bytes` as it is kept */
  cacheMiss(view: string, size_bytes: number, compressed_bytes: number): void {
    this.add(`${view}/cache/miss`);
    this.add(`${view}/cache/size`, size_bytes);
    this.add(`${view}/cache/size_gzipped`, compressed_bytes);
  }

  /** Hands over what was counted and returns everybody's totals. @throws when the store does not answer */
  private exchange(): Promise<Map<string, number>> {
    if (!this.store) return Promise.resolve(this.own);
    if (!this.exchanging) {
      const added = this.pending;
      this.pending = new Map();
      this.exchanging = addCounters(this.store, added);
      this.exchanging
        .then(
          (all) => {
            const count = all.get(invalidations) ?? 0;
            if (count !== this.seen) this.onInvalidate();
            this.seen = count;
          },
          // Only a call that failed is counted again; a slow one may have arrived.
          () => added.forEach((by, name) => increase(this.pending, name, by)),
        )
        .finally(() => (this.exchanging = undefined));
    }
    return within(patience_ms, this.exchanging);
  }

  /** Everybody's counters; this server's own while the store is down. */
  async asJson(version: string): Promise<Record<string, unknown>> {
    return { version, ...nested(await this.exchange().catch(() => this.own)) };
  }

  /** Hands over what is left. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    if (this.pending.size > 0) await this.exchange().catch(() => {});
  }
}
