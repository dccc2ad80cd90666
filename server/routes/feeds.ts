/** Atom feeds of records, milestones and searches. */
import { createRoute, z } from "@hono/zod-openapi";
import { writeFilter } from "@potstats/search/query/syntax";
import type { Context } from "hono";
import { atomOf, type FeedEntry } from "../feeds/atom.ts";
import { type Links, maxEntries, milestoneEntries, recordEntries, searchEntries } from "../feeds/feeds.ts";
import { texts } from "../feeds/texts.ts";
import { plain } from "../preview/texts.ts";
import { findBoard } from "../queries/boards.ts";
import { findMilestones, findRecords } from "../queries/records.ts";
import type { Years } from "../queries/selection.ts";
import { bid, choice, yearsText } from "./params.ts";
import { type Deps, router } from "./router.ts";
import { describeText } from "./schemas.ts";
import { asBadRequest, content, filters, filtersOf, skipCachesInFallback } from "./search.ts";

const mediaType = "application/atom+xml";

export const lang = choice(["de", "en"], "language of the texts").default("de");

const ofBoard = z.object({ bid, lang });

const recordsRoute = createRoute({
  method: "get",
  path: "/api/feeds/records",
  summary: "Atom feed of broken records",
  "x-examples": ["bid=14"],
  request: { query: ofBoard },
  responses: describeText(mediaType, `an Atom feed with the last ${maxEntries} times that a record was broken`),
});

const milestonesRoute = createRoute({
  method: "get",
  path: "/api/feeds/milestones",
  summary: "Atom feed of milestones",
  "x-examples": ["lang=en"],
  request: { query: ofBoard },
  responses: describeText(mediaType, "an Atom feed of the 1st, 10th, 100th, … post"),
});

const searchRoute = createRoute({
  method: "get",
  path: "/api/feeds/search",
  summary: "Atom feed of a search",
  "x-examples": ["content=Regenwald"],
  request: {
    query: z.object({
      content,
      type: choice(["post", "thread"], "what to search for").default("post"),
      ...filters,
      lang,
    }),
  },
  responses: describeText(
    mediaType,
    `an Atom feed of the newest ${maxEntries} hits; similar words are not searched for`,
  ),
});

interface Description {
  title: string;
  /** The page that shows the same, below the public URL. */
  page: string;
  entries: (links: Links) => FeedEntry[];
}

const textFilters = ["user", "board", "has"] as const;
type TextFilter = (typeof textFilters)[number];

type Parameters = Record<string, string | number | Years | undefined>;

/** Parameters that are not the defaults: 0 is that of boards and years, "" that of all others than a search's text. */
function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const text = typeof value === "object" ? yearsText(value) : String(value ?? "");
    const isDefault = text === "0" ? name === "bid" || name === "year" : text === "" && name !== "content";
    return isDefault || value === undefined ? [] : [[name, text]];
  });
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** The text of a search, with the filters for which the page has no parameters. The last word may be incomplete. */
const textOf = (query: { content: string } & Partial<Record<TextFilter, string>>) => {
  const written = textFilters.flatMap((name) => (query[name] ? writeFilter({ name, value: query[name] }) : []));
  return [...written, query.content].join(" ");
};

/** @param parameters all of the request: they tell the feed's own address */
function send(
  c: Context,
  { publicUrl, forumUrl }: Deps,
  parameters: Parameters & { lang: "de" | "en" },
  { title, page, entries }: Description,
) {
  const { lang: language, ...others } = parameters;
  const path = c.req.path.slice(c.req.path.indexOf("/api/"));
  const self = publicUrl + path + queryOf({ ...others, ...(language === "de" ? {} : { lang: language }) });
  const feed = atomOf({
    title: `pOTstats: ${title}`,
    language,
    url: self,
    pageUrl: publicUrl + page,
    entries: entries({ publicUrl, forumUrl, self, language }),
  });
  return c.body(feed, 200, { "Content-Type": `${mediaType}; charset=utf-8` });
}

/** A title, with the name of the board if there is one. */
async function titleIn(
  deps: Deps,
  kind: "records" | "milestones",
  { bid: id, lang: language }: z.infer<typeof ofBoard>,
) {
  const title = texts[language].feeds[kind];
  const board = id === 0 ? undefined : await findBoard(deps.sql, id);
  return board ? texts[language].inBoard(title, plain(board.name, 80)) : title;
}

export const feedRoutes = (deps: Deps) =>
  router()
    .openapi(recordsRoute, async (c) => {
      const query = c.req.valid("query");
      const [title, rows] = await Promise.all([titleIn(deps, "records", query), findRecords(deps.sql, query.bid)]);
      const page = `/records${queryOf({ bid: query.bid })}`;
      return send(c, deps, query, { title, page, entries: (links) => recordEntries(rows, links) });
    })
    .openapi(milestonesRoute, async (c) => {
      const query = c.req.valid("query");
      const [title, milestones] = await Promise.all([
        titleIn(deps, "milestones", query),
        findMilestones(deps.sql, query.bid),
      ]);
      const page = `/records${queryOf({ bid: query.bid })}`;
      return send(c, deps, query, { title, page, entries: (links) => milestoneEntries(milestones, links) });
    })
    .openapi(searchRoute, async (c) => {
      const query = c.req.valid("query");
      const { content: typed, type: kind, lang: language, ...rest } = query;
      const request = {
        ...filtersOf(rest),
        content: typed,
        type: kind,
        sort: "date-desc" as const,
        offset: 0,
        limit: maxEntries,
        facets: false,
      };
      const response = await deps.search.search(request, c.req.raw.signal).catch(asBadRequest);
      await skipCachesInFallback(c, deps.search, response.fallback);
      const title = `${texts[language].feeds.search}: ${plain(typed, 80)}`;
      // Posts are the default.
      const type = kind === "thread" ? kind : undefined;
      const { uid, bid: board, year, after, before } = rest;
      const page = `/search${queryOf({ q: textOf(query), type, year, bid: board, uid, after, before })}`;
      return send(c, deps, { ...query, type }, { title, page, entries: (links) => searchEntries(response, links) });
    });
