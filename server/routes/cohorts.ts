import { createRoute, z } from "@hono/zod-openapi";
import { findCohorts } from "../queries/cohorts.ts";
import { count, describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid } from "./params.ts";

const row = z.object({
  cohort: z.number().int().openapi({ description: "year of the first post in the selection" }),
  year: z.number().int(),
  active_users: count.openapi({ description: "users of the cohort who posted in the year" }),
  post_count: count,
});

const route = createRoute({
  method: "get",
  path: "/api/cohorts",
  summary: "Users by the year of their first post: how many stay, and how much they write",
  "x-examples": ["", "bid=14"],
  request: { query: z.object({ bid }) },
  responses: describeResponses(
    z.object({ rows: z.array(row) }),
    "for each year in which users began every year from it to the last one with posts, zeros included",
  ),
});

export const cohortsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => c.json({ rows: await findCohorts(sql, c.req.valid("query").bid) }, 200));
