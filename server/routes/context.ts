import { OpenAPIHono } from "@hono/zod-openapi";
import type { Sql } from "@potstats/db/connect";
import type { Search } from "@potstats/search/contract";
import type { BackendStats } from "../backend-stats.ts";
import type { Description } from "../docs-page.ts";
import { explain } from "../errors.ts";

/** What routes answer from; values only, so that any runtime can hold them. */
export interface Deps {
  /** For reading; may be a replica. */
  sql: Sql;
  search: Search;
  stats: BackendStats;
  imprint: { name: string; contact_info: string };
  /** Where hits lead: what stands before `/bb/…` and before `/<uid>`. */
  forumUrl: string;
  profilesUrl: string;
  /** Version of the software: part of every cache key. */
  version: string;
  /** Public path below which everything lies; empty without one. */
  basePath: string;
  /** Where visitors find the application, base path included. */
  publicUrl: string;
  /** The API described as OpenAPI. */
  description: () => Description;
}

/** A router whose requests are validated, and refused with our error shape. */
export const router = () =>
  new OpenAPIHono({
    defaultHook: (result, c) => {
      if (!result.success) return c.json({ error: explain(result.error, c.req.query()) }, 400);
      return undefined;
    },
  });
