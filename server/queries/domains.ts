import { type Sql, type UserColumns, userOf } from "./context.ts";

/** Linked domains by count; `type` "" means all types, year 0 all years. */
export const domains = (sql: Sql, year: number, type: string, limit: number) => sql<
  { count: number; domain: string }[]
>`
  select count, domain from baked.domains
  where year = ${year} and type = ${type}
  order by count desc, domain limit ${limit}`;

interface UserDomains {
  year: number;
  type: string;
  limit: number;
  /** Only this user's, this domain's. */
  uid?: number | undefined;
  domain?: string | undefined;
}

/** Who links which domain how often. */
export async function userDomains(sql: Sql, { year, type, limit, uid, domain }: UserDomains) {
  const rows = await sql<(UserColumns & { domain: string; count: number })[]>`
    select u.uid, u.name, u.aliases, d.domain, d.count
    from (
      select uid, domain, count from baked.user_domains
      where year = ${year} and type = ${type}
        ${uid === undefined ? sql`` : sql`and uid = ${uid}`}
        ${domain === undefined ? sql`` : sql`and domain = ${domain}`}
      order by count desc, uid, domain limit ${limit}
    ) d join baked.users u using (uid)
    order by d.count desc, u.uid, d.domain`;
  return rows.map(({ domain: linked, count, ...user }) => ({ User: userOf(user), domain: linked, count }));
}

/** Years in which a domain was linked, by kind and in sum. */
export async function domainYears(sql: Sql, domain: string) {
  const rows = await sql<{ year: number; link: number; image: number; video: number; count: number }[]>`
    select year,
           coalesce(sum(count) filter (where type = 'link'), 0)::int as link,
           coalesce(sum(count) filter (where type = 'image'), 0)::int as image,
           coalesce(sum(count) filter (where type = 'video'), 0)::int as video,
           coalesce(sum(count) filter (where type = ''), 0)::int as count
    from baked.domains
    where domain = ${domain} and year > 0
    group by year order by year`;
  return [...rows];
}
