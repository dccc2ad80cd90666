import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv, thread } from "./answers.ts";
import { bid, year } from "./params.ts";
import { busiestThread, dayRecords, totals, years } from "../queries/overview.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const record = z.object({ day: z.string(), count }).nullable();

const overviewRoute = createRoute({
  method: "get",
  path: "/api/overview",
  summary: "The selection as a whole, and its records",
  request: { query: z.object({ year, bid }) },
  responses: answers(
    z.object({
      post_count: count,
      edit_count: count,
      threads_created: count,
      avg_post_length: count,
      active_users: count,
      days: count.openapi({ description: "days with posts" }),
      first_day: z.string().nullable(),
      last_day: z.string().nullable(),
      records: z.object({
        most_posts: record,
        most_users: record,
        most_threads: record,
        busiest_thread: z.object({ thread, day: z.string(), post_count: count }).nullable(),
      }),
    }),
    "records of single days; of equals the first. Null without posts",
  ),
});

const columns = ["year", "post_count"] as const;

const yearsRoute = createRoute({
  method: "get",
  path: "/api/years",
  summary: "Years there is something of",
  request: { query: z.object({ bid, ...csvParameters }) },
  responses: orCsv(
    answers(
      z.object({ rows: z.array(z.object({ year: z.number().int(), post_count: count })) }),
      "years with posts, in order",
    ),
    columns,
  ),
});

const nothing = { post_count: 0, edit_count: 0, threads_created: 0, avg_post_length: 0, active_users: 0 };

export const overviewRoutes = ({ sql }: Deps) =>
  router()
    .openapi(overviewRoute, async (c) => {
      const asked = c.req.valid("query");
      const [sums, days, busiest] = await Promise.all([
        totals(sql, asked),
        dayRecords(sql, asked),
        busiestThread(sql, asked),
      ]);
      const { most_posts = null, most_users = null, most_threads = null, ...span } = days ?? {};
      const records = { most_posts, most_users, most_threads, busiest_thread: busiest };
      return c.json({ ...nothing, ...sums, days: 0, first_day: null, last_day: null, ...span, records }, 200);
    })
    .openapi(yearsRoute, async (c) => {
      const asked = c.req.valid("query");
      const rows = await years(sql, asked.bid);
      return asked.csv ? sendCsv(c, "years", columns, cells(rows, columns)) : c.json({ rows }, 200);
    });
