/** The server as a value: web-standard requests in, responses out; listening is serve.ts's business. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Cache } from "./cache.ts";
import { clientAddress, clientKey, type Connection } from "./client.ts";
import { endpointsOf } from "./endpoints.ts";
import { failureOf, replyTo } from "./errors.ts";
import type { Generations } from "./generations.ts";
import { metricsReply, ready } from "./health.ts";
import { Metrics } from "./metrics.ts";
import { createRateLimit } from "./rate-limit.ts";
import { failure, type Reply, sizeOf, text } from "./reply.ts";
import { createResponder, type Target } from "./responder.ts";
import { isPersonal, robots } from "./robots.ts";
import { apiRoute } from "./routes/api.ts";
import { backendStatsRoute } from "./routes/backend-stats.ts";
import { boardsRoute } from "./routes/boards.ts";
import type { Deps } from "./routes/context.ts";
import { dailyStatsRoute } from "./routes/daily-stats.ts";
import { dayStatsRoute } from "./routes/day-stats.ts";
import { docsRoutes } from "./routes/docs.ts";
import { domainsRoutes } from "./routes/domains.ts";
import { hourlyStatsRoute } from "./routes/hourly-stats.ts";
import { imprintRoute } from "./routes/imprint.ts";
import { overviewRoutes } from "./routes/overview.ts";
import { posterDevelopmentRoute } from "./routes/poster-development.ts";
import { posterStatsRoute } from "./routes/poster-stats.ts";
import { searchRoutes } from "./routes/search.ts";
import { socialGraphRoute } from "./routes/social-graph.ts";
import { statusRoute } from "./routes/status.ts";
import { userRoutes } from "./routes/user.ts";
import { usersRoute } from "./routes/users.ts";
import { weekdayStatsRoute } from "./routes/weekday-stats.ts";
import { yearOverYearStatsRoute } from "./routes/year-over-year-stats.ts";
import { type Assets, createStatic } from "./static.ts";

export interface AppOptions extends Omit<Deps, "description"> {
  cache: Cache;
  generations: Generations;
  assets: Assets;
  /** Told about every answer and every failure. */
  log?: ((line: Record<string, unknown>) => void) | undefined;
  /** Milliseconds after which the computation of an answer is given up. */
  timeout_ms?: number | undefined;
  /** Searches per second and client, burst three times that; 0: no limit. */
  searchRate?: number | undefined;
  /** Bearer token for /metrics; without it this machine only. */
  metricsToken?: string | undefined;
  /** Search engines may index pages about people. */
  allowRobots?: boolean | undefined;
  /** Whether the tables are those of this version: for /readyz. */
  isMigrated?: (() => Promise<boolean>) | undefined;
  /** Wraps the computation of an answer, so that its queries can end with it. */
  during?: (<T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>) | undefined;
  /** Queries that were sent or wait for a connection, and connections at most: for /metrics. */
  pool?: { running: () => number; connections: number } | undefined;
}

const routesOf = (deps: Deps) =>
  new OpenAPIHono()
    .route("/", apiRoute(deps))
    .route("/", boardsRoute(deps))
    .route("/", posterStatsRoute(deps))
    .route("/", posterDevelopmentRoute(deps))
    .route("/", yearOverYearStatsRoute(deps))
    .route("/", weekdayStatsRoute(deps))
    .route("/", dailyStatsRoute(deps))
    .route("/", socialGraphRoute(deps))
    .route("/", domainsRoutes(deps))
    .route("/", searchRoutes(deps))
    .route("/", overviewRoutes(deps))
    .route("/", hourlyStatsRoute(deps))
    .route("/", dayStatsRoute(deps))
    .route("/", usersRoute(deps))
    .route("/", userRoutes(deps))
    .route("/", imprintRoute(deps))
    .route("/", backendStatsRoute(deps))
    .route("/", statusRoute(deps))
    .route("/", docsRoutes(deps));

/** Every route with its parameters and answers, for the typed client. */
export type App = ReturnType<typeof routesOf>;

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

/** Path and query without the cost of a parser. An address may be a path alone: so says Bun where there is no sensible Host header. */
function targetOf(url: string): Target {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  const hash = url.indexOf("#", start);
  const end = hash === -1 ? url.length : hash;
  const query = url.indexOf("?", start);
  if (start === -1) return { path: "/", search: "" };
  if (query === -1 || query > end) return { path: url.slice(start, end), search: "" };
  return { path: url.slice(start, query), search: url.slice(query, end) };
}

/** The same request; at an address that can be read, where the Host header makes none. */
function readable(request: Request, { path, search }: Target): Request {
  if (URL.canParse(request.url)) return request;
  const { method, headers, signal } = request;
  return new Request(`http://localhost${path}${search}`, { method, headers, signal });
}

/** The server: `fetch` answers every request, and never throws. */
export function createApp(options: AppOptions) {
  const { stats, cache, log, trustProxy = 0, during = (_, work) => work() } = options;
  const info = {
    openapi: "3.1.0",
    info: {
      title: "pOTstats",
      version: options.version,
      description: "Statistics and search of a bulletin board. Read-only; JSON over HTTP; every error is {error}.",
    },
  };
  let description: ReturnType<Deps["description"]> | undefined;
  const routes: App = routesOf({ ...options, description: () => (description ??= routes.getOpenAPI31Document(info)) });
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
  const searchLimit = createRateLimit(options.searchRate ?? 0);
  const serveAsset = createStatic(options.assets);
  const robotsReply = robots(options.allowRobots ?? false);

  const plainRoutes = new OpenAPIHono().route("/", routes);
  plainRoutes.notFound((c) => c.json({ error: "there is no such path; /api/ lists them" }, 404));
  // Whoever waits for the answer decides what to make of it.
  plainRoutes.onError((error) => {
    throw error;
  });
  const responder = createResponder({
    cache,
    generations: options.generations,
    version: options.version,
    stats,
    metrics,
    endpoints,
    compute: (request) => {
      const { headers, signal } = request;
      const asked = new Request(firstOfRepeated(request.url), { headers, signal });
      return during(signal, async () => plainRoutes.fetch(asked));
    },
    timeout_ms: options.timeout_ms ?? timeout_ms,
    prepare: (own) => new Headers({ ...apiHeaders, ...own }),
  });

  function route(request: Request, target: Target, connection: Connection): Reply | Promise<Reply> {
    const { path } = target;
    const isApi = path.startsWith("/api/") || path === "/api";
    if (request.url.length > longestUrl) return failure(414, `the address is longer than ${longestUrl} characters`);
    if (request.method === "OPTIONS") return { status: 204, headers: isApi ? preflight : allowed, body: null };
    if (request.method !== "GET" && request.method !== "HEAD") {
      return failure(405, "this is read-only: GET, HEAD or OPTIONS", allowed);
    }
    if (isApi) {
      if (path === "/api/search" || path === "/api/search/suggest") {
        const wait_s = searchLimit.take(`${path} ${clientKey(clientAddress(request, connection, trustProxy))}`);
        if (wait_s > 0) {
          return failure(429, "too many searches: slow down, please", { "Retry-After": String(wait_s) });
        }
      }
      if (path === "/api") {
        const asked = { path: "/api/", search: target.search };
        return responder.reply(
          new Request(new URL(asked.path + asked.search, readable(request, target).url), request),
          asked,
        );
      }
      return responder.atOnce(request, target) ?? responder.reply(readable(request, target), target);
    }
    if (path === "/healthz") return text("ok\n", { "Cache-Control": "no-store" });
    if (path === "/readyz") return ready(options);
    if (path === "/metrics") return metricsReply(request, connection, metrics, options.metricsToken);
    if (path === "/robots.txt") return robotsReply;
    return serveAsset(request, target);
  }

  /** Numbers requests, so that a log line and an answer find each other. */
  const batch = crypto.randomUUID().slice(0, 8);
  let requests = 0;

  function finish(request: Request, target: Target, reply: Reply, id: string, started_ms: number): Response {
    const { path } = target;
    const isApi = path.startsWith("/api/") || path === "/api";
    const size_bytes = sizeOf(reply);
    const elapsed_ms = performance.now() - started_ms;
    const endpoint = isApi ? endpoints.get(path === "/api" ? "/api/" : path) : undefined;
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
      const target = targetOf(request.url);
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

/** Of a repeated parameter the first counts. */
function firstOfRepeated(address: string): string {
  const url = new URL(address);
  const names = [...url.searchParams.keys()];
  if (new Set(names).size === names.length) return address;
  url.search = new URLSearchParams(
    [...new Set(names)].map((name) => [name, url.searchParams.get(name) ?? ""]),
  ).toString();
  return url.href;
}
