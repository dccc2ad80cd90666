import { createRoute, z } from "@hono/zod-openapi";
import { count, describeResponses } from "./schemas.ts";
import { bid, choice, texts, uid } from "./params.ts";
import { type Deps, router } from "./router.ts";
import { asBadRequest, skipCachesInFallback } from "./search.ts";

/** Searches in one request. */
export const maxQueries = 6;

const query = z.object({
  q: z.string(),
  count: count.openapi({ description: "all hits" }),
  count_is_exact: z.boolean().openapi({ description: "false: there are more hits than `count`" }),
  complete_from: z
    .string()
    .optional()
    .openapi({ description: "if `count_is_exact` is false: the first period in which all hits were counted" }),
  typos: z
    .boolean()
    .optional()
    .openapi({ description: "true: nothing matched as typed, so these hits match similar words" }),
  unknown_filter: z.string().optional(),
});

const response = z.object({
  per: z.enum(["month", "year"]),
  engine: z
    .enum(["meilisearch", "postgres"])
    .openapi({ description: "postgres: PostgreSQL answered at least one query" }),
  fallback: z.boolean().optional().openapi({ description: "true: PostgreSQL responded because Meilisearch did not" }),
  queries: z.array(query),
  periods: z.array(
    z.object({
      period: z.string().openapi({ description: "2012-05 or 2012" }),
      post_count: count.openapi({ description: "posts that can be found" }),
      counts: z.array(count).openapi({ description: "the hits of each query" }),
      per_10000: z
        .array(z.number().nullable())
        .openapi({ description: "10,000 × hits / `post_count`, not rounded; null where `post_count` is 0" }),
    }),
  ),
});

const route = createRoute({
  method: "get",
  path: "/api/trends",
  summary: "How often people wrote about something, over the years",
  "x-examples": ["q=Regenwald&q=has%3Aimage&per=year", "q=Regenwald&bid=14", "q=Regenwald&uid=3&per=year"],
  "x-repeated": "q",
  request: {
    query: z.object({
      q: texts(maxQueries, "a search of posts, with all operators; 1 to 6, each repetition is one"),
      per: choice(["month", "year"], "length of a period").default("month"),
      bid,
      uid: uid.optional().openapi({ description: "only this user's posts, also in `post_count`" }),
    }),
  },
  responses: describeResponses(
    response,
    "for each query the number of hits per period, as `/api/search` counts them with the parameters `after` and `before`; periods from the first to the last in which a post can be found on the board and by the user, without gaps. Each query counts as a search for the rate limit",
  ),
});

export const trendsRoute = ({ search }: Deps) =>
  router().openapi(route, async (c) => {
    const { q, per, bid: board, uid: user } = c.req.valid("query");
    const request = { queries: q, per, bid: board || undefined, uid: user };
    const { periods, ...trends } = await search.trends(request, c.req.raw.signal).catch(asBadRequest);
    await skipCachesInFallback(c, search, trends.fallback);
    const withShares = periods.map((period) => ({
      ...period,
      per_10000: period.counts.map((hits) => (period.post_count === 0 ? null : (10_000 * hits) / period.post_count)),
    }));
    return c.json({ per, ...trends, periods: withShares }, 200);
  });
