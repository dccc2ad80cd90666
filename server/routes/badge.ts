import { createRoute, z } from "@hono/zod-openapi";
import { badgeOf } from "../feeds/badge.ts";
import { texts } from "../feeds/texts.ts";
import { findUserStreaks } from "../queries/streaks.ts";
import { findUserStats } from "../queries/user-stats.ts";
import { lang } from "./feeds.ts";
import { choice, uid } from "./params.ts";
import { type Deps, router } from "./router.ts";
import { describeText } from "./schemas.ts";
import { requireUser } from "./user.ts";

const route = createRoute({
  method: "get",
  path: "/api/badge",
  summary: "A user's badge for signatures",
  "x-examples": ["uid=3&lang=en"],
  request: {
    query: z.object({
      uid,
      theme: choice(["light", "dark"], "colors").default("light"),
      lang,
    }),
  },
  responses: describeText(
    "image/svg+xml",
    "an SVG picture with the user's posts, rank by posts, and running or, if there is none, longest streak",
  ),
});

export const badgeRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { uid: id, theme, lang: language } = c.req.valid("query");
    const [user, stats, streaks] = await Promise.all([
      requireUser(sql, id),
      findUserStats(sql, { uid: id, year: { first: 0, last: 0 }, bid: 0 }),
      findUserStreaks(sql, id),
    ]);
    const { badge: text } = texts[language];
    const streak = streaks?.running ? text.running(streaks.running.days) : text.longest(streaks?.longest.days ?? 0);
    const facts = stats ? [text.posts(stats.post_count), text.place(stats.rank), streak] : [text.none];
    const picture = badgeOf({ name: user.name, facts, theme });
    return c.body(picture, 200, { "Content-Type": "image/svg+xml; charset=utf-8" });
  });
