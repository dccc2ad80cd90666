import { createRoute, z } from "@hono/zod-openapi";
import { answers, count } from "../answers.ts";
import { year } from "../params.ts";
import { boards } from "../queries/boards.ts";
import { type Deps, router } from "./context.ts";

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
  request: { query: z.object({ year }) },
  responses: answers(z.object({ rows: z.array(board) }), "boards by bid"),
});

export const boardsRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => c.json({ rows: [...(await boards(sql, c.req.valid("query").year))] }, 200));
