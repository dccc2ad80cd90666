import { createRoute, z } from "@hono/zod-openapi";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { text } from "./params.ts";
import { skipCachesInFallback } from "./search.ts";

const suggestion = z.object({
  type: z.enum(["user", "board", "thread"]),
  id: z.number().int().openapi({ description: "uid, bid or tid" }),
  text: z.string(),
  alias: z.string().optional().openapi({ description: "the former name that matched" }),
});

const route = createRoute({
  method: "get",
  path: "/api/search/suggest",
  summary: "Users, boards and threads whose name starts with the input",
  "x-examples": ["q=tap"],
  request: { query: z.object({ q: text("the input so far") }) },
  responses: describeResponses(z.object({ rows: z.array(suggestion) }), "up to 8 suggestions"),
});

export const searchSuggestRoute = ({ search }: Deps) =>
  router().openapi(route, async (c) => {
    const { q } = c.req.valid("query");
    const { rows, fallback } = await search.suggest(q, c.req.raw.signal);
    await skipCachesInFallback(c, search, fallback);
    return c.json({ rows }, 200);
  });
