import { createRoute, z } from "@hono/zod-openapi";
import { findBoards } from "../queries/boards.ts";
import { count } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { onlyUser, years } from "./params.ts";
import { columnsOf, csvParameters, sendCsv, tableOf } from "./table.ts";

const board = z.object({
  bid: z.number().int(),
  name: z.string(),
  description: z.string(),
  thread_count: count,
  post_count: count,
});
const columns = columnsOf(board);

const route = createRoute({
  method: "get",
  path: "/api/boards",
  summary: "Boards with posts in the selection, and how many threads and posts",
  "x-examples": ["year=2017", "year=2016-2017&uid=3"],
  request: { query: z.object({ year: years, uid: onlyUser, ...csvParameters }) },
  responses: tableOf(board, "boards, ordered by bid", columns),
});

export const boardsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const rows = await findBoards(sql, selection);
    return csv ? sendCsv(c, "boards", columns, rows) : c.json({ rows }, 200);
  });
