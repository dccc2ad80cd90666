import { createRoute, z } from "@hono/zod-openapi";
import { findBusiestThread, findDayRecords, findTotals } from "../queries/overview.ts";
import { describeResponses, count, counts, noPosts, thread } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, years } from "./params.ts";

const record = z.object({ day: z.string(), count }).nullable();

const route = createRoute({
  method: "get",
  path: "/api/overview",
  summary: "Totals and records of the selection",
  "x-examples": ["year=2017", "year=2016-2017&bid=14"],
  request: { query: z.object({ year: years, bid }) },
  responses: describeResponses(
    z.object({
      ...counts,
      days: count.openapi({ description: "number of days with posts" }),
      first_day: z.string().nullable(),
      last_day: z.string().nullable(),
      records: z.object({
        most_posts: record,
        most_users: record,
        most_threads: record,
        busiest_thread: z.object({ thread, day: z.string(), post_count: count }).nullable(),
      }),
    }),
    "totals and single-day records; ties go to the earliest day. First day, last day and records are null if there are no posts, and so is the record of new threads if there are none",
  ),
});

export const overviewRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const selection = c.req.valid("query");
    const [sums, days, busiest_thread] = await Promise.all([
      findTotals(sql, selection),
      findDayRecords(sql, selection),
      findBusiestThread(sql, selection),
    ]);
    const { most_posts = null, most_users = null, most_threads = null, ...span } = days ?? {};
    const records = { most_posts, most_users, most_threads, busiest_thread };
    return c.json({ ...noPosts, ...sums, days: 0, first_day: null, last_day: null, ...span, records }, 200);
  });
