/** The server as a value: web-standard requests in, responses out; listening is serve.ts's business. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Cache } from "./cache/cache.ts";
import { clientOf, type Connection } from "./http/client.ts";
import { endpointsOf } from "./answer/endpoints.ts";
import { failureOf, replyTo } from "./http/errors.ts";
import type { Generations } from "./cache/generations.ts";
import { createReadiness, metricsReply } from "./watch/health.ts";
import { Metrics } from "./watch/metrics.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { failure, type Reply, sizeOf, text } from "./http/reply.ts";
import { createResponder } from "./answer/responder.ts";
import { isPersonal, robots } from "./site/robots.ts";
import type { Deps } from "./routes/context.ts";
import { apiRoutes, type App } from "./routes/index.ts";
import { type Assets, createStatic } from "./site/static.ts";
import { type Target, targetOf } from "./http/target.ts";

export type { App };

export interface AppOptions extends Omit<Deps, "description" | "basePath" | "publicUrl"> {
  cache: Cache;
  generations: Generations;
  assets: Assets;
  /** Told about every answer and every failure. */
  log?: ((line: Record<string, unknown>) => void) | undefined;
  /** Milliseconds after which the computation of an answer is given up. */
  timeout_ms?: number | undefined;
  /** Searches per second and client, burst three times that; 0: no limit. */
  searchRate?: number | undefined;
  /** Proxies in front whose X-Forwarded-For is believed. */
  trustProxy?: number | undefined;
  /** Public path below which everything lies, without a slash at its end; addresses without it are answered as well. */
  basePath?: string | undefined;
  /** Where visitors find the application, base path included: for `/api/`. */
  publicUrl?: string | undefined;
  /** Bearer token for /metrics; without it this machine only. */
  metricsToken?: string | undefined;
  /** Search engines may index pages about people. */
  allowRobots?: boolean | undefined;
  /** Whether the tables are those of this version: for /readyz. */
  isMigrated?: (() => Promise<boolean>) | undefined;
  /** Wraps the computation of an answer, so that its queries can end with it, and be told from other clients'. */
  during?: (<T>(signal: AbortSignal, work: () => Promise<T>, client: string) => Promise<T>) | undefined;
  /** Queries that were sent or wait for a connection, and connections at most: for /metrics. */
  pool?: { running: () => number; connections: number } | undefined;
}

/** On every answer. Scripts are ours and in files; styles may stand in the page. */
const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
};

/** The data is public: any page may read it. */
const corsHeaders = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Retry-After, X-Request-Id",
};

const allowed = { Allow: "GET, HEAD, OPTIONS" };
const preflight = {
  ...allowed,
  "Access-Control-Allow-Methods": "GET, HEAD",
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Max-Age": "86400",
};

/** Characters of a request's address; longer ones are refused. */
const longestUrl = 8192;
const timeout_ms = 10_000;

const isOfApi = (path: string) => path.startsWith("/api/");

/** The server: `fetch` answers every request, and never throws. */
export function createApp(options: AppOptions) {
  const { stats, cache, log, trustProxy = 0, basePath = "", during = (_, work) => work() } = options;
  const { publicUrl = `http://localhost${basePath}` } = options;
  const info = {
    openapi: "3.1.0",
    ...(basePath === "" ? {} : { servers: [{ url: basePath }] }),
    info: {
      title: "pOTstats",
      version: options.version,
      description: "Statistics and search of a bulletin board. Read-only; JSON over HTTP; every error is {error}.",
    },
  };
  let description: ReturnType<Deps["description"]> | undefined;
  const routes: App = apiRoutes({
    ...options,
    basePath,
    publicUrl,
    description: () => (description ??= routes.getOpenAPI31Document(info)),
  });
  const endpoints = endpointsOf(routes);
  const metrics = new Metrics({
    version: options.version,
    cache,
    queries: options.pool?.running ?? (() => 0),
    connections: options.pool?.connections ?? 0,
  });
  const apiHeaders = {
    ...securityHeaders,
    ...corsHeaders,
    ...(options.allowRobots ? {} : { "X-Robots-Tag": "noindex" }),
  };
  const searchLimits = new Map(
    ["/api/search", "/api/search/suggest"].map((path) => [path, createRateLimit(options.searchRate ?? 0)]),
  );
  const serveAsset = createStatic(options.assets, basePath);
  const robotsReply = robots(options.allowRobots ?? false, basePath);
  const ready = createReadiness(options);

  const plainRoutes = new OpenAPIHono().route("/", routes);
  // Whoever waits for the answer decides what to make of it.
  plainRoutes.onError((error) => {
    throw error;
  });
  const responder = createResponder({
    cache,
    generations: options.generations,
    version: options.version + basePath,
    stats,
    metrics,
    // The address is ours, whatever the Host header says.
    compute: (path, signal, { key, network = key }) =>
      during(signal, async () => plainRoutes.fetch(new Request(`http://localhost${path}`, { signal })), network),
    timeout_ms: options.timeout_ms ?? timeout_ms,
    prepare: (own) => new Headers({ ...apiHeaders, ...own }),
  });

  function route(request: Request, target: Target, connection: Connection): Reply | Promise<Reply> {
    const { path } = target;
    const isApi = isOfApi(path);
    if (request.url.length > longestUrl) return failure(414, `the address is longer than ${longestUrl} characters`);
    // Proxies choose either of two; nothing here may depend on the choice.
    if (request.headers.get("Host")?.includes(",")) return failure(400, "there must be one Host header");
    if (request.method === "OPTIONS") return { status: 204, headers: isApi ? preflight : allowed, body: null };
    if (request.method !== "GET" && request.method !== "HEAD") {
      return failure(405, "this is read-only: GET, HEAD or OPTIONS", allowed);
    }
    if (isApi) {
      const endpoint = endpoints.get(path);
      if (!endpoint) return failure(404, `there is no such path; ${basePath}/api/ lists them`);
      const client = () => clientOf(request, connection, trustProxy);
      const wait_s = searchLimits.get(path)?.take(client()) ?? 0;
      if (wait_s > 0) return failure(429, "too many searches: slow down, please", { "Retry-After": String(wait_s) });
      return responder.atOnce(request, endpoint, target) ?? responder.reply(request, endpoint, target, client());
    }
    if (path === "/healthz") return text("ok\n", { "Cache-Control": "no-store" });
    if (path === "/readyz") return ready();
    if (path === "/metrics") return metricsReply(request, connection, metrics, options.metricsToken);
    if (path === "/robots.txt") return robotsReply;
    return serveAsset(request, target);
  }

  /** Numbers requests, so that a log line and an answer find each other. */
  const batch = crypto.randomUUID().slice(0, 8);
  let requests = 0;

  function finish(request: Request, target: Target, reply: Reply, id: string, started_ms: number): Response {
    const { path } = target;
    const isApi = isOfApi(path);
    const size_bytes = sizeOf(reply);
    const elapsed_ms = performance.now() - started_ms;
    const endpoint = isApi ? endpoints.get(path) : undefined;
    if (endpoint || (isApi && reply.status === 404)) stats.response(endpoint?.view, reply.status, size_bytes);
    metrics.request(endpoint?.path ?? (isApi ? "/api/*" : "/*"), reply.status, elapsed_ms / 1000);
    log?.({
      level: "info",
      id,
      method: request.method,
      path,
      status: reply.status,
      bytes: size_bytes,
      ms: Math.round(elapsed_ms * 10) / 10,
    });
    const { status, prepared } = reply;
    const body = request.method === "HEAD" ? null : reply.body;
    if (prepared) {
      // A response copies the headers it is given.
      prepared.set("X-Request-Id", id);
      return new Response(body, { status, headers: prepared });
    }
    const headers: Record<string, string> = {
      ...(isApi ? apiHeaders : securityHeaders),
      ...reply.headers,
      "X-Request-Id": id,
    };
    if (!options.allowRobots && isPersonal(path)) headers["X-Robots-Tag"] = "noindex";
    if (reply.body !== null) headers["Content-Length"] = String(size_bytes);
    return new Response(body, { status, headers });
  }

  return {
    /** The API's routes alone: what `type App` describes. */
    routes,
    /** Answers a request; `connection` tells what the runtime knows about who asks. */
    fetch(request: Request, connection: Connection = {}): Response | Promise<Response> {
      const started_ms = performance.now();
      const id = `${batch}-${(++requests).toString(36)}`;
      const target = targetOf(request.url, basePath);
      const respond = (reply: Reply) => finish(request, target, reply, id, started_ms);
      const failed = (error: unknown) => {
        if (failureOf(error).status === 500) {
          log?.({
            level: "error",
            id,
            message: error instanceof Error ? error.message : String(error),
            stack: error instanceof Error ? error.stack : undefined,
          });
        }
        return respond(replyTo(error));
      };
      try {
        const reply = route(request, target, connection);
        return reply instanceof Promise ? reply.then(respond).catch(failed) : respond(reply);
      } catch (error) {
        return failed(error);
      }
    },
  };
}
