import type { domains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";

/** Year 0 means all years, `type` "" all kinds of links. */
export interface DomainSelection {
  year: number;
  type: string;
  limit: number;
}

/**
 * Linked domains, most links first, and the number of links to all domains of the selection. Raw SQL for the window,
 * which sums them in the same snapshot.
 */
export async function findDomains(sql: Sql, { year, type, limit }: DomainSelection) {
  const rows = await sql<(Row<typeof domains, "count" | "domain"> & { total: number })[]>`
    select count, domain, (sum(count) over ())::int as total
    from baked.domains
    where year = ${year} and type = ${type}
    order by count desc, domain limit ${limit}`;
  return { rows: rows.map(({ count, domain }) => ({ count, domain })), total: rows[0]?.total ?? 0 };
}
