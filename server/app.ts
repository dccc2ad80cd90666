/** The server as a value: web-standard requests in, responses out; listening is serve.ts's business. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Cache } from "./cache.ts";
import { type BackendStats, viewOf } from "./backend-stats.ts";
import { failureOf, retryAfter_s } from "./errors.ts";
import type { Generations } from "./generations.ts";
import { createResponder } from "./responder.ts";
import { boardsRoute } from "./routes/boards.ts";
import type { Deps } from "./routes/context.ts";
import { dailyStatsRoute } from "./routes/daily-stats.ts";
import { domainsRoutes } from "./routes/domains.ts";
import { imprintRoute } from "./routes/imprint.ts";
import { posterDevelopmentRoute } from "./routes/poster-development.ts";
import { posterStatsRoute } from "./routes/poster-stats.ts";
import { searchRoutes } from "./routes/search.ts";
import { socialGraphRoute } from "./routes/social-graph.ts";
import { statusRoute } from "./routes/status.ts";
import { weekdayStatsRoute } from "./routes/weekday-stats.ts";
import { yearOverYearStatsRoute } from "./routes/year-over-year-stats.ts";
import { type Assets, createStatic } from "./static.ts";

export interface AppOptions extends Deps {
  cache: Cache;
  stats: BackendStats;
  generations: Generations;
  assets: Assets;
  /** Told about every answer. */
  log?: (line: Record<string, unknown>) => void;
}

const routesOf = (deps: Deps) =>
  new OpenAPIHono()
    .route("/", boardsRoute(deps))
    .route("/", posterStatsRoute(deps))
    .route("/", posterDevelopmentRoute(deps))
    .route("/", yearOverYearStatsRoute(deps))
    .route("/", weekdayStatsRoute(deps))
    .route("/", dailyStatsRoute(deps))
    .route("/", socialGraphRoute(deps))
    .route("/", domainsRoutes(deps))
    .route("/", searchRoutes(deps))
    .route("/", imprintRoute(deps))
    .route("/", statusRoute(deps));

/** Every route with its parameters and answers, for the typed client. */
export type App = ReturnType<typeof routesOf>;

export const openApiInfo = (version: string) => ({
  openapi: "3.1.0",
  info: { title: "pOTstats", version, description: "Statistics and search of a bulletin board, read-only." },
});

const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
};

/** Characters of a request's address; longer ones are refused. */
const longestUrl = 8192;

/** Answers that are never cached: they tell about this moment. */
const uncached = new Set(["/api/status", "/api/backend-stats", "/api/imprint", "/api/", "/api/openapi.json"]);

const failure = (status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers });

/** The server: `fetch` answers every request, and never throws. */
export function createApp(options: AppOptions) {
  const routes = routesOf(options);
  const { stats } = options;
  const document = JSON.stringify(routes.getOpenAPI31Document(openApiInfo(options.version)));
  const paths = [...new Set(routes.routes.map(({ path }) => path).filter((path) => path.startsWith("/api/")))];
  const all = [...paths, "/api/backend-stats", "/api/openapi.json"].toSorted();
  const known = new Map<string, Set<string>>();
  for (const [path, { get }] of Object.entries(routes.getOpenAPI31Document(openApiInfo("")).paths ?? {})) {
    known.set(
      path,
      new Set((get?.parameters ?? []).flatMap((parameter) => ("name" in parameter ? [parameter.name] : []))),
    );
  }
  const fromCode = routes.get("/api/backend-stats", async (c) => c.json(await stats.asJson(options.version)));
  fromCode.get("/api/openapi.json", (c) => c.body(document, 200, { "Content-Type": "application/json" }));
  fromCode.get("/api/", (c) => c.json({ apis: all.map((path) => new URL(path, c.req.url).href) }));
  fromCode.notFound(() => failure(404, "there is no such path; /api/ lists them"));
  fromCode.onError((error) => {
    const { status, message } = failureOf(error);
    if (status === 500) options.log?.({ level: "error", message: error.message, stack: error.stack });
    return failure(status, message, status === 503 ? { "Retry-After": String(retryAfter_s) } : {});
  });

  const respond = createResponder({
    cache: options.cache,
    generations: options.generations,
    version: options.version,
    stats,
    normalise: (url) => {
      const parameters = known.get(url.pathname);
      if (!parameters || uncached.has(url.pathname)) return undefined;
      // Order, repetition, unknown parameters and filters that mean "all" don't matter.
      const kept = [...parameters].toSorted().flatMap((name) => {
        const value = url.searchParams.get(name);
        return value === null || ((name === "year" || name === "bid") && value === "0")
          ? []
          : [[name, value] as [string, string]];
      });
      return new URLSearchParams(kept).toString();
    },
    compute: async (request) =>
      fromCode.fetch(new Request(firstOfRepeated(request.url), { headers: request.headers, signal: request.signal })),
  });
  const serveAsset = createStatic(options.assets);

  async function route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.url.length > longestUrl) return failure(414, `the address is longer than ${longestUrl} characters`);
    const isApi = pathname === "/api" || pathname.startsWith("/api/");
    if (request.method === "OPTIONS" && isApi) {
      return new Response(null, {
        status: 204,
        headers: {
          Allow: "GET, HEAD, OPTIONS",
          "Access-Control-Allow-Methods": "GET, HEAD",
          "Access-Control-Max-Age": "86400",
        },
      });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return failure(405, "the API is read-only: GET, HEAD or OPTIONS", { Allow: "GET, HEAD, OPTIONS" });
    }
    if (pathname === "/healthz") return new Response("ok\n");
    if (pathname === "/readyz") return ready(options);
    if (!isApi) return serveAsset(request);
    return respond(pathname === "/api" ? new Request(new URL("/api/", request.url), request) : request);
  }

  return {
    /** The API's routes alone: what `type App` describes. */
    routes,
    async fetch(request: Request): Promise<Response> {
      const started = performance.now();
      const id = crypto.randomUUID().slice(0, 8);
      let response: Response;
      try {
        response = await route(request);
      } catch (error) {
        const { status, message } = failureOf(error);
        if (status === 500)
          options.log?.({ level: "error", id, message: error instanceof Error ? error.message : String(error) });
        response = failure(status, message, status === 503 ? { "Retry-After": String(retryAfter_s) } : {});
      }
      const { pathname } = new URL(request.url);
      const headers = new Headers(response.headers);
      for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
      headers.set("X-Request-Id", id);
      if (pathname.startsWith("/api")) {
        headers.set("Access-Control-Allow-Origin", "*");
        stats.response(
          response.status === 404 ? undefined : viewOf(pathname),
          response.status,
          Number(headers.get("Content-Length") ?? 0),
        );
      }
      options.log?.({
        level: "info",
        id,
        method: request.method,
        path: pathname,
        status: response.status,
        ms: Math.round(performance.now() - started),
      });
      return new Response(request.method === "HEAD" ? null : response.body, { status: response.status, headers });
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

/** Whether requests can be answered: the database is reachable and migrated; search and cache are told, not required. */
async function ready({ sql, search, cache }: AppOptions): Promise<Response> {
  const database = await sql`select 1 from public.posts, baked.analysis limit 1`.then(
    () => "ok",
    (error: unknown) => failureOf(error).message,
  );
  const health = await search.health().catch(() => ({ engine: "postgres", reachable: false }));
  const isReady = database === "ok";
  return Response.json(
    { ready: isReady, database, search: health, cache: { backend: cache.backend, failures: cache.failures() } },
    { status: isReady ? 200 : 503, headers: isReady ? {} : { "Retry-After": String(retryAfter_s) } },
  );
}
