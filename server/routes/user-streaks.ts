import { createRoute, z } from "@hono/zod-openapi";
import { findUserStreaks } from "../queries/streaks.ts";
import { describeResponses } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { uid } from "./params.ts";
import { streaks } from "./streaks.ts";
import { requireUser } from "./user.ts";

const route = createRoute({
  method: "get",
  path: "/api/user-streaks",
  summary: "Streaks and pauses of one user",
  "x-examples": ["uid=3"],
  request: { query: z.object({ uid }) },
  responses: describeResponses(streaks, "the user's row of `/api/streaks`; zeros and nulls without posts"),
});

const none = {
  active_days: 0,
  first_day: null,
  last_day: null,
  longest: null,
  running: null,
  pause: null,
  weeks: null,
};

export const userStreaksRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { uid: id } = c.req.valid("query");
    const user = await requireUser(sql, id);
    return c.json((await findUserStreaks(sql, id)) ?? { user, ...none }, 200);
  });
