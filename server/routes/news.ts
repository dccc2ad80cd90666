import { createRoute, z } from "@hono/zod-openapi";
import { findNewestRecord, findNextMilestone, findPlaces, findWeeks } from "../queries/news.ts";
import { count, describeResponses, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { record, recordEntry } from "./records.ts";

const week = z.object({ post_count: count, active_users: count, threads_created: count });
const none = { post_count: 0, active_users: 0, threads_created: 0 };

const route = createRoute({
  method: "get",
  path: "/api/news",
  summary: "The latest week",
  "x-examples": [""],
  responses: describeResponses(
    z.object({
      from: z.string().nullable(),
      to: z.string().nullable(),
      week,
      before: week,
      places: z.array(
        z.object({
          user,
          post_count: count,
          place: count,
          before: count.nullable().openapi({ description: "the place in the week before; null without posts then" }),
        }),
      ),
      record: z
        .object({ record, ...recordEntry })
        .nullable()
        .openapi({ description: "the newest of today's records" }),
      next_milestone: z.object({ number: count, missing: count }),
    }),
    "the seven days before the last day with posts, which may not be over yet, and the seven before these; " +
      "the ten busiest users of the week; the newest record and the next milestone",
  ),
});

export const newsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const [weeks, places, newest, next_milestone] = await Promise.all([
      findWeeks(sql),
      findPlaces(sql),
      findNewestRecord(sql),
      findNextMilestone(sql),
    ]);
    const { from = null, to = null, week: latest = none, before = none } = weeks ?? {};
    return c.json({ from, to, week: latest, before, places, record: newest, next_milestone }, 200);
  });
