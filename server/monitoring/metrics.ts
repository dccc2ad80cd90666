/**
 * This server's metrics for Prometheus. Not `prom-client`: it requires Node, and looks up the labels of every request
 * in a hash of strings.
 */
import type { Cache } from "../cache/cache.ts";
import { type PlainResponse, textResponse } from "../http/response.ts";

/** Upper bounds of the histogram's buckets, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The requests of one route. */
class Route {
  readonly statuses: Record<number, number> = {};
  readonly bucketCounts = buckets.map(() => 0);
  sum_s = 0;
  total = 0;
}

/** A metric with its samples. Labels are as in the text format: `{engine="postgres"}`, or "". */
export interface Family {
  name: string;
  type: "counter" | "gauge";
  help: string;
  samples: [labels: string, value: number][];
}

/** The process that serves, as far as the runtime knows it. */
export interface ProcessInfo {
  memory_bytes(): number;
  /** Unix time in seconds. */
  started_s: number;
}

export interface MetricsOptions {
  version: string;
  cache: Cache;
  /** Queries that run or wait for a connection. */
  running: () => number;
  /** Connections that the pool may open. */
  connections: number;
  /** Whether the primary is used in place of the replica; undefined if there is none. */
  bypassesReplica?: (() => boolean | undefined) | undefined;
  process?: ProcessInfo | undefined;
}

export class Metrics {
  private readonly routes = new Map<string, Route>();
  private cacheHits = 0;
  private cacheMisses = 0;

  private readonly options: MetricsOptions;

  constructor(options: MetricsOptions) {
    this.options = options;
  }

  /** @param pattern the route's pattern, never a path that a client chose */
  request(pattern: string, status: number, elapsed_s: number): void {
    let route = this.routes.get(pattern);
    if (!route) this.routes.set(pattern, (route = new Route()));
    route.statuses[status] = (route.statuses[status] ?? 0) + 1;
    route.sum_s += elapsed_s;
    route.total++;
    // Most responses are quick, so their bucket is near the front.
    let at = 0;
    while (at < buckets.length && elapsed_s > (buckets[at] ?? Infinity)) at++;
    if (at < buckets.length) route.bucketCounts[at] = (route.bucketCounts[at] ?? 0) + 1;
  }

  cacheHit(): void {
    this.cacheHits++;
  }

  cacheMiss(): void {
    this.cacheMisses++;
  }

  /** All metrics in Prometheus's text format. @param more those that this process does not count */
  render(more: Family[] = []): PlainResponse {
    const { version, cache, running, connections, bypassesReplica, process } = this.options;
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: Family["samples"]) => {
      if (samples.length === 0) return;
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
    };
    family("potstats_build_info", "gauge", "The software's version.", [[`{version="${version}"}`, 1]]);
    family(
      "potstats_http_requests_total",
      "counter",
      "Requests by route and status.",
      [...this.routes].flatMap(([route, { statuses }]) =>
        Object.entries(statuses).map(([status, n]): [string, number] => [`{route="${route}",status="${status}"}`, n]),
      ),
    );
    lines.push(
      "# HELP potstats_http_request_duration_seconds Duration of requests by route.",
      "# TYPE potstats_http_request_duration_seconds histogram",
    );
    for (const [route, { bucketCounts, sum_s, total }] of this.routes) {
      let cumulative = 0;
      for (const [at, bound] of buckets.entries()) {
        cumulative += bucketCounts[at] ?? 0;
        lines.push(`potstats_http_request_duration_seconds_bucket{route="${route}",le="${bound}"} ${cumulative}`);
      }
      lines.push(
        `potstats_http_request_duration_seconds_bucket{route="${route}",le="+Inf"} ${total}`,
        `potstats_http_request_duration_seconds_sum{route="${route}"} ${sum_s}`,
        `potstats_http_request_duration_seconds_count{route="${route}"} ${total}`,
      );
    }
    family("potstats_cache_hits_total", "counter", "Responses found in the cache.", [["", this.cacheHits]]);
    family("potstats_cache_misses_total", "counter", "Responses computed and stored in the cache.", [
      ["", this.cacheMisses],
    ]);
    family("potstats_cache_failures_total", "counter", "Calls to the shared cache that failed or timed out.", [
      [`{backend="${cache.backend}"}`, cache.failures()],
    ]);
    family("potstats_cache_memory_bytes", "gauge", "Size of the cached responses in this server's memory.", [
      ["", cache.size_bytes()],
    ]);
    family("potstats_database_queries", "gauge", "Queries that run or wait for a connection.", [["", running()]]);
    family("potstats_database_connections_max", "gauge", "Connections that the pool may open.", [["", connections]]);
    const isBypassed = bypassesReplica?.();
    family(
      "potstats_replica_bypassed",
      "gauge",
      "Whether the primary is used in place of the replica, if this server has one.",
      isBypassed === undefined ? [] : [["", isBypassed ? 1 : 0]],
    );
    if (process) {
      family("process_resident_memory_bytes", "gauge", "Memory of this process.", [["", process.memory_bytes()]]);
      family("process_start_time_seconds", "gauge", "When this process started.", [["", process.started_s]]);
    }
    for (const { name, type, help, samples } of more) family(name, type, help, samples);
    return textResponse(`${lines.join("\n")}\n`, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      "Cache-Control": "no-store",
    });
  }
}
