import { createRoute, z } from "@hono/zod-openapi";
import { InvalidSearchError, type Search } from "@potstats/search/contract";
import type { Context } from "hono";
import { count, describeResponses, orNull, thread, user } from "./schemas.ts";
import { fallbackHeader } from "../response/compute.ts";
import { BadRequestError } from "../http/errors.ts";
import { bid, choice, flag, next, offset, pageSize, text, uid, years } from "./params.ts";
import { isRange } from "../queries/selection.ts";
import { type Deps, router } from "./router.ts";

const postHit = z.object({
  score: z.number(),
  pid: z.number().int(),
  poster_uid: z.number().int(),
  snippet: z.string().openapi({ description: "safe HTML: escaped, except for <strong> around matches" }),
  user,
  thread,
  timestamp: z.number().openapi({ description: "Unix seconds" }),
  bid: z.number().int().nullable(),
  board: z.string().nullable(),
  thread_count: count.optional().openapi({ description: "with group=thread: number of hits in the thread" }),
});

const threadHit = z.object({
  score: z.number(),
  tid: z.number().int(),
  title: z.string(),
  subtitle: z.string(),
  title_html: z.string(),
  subtitle_html: z.string(),
  bid: z.number().int().nullable(),
  board: z.string().nullable(),
  user: orNull(user),
  timestamp: z.number().nullable(),
  post_count: count,
  tags: z.array(z.string()),
});

const facets = z.object({
  boards: z.array(z.object({ bid: z.number().int(), name: z.string(), count })),
  years: z.array(z.object({ year: z.number().int(), count })),
  users: z.array(z.object({ uid: z.number().int(), name: z.string(), count })),
});

const part = z.object({
  kind: z.enum([
    "word",
    "prefix",
    "exact",
    "phrase",
    "excluded",
    "user",
    "board",
    "thread",
    "year",
    "before",
    "after",
    "has",
    "tag",
  ]),
  text: z.string().openapi({ description: "without operators and quotes: a word, a name, a thread's title" }),
  content: z.string().openapi({ description: "in the query language" }),
});

const understood = z
  .object({
    content: z.string().openapi({
      description: "finds the same as the original; ends with a space if its last word is complete",
    }),
    parts: z.array(part),
  })
  .openapi({ description: "`content` as it was understood, with current names and without repetitions" });

const author = z.object({
  uid: z.number().int(),
  name: z.string(),
  count: count.openapi({ description: "the user's posts" }),
  content: z.string().openapi({ description: "the query with `user:` in place of the name" }),
});

const common = {
  count,
  count_is_exact: z
    .boolean()
    .openapi({ description: "false: there are more hits than `count`, or some of these have been deleted" }),
  elapsed: z.number().openapi({ description: "seconds" }),
  engine: z.enum(["meilisearch", "postgres"]),
  fallback: z.boolean().optional().openapi({ description: "true: PostgreSQL responded because Meilisearch did not" }),
  next_offset: z
    .number()
    .int()
    .optional()
    .openapi({ description: "offset of the next page; absent beyond the maximum offset" }),
  next: z
    .number()
    .int()
    .optional()
    .openapi({ description: "when sorting by date: cursor of the next page, without a limit on depth" }),
  facets: facets.optional(),
  typos: z
    .boolean()
    .optional()
    .openapi({ description: "true: nothing matched as typed, so these hits match similar words" }),
  unknown_filter: z.string().optional(),
  is_completing: z
    .boolean()
    .optional()
    .openapi({ description: "true: the unknown filter ends the query and is the beginning of a known value" }),
  understood,
  authors: z
    .array(author)
    .optional()
    .openapi({ description: "users whose name is part of the query, at most 3; on the first page" }),
};

const page = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("post"), results: z.array(postHit) }),
  z.object({ ...common, type: z.literal("thread"), results: z.array(threadHit) }),
]);

export const content = text(
  'words, "phrases", -excluded, +exact, user:, board:, year: …; at most 32 distinct words, and 8 distinct filters of each kind',
);

/** Filters beside the text of a search. */
export const filters = {
  user: text("only by users with this name or former name").optional(),
  uid: uid.optional(),
  board: text("only in the board with this name").optional(),
  bid,
  year: years,
  before: text("only before this year, month or day (exclusive): 2012, 2012-05, 2012-05-01").optional(),
  after: text("only from this year, month or day on (inclusive)").optional(),
  has: choice(["link", "image", "video", ""], "only posts that contain a link of this kind; empty: no filter").default(
    "",
  ),
};
const filterSchema = z.object(filters);
type Filters = z.infer<typeof filterSchema>;

const route = createRoute({
  method: "get",
  path: "/api/search",
  summary: "Posts or threads that match a query",
  "x-examples": [
    "content=Regenwald&type=post",
    "content=Regenwald&type=thread&sort=date-desc&limit=1",
    "content=Regenwald&type=post&group=thread&limit=1",
  ],
  request: {
    query: z.object({
      content,
      type: choice(["post", "thread"], "what to search for"),
      sort: choice(["score", "date-asc", "date-desc"], "sort order").default("score"),
      offset,
      next: next.optional(),
      limit: pageSize,
      facets: flag("if present, with any value: counts per board, year and user"),
      disjunctive: flag(
        "if present with `facets`: boards are counted without the filter `bid`, years without `year`, `before` and `after`, users without `uid`; a chosen value is always among them",
      ),
      group: choice(
        ["thread", ""],
        "thread: only the best hit of each thread, with `thread_count`; `offset` then counts threads, and there is no `next`",
      ).default(""),
      ...filters,
    }),
  },
  responses: describeResponses(
    page,
    "one page of hits and the total count; `next_offset` and, when sorting by date, `next` lead to the next page and are absent on the last; `unknown_filter` names a filter that matches nothing",
  ),
});

/**
 * Keeps responses that PostgreSQL gave in place of Meilisearch out of every cache, because Meilisearch will soon give
 * better ones: the server only sends them again for a few seconds. The same goes for responses of a Meilisearch whose index
 * turns out to be out of date: these are not sent again.
 */
export async function skipCachesInFallback(c: Context, search: Search, fallback = false): Promise<void> {
  if (fallback) c.header(fallbackHeader, "1");
  if (fallback || !(await search.health()).reachable) c.header("Cache-Control", "no-store");
}

/** @throws BadRequestError instead of an InvalidSearchError, otherwise the error itself */
export function asBadRequest(error: unknown): never {
  throw error instanceof InvalidSearchError ? new BadRequestError(error.message) : error;
}

/** The filters as the search takes them. 0 and "" mean no filter, except uid 0, a user who does not exist. */
export const filtersOf = (query: Filters) => ({
  user: query.user || undefined,
  uid: query.uid,
  board: query.board || undefined,
  bid: query.bid || undefined,
  ...(isRange(query.year) ? { years: query.year } : { year: query.year.first || undefined }),
  after: query.after || undefined,
  before: query.before || undefined,
  has: query.has || undefined,
});

export const searchRoute = ({ search }: Deps) =>
  router().openapi(route, async (c) => {
    const { year, ...query } = c.req.valid("query");
    const request = { ...query, group: query.group || undefined, ...filtersOf({ ...query, year }) };
    const results = await search.search(request, c.req.raw.signal).catch(asBadRequest);
    await skipCachesInFallback(c, search, results.fallback);
    return c.json(results, 200);
  });
