import { createRoute, z } from "@hono/zod-openapi";
import { readStatus } from "../queries/status.ts";
import { describeResponses, count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";

const route = createRoute({
  method: "get",
  path: "/api/status",
  summary: "Freshness of the data",
  "x-uncached": true,
  responses: describeResponses(
    z.object({
      version: z.string(),
      generation: z.string(),
      last_crawl_at: z.string().nullable(),
      oldest_check_at: z.string().nullable(),
      last_analysis_at: z.string().nullable(),
      timezone: z.string().nullable(),
      counts: z.object({ posts: count, threads: count, users: count, boards: count }),
      search_engine: z.enum(["meilisearch", "postgres"]),
      forum_url: z.string(),
      profiles_url: z.string(),
      feeds: z.boolean().openapi({ description: "whether there are feeds and badges" }),
    }),
    "the time of the last crawl, of the oldest check of a thread (null: some thread was never checked) and of the last analysis (ISO 8601, UTC); totals, the data generation, the search engine in use, and whether there are feeds and badges",
  ),
});

export const statusRoute = ({ sql, search, version, forumUrl, profilesUrl, feeds = true }: Deps) =>
  router().openapi(route, async (c) => {
    const [data, health] = await Promise.all([readStatus(sql), search.health()]);
    return c.json(
      { version, ...data, search_engine: health.engine, forum_url: forumUrl, profiles_url: profilesUrl, feeds },
      200,
    );
  });
