import { createRoute, z } from "@hono/zod-openapi";
import { caret, choice, text } from "./params.ts";
import { type Deps, router } from "./router.ts";
import { count, describeResponses } from "./schemas.ts";

const value = z.object({
  value: z.string().openapi({ description: "the filter's value, or an operator with its colon" }),
  text: z.string().openapi({ description: "for display; a user's former name follows in parentheses" }),
  count: count.nullable().openapi({ description: "posts or threads; null for operators" }),
  content: z.string().openapi({ description: "the whole query with this value" }),
});

const position = z.number().int().nonnegative();

const completion = z.object({
  filter: z
    .enum(["user", "board", "year", "before", "after", "has", "tag"])
    .nullable()
    .openapi({ description: "null: no value is being typed, but perhaps the name of an operator" }),
  from: position.openapi({ description: "start of the range that a value replaces, in UTF-16 code units" }),
  to: position.openapi({ description: "its end, exclusive" }),
  values: z.array(value),
});

const route = createRoute({
  method: "get",
  path: "/api/search/complete",
  summary: "Values for the filter that is being typed in a query",
  "x-examples": ["content=user%3A&type=post"],
  request: {
    query: z.object({
      content: text("the query so far"),
      type: choice(["post", "thread"], "what is searched for"),
      at: caret.optional(),
    }),
  },
  responses: describeResponses(completion, "at most 8 values"),
});

export const searchCompleteRoute = ({ search }: Deps) =>
  router().openapi(route, async (c) => c.json(await search.complete(c.req.valid("query")), 200));
