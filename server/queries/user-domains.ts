import type { userDomains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import { type Fragment, isMeasuredRange, measured, type Sql } from "./selection.ts";
import { topSums } from "./top-sums.ts";
import type { DomainSelection } from "./domains.ts";
import { type User, userOf } from "./user.ts";

interface UserDomainSelection extends DomainSelection {
  uid?: number | undefined;
  domain?: string | undefined;
}

/**
 * Who links to which domain, most links first; optionally only one user or one domain. Raw SQL for the optional
 * conditions and a `limit` before the join.
 */
export async function findUserDomains(sql: Sql, { type, limit, uid, domain, ...selection }: UserDomainSelection) {
  const year = await measured(sql, selection.year);
  const condition: Fragment = sql`
    type = ${type}
    ${uid === undefined ? sql`` : sql`and uid = ${uid}`}
    ${domain === undefined ? sql`` : sql`and domain = ${domain}`}`;
  const table: Fragment = sql`baked.user_domains`;
  const top: Fragment = isMeasuredRange(year)
    ? topSums(sql, { table, group: [sql`uid`, sql`domain`], condition, year, limit })
    : sql`
      select uid, domain, count from ${table} where year = ${year.first} and ${condition}
      order by count desc, uid, domain limit ${limit}`;
  const rows = await sql<(User & Row<typeof userDomains, "domain" | "count">)[]>`
    select u.uid, u.name, u.aliases, d.domain, d.count
    from (${top}) d join baked.users u using (uid)
    order by d.count desc, u.uid, d.domain`;
  return rows.map((row) => ({ User: userOf(row), domain: row.domain, count: row.count }));
}
