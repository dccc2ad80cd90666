import { createRoute, z } from "@hono/zod-openapi";
import { InvalidSearch, type Search } from "@potstats/search/contract";
import type { Context } from "hono";
import { answers, count, thread, user } from "../answers.ts";
import { BadRequest } from "../errors.ts";
import { bid, choice, flag, next, offset, pageSize, text, uid, year } from "../params.ts";
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
  count_is_exact: z.boolean().openapi({ description: "false: there are more, or some of these are gone" }),
  elapsed: z.number().openapi({ description: "seconds" }),
  engine: z.enum(["meilisearch", "postgres"]),
  fallback: z
    .boolean()
    .optional()
    .openapi({ description: "PostgreSQL answered in place of Meilisearch, which did not" }),
  next_offset: z.number().int().optional().openapi({ description: "offset of the next page, as far as offsets go" }),
  next: z
    .number()
    .int()
    .optional()
    .openapi({ description: "leads to the next page, however far it is, in an order of date" }),
  facets: facets.optional(),
  typos: z
    .boolean()
    .optional()
    .openapi({ description: "nothing was found as typed: the hits have words that are nearly the same" }),
  unknown_filter: z.string().optional(),
};

const answer = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("post"), results: z.array(postHit) }),
  z.object({ ...common, type: z.literal("thread"), results: z.array(threadHit) }),
]);

const searchRoute = createRoute({
  method: "get",
  path: "/api/search",
  summary: "Posts or threads that match a query",
  request: {
    query: z.object({
      content: text(
        'words, "phrases", -excluded, +exact, user:, board:, year: …; at most 32 different words and 8 different filters of a kind',
      ),
      type: choice(["post", "thread"], "what to look for"),
      sort: choice(["score", "date-asc", "date-desc"], "order of the hits").default("score"),
      offset,
      next: next.optional(),
      limit: pageSize,
      facets: flag("present with any value: counts per board, year and user"),
      user: text("only by the users of this name or alias").optional(),
      uid: uid.optional(),
      board: text("only in the board of this name").optional(),
      bid,
      year,
      before: text("only up to and without this year, month or day: 2012, 2012-05, 2012-05-01").optional(),
      after: text("only from this year, month or day on").optional(),
      has: choice(["link", "image", "video", ""], "only posts that have one").default(""),
    }),
  },
  responses: answers(
    answer,
    "hits and the number of all; `next_offset` and, in an order of date, `next` lead to the next page and are absent at the end; `unknown_filter` names a filter that fits nothing",
  ),
});

const suggestRoute = createRoute({
  method: "get",
  path: "/api/search/suggest",
  summary: "Users, boards and threads whose name begins as typed",
  request: { query: z.object({ q: text("what was typed so far") }) },
  responses: answers(
    z.object({
      rows: z.array(
        z.object({
          type: z.enum(["user", "board", "thread"]),
          id: z.number().int().openapi({ description: "uid, bid or tid" }),
          text: z.string(),
          alias: z.string().optional().openapi({ description: "the former name by which a user was found" }),
        }),
      ),
    }),
    "at most 8 suggestions",
  ),
});

/** Keeps an answer that PostgreSQL gave in Meilisearch's place out of every cache: there will soon be a better one. */
async function skipCachesInFallback(c: Context, search: Search, fallback = false): Promise<void> {
  if (fallback || !(await search.health()).reachable) c.header("Cache-Control", "no-store");
}

/** 0 and "" mean no filter, as everywhere. */
const filter = <T>(value: T | undefined) => value || undefined;

export const searchRoutes = ({ search }: Deps) =>
  router()
    .openapi(searchRoute, async (c) => {
      const asked = c.req.valid("query");
      const asking = search.search(
        {
          content: asked.content,
          type: asked.type,
          sort: asked.sort,
          offset: asked.offset,
          next: asked.next,
          limit: asked.limit,
          facets: asked.facets,
          user: filter(asked.user),
          uid: asked.uid,
          board: filter(asked.board),
          bid: filter(asked.bid),
          year: filter(asked.year),
          before: filter(asked.before),
          after: filter(asked.after),
          has: filter(asked.has),
        },
        c.req.raw.signal,
      );
      const found = await asking.catch((error: unknown) => {
        throw error instanceof InvalidSearch ? new BadRequest(error.message) : error;
      });
      await skipCachesInFallback(c, search, found.fallback);
      return c.json(found, 200);
    })
    .openapi(suggestRoute, async (c) => {
      const rows = await search.suggest(c.req.valid("query").q, c.req.raw.signal);
      await skipCachesInFallback(c, search);
      return c.json({ rows }, 200);
    });
