/** Every endpoint of the API: a new route is an import and a line here. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { apiRoute } from "./api.ts";
import { backendStatsRoute } from "./backend-stats.ts";
import { boardsRoute } from "./boards.ts";
import type { Deps } from "./context.ts";
import { dailyStatsRoute } from "./daily-stats.ts";
import { dayStatsRoute } from "./day-stats.ts";
import { docsRoutes } from "./docs.ts";
import { domainsRoutes } from "./domains.ts";
import { hourlyStatsRoute } from "./hourly-stats.ts";
import { imprintRoute } from "./imprint.ts";
import { overviewRoutes } from "./overview.ts";
import { posterDevelopmentRoute } from "./poster-development.ts";
import { posterStatsRoute } from "./poster-stats.ts";
import { searchRoutes } from "./search.ts";
import { socialGraphRoute } from "./social-graph.ts";
import { statusRoute } from "./status.ts";
import { userRoutes } from "./user.ts";
import { usersRoute } from "./users.ts";
import { weekdayStatsRoute } from "./weekday-stats.ts";
import { yearOverYearStatsRoute } from "./year-over-year-stats.ts";

/** Joined by chained calls, which is how Hono's types collect the routes for the typed client. */
export const apiRoutes = (deps: Deps) =>
  new OpenAPIHono()
    .route("/", apiRoute(deps))
    .route("/", boardsRoute(deps))
    .route("/", posterStatsRoute(deps))
    .route("/", posterDevelopmentRoute(deps))
    .route("/", yearOverYearStatsRoute(deps))
    .route("/", weekdayStatsRoute(deps))
    .route("/", dailyStatsRoute(deps))
    .route("/", socialGraphRoute(deps))
    .route("/", domainsRoutes(deps))
    .route("/", searchRoutes(deps))
    .route("/", overviewRoutes(deps))
    .route("/", hourlyStatsRoute(deps))
    .route("/", dayStatsRoute(deps))
    .route("/", usersRoute(deps))
    .route("/", userRoutes(deps))
    .route("/", imprintRoute(deps))
    .route("/", backendStatsRoute(deps))
    .route("/", statusRoute(deps))
    .route("/", docsRoutes(deps));

/** Every route with its parameters and answers, for the typed client. */
export type App = ReturnType<typeof apiRoutes>;
