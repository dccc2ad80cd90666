import { OpenAPIHono } from "@hono/zod-openapi";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import type { BackendStats } from "../monitoring/backend-stats.ts";
import type { Description } from "./docs-page.ts";
import { explain } from "../http/errors.ts";

/** What routes answer from; values only, so that any runtime can provide them. */
export interface Deps {
  /** For reading; may be a replica. */
  sql: Sql;
  search: Search;
  stats: BackendStats;
  imprint: { name: string; contact_info: string };
  /** Where hits link to: what precedes `/bb/…` and `/<uid>`. */
  forumUrl: string;
  profilesUrl: string;
  /** Version of the software: part of every cache key. */
  version: string;
  /** Public path below which everything is served; empty without one. */
  basePath: string;
  /** Where visitors find the application, base path included. */
  publicUrl: string;
  /** The API's OpenAPI description. */
  description: () => Description;
}

/** A router that validates requests and refuses invalid ones in the API's error shape. */
export const router = () =>
  new OpenAPIHono({
    defaultHook: (result, c) => {
      if (!result.success) return c.json({ error: explain(result.error, c.req.query()) }, 400);
      return undefined;
    },
  });
