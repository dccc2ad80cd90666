/** The server as a value: web-standard requests in, responses out. serve.ts listens. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { TrieRouter } from "hono/router/trie-router";
import { secureHeaders } from "hono/secure-headers";
import { createAnswers } from "./answer/answers.ts";
import { createRequestParser } from "./answer/api-request.ts";
import { endpointsOf } from "./answer/endpoints.ts";
import { createFastPath } from "./answer/fast-path.ts";
import { replyWith } from "./answer/replies.ts";
import type { Cache } from "./cache/cache.ts";
import type { Generations } from "./cache/generations.ts";
import { clientOf, type Connection } from "./http/client.ts";
import { negotiate } from "./http/encoding.ts";
import type { AppContext, AppEnv } from "./http/env.ts";
import { failureOf, replyTo } from "./http/errors.ts";
import { limitRate } from "./http/rate-limit.ts";
import { failure, text, toResponse } from "./http/reply.ts";
import { refusalOf, targetOf } from "./http/target.ts";
import type { Deps } from "./routes/context.ts";
import { apiRoutes, type App } from "./routes/index.ts";
import { isPersonal, robots } from "./site/robots.ts";
import { type Assets, createStatic } from "./site/static.ts";
import { createReadiness } from "./watch/health.ts";
import type { LogLine } from "./watch/log.ts";
import { metricsAccess } from "./watch/metrics-access.ts";
import { Metrics } from "./watch/metrics.ts";
import { createObserver, createRequestIds } from "./watch/observer.ts";

export type { App };

export interface AppOptions extends Omit<Deps, "description" | "basePath" | "publicUrl"> {
  cache: Cache;
  generations: Generations;
  assets: Assets;
  /** Called for every response and every unexpected error. */
  log?: LogLine | undefined;
  /** Milliseconds after which the computation of an answer is given up. */
  timeout_ms?: number | undefined;
  /** Searches per second and client, with bursts of three times that; 0: no limit. */
  searchRate?: number | undefined;
  /** Proxies in front of the server whose X-Forwarded-For is trusted. */
  trustProxy?: number | undefined;
  /** Public path of the application, without a slash at its end; requests without it are answered as well. */
  basePath?: string | undefined;
  /** Public URL of the application, base path included: for `/api/`. */
  publicUrl?: string | undefined;
  /** Bearer token for /metrics; without one, only this machine may read them. */
  metricsToken?: string | undefined;
  /** Whether search engines may index pages about people. */
  allowRobots?: boolean | undefined;
  /** Whether the tables are those of this version: for /readyz. */
  isMigrated?: (() => Promise<boolean>) | undefined;
  /** Wraps the computation of an answer, so that its queries end with it and queue by client. */
  during?: (<T>(signal: AbortSignal, work: () => Promise<T>, client: string) => Promise<T>) | undefined;
  /** Queries that run or wait, and connections that the pool may open: for /metrics. */
  pool?: { running: () => number; connections: number } | undefined;
}

/** The server. `fetch` answers every request and never throws; `routes` are the API's routes alone. */
export function createApp(options: AppOptions) {
  const { cache, generations, stats, log = () => {}, basePath = "", trustProxy = 0, searchRate = 0 } = options;
  const version = options.version + basePath;
  const routes = createRoutes(options);
  const endpoints = endpointsOf(routes);
  const metrics = new Metrics({
    version: options.version,
    cache,
    queries: options.pool?.running ?? (() => 0),
    connections: options.pool?.connections ?? 0,
  });
  const observer = createObserver({ endpoints, stats, metrics, log });
  const nextRequestId = createRequestIds();
  const parse = createRequestParser();
  const { during = (_, work) => work() } = options;
  const answer = createAnswers({
    cache,
    generations,
    version,
    observer,
    // A new request: others may join the computation, and it outlives the request that came first.
    askRoute: (target, signal, { key, network = key }) =>
      during(signal, async () => routes.request(target, { signal }), network),
    timeout_ms: options.timeout_ms ?? 10_000,
  });
  const limited = searchRate > 0 ? ["/api/search", "/api/search/suggest"] : [];
  const fastPath = createFastPath({
    endpoints: new Map([...endpoints].filter(([path]) => !limited.includes(path))),
    basePath,
    version,
    cache,
    generations,
    observer,
    parse,
    nextRequestId,
  });
  const client = (c: AppContext) => clientOf(c.req.raw, c.env, trustProxy);
  const readiness = createReadiness(options);
  const robotsReply = robots(options.allowRobots ?? false, basePath);
  const serveAsset = createStatic(options.assets, basePath);

  // Not the default router: its `*` ends at a line break, which `%0A` puts into a path.
  const app = new OpenAPIHono<AppEnv>({
    router: new TrieRouter(),
    getPath: (request) => targetOf(request.url, basePath).path,
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (failureOf(error).status === 500) observer.failed(c.get("requestId"), error);
    return toResponse(replyTo(error));
  });
  app.notFound(() => toResponse(failure(404, `there is no such path; ${basePath}/api/ lists them`)));

  // An id of our own, never the client's: log lines must not be forged.
  app.use(requestId({ headerName: "", generator: nextRequestId }));
  app.use(async (c, next) => {
    const started_ms = performance.now();
    await next();
    const id = c.get("requestId");
    c.res.headers.set("X-Request-Id", id);
    observer.answered({
      id,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      size_bytes: Number(c.res.headers.get("Content-Length")),
      elapsed_ms: performance.now() - started_ms,
    });
  });
  app.use(fastPath.remember);
  app.use(secureHeaders(securityHeaders));
  app.use(async (c, next) => {
    await next();
    if (!options.allowRobots && isPersonal(c.req.path)) c.res.headers.set("X-Robots-Tag", "noindex");
  });
  app.use(async (c, next) => {
    if (c.req.method === "OPTIONS") c.header("Allow", allowedMethods);
    await next();
  });
  app.use("/api/*", cors(openToAll));
  app.use(async (c, next) => {
    const refusal = refusalOf(c.req.raw);
    if (refusal) return toResponse(refusal);
    if (c.req.method === "OPTIONS") return c.body(null, 204);
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    return toResponse(failure(405, "this is read-only: GET, HEAD or OPTIONS", { Allow: allowedMethods }));
  });

  for (const path of limited) app.use(path, limitRate(searchRate, client));
  app.get("/api/*", async (c) => {
    const endpoint = endpoints.get(c.req.path);
    if (!endpoint) return c.notFound();
    const { search } = targetOf(c.req.url, basePath);
    const coding = negotiate(c.req.header("Accept-Encoding") ?? null);
    const answered = await answer(parse(endpoint, search), coding, client(c), c.req.raw.signal);
    if ("entry" in answered && answered.isHit) c.set("cachedEntry", answered.entry);
    return toResponse(replyWith(answered, c.req.header("If-None-Match") ?? null));
  });

  app.get("/healthz", () => toResponse(text("ok\n", { "Cache-Control": "no-store" })));
  app.get("/readyz", async () => toResponse(await readiness()));
  app.use("/metrics", metricsAccess(options.metricsToken));
  app.get("/metrics", () => toResponse(metrics.reply()));
  app.get("/robots.txt", () => toResponse(robotsReply));
  app.get("*", (c) => toResponse(serveAsset(c.req.raw, targetOf(c.req.url, basePath))));

  return {
    routes,
    /** @param connection what the runtime knows about the other end */
    fetch: (request: Request, connection: Connection = {}): Response | Promise<Response> =>
      fastPath.respond(request) ?? app.fetch(request, connection),
  };
}

/** The API's routes, which can describe themselves. */
function createRoutes(options: AppOptions): App {
  const { version, basePath = "", publicUrl = `http://localhost${basePath}` } = options;
  const info = {
    openapi: "3.1.0",
    ...(basePath === "" ? {} : { servers: [{ url: basePath }] }),
    info: {
      title: "pOTstats",
      version,
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
  // The app answers errors: several requests may wait for the same route.
  routes.onError((error) => {
    throw error;
  });
  return routes;
}

const allowedMethods = "GET, HEAD, OPTIONS";

/** The data is public: pages of any site may read it. */
const openToAll = {
  origin: "*",
  allowMethods: ["GET", "HEAD"],
  allowHeaders: ["*"],
  exposeHeaders: ["ETag", "Retry-After", "X-Request-Id"],
  maxAge: 86_400,
};

/** Scripts are our own files; styles may be in the page. */
const securityHeaders = {
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:", "blob:"],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  xContentTypeOptions: true,
  xFrameOptions: "DENY",
  referrerPolicy: "strict-origin-when-cross-origin",
  // Not sent: operators decide on HTTPS, and other sites may embed what the API answers.
  strictTransportSecurity: false,
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};
