import { createRoute, z } from "@hono/zod-openapi";
import { answers, count } from "./answers.ts";
import { status } from "../queries/status.ts";
import { type Deps, router } from "./context.ts";

const route = createRoute({
  method: "get",
  path: "/api/status",
  summary: "How fresh the numbers are",
  "x-uncached": true,
  responses: answers(
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
    }),
    "last crawl, when the thread was looked at that was not for longest (null: one never was), last analysis (ISO 8601, UTC), counts, data generation, search engine in use",
  ),
});

export const statusRoute = ({ sql, search, version, forumUrl, profilesUrl }: Deps) =>
  router().openapi(route, async (c) => {
    const [facts, health] = await Promise.all([status(sql), search.health()]);
    return c.json(
      { version, ...facts, search_engine: health.engine, forum_url: forumUrl, profiles_url: profilesUrl },
      200,
    );
  });
