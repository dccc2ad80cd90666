/** Every endpoint of the API. A new route needs an import and a line here. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { apiRoute } from "./api.ts";
import { backendStatsRoute } from "./backend-stats.ts";
import { badgeRoute } from "./badge.ts";
import { boardsRoute } from "./boards.ts";
import type { Deps } from "./router.ts";
import { cohortsRoute } from "./cohorts.ts";
import { dailyStatsRoute } from "./daily-stats.ts";
import { dayStatsRoute } from "./day-stats.ts";
import { docsRoutes } from "./docs.ts";
import { domainYearsRoute } from "./domain-years.ts";
import { domainsRoute } from "./domains.ts";
import { feedRoutes } from "./feeds.ts";
import { hourlyStatsRoute } from "./hourly-stats.ts";
import { imprintRoute } from "./imprint.ts";
import { networkRoute } from "./network.ts";
import { newsRoute } from "./news.ts";
import { onThisDayRoute } from "./on-this-day.ts";
import { overviewRoute } from "./overview.ts";
import { pairRoute } from "./pair.ts";
import { posterDevelopmentRoute } from "./poster-development.ts";
import { posterStatsRoute } from "./poster-stats.ts";
import { recapRoute } from "./recap.ts";
import { recordsRoute } from "./records.ts";
import { searchCompleteRoute } from "./search-complete.ts";
import { searchPassagesRoute } from "./search-passages.ts";
import { searchSuggestRoute } from "./search-suggest.ts";
import { searchRoute } from "./search.ts";
import { socialGraphRoute } from "./social-graph.ts";
import { statusRoute } from "./status.ts";
import { threadRepliesRoute } from "./thread-replies.ts";
import { threadRoute } from "./thread.ts";
import { threadsRoute } from "./threads.ts";
import { streaksRoute } from "./streaks.ts";
import { trendsRoute } from "./trends.ts";
import { userDailyStatsRoute } from "./user-daily-stats.ts";
import { userDomainsRoute } from "./user-domains.ts";
import { userHourlyStatsRoute } from "./user-hourly-stats.ts";
import { userQuotesRoute } from "./user-quotes.ts";
import { userStatsRoute } from "./user-stats.ts";
import { userThreadsRoute } from "./user-threads.ts";
import { userStreaksRoute } from "./user-streaks.ts";
import { usersRoute } from "./users.ts";
import { weekdayStatsRoute } from "./weekday-stats.ts";
import { yearOverYearStatsRoute } from "./year-over-year-stats.ts";
import { yearsRoute } from "./years.ts";

/** In place of routes that the operator has switched off. The typed client does not use them. */
const noRoutes = () => new OpenAPIHono();

/**
 * The routes, potstats2's first, in the order of the documentation. The calls are chained, because that is how Hono's
 * types collect the routes for the typed client.
 */
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
    .route("/", userDomainsRoute(deps))
    .route("/", domainsRoute(deps))
    .route("/", searchRoute(deps))
    .route("/", imprintRoute(deps))
    .route("/", backendStatsRoute(deps))
    .route("/", searchSuggestRoute(deps))
    .route("/", searchCompleteRoute(deps))
    .route("/", searchPassagesRoute(deps))
    .route("/", statusRoute(deps))
    .route("/", overviewRoute(deps))
    .route("/", yearsRoute(deps))
    .route("/", hourlyStatsRoute(deps))
    .route("/", dayStatsRoute(deps))
    .route("/", domainYearsRoute(deps))
    .route("/", usersRoute(deps))
    .route("/", userStatsRoute(deps))
    .route("/", userDailyStatsRoute(deps))
    .route("/", userHourlyStatsRoute(deps))
    .route("/", userQuotesRoute(deps))
    .route("/", threadsRoute(deps))
    .route("/", threadRoute(deps))
    .route("/", threadRepliesRoute(deps))
    .route("/", userThreadsRoute(deps))
    .route("/", networkRoute(deps))
    .route("/", streaksRoute(deps))
    .route("/", userStreaksRoute(deps))
    .route("/", recordsRoute(deps))
    .route("/", onThisDayRoute(deps))
    .route("/", newsRoute(deps))
    .route("/", pairRoute(deps))
    .route("/", cohortsRoute(deps))
    .route("/", recapRoute(deps))
    .route("/", trendsRoute(deps))
    .route("/", deps.feeds === false ? noRoutes() : feedRoutes(deps))
    .route("/", deps.feeds === false ? noRoutes() : badgeRoute(deps))
    .route("/", docsRoutes(deps));

/** Every route with its parameters and responses, for the typed client. */
export type App = ReturnType<typeof apiRoutes>;
