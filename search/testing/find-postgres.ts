import type { Sql } from "@potstats/db/connect";
import type { DatedQuery, Matches } from "../engines/engine.ts";
import { postgresEngine, type ReadingLimits } from "../engines/postgres.ts";
import { parseQuery } from "../query/syntax.ts";

/** Searches posts with the PostgreSQL engine, newest first. */
export const findInPostgres = (
  sql: Sql,
  typed: string,
  more: Partial<DatedQuery> = {},
  limits?: ReadingLimits,
): Promise<Matches> =>
  postgresEngine(sql, "UTC", limits).find({
    type: "post",
    terms: parseQuery(typed).terms,
    has: [],
    tags: [],
    sort: "date-desc",
    offset: 0,
    limit: 30,
    facets: false,
    ...more,
  });
