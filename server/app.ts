/** The server without a port: maps web-standard requests to responses. serve.ts listens. */
import { Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { createResponseFinder } from "./response/find-response.ts";
import { createRequestParser } from "./response/api-request.ts";
import { type Endpoint, endpointsOf } from "./response/endpoints.ts";
import { createFastPath } from "./response/fast-path.ts";
import { conditionalResponse } from "./response/conditional.ts";
import type { Cache } from "./cache/cache.ts";
import type { Generations } from "./cache/generations.ts";
import { type Client, clientOf, type Connection } from "./http/client.ts";
import { corsOptions, securityHeaders } from "./http/headers.ts";
import { decode, negotiate } from "./http/encoding.ts";
import type { HonoContext, HonoEnv } from "./http/hono-env.ts";
import { failureOf, responseToError, UnavailableError } from "./http/errors.ts";
import { limitRate } from "./http/rate-limit.ts";
import { allow, refuse } from "./http/refusals.ts";
import { errorResponse, textResponse, toResponse } from "./http/response.ts";
import { targetOf } from "./http/target.ts";
import { daysIn } from "./days-in.ts";
import type { Deps } from "./routes/router.ts";
import { apiRoutes, type App } from "./routes/index.ts";
import { maxQueries } from "./routes/trends.ts";
import type { GuardedSql } from "./queries/guarded-sql.ts";
import { apiClientOf } from "./preview/api-client.ts";
import { createDocument } from "./preview/document.ts";
import type { RenderPng } from "./preview/png.ts";
import { createPictures, previewOf } from "./preview/site-previews.ts";
import { isPersonal, robots } from "./site/robots.ts";
import { type Assets, createStatic, isPage } from "./site/static.ts";
import { createReadiness } from "./monitoring/health.ts";
import type { LogLine } from "./monitoring/log.ts";
import { metricsAccess } from "./monitoring/metrics-access.ts";
import { Metrics, type MetricsOptions, type ProcessInfo } from "./monitoring/metrics.ts";
import { createObserver, createRequestIds, observe } from "./monitoring/observer.ts";
import { createStageMetrics } from "./monitoring/stage-metrics.ts";

export type { App };

export interface AppOptions extends Omit<Deps, "description" | "basePath" | "publicUrl" | "today"> {
  cache: Cache;
  generations: Generations;
  assets: Assets;
  /** Called for every response and every unexpected error. */
  log?: LogLine | undefined;
  /** Milliseconds before computing a response times out. */
  timeout_ms?: number | undefined;
  /** Milliseconds that responses which PostgreSQL gave in place of Meilisearch are sent again; 5,000 by default. */
  fallbackLifetime_ms?: number | undefined;
  /** Searches per second and client, with bursts of three times that; 0: no limit. */
  searchRate?: number | undefined;
  /** Number of proxies in front of the server whose X-Forwarded-For is trusted. */
  trustProxy?: number | undefined;
  /** The forum's time zone, an IANA name; by default Europe/Berlin. */
  timezone?: string | undefined;
  /** Public path of the application, without a trailing slash; paths without this prefix work as well. */
  basePath?: string | undefined;
  /** Public URL of the application, including the base path; `/api/` lists URLs below it. */
  publicUrl?: string | undefined;
  /** Bearer token for /metrics; without one, only this machine may read the metrics. */
  metricsToken?: string | undefined;
  /** Whether search engines may index pages about people. */
  allowRobots?: boolean | undefined;
  /** Makes the pictures of link previews, which pages have if `allowRobots`. */
  renderPng?: RenderPng | undefined;
  /** Milliseconds that a document waits for the preview of its page; 150 by default. */
  previewTimeout_ms?: number | undefined;
  /** For /readyz: whether the tables match this version. */
  isMigrated?: (() => Promise<boolean>) | undefined;
  /** Runs the computation of a response, so that its queries are dropped when it is aborted, and queue per client. */
  during?: GuardedSql["during"] | undefined;
  /**
   * Whether requests may wait for work that another one has started; true by default. False on Workers, where a
   * request's connections and timers end with it: each request then computes its own response, without a limit per
   * client.
   */
  sharesWork?: boolean | undefined;
  /** For /metrics: queries that run or wait, the maximum number of connections, and whether a replica is bypassed. */
  pool?: Pick<MetricsOptions, "running" | "connections" | "bypassesReplica"> | undefined;
  /** For /metrics. */
  process?: ProcessInfo | undefined;
}

/** Creates the server. `fetch` responds to every request and never throws; `routes` are only the API's routes. */
export function createApp(options: AppOptions) {
  const parts = createParts(options);
  const app = createHono(options, parts);
  return {
    routes: parts.routes,
    /** @param connection what the runtime knows about the peer */
    fetch(request: Request, connection: Connection = {}): Response | Promise<Response> {
      const target = targetOf(request.url, options.basePath);
      return parts.fastPath.respond(request, target) ?? app.fetch(request, { connection, target });
    },
  };
}

/** Every step of a request, in order, unless the fast path has responded. */
function createHono(options: AppOptions, { endpoints, limitedPaths, observer, parse, findResponse, ...parts }: Parts) {
  const { basePath = "", trustProxy = 0, searchRate = 0, allowRobots = false } = options;
  const client = (c: HonoContext) => clientOf(c.req.raw, c.env.connection, trustProxy);
  const app = new Hono<HonoEnv>({ getPath: (_, parameters) => routablePath(parameters?.env?.target.path ?? "/") });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (failureOf(error).status === 500) observer.failed(c.get("requestId"), error);
    return toResponse(responseToError(error));
  });
  app.notFound(() => toResponse(errorResponse(404, `there is no such path; ${basePath}/api/ lists them`)));

  // Never the client's own id: it could forge log lines.
  app.use(requestId({ headerName: "", generator: parts.nextRequestId }));
  app.use(observe(observer));
  app.use("/api/*", parts.fastPath.remember);
  app.use(secureHeaders(securityHeaders));
  app.use(async (c, next) => {
    await next();
    if (!allowRobots && isPersonal(c.req.path)) c.res.headers.set("X-Robots-Tag", "noindex");
  });
  const allowAnyOrigin = cors(corsOptions);
  app.use("/api/*", async (c, next) => {
    await next();
    // Set last: otherwise Hono would copy the response and turn its body into a stream.
    await allowAnyOrigin(c, async () => {});
  });
  app.use(refuse);
  app.options("*", (c) => c.body(null, 204, allow));

  const searchesOf = (c: HonoContext) => searchCount(endpoints.get(c.req.path), c.env.target.search);
  const limitSearches = limitRate(searchRate, client, searchesOf);
  for (const path of limitedPaths) app.use(path, searchPaths.has(path) ? limitSearches : limitRate(searchRate, client));
  app.get("/api/*", async (c) => {
    const endpoint = endpoints.get(c.req.path);
    if (!endpoint) return c.notFound();
    const coding = negotiate(c.req.header("Accept-Encoding") ?? null);
    const request = parse(endpoint, c.env.target.search);
    const waiter = {
      get client() {
        return client(c);
      },
      get signal() {
        return c.req.raw.signal;
      },
    };
    const response = await findResponse(request, coding, waiter);
    if ("entry" in response && response.isFromMemory) c.set("cachedEntry", response.entry);
    return toResponse(conditionalResponse(response, c.req.header("If-None-Match") ?? null));
  });

  const readiness = createReadiness(options);
  const robotsResponse = robots(allowRobots, basePath);
  const serveAsset = createStatic(options.assets, basePath);
  app.get("/healthz", () => toResponse(textResponse("ok\n", { "Cache-Control": "no-store" })));
  app.get("/readyz", async () => toResponse(await readiness()));
  app.use("/metrics", metricsAccess(options.metricsToken));
  const stageMetrics = createStageMetrics(options);
  app.get("/metrics", async () => toResponse(parts.metrics.render(await stageMetrics())));
  app.get("/robots.txt", () => toResponse(robotsResponse));
  serveDocuments(app, options, { endpoints, parse, findResponse }, client);
  app.get("*", (c) => toResponse(serveAsset(c.req.raw, c.env.target)));
  return app;
}

/** Serves the documents of pages with their previews, and the pictures of previews. */
function serveDocuments(
  app: Hono<HonoEnv>,
  {
    assets,
    publicUrl = "",
    cache,
    generations,
    renderPng,
    allowRobots = false,
    previewTimeout_ms = 150,
    ...options
  }: AppOptions,
  { endpoints, parse, findResponse }: Pick<Parts, "endpoints" | "parse" | "findResponse">,
  clientOfRequest: (c: HonoContext) => Client,
): void {
  /** The API, as the client of this request would use it. */
  const apiOf = (c: HonoContext, signal: AbortSignal) =>
    apiClientOf(async (url) => {
      const { path, search } = targetOf(url);
      const endpoint = endpoints.get(path);
      if (!endpoint) throw new Error(`there is no endpoint ${path}`);
      const waiter = { client: clientOfRequest(c), signal };
      const coding = negotiate(c.req.header("Accept-Encoding") ?? null);
      const response = await findResponse(parse(endpoint, search), coding, waiter).catch((error: unknown) => {
        const { status } = failureOf(error);
        // The limits of one client are nothing to others who wait for the same picture.
        if (status === 429) throw new UnavailableError("too many requests are being processed at the moment");
        if (status >= 500) throw error;
        return { error: responseToError(error) };
      });
      if ("error" in response) return toResponse(response.error);
      const { body, type, coding: used } = response.entry;
      return toResponse({ status: 200, headers: { "Content-Type": type }, body: new Uint8Array(decode(body, used)) });
    });
  const version = options.version + (options.basePath ?? "");
  const hasImages = allowRobots && renderPng !== undefined;
  const sendPicture = createPictures({ cache, generations, version, renderPng: hasImages ? renderPng : undefined });
  app.get("/preview/*", async (c) =>
    toResponse(await sendPicture(c.req.raw, c.env.target, clientOfRequest(c), (signal) => apiOf(c, signal))),
  );
  const index = assets.get("/index.html")?.codings.identity;
  if (!index) return;
  const sendDocument = createDocument({ html: new TextDecoder().decode(index), publicUrl, hasImages });
  app.get("*", async (c, next) => {
    const { path } = c.env.target;
    if (!isPage(path)) return next();
    return toResponse(
      await sendDocument(c.req.raw, await previewOf(c.env.target, apiOf(c, c.req.raw.signal), previewTimeout_ms)),
    );
  });
}

type Parts = ReturnType<typeof createParts>;

const unguarded: GuardedSql["during"] = (_, work) => ({ result: work(), ended: Promise.resolve() });

/** What the fast path and Hono's handlers share. */
function createParts(options: AppOptions) {
  const { cache, generations, stats, log = () => {}, basePath = "", searchRate = 0 } = options;
  const { pool = { running: () => 0, connections: 0 }, during = unguarded } = options;
  const version = options.version + basePath;
  const today = createToday(options.timezone);
  const routes = createRoutes(options, today);
  const endpoints = endpointsOf(routes);
  const metrics = new Metrics({ version: options.version, cache, ...pool, process: options.process });
  const observer = createObserver({ endpoints, stats, metrics, log });
  const nextRequestId = createRequestIds();
  const parse = createRequestParser(today);
  const findResponse = createResponseFinder({
    cache,
    generations,
    version,
    observer,
    callRoute: (target, signal, { key, network = key }) =>
      during(signal, async () => routes.request(target, { signal }), network),
    timeout_ms: options.timeout_ms ?? 10_000,
    fallbackLifetime_ms: options.fallbackLifetime_ms ?? 5000,
    sharesWork: options.sharesWork ?? true,
  });
  const isLimited = (path: string) => searchPaths.has(path) || path.startsWith("/api/search/");
  const limitedPaths = searchRate > 0 ? [...endpoints.keys()].filter(isLimited) : [];
  const fastPath = createFastPath({
    endpoints: new Map([...endpoints].filter(([path]) => !limitedPaths.includes(path))),
    version,
    cache,
    generations,
    observer,
    parse,
    nextRequestId,
  });
  return { routes, endpoints, limitedPaths, metrics, observer, nextRequestId, parse, findResponse, fastPath };
}

/** Endpoints that search posts: their requests share the tokens of the rate limit. */
const searchPaths = new Set(["/api/search", "/api/trends", "/api/feeds/search"]);

/** The number of searches that a request consists of. With more than allowed, it is rejected. */
function searchCount(endpoint: Endpoint | undefined, search: string): number {
  if (endpoint?.repeated === undefined) return 1;
  return Math.min(maxQueries, Math.max(1, new URLSearchParams(search).getAll(endpoint.repeated).length));
}

/** @returns a function for month and day of today in a time zone */
function createToday(timeZone = "Europe/Berlin"): Deps["today"] {
  const dayOf = daysIn(timeZone);
  return () => dayOf(Date.now()).slice(-5);
}

/** Replaces line breaks (`%0A`), which `*` in Hono's router does not match. No route contains one. */
const routablePath = (path: string): string => path.replace(/[\n\r\u2028\u2029]/g, "\uFFFD");

/** The API's routes, with their OpenAPI description. */
function createRoutes(options: AppOptions, today: Deps["today"]): App {
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
    today,
    description: () => (description ??= routes.getOpenAPI31Document(info)),
  });
  // The app turns errors into responses, because several requests may wait for the same route.
  routes.onError((error) => {
    throw error;
  });
  return routes;
}
