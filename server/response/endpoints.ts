/** The API's endpoints, read from its own OpenAPI description. */
import type { OpenAPIHono, z } from "@hono/zod-openapi";
import { viewOf } from "../monitoring/backend-stats.ts";

export interface Endpoint {
  path: string;
  /** Its name in /api/backend-stats. */
  view: string;
  /** Names of its parameters, sorted. */
  parameters: ReadonlySet<string>;
  /** The schema of its query; undefined without parameters. */
  query: z.ZodType | undefined;
  /**
   * Whether responses are cached under the data generation. Routes marked `x-uncached` depend on the current moment or
   * not on the database at all, so the generation does not change with them.
   */
  isCached: boolean;
  /** The parameter whose default is today's month and day. */
  today: string | undefined;
  /** The parameter of which all values count if it is repeated; of others, the first one does. */
  repeated: string | undefined;
}

/** All endpoints by path. */
export function endpointsOf(routes: Pick<OpenAPIHono, "openAPIRegistry">): Map<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const definition of routes.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { path, request, "x-uncached": isUncached, "x-today": today, "x-repeated": repeated } = definition.route;
    const query = request?.query as (z.ZodType & { shape?: Record<string, unknown> }) | undefined;
    endpoints.set(path, {
      path,
      view: viewOf(path),
      parameters: new Set(Object.keys(query?.shape ?? {}).toSorted()),
      query,
      isCached: isUncached !== true,
      today: typeof today === "string" ? today : undefined,
      repeated: typeof repeated === "string" ? repeated : undefined,
    });
  }
  return endpoints;
}
