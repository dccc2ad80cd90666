/** What every route is made of: its dependencies, and a router that validates. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import type { BackendStats } from "../monitoring/backend-stats.ts";
import type { Description } from "./docs-page.ts";
import { explain } from "../http/errors.ts";

/** The routes' dependencies; plain values, so that any runtime can provide them. */
export interface Deps {
  /** Read-only; may be a replica. */
  sql: Sql;
  search: Search;
  stats: BackendStats;
  imprint: { name: string; contact_info: string };
  /** What search results link to: the part of the URL before `/bb/…` and `/<uid>`. */
  forumUrl: string;
  profilesUrl: string;
  /** Software version: part of every cache key. */
  version: string;
  /** Public path of the application; may be empty. */
  basePath: string;
  /** Public URL of the application, including the base path. */
  publicUrl: string;
  /** Whether there are feeds and badges; true by default. */
  feeds?: boolean | undefined;
  /** Month and day of today in the forum's time zone, such as 02-29. */
  today: () => string;
  /** The API's OpenAPI description. */
  description: () => Description;
}

/** A router that rejects invalid requests in the API's error format. */
export const router = () =>
  new OpenAPIHono({
    defaultHook: (result, c) => {
      if (!result.success) return c.json({ error: explain(result.error, c.req.query()) }, 400);
      return undefined;
    },
  });
