import { type domains, everyone } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { anyYear, type Fragment, isMeasuredRange, measured, type Sql, type Years } from "./selection.ts";
import { topSums } from "./top-sums.ts";

/** `type` "" means all kinds of links. */
export interface DomainSelection {
  year: Years;
  type: string;
  limit: number;
}

type DomainRow = Row<typeof domains, "count" | "domain">;

/** Linked domains, most links first, and the number of links to all domains; of one user, or of all. */
export async function findDomains(
  sql: Sql,
  { uid, ...selection }: DomainSelection & { uid?: number | undefined },
): Promise<{ rows: DomainRow[]; total: number }> {
  const year = await measured(sql, selection.year);
  const { type, limit } = selection;
  const table: Fragment = uid === undefined ? sql`baked.domains` : sql`baked.user_domains`;
  const condition: Fragment = uid === undefined ? sql`type = ${type}` : sql`type = ${type} and uid = ${uid}`;
  const top: Fragment = isMeasuredRange(year)
    ? topSums(sql, { table, group: [sql`domain`], condition, year, limit })
    : sql`
      select domain, count from ${table} where year = ${year.first} and ${condition}
      order by count desc, domain limit ${limit}`;
  // Raw SQL for the sum, in the same snapshot.
  const rows = await sql<(DomainRow & { total: number })[]>`
    select count, domain, (
      select sum(count)::int from baked.link_totals
      where uid = ${uid ?? everyone} and year = ${anyYear(sql, year)} and type = ${type}
    ) as total
    from (${top}) ranked order by count desc, domain`;
  return { rows: rows.map(({ count, domain }) => ({ count, domain })), total: rows[0]?.total ?? 0 };
}
