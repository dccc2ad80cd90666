/** Records every request in /api/backend-stats, /metrics and the log. */
import type { MiddlewareHandler } from "hono";
import type { HonoEnv } from "../http/hono-env.ts";
import { isApiPath } from "../http/target.ts";
import type { BackendStats } from "./backend-stats.ts";
import type { LogLine } from "./log.ts";
import type { Metrics } from "./metrics.ts";

export interface CompletedRequest {
  id: string;
  method: string;
  path: string;
  status: number;
  size_bytes: number;
  elapsed_ms: number;
}

export interface Observer {
  completed(request: CompletedRequest): void;
  /** @param view the endpoint's name in /api/backend-stats */
  cacheHit(view: string): void;
  /** @param compressed_bytes size of the response as cached */
  cacheMiss(view: string, size_bytes: number, compressed_bytes: number): void;
  /** An unexpected error. @param id the request's id */
  failed(id: string, error: unknown): void;
}

export interface ObserverOptions {
  /** The API's endpoints by path, with their names in /api/backend-stats. */
  endpoints: ReadonlyMap<string, { path: string; view: string }>;
  stats: BackendStats;
  metrics: Metrics;
  log: LogLine;
}

export const createObserver = ({ endpoints, stats, metrics, log }: ObserverOptions): Observer => ({
  completed({ id, method, path, status, size_bytes, elapsed_ms }) {
    const endpoint = endpoints.get(path);
    const isApi = isApiPath(path);
    if (endpoint) stats.response(endpoint.view, status, size_bytes);
    else if (isApi && status === 404) stats.notFound();
    // Labels are route patterns, because clients can request any number of paths.
    metrics.request(endpoint?.path ?? (isApi ? "/api/*" : "/*"), status, elapsed_ms / 1000);
    log({ level: "info", id, method, path, status, bytes: size_bytes, ms: Math.round(elapsed_ms * 10) / 10 });
  },
  cacheHit(view) {
    stats.cacheHit(view);
    metrics.cacheHit();
  },
  cacheMiss(view, size_bytes, compressed_bytes) {
    stats.cacheMiss(view, size_bytes, compressed_bytes);
    metrics.cacheMiss();
  },
  failed(id, error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    log({ level: "error", id, message, stack });
  },
});

/** Sends the request's id in a header, and records the request once there is a response. */
export const observe =
  (observer: Observer): MiddlewareHandler<HonoEnv> =>
  async (c, next) => {
    const started_ms = performance.now();
    await next();
    const id = c.get("requestId");
    c.res.headers.set("X-Request-Id", id);
    observer.completed({
      id,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      size_bytes: Number(c.res.headers.get("Content-Length")),
      elapsed_ms: performance.now() - started_ms,
    });
  };

/** Creates request ids, which link a response to its log line; unique across restarts. */
export function createRequestIds(): () => string {
  const prefix = crypto.randomUUID().slice(0, 8);
  let count = 0;
  return () => `${prefix}-${(++count).toString(36)}`;
}
