/**
 * Counters in potstats2's format. A request only increments them in memory. If servers share a store, the increments
 * are sent to it once a second, and it returns the totals of all servers.
 */
import { timeout, TimeoutStrategy } from "cockatiel";
import { addCounters, invalidations, nested } from "../cache/counters.ts";
import type { Store } from "../cache/store.ts";

/** potstats2's view names, where they differ from the path. */
const viewNames: Record<string, string> = { "poster-development": "poster_developmental_issues", "": "api" };

/** `/api/user-domains` → `user_domains`. */
export const viewOf = (path: string): string => {
  const name = path.replace(/^\/api\/?/, "");
  return viewNames[name] ?? name.replaceAll(/[/.-]/g, "_");
};

/** Milliseconds between exchanges with the store. */
const interval_ms = 1000;
const exchangeTimeout = timeout(1000, TimeoutStrategy.Aggressive);

/** Counters of one view: plain fields, because those are cheap to increment. */
class View {
  hits = 0;
  responses: Record<number, number> = {};
  responses_size = 0;
  cacheHits = 0;
  cacheMiss = 0;
  cacheSize = 0;
  cacheSizeGzipped = 0;

  /** The non-zero counters, keyed by potstats2's paths. */
  flat(name: string): [string, number][] {
    const all: [string, number][] = [
      [`${name}/hits`, this.hits],
      ...Object.entries(this.responses).map(([status, n]): [string, number] => [`${name}/responses/${status}`, n]),
      [`${name}/responses_size`, this.responses_size],
      [`${name}/cache/hits`, this.cacheHits],
      [`${name}/cache/miss`, this.cacheMiss],
      [`${name}/cache/size`, this.cacheSize],
      [`${name}/cache/size_gzipped`, this.cacheSizeGzipped],
    ];
    return all.filter(([, n]) => n !== 0);
  }
}

const increment = (counters: Map<string, number>, name: string, by: number) =>
  counters.set(name, (counters.get(name) ?? 0) + by);

export class BackendStats {
  /** Counts since the last exchange with the store. */
  private views = new Map<string, View>();
  private notFoundCount = 0;
  /** This server's counts since it started. */
  private readonly own = new Map<string, number>();
  /** Increments that the store has not received. */
  private unsent = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private exchanging: Promise<Map<string, number>> | undefined;
  /** The number of invalidations at the last exchange. */
  private knownInvalidations: number | undefined;

  private readonly store: Store | undefined;
  private readonly onInvalidate: () => void;
  private readonly isTimed: boolean;

  /**
   * @param onInvalidate called when an operator has invalidated the cache
   * @param isTimed whether increments are sent every second; otherwise only by `flush`
   */
  constructor(store?: Store, onInvalidate: () => void = () => {}, isTimed = true) {
    this.store = store;
    this.onInvalidate = onInvalidate;
    this.isTimed = isTimed;
  }

  /** @param size_bytes bytes sent */
  response(view: string, status: number, size_bytes: number): void {
    const counters = this.view(view);
    counters.hits++;
    counters.responses[status] = (counters.responses[status] ?? 0) + 1;
    counters.responses_size += size_bytes;
  }

  /** A request for a path that does not exist. */
  notFound(): void {
    this.notFoundCount++;
    this.scheduleExchange();
  }

  cacheHit(view: string): void {
    this.view(view).cacheHits++;
  }

  /** @param compressed_bytes size of the response as cached */
  cacheMiss(view: string, size_bytes: number, compressed_bytes: number): void {
    const counters = this.view(view);
    counters.cacheMiss++;
    counters.cacheSize += size_bytes;
    counters.cacheSizeGzipped += compressed_bytes;
  }

  /** All servers' counters; while the store is down, only this server's. */
  async asJson(version: string): Promise<Record<string, unknown>> {
    return { version, ...nested(await this.exchange().catch(() => this.own)) };
  }

  /** Sends the increments; never fails. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.store) await this.exchange().catch(() => {});
  }

  private view(name: string): View {
    let view = this.views.get(name);
    if (!view) this.views.set(name, (view = new View()));
    this.scheduleExchange();
    return view;
  }

  private scheduleExchange(): void {
    if (!this.store || !this.isTimed || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.exchange().catch(() => this.scheduleExchange());
    }, interval_ms);
  }

  /** Takes the counts since the last call, and adds them to this server's totals. */
  private collect(): [string, number][] {
    const increments = [...this.views].flatMap(([name, view]) => view.flat(name));
    if (this.notFoundCount > 0) increments.push(["404_hits", this.notFoundCount]);
    this.views = new Map();
    this.notFoundCount = 0;
    for (const [name, by] of increments) increment(this.own, name, by);
    return increments;
  }

  /** Sends the increments and returns the totals. @throws if the store does not respond */
  private exchange(): Promise<Map<string, number>> {
    const increments = this.collect();
    if (!this.store) return Promise.resolve(this.own);
    for (const [name, by] of increments) increment(this.unsent, name, by);
    const exchanging = (this.exchanging ??= this.send(this.store).finally(() => (this.exchanging = undefined)));
    return exchangeTimeout.execute(() => exchanging);
  }

  private async send(store: Store): Promise<Map<string, number>> {
    const increments = this.unsent;
    this.unsent = new Map();
    let totals: Map<string, number>;
    try {
      totals = await addCounters(store, increments);
    } catch (error) {
      // Only a failed call is repeated: one that timed out here may still arrive.
      increments.forEach((by, name) => increment(this.unsent, name, by));
      throw error;
    }
    const count = totals.get(invalidations) ?? 0;
    if (count !== this.knownInvalidations) this.onInvalidate();
    this.knownInvalidations = count;
    return totals;
  }
}
