/** Types of Hono's context in this app. */
import type { Context } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import type { Connection } from "./client.ts";
import type { Target } from "./target.ts";

export interface HonoEnv {
  /** Passed to `fetch` beside the request. */
  Bindings: { connection: Connection; target: Target };
  Variables: RequestIdVariables & {
    /** The cache entry that the response was made from, if any. */
    cachedEntry?: object;
  };
}

export type HonoContext = Context<HonoEnv>;
