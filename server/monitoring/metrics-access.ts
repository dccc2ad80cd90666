/** Access control for /metrics. */
import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { isLocal } from "../http/client.ts";
import type { HonoEnv } from "../http/hono-env.ts";
import { errorResponse, toResponse } from "../http/response.ts";

/** Requires the operator's token; if none is configured, allows only this machine. */
export const metricsAccess = (token: string | undefined): MiddlewareHandler<HonoEnv> =>
  token === undefined ? onlyLocal : bearerAuth({ token, ...refusals });

const onlyLocal: MiddlewareHandler<HonoEnv> = async (c, next) => {
  if (isLocal(c.req.raw, c.env.connection)) return next();
  return toResponse(errorResponse(403, "metrics are for this machine only, unless the operator sets METRICS_TOKEN"));
};

const unauthorized = {
  wwwAuthenticateHeader: "Bearer",
  message: () => toResponse(errorResponse(401, "metrics need the operator's token: Authorization: Bearer …")),
};

/** Every rejection is the same 401: for a malformed header, Hono would send 400. */
const refusals = {
  noAuthenticationHeader: unauthorized,
  invalidAuthenticationHeader: unauthorized,
  invalidToken: unauthorized,
};
