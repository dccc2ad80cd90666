import { createRoute, z } from "@hono/zod-openapi";
import { findPosterDevelopment } from "../queries/poster-development.ts";
import { describeResponses, posterCounts, user } from "./schemas.ts";
import { type Deps, router } from "./router.ts";
import { bid, text, uid } from "./params.ts";
import { columnsOf, csvParameters, orCsv, sendCsv } from "./table.ts";
import { requireUser, requireUserNamed } from "./user.ts";

const yearOfUser = z.object({ year: z.number().int(), ...posterCounts });
const columns = columnsOf(yearOfUser);

const route = createRoute({
  method: "get",
  path: "/api/poster-development",
  summary: "One user, year by year",
  "x-examples": ["user=Tapir", "user=Tapir&csv"],
  request: {
    query: z.object({
      uid: uid.optional(),
      user: text("user name, case-insensitive; ignored if uid is given").optional(),
      bid,
      ...csvParameters,
    }),
  },
  responses: orCsv(
    describeResponses(
      z.object({ user, years: z.record(z.string(), yearOfUser) }),
      "the user's years; gaps are filled with zeros",
    ),
    columns,
  ),
});

export const posterDevelopmentRoute = ({ sql }: Deps) =>
  router().openapi(route, async (c) => {
    const { csv, ...selection } = c.req.valid("query");
    const poster =
      selection.uid === undefined ? await requireUserNamed(sql, selection.user) : await requireUser(sql, selection.uid);
    const rows = await findPosterDevelopment(sql, { uid: poster.uid, bid: selection.bid });
    if (csv) return sendCsv(c, `user-development-${poster.uid}`, columns, rows);
    return c.json({ user: poster, years: Object.fromEntries(rows.map((row) => [String(row.year), row])) }, 200);
  });
