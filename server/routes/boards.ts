import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, orCsv } from "./answers.ts";
import { year } from "./params.ts";
import { boards } from "../queries/boards.ts";
import { cells, csvParameters, sendCsv } from "./table.ts";
import { type Deps, router } from "./context.ts";

const columns = ["bid", "name", "description", "thread_count", "post_count"] as const;

const board = z.object({
  bid: z.number().int(),
  name: z.string(),
  description: z.string(),
  thread_count: count,
  post_count: count,
});

const route = createRoute({
  method: "get",
  path: "/api/boards",
  summary: "Boards with posts in the selection, threads created and posts in it",
  request: { query: z.object({ year, ...csvParameters }) },
  responses: orCsv(answers(z.object({ rows: z.array(board) }), "boards by bid"), columns),
});

export const boardsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { year: chosen, csv } = c.req.valid("query");
    const rows = [...(await boards(sql, chosen))];
    return csv ? sendCsv(c, "boards", columns, cells(rows, columns)) : c.json({ rows }, 200);
  });
