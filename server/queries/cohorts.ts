import { cohorts } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { eq } from "drizzle-orm";
import { pick, type Placeholders, prepared } from "./prepared.ts";
import type { Sql } from "./selection.ts";

type Cohort = Row<typeof cohorts, "cohort" | "year" | "active_users" | "post_count">;

const ofBoard = prepared((db, { bid }: Placeholders<{ bid: number }>) =>
  db
    .select(pick(cohorts, "cohort", "year", "active_users", "post_count"))
    .from(cohorts)
    .where(eq(cohorts.bid, bid))
    .orderBy(cohorts.cohort, cohorts.year),
);

/**
 * Users of a board (0: all) by the year of their first post: for each such year all years from it to the last one with
 * posts, without gaps.
 */
export async function findCohorts(sql: Sql, bid: number): Promise<Cohort[]> {
  const rows = await ofBoard(sql, { bid });
  const last = Math.max(...rows.map(({ year }) => year));
  return [...Map.groupBy(rows, ({ cohort }) => cohort)].flatMap(([cohort, own]) => {
    const byYear = new Map(own.map((row) => [row.year, row]));
    const years = Array.from({ length: last - cohort + 1 }, (_, after) => cohort + after);
    return years.map((year) => byYear.get(year) ?? { cohort, year, active_users: 0, post_count: 0 });
  });
}
