import { createRoute, z } from "@hono/zod-openapi";
import { NotFoundError } from "../http/errors.ts";
import { pid, text } from "./params.ts";
import { type Deps, router } from "./router.ts";
import { describeResponses, notFound } from "./schemas.ts";
import { asBadRequest } from "./search.ts";

const passages = z.object({
  passages: z
    .array(z.string())
    .openapi({ description: "safe HTML, in the order of the text: escaped, except for <strong> around matches" }),
});

const route = createRoute({
  method: "get",
  path: "/api/search/passages",
  summary: "All passages of a post that match a query",
  "x-examples": ["content=Regenwald&pid=1"],
  request: { query: z.object({ content: text("the query, as for /api/search"), pid }) },
  responses: {
    ...describeResponses(passages, "at most 10 passages; none if only filters match"),
    ...notFound("there is no such post, or it is not searchable"),
  },
});

export const searchPassagesRoute = ({ search }: Deps) =>
  router().openapi(route, async (c) => {
    const { content, pid: wanted } = c.req.valid("query");
    const found = await search.passages(content, wanted).catch(asBadRequest);
    if (!found) throw new NotFoundError("there is no such post, or it is not searchable");
    return c.json({ passages: found }, 200);
  });
