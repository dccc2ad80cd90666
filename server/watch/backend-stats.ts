/**
 * Counters in potstats2's shape. A request only adds to a map; once a second what was added goes to the store that
 * servers share, if there is one, and comes back as everybody's total.
 */
import { addCounters, invalidations, type Store, within } from "../cache/store.ts";

/** potstats2's names of its views where they differ from the path. */
const viewNames: Record<string, string> = { "poster-development": "poster_developmental_issues", "": "api" };

/** `/api/user-domains` → `user_domains`. */
export const viewOf = (path: string): string => {
  const name = path.replace(/^\/api\/?/, "");
  return viewNames[name] ?? name.replaceAll(/[/.-]/g, "_");
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

/** One view's counters, as cheap to add to as can be. */
class View {
  hits = 0;
  responses: Record<number, number> = {};
  responses_size = 0;
  cacheHits = 0;
  cacheMiss = 0;
  cacheSize = 0;
  cacheSizeGzipped = 0;

  /** What is not 0, by potstats2's paths. */
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

const increase = (counters: Map<string, number>, name: string, by: number) =>
  counters.set(name, (counters.get(name) ?? 0) + by);

export class BackendStats {
  /** What was counted since the last exchange with the store, or since the beginning without one. */
  private views = new Map<string, View>();
  private notFound = 0;
  /** What this server handed over, and what the store has not taken. */
  private readonly own = new Map<string, number>();
  private untaken = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private exchanging: Promise<Map<string, number>> | undefined;
  /** Invalidations by operators as far as this server knows. */
  private seen: number | undefined;

  /** @param onInvalidate told when an operator invalidated the cache */
  constructor(
    private readonly store?: Store | undefined,
    private readonly onInvalidate: () => void = () => {},
  ) {}

  private view(name: string): View {
    let view = this.views.get(name);
    if (!view) this.views.set(name, (view = new View()));
    if (this.store && this.timer === undefined) this.later();
    return view;
  }

  private later(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.exchange().catch(() => {});
    }, interval_ms);
  }

  /** An answered request. @param view undefined for a path that does not exist */
  response(view: string | undefined, status: number, size_bytes: number): void {
    if (view === undefined) {
      this.notFound++;
      if (this.store && this.timer === undefined) this.later();
      return;
    }
    const counters = this.view(view);
    counters.hits++;
    counters.responses[status] = (counters.responses[status] ?? 0) + 1;
    counters.responses_size += size_bytes;
  }

  cacheHit(view: string): void {
    this.view(view).cacheHits++;
  }

  /** @param size_bytes of the answer as computed; `compressed_bytes` as it is kept */
  cacheMiss(view: string, size_bytes: number, compressed_bytes: number): void {
    const counters = this.view(view);
    counters.cacheMiss++;
    counters.cacheSize += size_bytes;
    counters.cacheSizeGzipped += compressed_bytes;
  }

  /** Takes what was counted since the last time, and adds it to this server's own sums. */
  private take(): [string, number][] {
    const taken = [...this.views].flatMap(([name, view]) => view.flat(name));
    if (this.notFound > 0) taken.push(["404_hits", this.notFound]);
    this.views = new Map();
    this.notFound = 0;
    for (const [name, by] of taken) increase(this.own, name, by);
    return taken;
  }

  /** Hands over what was counted and returns everybody's totals. @throws when the store does not answer */
  private exchange(): Promise<Map<string, number>> {
    if (!this.store) {
      this.take();
      return Promise.resolve(this.own);
    }
    if (!this.exchanging) {
      const added = this.untaken;
      this.untaken = new Map();
      for (const [name, by] of this.take()) increase(added, name, by);
      this.exchanging = addCounters(this.store, added);
      this.exchanging
        .then(
          (all) => {
            const count = all.get(invalidations) ?? 0;
            if (count !== this.seen) this.onInvalidate();
            this.seen = count;
          },
          // Only a call that failed is counted again; a slow one may have arrived.
          () => added.forEach((by, name) => increase(this.untaken, name, by)),
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
    if (this.store) await this.exchange().catch(() => {});
  }
}
