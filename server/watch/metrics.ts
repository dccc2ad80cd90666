/** Counters and times of this server for Prometheus. */
import type { Cache } from "../cache/cache.ts";
import { text, type Reply } from "../http/reply.ts";

/** Upper bounds in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One route's requests. */
class Route {
  readonly statuses: Record<number, number> = {};
  readonly counts = buckets.map(() => 0);
  sum_s = 0;
  total = 0;
}

export interface MetricsOptions {
  version: string;
  cache: Cache;
  /** Queries that were sent or wait for a connection, and connections at most. */
  queries: () => number;
  connections: number;
}

export class Metrics {
  private readonly routes = new Map<string, Route>();
  private cacheHits = 0;
  private cacheMisses = 0;

  constructor(private readonly options: MetricsOptions) {}

  /** @param route a pattern of ours, never what a client made up */
  request(route: string, status: number, elapsed_s: number): void {
    let counted = this.routes.get(route);
    if (!counted) this.routes.set(route, (counted = new Route()));
    counted.statuses[status] = (counted.statuses[status] ?? 0) + 1;
    counted.sum_s += elapsed_s;
    counted.total++;
    // Most answers are quick: the bucket that fits is near the front.
    let at = 0;
    while (at < buckets.length && elapsed_s > (buckets[at] ?? Infinity)) at++;
    if (at < buckets.length) counted.counts[at] = (counted.counts[at] ?? 0) + 1;
  }

  cacheHit(): void {
    this.cacheHits++;
  }

  cacheMiss(): void {
    this.cacheMisses++;
  }

  /** The text that Prometheus reads. */
  reply(): Reply {
    const { version, cache, queries, connections } = this.options;
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: [labels: string, value: number][]) => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
    };
    family("potstats_build_info", "gauge", "The software's version.", [[`{version="${version}"}`, 1]]);
    family(
      "potstats_http_requests_total",
      "counter",
      "Answered requests by route and status.",
      [...this.routes].flatMap(([route, { statuses }]) =>
        Object.entries(statuses).map(([status, n]): [string, number] => [`{route="${route}",status="${status}"}`, n]),
      ),
    );
    lines.push(
      "# HELP potstats_http_request_duration_seconds Time to the answer by route.",
      "# TYPE potstats_http_request_duration_seconds histogram",
    );
    for (const [route, { counts, sum_s, total }] of this.routes) {
      let upTo = 0;
      for (const [at, bound] of buckets.entries()) {
        upTo += counts[at] ?? 0;
        lines.push(`potstats_http_request_duration_seconds_bucket{route="${route}",le="${bound}"} ${upTo}`);
      }
      lines.push(
        `potstats_http_request_duration_seconds_bucket{route="${route}",le="+Inf"} ${total}`,
        `potstats_http_request_duration_seconds_sum{route="${route}"} ${sum_s}`,
        `potstats_http_request_duration_seconds_count{route="${route}"} ${total}`,
      );
    }
    family("potstats_cache_hits_total", "counter", "Answers taken from the cache.", [["", this.cacheHits]]);
    family("potstats_cache_misses_total", "counter", "Answers computed and put into the cache.", [
      ["", this.cacheMisses],
    ]);
    family("potstats_cache_failures_total", "counter", "Calls to the shared cache that failed or took too long.", [
      [`{backend="${cache.backend}"}`, cache.failures()],
    ]);
    family("potstats_cache_memory_bytes", "gauge", "Answers in this server's memory.", [["", cache.size_bytes()]]);
    family("potstats_database_queries", "gauge", "Queries that were sent or wait for a connection.", [["", queries()]]);
    family("potstats_database_connections_max", "gauge", "Connections that the pool may hold.", [["", connections]]);
    return text(`${lines.join("\n")}\n`, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      "Cache-Control": "no-store",
    });
  }
}
