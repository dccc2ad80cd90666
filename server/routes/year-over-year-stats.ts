import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv } from "./answers.ts";
import { bid, year } from "./params.ts";
import { yearOverYearStats } from "../queries/year-over-year-stats.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["year", "post_count", "edit_count", "threads_created", "avg_post_length", "active_users"] as const;

const row = z.object({
  year: z.number().int(),
  post_count: count,
  edit_count: count,
  threads_created: count,
  avg_post_length: count,
  active_users: count,
});

const route = createRoute({
  method: "get",
  path: "/api/year-over-year-stats",
  summary: "The years of the selection",
  request: { query: z.object({ year, bid, ...csvParameters }) },
  responses: orCsv(answers(z.object({ rows: z.array(row) }), "years with posts, in order"), columns),
});

export const yearOverYearStatsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const asked = c.req.valid("query");
    const rows = await yearOverYearStats(sql, asked);
    return asked.csv ? sendCsv(c, "years", columns, cells(rows, columns)) : c.json({ rows }, 200);
  });
