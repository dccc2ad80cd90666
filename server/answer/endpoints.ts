/** The API's paths and parameters, as its own description has them. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "@hono/zod-openapi";
import { viewOf } from "../watch/backend-stats.ts";

export interface Endpoint {
  path: string;
  /** Its name among the counters. */
  view: string;
  /** Names of its parameters. */
  parameters: ReadonlySet<string>;
  query: z.ZodType | undefined;
  /** Whether its answers follow from the data alone. */
  isCached: boolean;
}

/** Answers that are never kept: they tell about this moment, or depend on nothing in the database, and so on no generation of it. */
const momentary = new Set([
  "/api/",
  "/api/status",
  "/api/backend-stats",
  "/api/imprint",
  "/api/openapi.json",
  "/api/docs",
]);

/** Every endpoint by its path. */
export function endpointsOf(app: Pick<OpenAPIHono, "openAPIRegistry">): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, request } = definition.route;
    const query = request?.query as (z.ZodType & { shape?: Record<string, unknown> }) | undefined;
    endpoints.set(path, {
      path,
      view: viewOf(path),
      parameters: new Set(Object.keys(query?.shape ?? {}).toSorted()),
      query,
      isCached: !momentary.has(path),
    });
  }
  return endpoints;
}

/** The endpoint's own parameters in a query, of a repeated one the first; in one pass, as a query may hold thousands. */
export function given({ parameters }: Endpoint, query: URLSearchParams): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of query) if (parameters.has(name) && !values.has(name)) values.set(name, value);
  return values;
}

/**
 * A request's meaning as text: the same for every order of parameters, and for defaults given or left out. Undefined when it
 * is not a valid request.
 */
export function canonical({ query, parameters }: Endpoint, asked: ReadonlyMap<string, string>): string | undefined {
  if (!query) return "";
  const parsed = query.safeParse(Object.fromEntries(asked));
  if (!parsed.success) return undefined;
  const values = parsed.data as Record<string, unknown>;
  return JSON.stringify([...parameters].flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
