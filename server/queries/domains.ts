import { type Sql, type UserColumns, userOf } from "./context.ts";

/** Linked domains by count; `type` "" means all types, year 0 all years. */
export const domains = (sql: Sql, year: number, type: string, limit: number) => sql<
  { count: number; domain: string }[]
>`
  select count, domain from baked.domains
  where year = ${year} and type = ${type}
  order by count desc, domain limit ${limit}`;

/** Who links which domain how often. */
export async function userDomains(sql: Sql, year: number, type: string, limit: number) {
  const rows = await sql<(UserColumns & { domain: string; count: number })[]>`
    select u.uid, u.name, u.aliases, d.domain, d.count
    from (
      select uid, domain, count from baked.user_domains
      where year = ${year} and type = ${type}
      order by count desc, uid, domain limit ${limit}
    ) d join baked.users u using (uid)
    order by d.count desc, u.uid, d.domain`;
  return rows.map(({ domain, count, ...user }) => ({ User: userOf(user), domain, count }));
}
