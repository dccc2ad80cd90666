import type { userDomains } from "@potstats/db/baked";
import type { Row } from "@potstats/db/row";
import type { Sql } from "./selection.ts";
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
export async function findUserDomains(sql: Sql, { year, type, limit, uid, domain }: UserDomainSelection) {
  const rows = await sql<(User & Row<typeof userDomains, "domain" | "count">)[]>`
    select u.uid, u.name, u.aliases, d.domain, d.count
    from (
      select uid, domain, count from baked.user_domains
      where year = ${year} and type = ${type}
        ${uid === undefined ? sql`` : sql`and uid = ${uid}`}
        ${domain === undefined ? sql`` : sql`and domain = ${domain}`}
      order by count desc, uid, domain limit ${limit}
    ) d join baked.users u using (uid)
    order by d.count desc, u.uid, d.domain`;
  return rows.map((row) => ({ User: userOf(row), domain: row.domain, count: row.count }));
}
