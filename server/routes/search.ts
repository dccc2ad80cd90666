import { createRoute, z } from "@hono/zod-openapi";
import { answers, count, thread, user } from "../answers.ts";
import { bid, integer, uid, year } from "../params.ts";
import { type Deps, router } from "./context.ts";

const postHit = z.object({
  score: z.number(),
  pid: z.number().int(),
  poster_uid: z.number().int(),
  snippet: z.string().openapi({ description: "safe HTML: everything escaped, only <strong> around hits" }),
  user,
  thread,
  timestamp: z.number().openapi({ description: "Unix seconds" }),
  bid: z.number().int().nullable(),
  board: z.string().nullable(),
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
  user: user.nullable(),
  timestamp: z.number().nullable(),
  post_count: count,
  tags: z.array(z.string()),
});

const facets = z.object({
  boards: z.array(z.object({ bid: z.number().int(), name: z.string(), count })),
  years: z.array(z.object({ year: z.number().int(), count })),
  users: z.array(z.object({ uid: z.number().int(), name: z.string(), count })),
});

const common = {
  count,
  count_is_exact: z.boolean(),
  elapsed: z.number().openapi({ description: "seconds" }),
  engine: z.enum(["meilisearch", "postgres"]),
  next_offset: z.number().int().optional(),
  facets: facets.optional(),
  unknown_filter: z.string().optional(),
};

const answer = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("post"), results: z.array(postHit) }),
  z.object({ ...common, type: z.literal("thread"), results: z.array(threadHit) }),
]);

const text = z.string().max(500, { message: "must have at most 500 characters" });

const searchRoute = createRoute({
  method: "get",
  path: "/api/search",
  summary: "Posts or threads that match a query",
  request: {
    query: z.object({
      content: text.openapi({ description: 'words, "phrases", -excluded, +exact, user:, board:, year: …' }),
      type: z.enum(["post", "thread"], { message: "must be post or thread" }),
      sort: z.enum(["score", "date-asc", "date-desc"], { message: "must be score, date-asc or date-desc" }).optional(),
      offset: integer(0, 2 ** 31 - 1, "hits to skip").optional(),
      limit: integer(1, 100, "hits a page; 30 unless given").optional(),
      facets: z.string().optional().openapi({ description: "present with any value: counts per board, year and user" }),
      user: text.optional(),
      uid: uid.optional(),
      board: text.optional(),
      bid,
      year,
      before: text.optional(),
      after: text.optional(),
      has: z.enum(["", "link", "image", "video"], { message: "must be link, image or video" }).optional(),
    }),
  },
  responses: answers(answer, "hits"),
});

const suggestRoute = createRoute({
  method: "get",
  path: "/api/search/suggest",
  summary: "Users, boards and threads whose name begins as typed",
  request: { query: z.object({ q: text }) },
  responses: answers(
    z.object({
      rows: z.array(z.object({ type: z.enum(["user", "board", "thread"]), id: z.number().int(), text: z.string() })),
    }),
    "at most 8 suggestions",
  ),
});

/** 0 and "" mean no filter, as everywhere. */
const filter = <T>(value: T | undefined) => value || undefined;

export const searchRoutes = ({ search }: Deps) =>
  router()
    .openapi(searchRoute, async (c) => {
      const asked = c.req.valid("query");
      const found = await search.search(
        {
          content: asked.content,
          type: asked.type,
          sort: asked.sort ?? "score",
          offset: asked.offset ?? 0,
          limit: asked.limit ?? 30,
          facets: asked.facets !== undefined,
          user: filter(asked.user),
          uid: filter(asked.uid),
          board: filter(asked.board),
          bid: filter(asked.bid),
          year: filter(asked.year),
          before: filter(asked.before),
          after: filter(asked.after),
          has: filter(asked.has),
        },
        c.req.raw.signal,
      );
      return c.json(found, 200);
    })
    .openapi(suggestRoute, async (c) =>
      c.json({ rows: await search.suggest(c.req.valid("query").q, c.req.raw.signal) }, 200),
    );
