/** Who may read /metrics. */
import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { isLocal } from "../http/client.ts";
import type { HonoEnv } from "../http/hono-env.ts";
import { errorResponse, toResponse } from "../http/response.ts";

/** The operator's token gives access; without one, this machine has it. */
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

/** Every refusal is the same 401: Hono would answer 400 to a malformed header. */
const refusals = {
  noAuthenticationHeader: unauthorized,
  invalidAuthenticationHeader: unauthorized,
  invalidToken: unauthorized,
};
