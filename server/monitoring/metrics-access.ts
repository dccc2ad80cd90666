/** Who may read /metrics. */
import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { isLocal } from "../http/client.ts";
import type { AppEnv } from "../http/hono-env.ts";
import { failure, toResponse } from "../http/reply.ts";

/** The operator's token gives access; without one, this machine has it. */
export const metricsAccess = (token: string | undefined): MiddlewareHandler<AppEnv> =>
  token === undefined ? onlyLocal : bearerAuth({ token, ...refusals });

const onlyLocal: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (isLocal(c.req.raw, c.env.connection)) return next();
  return toResponse(failure(403, "metrics are for this machine only, unless the operator sets METRICS_TOKEN"));
};

const unauthorized = {
  wwwAuthenticateHeader: "Bearer",
  message: () => toResponse(failure(401, "metrics need the operator's token: Authorization: Bearer …")),
};

/** Every refusal is the same 401: Hono would answer 400 to a malformed header. */
const refusals = {
  noAuthenticationHeader: unauthorized,
  invalidAuthenticationHeader: unauthorized,
  invalidToken: unauthorized,
};
